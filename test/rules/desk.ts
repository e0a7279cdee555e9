/** The only place where the tests of the rules open form after form, and card after card, in one running story, and read what stands there. */
import { afterAll, beforeAll, expect } from "vitest";
import type { CloudCase } from "../setup/cases.ts";
import { ask, choose, root, type Wish } from "../setup/deeds.ts";
import { channel, type Story, type StoryOptions, story } from "../setup/story.ts";

export interface Sight {
  of: CloudCase;
  server: string;
  image?: string;
  command?: string;
  /** A switch of the simulated cloud, on while the form is filled. */
  fault?: string;
  /** In place of the server's name. */
  id?: string;
}

export interface Form {
  /** Everything written in it, a line each. */
  text: string;
  /** What makes the request impossible as it stands, a sentence each. */
  refusals: readonly string[];
  options(label: string): readonly string[];
  suggest(label: string, text: string): Promise<readonly string[]>;
}

export interface Card {
  text: string;
  details: string;
  /** The question before Approve. */
  dialog: string;
}

/** Rows of a table, each beside its whole name, which a `$rule` in a title would cut. */
export function named<Rule extends { rule: string }>(rules: readonly Rule[]): [string, Rule][] {
  return rules.map((each) => [each.rule, each]);
}

export interface Judgement {
  says?: readonly string[];
  refused?: readonly string[];
  taken?: true;
  not?: readonly string[];
}

/** Reads a form as a rule wants it read. */
export function judge({ text, refusals }: Form, { says = [], refused = [], taken, not = [] }: Judgement): void {
  for (const each of says) expect(text).toContain(each);
  for (const each of refused) expect(refusals.join("\n")).toContain(each);
  for (const each of not) expect(text).not.toContain(each);
  if (taken) {
    expect(refusals).toEqual([]);
    expect(text).toContain("What is lost");
  }
}

/** One bot with these clouds, for all tests of a file. */
export function desk(cases: readonly CloudCase[], options: Omit<StoryOptions, "cases"> = {}): Desk {
  const one = new Desk();
  beforeAll(async () => {
    one.now = await story({ ...options, cases });
  });
  afterAll(() => one.now.end());
  return one;
}

export class Desk {
  #now: Story | null = null;

  get now(): Story {
    if (this.#now === null) throw new Error("the story has not begun");
    return this.#now;
  }

  set now(begun: Story) {
    this.#now = begun;
  }

  /** The id of a server: names may stand at several clouds. */
  idOf({ of, server }: Pick<Sight, "of" | "server">): string {
    const found = this.now
      .cloud(of.account.name)
      .panel()
      .find(({ name, region }) => name === server && of.account.regions.includes(region));
    if (found === undefined) throw new Error(`there is no server ${server}`);
    return found.id;
  }

  /** The form as it stands once server and image are chosen; it is given up afterwards. */
  async form<T>(sight: Sight, read: (form: Form) => T | Promise<T>): Promise<T> {
    const { now } = this;
    const { erin } = now;
    const cloud = now.cloud(sight.of.account.name);
    if (sight.fault !== undefined) cloud.arm(sight.fault, true);
    await now.meanwhile(erin.command(channel, `${sight.command ?? "/reinstall"} ${sight.id ?? this.idOf(sight)}`));
    await now.until("the form is drawn", () => erin.modalText().includes("Type a part of its name"));
    if (sight.image !== undefined) {
      if (!erin.modalText().includes("Which image")) await choose(now, erin, "image-choice", "Another image…");
      await choose(now, erin, "Which image", sight.image);
    }
    const seen = await read({
      text: erin.modalText(),
      refusals: refusalsIn(erin.modal()?.view["blocks"]),
      options: (label) => erin.options(label),
      suggest: async (label, text) => {
        const offered = await now.meanwhile(erin.suggest(label, text));
        return offered.map((option) => JSON.stringify(option));
      },
    });
    await now.meanwhile(erin.dismiss());
    if (sight.fault !== undefined) cloud.arm(sight.fault, false);
    return seen;
  }

  /** The card, what stands behind Details, and the question before Approve; the request is withdrawn afterwards. */
  async card(of: CloudCase, wish: Wish): Promise<Card> {
    const { now } = this;
    const server = this.idOf({ of, server: wish.server ?? of.server });
    const { text } = await ask(now, of, { ...wish, server });
    const card = root(now);
    await now.meanwhile(now.erin.press(card, "Details"));
    await now.until("the details are shown", () => now.erin.modalText().includes("Request r"));
    const details = now.erin.modalText();
    await now.meanwhile(now.erin.dismiss());
    const dialog = now.ana.confirmation(root(now, now.ana), "Approve and reinstall")?.text ?? "";
    await now.meanwhile(now.erin.press(root(now), "Withdraw"));
    await now.until("it is withdrawn", () => root(now).text.includes("Withdrawn"));
    return { text, details, dialog };
  }
}

function refusalsIn(blocks: unknown): readonly string[] {
  const all = blocks as readonly { type: string; level?: string; text?: { text: string } }[];
  return all.filter(({ type, level }) => type === "alert" && level === "error").map(({ text }) => text?.text ?? "");
}
