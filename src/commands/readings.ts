/** The only place where a form asks a cloud: everything it shows of the chosen server, read afresh and within Slack's patience. */
import {
  type Choices,
  type ChosenImage,
  type Cloud,
  CloudDown,
  type Image,
  type LoginKind,
  type Order,
  type Server,
  type ServerRef,
  serverKey,
} from "../clouds/cloud.ts";
import { judged, madeNow } from "../flows/steps.ts";
import type { Clock } from "../seams.ts";
import type { Chosen } from "../views/form.ts";
import { readSize, sizeMeant } from "../views/formdisk.ts";
import { type Asked, readServerValue } from "../views/formmeta.ts";
import { leftOut } from "./images.ts";
import type { CommandTools } from "./tools.ts";

/** Chosen and ready to be drawn; or a sentence that says why it cannot be read. */
export type Reading = { chosen: Chosen; asked: Asked } | { says: string };

/** What it is read for. */
interface Purpose {
  maxMs: number;
  /** Whether the images that do not fit are counted, for which every kind of them has to be listed. */
  counts: boolean;
}
/** Slack shows an error to the person after 3 s; a submission must be answered well before, and shows no form. */
export const toSubmit: Purpose = { maxMs: 2000, counts: false };
export const toDraw: Purpose = { maxMs: 8000, counts: true };

export async function readChosen(tools: CommandTools, asked: Asked, purpose: Purpose): Promise<Reading> {
  const ref = refOf(tools, asked);
  const cloud = ref === null ? undefined : tools.account(ref.account)?.cloud;
  if (ref === null || cloud === undefined) return { says: "Choose a server from the list, or type its id." };
  try {
    return await within(tools.clock, purpose.maxMs, read(tools, cloud, ref, asked, purpose), cloud.traits.title);
  } catch (cause) {
    if (!(cause instanceof CloudDown)) throw cause;
    return { says: cause.says };
  }
}

/** Null for what the config does not name: a region becomes a part of an address, and whoever sends a form by hand can write what they like. */
export function refOf(tools: Pick<CommandTools, "account">, asked: Asked): ServerRef | null {
  const named = asked.server === undefined ? null : readServerValue(asked.server);
  const account = named === null ? null : tools.account(named.account);
  if (named === null || account === null || !account.regions.includes(named.region)) return null;
  return { cloud: account.word, site: account.site, account: named.account, region: named.region, id: named.id };
}

/** What can be left unsaid has half the time, so that it does not cost the form what it needs. */
async function read(
  tools: CommandTools,
  cloud: Cloud,
  ref: ServerRef,
  entered: Asked,
  { maxMs, counts }: Purpose,
): Promise<Reading> {
  const server = await cloud.server(ref);
  if (server.power === "gone") {
    return {
      says: `${cloud.traits.title} has no server ${ref.id} in ${ref.region} (account ${ref.account}). Check the id and the region.`,
    };
  }
  const other = entered.imageChoice === "other" ? entered.image : undefined;
  const [refusals, image, own, keyPairs, backupRefused, left] = await Promise.all([
    cloud.refusals(server),
    other === undefined ? null : cloud.image(server, other),
    other === undefined ? ownImage(cloud, server) : { image: null, gone: false },
    cloud.keyPairs(server).catch((cause: unknown) => saysOf(cause)),
    room(cloud, server),
    counts && entered.imageChoice === "other" ? leftOut(cloud, server).catch(() => []) : [],
  ]);
  const choices = allowed(tools, cloud.choices(server, image ?? keptImage(entered, server, own.image, backupRefused)));
  const asked = settle(entered, choices, backupRefused);
  const order = orderOf(ref, asked, { server, image, own, choices });
  const chosen: Chosen = {
    open: tools.store.openFor(serverKey(ref)),
    server,
    title: cloud.traits.title,
    refusals,
    choices,
    keyPairs: typeof keyPairs === "string" ? null : keyPairs,
    ...(typeof keyPairs === "string" ? { keyPairsSay: keyPairs } : {}),
    image,
    own,
    leftOut: left,
    backupRefused,
    backupStops: server.power === "running" && !cloud.traits.backupFrom.includes("running"),
    notices: order === null ? [] : await cloud.notices(judged(order, server), server, maxMs / 2),
  };
  return { chosen, asked };
}

/** The image in use, of which the server itself names the id only. Not being able to read it is no reason to hold the form back. */
async function ownImage(cloud: Cloud, server: Server): Promise<Chosen["own"]> {
  if (server.image.id === "") return { image: null, gone: false };
  try {
    const image = await cloud.image(server, server.image.id);
    return { image, gone: image === null };
  } catch (cause) {
    saysOf(cause);
    return { image: null, gone: false };
  }
}

/** What the choices are made for while no other image is chosen: the one in use, or the one to be made of it now. */
function keptImage(
  { imageChoice, backup }: Asked,
  server: Server,
  own: Image | null,
  backupRefused: string | null,
): ChosenImage | null {
  const isMade = imageChoice === "made-now" && backup === "image" && backupRefused === null;
  const kind = isMade ? "private" : own?.kind;
  // The image knows its system; the server may know no more than how somebody called the image.
  const os = own === null || own.os.family === "unknown" ? server.os : own.os;
  return kind === undefined ? null : { ...server.image, kind, os };
}

