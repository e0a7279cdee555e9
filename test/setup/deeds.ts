/** The only place for what people do in nearly every story: ask, approve, and wait for the end. */
import type { PersonHandle, Seen } from "../../playground/slack/person.ts";
import type { CloudCase, LoginWord } from "./cases.ts";
import { channel, type Story } from "./story.ts";

export interface Wish {
  by?: PersonHandle;
  server?: string;
  /** Another image, by its text; the same one without. */
  image?: string;
  login?: LoginWord | "the image's own" | "sent by the cloud" | { typed: string };
  why?: string;
  command?: string;
  channel?: string;
  /** What is said of the data; "Nothing to keep" without. */
  backup?: string;
  /** The licence, by its words in the form; as the form offers it first without. */
  licence?: string;
  /** The size that the system disk is to grow to, as it is typed. */
  size?: string;
  /** Where a backup is that exists already. */
  where?: string;
}

/** Fills the form in and hands it in. Returns what came of it: the card, or what the form says. */
export async function ask(now: Story, of: CloudCase, wish: Wish = {}): Promise<Seen> {
  const by = wish.by ?? now.erin;
  await fill(now, of, wish);
  const before = by.messages(wish.channel ?? channel).length;
  const answer = await now.meanwhile(by.submit());
  if (!answer.ok) throw new Error(answer.says);
  const login = wish.login ?? of.login;
  if (typeof login === "object") {
    await now.meanwhile(by.type("Password", login.typed));
    await now.meanwhile(by.submit());
  }
  if (by.modal() !== null) throw new Error(`the form stayed open: ${JSON.stringify(by.errors())}\n${by.modalText()}`);
  await now.until("the card is posted", () => by.messages(wish.channel ?? channel).length > before);
  return by.latest(wish.channel ?? channel);
}

/** Everything but the last press. */
export async function fill(now: Story, of: CloudCase, wish: Wish = {}): Promise<void> {
  const by = wish.by ?? now.erin;
  const login = wish.login ?? of.login;
  await now.meanwhile(
    by.command(wish.channel ?? channel, `${wish.command ?? "/reinstall"} ${wish.server ?? of.server}`),
  );
  await now.until("the form is filled", () => by.modalText().includes("What is lost"));
  await choose(now, by, "Backup", wish.backup ?? "Nothing to keep");
  if (wish.where !== undefined) {
    await now.until("the form asks where", () => by.modalText().includes("Where is the backup?"));
    await now.meanwhile(by.type("Where is the backup?", wish.where));
  }
  if (wish.image === "made now") {
    await now.until("the form offers it", () => by.modalText().includes("The image made now"));
    await choose(now, by, "image-choice", "The image made now from this server");
  } else if (wish.image !== undefined) {
    await choose(now, by, "image-choice", "Another image…");
    await choose(now, by, "Which image", wish.image);
  }
  if (wish.size !== undefined) await now.meanwhile(by.type(sizeLabel, wish.size));
  await choose(now, by, "Log in afterwards with", loginWords[typeof login === "object" ? "typed" : login]);
  if (login === "key pair") await now.meanwhile(by.choose("Which key pair", of.keyPair));
  if (wish.licence !== undefined) await now.meanwhile(by.choose("Licence", wish.licence));
  await now.meanwhile(by.type("Why", wish.why ?? "root fs corrupt after failed kernel upgrade, INC-4211"));
  await now.meanwhile(by.tick("Before you ask"));
}

export const sizeLabel = "System disk size in GB";

const loginWords = {
  "key pair": "Key pair",
  generated: "Generated password",
  "the image's own": "The image's own login",
  "sent by the cloud": "Password sent by the cloud",
  typed: "Typed password",
} as const;

/** Chooses something that the form is drawn anew for, and waits for that: a later picture would take field errors away. */
export async function choose(now: Story, by: PersonHandle, label: string, option: string): Promise<void> {
  const drawn = () =>
    now.space.traffic.filter((one) => one.kind === "reply" && one.name === "/api/views.update").length;
  const before = drawn();
  await now.meanwhile(by.choose(label, option));
  await now.until(`the form follows the choice of ${option}`, () => drawn() > before);
  // Nobody chooses twice in a second, and clouds count calls by the second.
  await now.pass(1000);
}

/** Approves the newest card of the channel. */
export async function approve(now: Story, by: PersonHandle = now.ana): Promise<void> {
  await now.meanwhile(by.press(root(now, by), "Approve and reinstall"));
}

/** The card: the first message of the newest thread. */
export function root(now: Story, by: PersonHandle = now.erin, where: string = channel): Seen {
  const card = by.messages(where).findLast((message) => message.bot && !message.threadTs && !message.ephemeral);
  if (card === undefined) throw new Error(`there is no card in ${where}\n${now.picture()}`);
  return card;
}

export function threadTexts(now: Story, by: PersonHandle = now.erin): readonly string[] {
  return by
    .thread(root(now, by))
    .filter(({ ephemeral }) => !ephemeral)
    .map(({ text }) => text);
}

/** How often the disk of this server was really wiped. */
export function wipes(now: Story, of: CloudCase, server: string = of.server): number {
  const found = now
    .cloud(of.account.name)
    .panel()
    .find(({ name }) => name === server);
  if (found === undefined) throw new Error(`there is no server ${server}`);
  return found.reinstalls;
}

export function stateOf(now: Story, of: CloudCase, server: string = of.server): string {
  return (
    now
      .cloud(of.account.name)
      .panel()
      .find(({ name }) => name === server)?.state ?? ""
  );
}

/** Until the request is there and everything is shown. */
export async function ends(now: Story, ...wanted: readonly string[]): Promise<void> {
  await now.until(`it is ${wanted.join(" or ")}`, statusIs(now, ...wanted));
  await now.pass(10_000);
}

export function statusIs(now: Story, ...wanted: readonly string[]): () => boolean {
  return () => wanted.includes(now.request().status);
}

/** What only this person was told last. */
export function whispered(by: PersonHandle, where: string = channel): string {
  return by.ephemerals(where).at(-1)?.text ?? "";
}
