/** The only place for the form: what it asks, in which order, and how its answers are read back. */
import type { Choices, Image, KeyPair, Notice, Server } from "../clouds/cloud.ts";
import { cut, shortName } from "../line.ts";
import type { Request } from "../request.ts";
import type { Block, View } from "../seams.ts";
import { actions, alert, divider, header, input, limits, option, plain, section } from "./blocks.ts";
import { abandonAnew } from "./buttons.ts";
import { backupBlocks } from "./formbackup.ts";
import { diskBlocks } from "./formdisk.ts";
import { blockIds, fields } from "./formfields.ts";
import { imageBlocks } from "./formimage.ts";
import { licenceBlock, loginBlocks } from "./formlogin.ts";
import { type Asked, type FormMeta, writeMeta } from "./formmeta.ts";
import { invite } from "./help.ts";
import { statusWords } from "./refused.ts";
import { code, outside, person, plural, time } from "./text.ts";

/** What is known of the server that was chosen; all of it read before the form is drawn. */
export interface Chosen {
  /** A request for this server that is open already; this form is not to make another. */
  open: Request | null;
  server: Server;
  title: string;
  refusals: readonly Notice[];
  choices: Choices;
  /** Null when they could not be read; `keyPairsSay` then says why. */
  keyPairs: readonly KeyPair[] | null;
  keyPairsSay?: string;
  /** The other image, once one is chosen. */
  image: Image | null;
  /** The image in use, as far as it could be read; `gone` when the cloud has it no more. Not read once another is chosen. */
  own: { image: Image | null; gone: boolean };
  /** Images that the typeahead leaves out for this server, by reason; read once another image is asked for. */
  leftOut: readonly LeftOut[];
  /** Why no custom image can be made now; null when one can. */
  backupRefused: string | null;
  /** A custom image asks for a stopped server, and this one runs. */
  backupStops: boolean;
  /** What the cloud would refuse of server, image and login together. */
  notices: readonly Notice[];
}

export interface LeftOut {
  count: number;
  example: string;
  says: string;
}

export interface FormState {
  meta: FormMeta;
  asked: Asked;
  chosen: Chosen | null;
  /** Said above the form: several servers match, a cloud is down. */
  notes: readonly string[];
  /** Servers that the person's words could mean, to choose from. */
  offered?: readonly Record<string, unknown>[];
}

export const formId = "order";
const reasonMax = 500;

export function form(state: FormState): View {
  const { meta, asked, chosen } = state;
  const typed = asked.login === "typed";
  return {
    type: "modal",
    callback_id: formId,
    private_metadata: writeMeta(meta),
    title: plain(meta.asks === "other" ? "Change the OS" : "Reinstall a server", limits.modalTitle),
    submit: plain(typed ? "Next: password" : "Ask for approval", limits.modalTitle),
    close: plain("Cancel", limits.modalTitle),
    blocks: [
      ...state.notes.slice(0, 3).map((note) => alert("warning", outside(note, 190))),
      ...(meta.channel === "" ? [channelInput(asked)] : []),
      serverInput(state),
      ...(chosen === null ? [] : ofServer(state, chosen)),
    ],
  };
}

/** Shown the moment the command arrives, before anything is read. */
export function loading(meta: FormMeta): View {
  return {
    type: "modal",
    callback_id: "loading",
    private_metadata: writeMeta(meta),
    title: plain(meta.asks === "other" ? "Change the OS" : "Reinstall a server", limits.modalTitle),
    close: plain("Cancel", limits.modalTitle),
    blocks: [section("⏳ Looking for your servers…")],
  };
}

/** Instead of a form, when there is nothing to fill in. */
export function stopForm(meta: FormMeta, says: string): View {
  return {
    ...loading(meta),
    callback_id: "stopped",
    close: plain("Close", limits.modalTitle),
    blocks: [section(says)],
  };
}

/** Only channels in which an approver can see the card; the bot must be in it. */
function channelInput({ channel }: Asked): Block {
  return input({
    block: blockIds.channel(),
    label: "Channel",
    hint: `Where the request is posted for approval. If the bot is not there, type ${invite} there first.`,
    element: {
      type: "conversations_select",
      action_id: fields.channel,
      default_to_current_conversation: true,
      filter: { include: ["public", "private"], exclude_external_shared_channels: true, exclude_bot_users: true },
      ...(channel === undefined ? {} : { initial_conversation: channel }),
    },
  });
}

