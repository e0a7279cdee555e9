/** JD Cloud Virtual Machines, API v1. Every cloud's file keeps this order: account, cloud, traits, servers, images, key pairs, choices, notices, acts, look. */
import { searchable } from "../line.ts";
import type { Secret } from "../secret.ts";
import { batches } from "./batch.ts";
import {
  type Act,
  type Answer,
  type Choices,
  type ChosenImage,
  type Cloud,
  CloudDown,
  type CloudTools,
  type Image,
  type ImageKind,
  type KeyPair,
  type Notice,
  type Order,
  onlyFirst,
  type Server,
  type ServerRef,
  type Traits,
} from "./cloud.ts";
import { callOf } from "./jdcloud-acts.ts";
import { answerOf } from "./jdcloud-answers.ts";
import { jdcloudBackups } from "./jdcloud-backup.ts";
import { caller, type Query, Unclear, type Vm } from "./jdcloud-call.ts";
import { card } from "./jdcloud-card.ts";
import { constrained, fitted, withImage } from "./jdcloud-images.ts";
import { allOf, eachOf, imagesById, imagesOf, unreadable } from "./jdcloud-lists.ts";
import { loginsFor, passwordRules, userOf } from "./jdcloud-login.ts";
import { lookAt } from "./jdcloud-look.ts";
import { orderRows, preflight, told } from "./jdcloud-preflight.ts";
import {
  Constraints,
  goneServer,
  ImagePage,
  Instance,
  InstancePage,
  imageFrom,
  KeyPairPage,
  serverFrom,
  sources,
  WireImage,
  WireKeyPair,
} from "./jdcloud-wire.ts";
import { withFingerprint } from "./key-pairs.ts";
import { calledAs, perReading } from "./per-reading.ts";
import { type Remembered, remembered } from "./remembered.ts";

export interface JdcloudAccount {
  name: string;
  cloud: "jdcloud";
  site: "cn";
  regions: readonly string[];
  /** Access key id. */
  id: string;
  /** Secret access key. */
  secret: Secret;
  /** One address for every region, in place of JD Cloud's own. */
  endpoint?: string | undefined;
  /** Plant a mark in the host name, by which our own rebuild is known again. */
  hostnameMark?: boolean | undefined;
}

export function jdcloud(account: JdcloudAccount, tools: CloudTools): Cloud {
  const vm = caller(account, tools);
  const marks = account.hostnameMark === true;
  const refOf: RefOf = (region, id) => ({ cloud: "jdcloud", site: account.site, account: account.name, region, id });
  const known = remembered<Image>(tools.clock);
  const read = batches(tools.clock, batchLimits, (region, ids) => serversById(vm, known, refOf, region, ids));
  const asks: Asks = {
    image: perReading(tools.clock, (server, id: string) => image(vm, known, server, id)),
    keyPairs: perReading(tools.clock, (server) => keyPairs(vm, server)),
  };
  return {
    traits,
    backups: jdcloudBackups(vm),
    looksLikeId: (text) => /^i-[a-z0-9]{6,}$/.test(text.trim()),
    servers: () => servers(vm, account.regions, refOf),
    server: async (ref) => calledAs(ref, await read(ref.region, ref.id)),
    images: (server, kind, text) => images(vm, server, kind, text),
    image: asks.image,
    keyPairs: asks.keyPairs,
    choices,
    refusals: async (server) => told(preflight, { server, order: null, image: undefined, keyPairs: null, marks }),
    notices: (order, server) => notices(asks, order, server, marks),
    send: (act, server, at) => send(vm, act, server, at, marks),
    look: async (act, before, now, receipt) => lookAt(traits, act, before, now, receipt),
  };
}

type RefOf = (region: string, id: string) => ServerRef;
type Asks = Pick<Cloud, "image" | "keyPairs">;

const minuteMs = 60_000;
/** JD Cloud names no times at all; Terraform's provider waits ten minutes for any change of state. */
const traits: Traits = {
  title: "JD Cloud",
  wipeFrom: ["stopped"],
  stopFrom: ["running"],
  wipeEnds: "stopped",
  // A local system disk is copied only while the server is stopped, and a rebuild stops it anyway.
  backupFrom: ["stopped"],
  hardStop: false,
  lateMs: null,
  lagMs: minuteMs,
  patienceMs: {
    ...{ busy: 15 * minuteMs, stop: 10 * minuteMs, hardStop: 0, start: 10 * minuteMs },
    ...{ backup: 60 * minuteMs, reinstall: 40 * minuteMs },
  },
  usually: "JD Cloud's documents give no time for a rebuild.",
  support: { name: "JD Cloud ticket", url: "https://ticket.jdcloud.com" },
  lostPassword: {
    says: "Set a new one in the console with Reset Password; it counts from the next restart on.",
    url: "https://docs.jdcloud.com/cn/virtual-machines/reset-password",
  },
};
/** 50 ids keep the address of a call short; JD Cloud takes a thousand calls a minute. */
const batchLimits = { windowMs: 250, idsMax: 50, timeoutMs: 15_000 };

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeinstances */
async function servers(
  vm: Vm,
  regions: readonly string[],
  refOf: RefOf,
): Promise<{ found: readonly Server[]; unread: readonly string[] }> {
  const found: Server[] = [];
  const unread: string[] = [];
  const readAt = vm.clock.now();
  await Promise.all(
    regions.map(async (region) => {
      try {
        const { all, cut } = await allOf(vm, region, ["instances"], [], InstancePage, (page) => page.instances);
        // A server that is made or deleted meanwhile moves the others to another page, where they come again.
        const unique = new Map(eachOf(Instance, all).map((instance) => [instance.instanceId, instance]));
        if (cut) unread.push(`JD Cloud, ${region}: ${onlyFirst(all.length)}`);
        for (const [id, instance] of unique) found.push(serverFrom(instance, refOf(region, id), readAt, undefined));
      } catch (cause) {
        if (!(cause instanceof CloudDown)) throw cause;
        unread.push(`JD Cloud, ${region}: ${cause.says}`);
      }
    }),
  );
  return { found, unread };
}

