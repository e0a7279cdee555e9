/** The only place that decides what the playground tells a visitor to do next. It looks at what everybody in the channel can see. */
import type { PageMessage, PageState, PageUser } from "../contract.ts";
import { type Bag, bag, bags, words } from "./read.ts";

export type Stage = "start" | "asked" | "running" | "done" | "failed" | "unsure" | "closed";

/** The bot's one emoji at the start of a card says how it stands. */
const signs: readonly (readonly [string, Stage])[] = [
  ["🔄", "running"],
  ["✅", "done"],
  ["❌", "failed"],
  ["❓", "unsure"],
];

/** How the newest request in the channel stands. */
export function stageOf(messages: readonly PageMessage[]): Stage {
  const card = cardOf(messages);
  if (card === undefined) return "start";
  if (buttonsOf(card).some((label) => /^approve/i.test(label))) return "asked";
  const said = `${bags(card.blocks).map(textOf).join(" ")} ${card.text}`;
  const found = signs
    .map(([sign, stage]) => ({ stage, at: said.indexOf(sign) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at);
  return found[0]?.stage ?? "closed";
}

/** The bot's newest message of its own standing: not a reply, not for one person only. */
function cardOf(messages: readonly PageMessage[]): PageMessage | undefined {
  return messages.findLast(
    (message) =>
      message.bot &&
      message.ephemeral !== true &&
      (message.threadTs === undefined || message.threadTs === message.ts) &&
      message.blocks.length > 0,
  );
}

function buttonsOf(message: PageMessage): readonly string[] {
  return bags(message.blocks)
    .flatMap((block) => [...bags(block.elements), bag(block.accessory)])
    .filter((element) => element.type === "button")
    .map((element) => words(element.text));
}

function textOf(block: Bag): string {
  return [words(block.text), ...bags(block.fields).map((field) => words(field))].join(" ");
}

export function approversOf(state: PageState): readonly PageUser[] {
  const named = new Set(state.groups.filter((group) => /approv/i.test(group.handle)).flatMap((group) => group.users));
  const able = state.users.filter((user) => user.kind === "member");
  const inGroup = able.filter((user) => named.has(user.id));
  return inGroup.length > 0 ? inGroup : able.filter((user) => /approv/i.test(user.title));
}

/** What a person can do here before anything is asked: ask; be refused by the bot; read only; nothing. */
export function standingOf(state: PageState): "may-ask" | "refused" | "reads-only" | "gone" {
  const me = state.users.find((user) => user.id === state.me);
  if (me?.kind === "deactivated") return "gone";
  if (me?.kind === "external") return "reads-only";
  return askersOf(state).some((user) => user.id === state.me) ? "may-ask" : "refused";
}

/** Members of the groups that are not there to approve; every member where there are no such groups. */
export function askersOf(state: PageState): readonly PageUser[] {
  const named = new Set(state.groups.filter((group) => !/approv/i.test(group.handle)).flatMap((group) => group.users));
  const able = state.users.filter((user) => user.kind === "member");
  return named.size === 0 ? able : able.filter((user) => named.has(user.id));
}

/** Whom to become so that the request can be approved: never the person one is. */
export function otherApprover(state: PageState): PageUser | undefined {
  return approversOf(state).find((user) => user.id !== state.me);
}

/** The channel the story begins in. */
export function homeChannel(state: PageState): { id: string; name: string } | undefined {
  return state.channels.find((channel) => /incident/.test(channel.name)) ?? state.channels[0];
}

export const firstCommand = "/reinstall web-01";

/** Direct conversations have ids that begin with D. */
export function signOf(channel: string): string {
  return channel.startsWith("D") ? "@" : "#";
}