function serverInput({ asked, chosen, offered }: FormState): Block {
  if (chosen === null && offered !== undefined && offered.length > 0) return serverChoice(offered);
  const unread = unreadOption(asked.server);
  const initial = chosen === null ? unread : serverOption(chosen.server, asked.server ?? "");
  return input({
    block: blockIds.server(),
    label: "Server",
    hint: "Type a part of its name, id or IP. An id that is not listed is accepted too.",
    dispatch: true,
    element: {
      type: "external_select",
      action_id: fields.server,
      min_query_length: 0,
      placeholder: plain("Name, id or IP"),
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  });
}

/** Several servers were meant: one of them is chosen, and the form goes on as ever. */
function serverChoice(offered: readonly Record<string, unknown>[]): Block {
  return input({
    block: blockIds.server(),
    label: "Which server?",
    hint: "None of these? Cancel, and type its id or IP.",
    dispatch: true,
    element: {
      type: "static_select",
      action_id: fields.server,
      options: offered.slice(0, limits.options),
      placeholder: plain("Choose one"),
    },
  });
}

/** What was chosen and could not be read stays chosen, so that it is not typed again; what no cloud would call an id does not. */
function unreadOption(value: string | undefined): Record<string, unknown> | undefined {
  const id = value?.split("/").slice(2).join("/") ?? "";
  return value !== undefined && /^[\w.:-]{1,64}$/.test(id) ? option({ text: id, value }) : undefined;
}

export function serverOption(server: Server, value: string): Record<string, unknown> {
  const ip = server.ips.public[0] ?? server.ips.private[0] ?? "";
  return option({
    // The address tells two servers apart whose names begin alike.
    text:
      ip === ""
        ? shownName(server, limits.optionText)
        : `${shownName(server, limits.optionText - ip.length - 3)} · ${ip}`,
    value,
    description: `${server.ref.id} · ${server.ref.region} · ${server.state}`,
  });
}

function shownName({ name, ref }: Server, max = 80): string {
  return shortName(name, ref.id, max);
}

function ofServer(state: FormState, chosen: Chosen): readonly Block[] {
  const facts = section(serverFacts(chosen));
  if (chosen.open !== null && chosen.open.id !== state.meta.replaces) return [facts, ...openBlocks(chosen.open)];
  const refused = chosen.refusals.filter(({ kind }) => kind === "refused");
  if (refused.length > 0) return [facts, ...refused.map(({ says }) => alert("error", outside(says, 190)))];
  const waits = chosen.refusals
    .filter(({ kind }) => kind === "wait")
    .map(({ says }) => alert("info", outside(says, 190)));
  return [
    facts,
    ...waits,
    divider,
    ...backupBlocks(state.asked, chosen),
    ...imageBlocks(state.asked, chosen),
    ...diskBlocks(state.asked, chosen),
    ...licenceBlock(state.asked, chosen),
    ...loginBlocks(state.asked, chosen),
    reasonInput(state.asked),
    ...lossBlocks(state, chosen),
  ];
}

/** A second person is shown the open request; one that failed may be closed from here. */
function openBlocks(open: Request): readonly Block[] {
  const asked = `asked by ${person(open.askedBy)} at ${time(open.askedAt)} in <#${open.channel}>`;
  const blocks: Block[] = [
    alert("warning", "This server already has an open request, so no second one is made."),
    section(
      `*${statusWords[open.status]}* · ${asked}\n“${outside(open.reason, 300)}”\n\`/reinstall-status ${open.id}\` shows it in detail.`,
    ),
  ];
  return open.status === "failed" ? [...blocks, actions([abandonAnew(open)])] : blocks;
}

function serverFacts({ server, title, own }: Chosen): string {
  const disk = server.systemDisk;
  const ips = [...server.ips.public, ...server.ips.private];
  const data = server.dataDisks.length === 0 ? "no data disks" : plural(server.dataDisks.length, "data disk");
  return [
    `*${outside(shownName(server))}* · ${code(server.ref.id)}`,
    `${title} · ${outside(server.ref.account)} · ${outside(server.ref.region)}`,
    `*State* ${outside(server.state)} · *IP* ${ips.length === 0 ? "none" : ips.map((ip) => code(ip)).join(", ")}`,
    `*Image* ${outside(shortName(server.image.name, server.os.name, 80))} · ${code(server.image.id)}${own.gone ? " (no longer exists)" : ""}`,
    `*System disk* ${disk === undefined ? "none" : `${code(disk.id)} (${disk.sizeGb} GB, ${outside(disk.type)})`} · ${data}`,
  ].join("\n");
}

function reasonInput({ reason }: Asked): Block {
  const before = reason === undefined ? {} : { initial_value: cut(reason, reasonMax) };
  return input({
    block: blockIds.reason(),
    label: "Why",
    hint: "The approver decides by this. An incident number helps.",
    element: { type: "plain_text_input", action_id: fields.reason, multiline: true, max_length: reasonMax, ...before },
  });
}

function lossBlocks({ asked }: FormState, { server }: Chosen): readonly Block[] {
  const disk = server.systemDisk;
  const what = disk === undefined ? "The system disk" : `System disk ${code(disk.id)} (${disk.sizeGb} GB)`;
  const tick = option({ text: "I understand that everything on the system disk will be lost", value: "yes" });
  return [
    header("What is lost"),
    section(`⚠️ ${what} of *${outside(shownName(server))}* will be erased for good.`),
    input({
      block: blockIds.understood(asked),
      label: "Before you ask",
      element: { type: "checkboxes", action_id: fields.understood, options: [tick] },
    }),
  ];
}