/** One reading for many, with what JD Cloud says of their images, which an instance does not name. */
async function serversById(
  vm: Vm,
  known: Remembered<Image>,
  refOf: RefOf,
  region: string,
  ids: readonly string[],
): Promise<Map<string, Server | Error>> {
  const readAt = vm.clock.now();
  const filter: Query = [
    ["filters.1.name", "instanceId"],
    ...ids.map((id, at) => [`filters.1.values.${at + 1}`, id] as const),
  ];
  const page = await vm.read(region, ["instances"], [["pageSize", "100"], ...filter], InstancePage);
  const entries = page.instances ?? [];
  const instances = eachOf(Instance, entries);
  const allRead = instances.length === entries.length && page.totalCount === entries.length;
  const imageOf = await imagesOf(vm, known, region, instances);
  const result = new Map<string, Server | Error>();
  for (const id of ids) {
    const instance = instances.find((one) => one.instanceId === id);
    const ref = refOf(region, id);
    const found = imageOf(instance?.imageId ?? "");
    if (instance) result.set(id, withImage(serverFrom(instance, ref, readAt, found), found));
    // One that cannot be read may be the one asked for: then nobody knows, and "gone" would be a guess.
    else result.set(id, allRead ? goneServer(ref, readAt) : unreadable());
  }
  return result;
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeimages. JD Cloud searches names only, so the rest is done here. */
async function images(
  vm: Vm,
  server: Server,
  kind: ImageKind,
  text: string,
): Promise<{ found: readonly Image[]; more: boolean }> {
  const { region } = server.ref;
  const { all: entries, cut } = await allOf(
    vm,
    region,
    ["images"],
    [["imageSource", sources[kind]]],
    ImagePage,
    (page) => page.images,
  );
  const wanted = searchable(text);
  const fits = (one: Image) => [one.name, one.id, one.os.name].some((word) => searchable(word).includes(wanted));
  const all = eachOf(WireImage, entries)
    .map((entry) => fitted(imageFrom(entry), server))
    .filter(fits);
  const usableFirst = [...all.filter((one) => !one.unusable), ...all.filter((one) => one.unusable)];
  return { found: usableFirst.slice(0, imagesMax), more: cut || all.length > imagesMax };
}
const imagesMax = 100;

/** With its constraints, which cost a call for each image and so are asked only for the one chosen. */
async function image(vm: Vm, known: Remembered<Image>, server: Server, id: string): Promise<Image | null> {
  const { region } = server.ref;
  const found = (await imagesById(vm, known, region, [id])).get(id);
  if (found === undefined) throw unreadable();
  if (found === null) return null;
  if (found.kind !== "public" && found.kind !== "market") return fitted(found, server);
  const limits = await vm.read(region, ["images", id, "constraints"], [], Constraints);
  return fitted(constrained(found, server, limits), server);
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describekeypairs. A name is the id. */
async function keyPairs(vm: Vm, server: Server): Promise<readonly KeyPair[]> {
  const { all } = await allOf(vm, server.ref.region, ["keypairs"], [], KeyPairPage, (page) => page.keypairs);
  return eachOf(WireKeyPair, all).map(({ keyName: name, keyFingerprint }) =>
    withFingerprint({ id: name, name }, keyFingerprint),
  );
}

function choices(server: Server, chosen: ChosenImage | null): Choices {
  const { family } = (chosen ?? server).os;
  const user = (chosen === null || chosen.id === server.image.id ? server.loginUser : undefined) ?? userOf(family);
  return {
    imageKinds: ["public", "private", "shared", "market"],
    sameImage: server.facts["imageRefused"] ? { refused: server.facts["imageRefused"] } : "ok",
    logins: loginsFor(family),
    password: passwordRules(user),
    licences: [],
    noKeyPair:
      "There is no key pair in this region of JD Cloud. Create or import one in the console, or choose a password.",
    user,
  };
}

async function notices(asks: Asks, order: Order, server: Server, marks: boolean): Promise<readonly Notice[]> {
  if (server.power === "gone") return told(preflight, { server, order, image: undefined, keyPairs: null, marks });
  const [chosen, keys] = await Promise.all([
    asks.image(server, order.image.id),
    order.login.kind === "key-pair" ? asks.keyPairs(server) : null,
  ]);
  return told([...preflight, ...orderRows, ...card], { server, order, image: chosen, keyPairs: keys, marks });
}

/** Each act is one call, sent once and signed with `at`. */
async function send(vm: Vm, act: Act, server: Server, at: number, marks: boolean): Promise<Answer> {
  const call = callOf(act, server, marks);
  if ("missing" in call) return { refused: { code: "no-password", requestId: "", says: call.missing } };
  const sending = vm.act(server.ref.region, server.ref.id, call.action, call.body, at);
  try {
    const secret = act.kind === "once" ? act.secret : undefined;
    return await answerOf(sending, call.action, { sentAt: String(at) }, secret);
  } catch (cause) {
    const why = cause instanceof Unclear ? cause.message : "unexpected";
    vm.log.warn("The answer to an act is unclear", { server: server.ref.id, action: call.action, why });
    throw cause;
  }
}
