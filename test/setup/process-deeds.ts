/** The only place for what people do with the bot that runs as a process, and for what can be said of a request by looking at Slack and at the clouds alone. */
import type { PersonHandle, Seen } from "../../playground/slack/person.ts";
import { realClock } from "../../src/real.ts";
import { eventType } from "../../src/slack-reads.ts";
import type { ProcessStage } from "./process.ts";

export interface LiveWish {
  server: string;
  /** The name of a key pair, or a password that is typed, or one that the bot makes. */
  login: { keyPair: string } | { typed: string } | "generated";
  channel?: string;
  /** What is said of the data; "Nothing to keep" without. */
  backup?: string;
}
/** One request as it is seen from outside. */
export interface Asked {
  id: string;
  server: string;
  channel: string;
}

/** Clouds count calls by the second. */
const askedByTheMs = 1_000;
const triesMax = 30;
export const incident = "incident-4211";

/** Asks, and waits for the card. The bot may be killed as soon as the form is handed in. */
export async function askLive(stage: ProcessStage, wish: LiveWish): Promise<Asked> {
  const by = stage.erin;
  const channel = wish.channel ?? incident;
  while (!(await filled(stage, channel, wish))) await by.dismiss();
  await done(by.type("Why", "root fs corrupt"));
  await done(by.tick("Before you ask"));
  const known = new Set(requests(stage));
  await handIn(by);
  if (typeof wish.login === "object" && "typed" in wish.login) {
    await done(by.type("Password", wish.login.typed));
    await handIn(by);
  }
  await stage.until(`the card of ${wish.server} is posted`, () => requests(stage).some((id) => !known.has(id)));
  const id = requests(stage).find((one) => !known.has(one)) ?? "";
  return { id, server: wish.server, channel };
}

/** False when a cloud was asked too often, which the form says; a person then tries again. */
async function filled(stage: ProcessStage, channel: string, { server, login, backup }: LiveWish): Promise<boolean> {
  const by = stage.erin;
  const throttled = () => by.modalText().includes("asked too often");
  await done(by.command(channel, `/reinstall ${server}`));
  const shown = () => throttled() || by.modalText().includes("What is lost");
  await stage.until(`the form for ${server} is filled`, shown);
  const choices = {
    Backup: backup ?? "Nothing to keep",
    "Log in afterwards with": loginWords(login),
  };
  for (const [label, option] of Object.entries(choices)) {
    if (throttled()) return false;
    await choose(stage, label, option);
  }
  if (throttled()) return false;
  if (typeof login === "object" && "keyPair" in login) await done(by.choose("Which key pair", login.keyPair));
  return true;
}

function loginWords(login: LiveWish["login"]): string {
  if (login === "generated") return "Generated password";
  return "keyPair" in login ? "Key pair" : "Typed password";
}

/** A cloud that was asked too often may refuse it, which the form says at its field; a person then does it again. */
async function handIn(by: PersonHandle): Promise<void> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    await done(by.submit());
    if (!Object.values(by.errors()).some((says) => says.includes("asked too often"))) return;
    await realClock().after(askedByTheMs);
  }
  throw new Error("the cloud was asked too often each time");
}

/** Chooses something that the form is drawn anew for, and waits for that. */
async function choose(stage: ProcessStage, label: string, option: string): Promise<void> {
  const drawn = () =>
    stage.shell.traffic.filter((one) => one.kind === "reply" && one.name === "/api/views.update").length;
  const before = drawn();
  await done(stage.erin.choose(label, option));
  await stage.until(`the form follows ${label}`, () => drawn() > before);
}

async function done(deed: Promise<{ ok: boolean; says?: string }>): Promise<void> {
  const answer = await deed;
  if (!answer.ok) throw new Error(answer.says);
}

/** Every message that the bot posted for a request, by its key, oldest first. */
export function told(stage: ProcessStage, request: string): readonly { key: string; ts: string; text: string }[] {
  return ours(stage).flatMap(({ id, key, ts, text }) => (id === request ? [{ key, ts, text }] : []));
}

export function keysOf(stage: ProcessStage, { id }: Asked): readonly string[] {
  return told(stage, id).map(({ key }) => key);
}

export function cardText(stage: ProcessStage, { id }: Asked): string {
  return told(stage, id).find(({ key }) => key === "card")?.text ?? "";
}

function requests(stage: ProcessStage): readonly string[] {
  return [...new Set(ours(stage).map(({ id }) => id))];
}

function ours(stage: ProcessStage) {
  const all = Object.values(stage.shell.state().messages).flat();
  return all.flatMap(({ ts, text, metadata }) => {
    const payload = metadata?.["event_type"] === eventType ? metadata["event_payload"] : undefined;
    const { request: id, key } = (payload ?? {}) as Readonly<Record<string, string>>;
    return id === undefined || key === undefined ? [] : [{ id, key, ts, text }];
  });
}

/** Presses until the press is taken in, however often nobody is there to take it. */
export async function pressUntil(
  stage: ProcessStage,
  by: PersonHandle,
  asked: Asked,
  button: string,
  over: () => boolean,
): Promise<void> {
  const end = performance.now() + 40_000;
  while (!over()) {
    if (performance.now() > end) throw new Error(`nobody took in "${button}"\n${stage.picture()}`);
    await stage.up();
    const card = cardOf(by, stage, asked);
    const answer = await by.press(card, button).catch(() => ({ ok: false }));
    if (answer.ok) return;
  }
}

function cardOf(by: PersonHandle, stage: ProcessStage, asked: Asked): Seen {
  return messageOf(by, stage, asked, "card");
}

/** A message about a request as this person sees it, by its key. */
export function messageOf(by: PersonHandle, stage: ProcessStage, { id, server, channel }: Asked, key: string): Seen {
  const ts = (wanted: string) => told(stage, id).find((one) => one.key === wanted)?.ts ?? "";
  const all = [...by.messages(channel), ...by.thread(ts("card"))];
  const found = all.find((message) => message.ts === ts(key));
  if (found === undefined) throw new Error(`there is no ${key} for ${server}`);
  return found;
}

export function isFailed(stage: ProcessStage, asked: Asked): boolean {
  return cardText(stage, asked).startsWith("❌");
}

export function isUnsure(stage: ProcessStage, asked: Asked): boolean {
  return cardText(stage, asked).startsWith("❓");
}

export function isDone(stage: ProcessStage, asked: Asked): boolean {
  return cardText(stage, asked).startsWith("✅") && keysOf(stage, asked).includes("done");
}

/** How often the disk of this server was really wiped. */
export function wipesOf(stage: ProcessStage, account: string, server: string): number {
  const found = stage
    .cloud(account)
    .panel()
    .filter(({ name }) => name === server);
  return found.reduce((sum, { reinstalls }) => sum + reinstalls, 0);
}