/** After a failed reinstall there is nothing worth an image, and the clouds refuse it. */
async function room(cloud: Cloud, server: Server): Promise<string | null> {
  if (server.power === "broken") return "the last reinstall of this server failed, so there is nothing to copy.";
  if (server.systemDisk === undefined) return "the server has no system disk.";
  return cloud.backups.room(server).catch((cause: unknown) => saysOf(cause));
}

/** Passwords are off where none could be kept, and typed ones where the config says so; the form tells why. */
function allowed(tools: CommandTools, choices: Choices): Choices {
  const off = (kind: LoginKind): string | undefined => {
    if (kind !== "generated" && kind !== "typed") return undefined;
    if (!tools.sealer.canSeal)
      return "the bot has no sealing key, so it keeps no passwords. An admin can set REINSTALL_SEALING_KEY.";
    return kind === "typed" && !tools.typedLogins ? "switched off in this bot's config." : undefined;
  };
  const logins = choices.logins.map((login) => {
    const refused = login.refused ?? off(login.kind);
    return refused === undefined ? login : { ...login, refused };
  });
  return { ...choices, logins };
}

/** Answers that no longer apply to this server are dropped, and what is not answered yet takes the first choice offered. */
function settle(asked: Asked, choices: Choices, backupRefused: string | null): Asked {
  const offered = choices.logins.filter(({ refused }) => refused === undefined);
  const login = offered.find(({ kind }) => kind === asked.login)?.kind ?? offered[0]?.kind;
  const backup = asked.backup === "image" && backupRefused !== null ? undefined : asked.backup;
  const wanted = asked.imageChoice === "made-now" && backup !== "image" ? "same" : asked.imageChoice;
  const imageChoice = wanted === "same" && choices.sameImage !== "ok" ? "other" : wanted;
  const licence = choices.licences.find((kind) => kind === asked.licence) ?? choices.licences[0];
  const fits = !("says" in readSize(asked.disk, choices.diskGrowth));
  const { login: _login, licence: _licence, backup: _backup, disk, ...rest } = asked;
  return {
    ...rest,
    imageChoice,
    ...(disk === undefined || !fits ? {} : { disk }),
    ...(login === undefined ? {} : { login }),
    ...(licence === undefined ? {} : { licence }),
    ...(backup === undefined ? {} : { backup }),
  };
}

/** The order that these answers make; null while the image or the login is still missing. */
export function orderOf(
  ref: ServerRef,
  asked: Asked,
  {
    server,
    image,
    own,
    choices,
    keyPairs,
  }: Pick<Chosen, "server" | "image" | "own" | "choices"> & Partial<Pick<Chosen, "keyPairs">>,
  id = "",
): Order | null {
  if (asked.imageChoice === "other" && image === null) return null;
  const login = loginOf(asked, choices, keyPairs ?? null);
  if (login === null) return null;
  const backup = backupOf(asked, id);
  const diskGb = sizeMeant(asked.disk, choices.diskGrowth);
  return {
    server: ref,
    image: imageOf(asked, server, image, own.image),
    login,
    ...(asked.licence === undefined ? {} : { licence: asked.licence }),
    ...(backup === null ? {} : { backup }),
    ...(diskGb === null ? {} : { diskGb }),
  };
}

/** The image is found again by this name, also after a crash; short enough for every cloud. */
function backupOf(asked: Asked, id: string): Order["backup"] | null {
  switch (asked.backup) {
    case "image":
      return { kind: "image", name: `before-${id}` };
    case "have":
      return { kind: "have", where: asked.where ?? "" };
    case "none":
      return { kind: "none" };
    default:
      return null;
  }
}

function imageOf(asked: Asked, server: Server, image: Image | null, own: Image | null): Order["image"] {
  if (asked.imageChoice === "made-now") {
    return { id: madeNow, name: "the image made now from this server", kind: "private", os: server.os, same: false };
  }
  if (asked.imageChoice === "same" || image === null) return { ...sameImage(server, own), same: true };
  const { id, name, kind, os } = image;
  // The one it has may be found among the others too: what is done follows from the image.
  return { id, name, kind, os, same: id === server.image.id };
}

/** An image whose kind could not be read counts as public: of those nothing is promised. */
function sameImage(server: Server, own: Image | null): Omit<Order["image"], "same"> {
  const { id, name } = server.image;
  return { id, name: name || server.os.name, kind: own?.kind ?? "public", os: server.os };
}

function loginOf(asked: Asked, choices: Choices, keyPairs: Chosen["keyPairs"]): Order["login"] | null {
  switch (asked.login) {
    case "key-pair": {
      const { keyPair: id = "" } = asked;
      const { name = id, fingerprint } = keyPairs?.find((pair) => pair.id === id) ?? {};
      return { kind: "key-pair", id, name, ...(fingerprint === undefined ? {} : { fingerprint }) };
    }
    case "generated":
    case "typed":
      return { kind: asked.login, user: choices.user };
    case "keep-image":
    case "provider":
      return { kind: asked.login };
    default:
      return null;
  }
}

export async function within<T>(clock: Clock, maxMs: number, work: Promise<T>, who: string): Promise<T> {
  const giveUp = new AbortController();
  const late = clock.after(maxMs, giveUp.signal).then(() => {
    throw new CloudDown(`${who} does not answer just now. Nothing was asked; try again in a moment.`, "slow");
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    giveUp.abort();
    late.catch(() => undefined);
    work.catch(() => undefined);
  }
}

function saysOf(cause: unknown): string {
  if (cause instanceof CloudDown) return cause.says;
  throw cause;
}
