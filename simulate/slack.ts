/** The only place that is Slack here: it keeps messages with their metadata, refuses what Slack refuses, and loses answers. */
import { type Block, type Slack, SlackBusy, SlackRefused, SlackUnclear, type View } from "../src/seams.ts";
import { type BotProcess, forever } from "./process.ts";
import type { World } from "./world.ts";

export interface Message {
  ts: string;
  channel: string;
  threadTs: string | undefined;
  text: string;
  blocks: readonly Block[];
  request: string;
  key: string;
  /** Earlier pictures, which somebody may still have before their eyes. */
  before: (readonly Block[])[];
}

/** A view that somebody has open. */
interface Shown {
  id: string;
  hash: string;
  user: string;
  view: View;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/reference/block-kit/blocks */
const textMax = 40_000;
const blocksMax = 50;
const triggerMs = 3_000;
/** As `find` of the real seam looks back: our clock and Slack's may differ. */
const skewMs = 60_000;

export const team = "T0SIMULATED";
export const channel = "C0INCIDENT";
export const people = { engineer: "U0ERIN", approver: "U0ANA", second: "U0ABEL", outsider: "U0OSCAR" } as const;
export type PersonWord = keyof typeof people;
export const groups: Readonly<Record<string, readonly string[]>> = {
  S0APPROVERS: [people.approver, people.second],
  S0ONCALL: [people.engineer, people.approver],
};

export class SlackWorld {
  readonly messages: Message[] = [];
  readonly whispers: { user: string; text: string }[] = [];
  /** To whom the bot was about to say something alone, whether or not it got through. */
  readonly addressed: { user: string; at: number }[] = [];
  /** For whom the bot was about to open or redraw a view, whether or not it got through. */
  readonly opening: { user: string; at: number }[] = [];
  readonly #views = new Map<string, Shown>();
  readonly #triggers = new Map<string, { user: string; at: number }>();
  #count = 0;

  trigger(user: string, at: number): string {
    this.#count += 1;
    const id = `trigger.${this.#count}`;
    this.#triggers.set(id, { user, at });
    return id;
  }

  /** Takes the view that this person has open, if there is one. */
  viewOf(user: string): View | null {
    return this.#views.get(user)?.view ?? null;
  }

  close(user: string): void {
    this.#views.delete(user);
  }

  /** Whose trigger this is; undefined for one that Slack never gave. */
  ownerOf(trigger: string): string | undefined {
    return this.#triggers.get(trigger)?.user;
  }

  show(trigger: string, view: View, now: number): Shown {
    const found = this.#triggers.get(trigger);
    if (found === undefined) throw new SlackRefused("invalid_trigger_id");
    if (now - found.at > triggerMs) throw new SlackRefused("expired_trigger_id");
    this.#triggers.delete(trigger);
    this.#count += 1;
    const shown = { id: `V${this.#count}`, hash: `${this.#count}`, user: found.user, view };
    this.#views.set(found.user, shown);
    return shown;
  }

  redraw(id: string, view: View, hash: string | undefined): Shown {
    const before = [...this.#views.values()].find((one) => one.id === id);
    if (before === undefined) throw new SlackRefused("not_found");
    if (hash !== undefined && hash !== before.hash) throw new SlackRefused("hash_conflict");
    this.#count += 1;
    const shown = { ...before, hash: `${this.#count}`, view };
    this.#views.set(before.user, shown);
    return shown;
  }

  post(message: Omit<Message, "ts" | "before">, now: number): string {
    this.#count += 1;
    const ts = `${(now / 1000).toFixed(3)}${String(this.#count % 1000).padStart(3, "0")}`;
    this.messages.push({ ...message, ts, before: [] });
    return ts;
  }

  at(ts: string): Message | undefined {
    return this.messages.find((message) => message.ts === ts);
  }

  of(request: string, key: string): Message | undefined {
    return this.messages.find((message) => message.request === request && message.key === key);
  }
}

/** The seam as one process has it. */
export function slackOf(world: World, bot: BotProcess): Slack {
  const { slack } = world;

  async function asking<T>(work: () => T): Promise<T> {
    await null;
    if (bot.boundary("Slack", false) === null) return forever();
    if (world.strikes("Slack 429")) throw new SlackBusy(world.dice.whole(1, 20) * 1000);
    if (world.strikes("Slack reading unclear")) throw new SlackUnclear("HTTP 503");
    const slow = bot.slowness();
    if (slow !== null) await slow;
    return work();
  }

  async function doing<T>(work: () => T): Promise<T> {
    await null;
    const crash = bot.boundary("Slack", true);
    if (crash === null) return forever();
    if (world.strikes("Slack 429")) throw new SlackBusy(world.dice.whole(1, 30) * 1000);
    if (world.strikes("Slack 5xx")) throw new SlackUnclear("HTTP 503");
    if (world.strikes("Slack time-out before")) return lost();
    const going = bot.slowness();
    if (going !== null) await going;
    if (!bot.alive) return forever();
    const given = work();
    if (crash.after()) return forever();
    if (world.strikes("Slack time-out after")) return lost();
    const coming = bot.slowness();
    if (coming !== null) await coming;
    return given;
  }

  async function lost<T>(): Promise<T> {
    await bot.clock.after(10_000);
    throw new SlackUnclear("no answer");
  }

  return {
    self: () => ({ team, user: "U0BOT" }),
    post: (message) =>
      doing(() => {
        strict(message);
        world.rules.posting(message);
        const { threadTs, text, blocks, request, key } = message;
        const ts = slack.post({ channel: message.channel, threadTs, text, blocks, request, key }, world.time.now);
        world.say(() => `posted ${key}: ${text.split("\n")[0]}`);
        world.people.saw(request);
        return { ts, channel: message.channel };
      }),
    find: (where) =>
      asking(() => {
        const from = (where.since - skewMs) / 1000;
        const found = slack.messages.find(
          ({ ts, request, key }) => request === where.request && key === where.key && Number(ts) >= from,
        );
        return found?.ts ?? null;
      }),
    edit: (edited) =>
      doing(() => {
        strict(edited);
        const message = slack.at(edited.ts);
        if (message === undefined) throw new SlackRefused("message_not_found");
        world.rules.editing(message, edited);
        message.before.push(message.blocks);
        Object.assign(message, { text: edited.text, blocks: edited.blocks });
        world.say(() => `edited ${message.key}: ${edited.text.split("\n")[0]}`);
        world.people.saw(message.request);
      }),
    whisper: ({ user, text, blocks }) => {
      slack.addressed.push({ user, at: world.time.now });
      return doing(() => {
        world.rules.shown(JSON.stringify([text, blocks]));
        slack.whispers.push({ user, text });
        world.say(() => `only to ${user}: ${text}`);
      });
    },
    open: (trigger, view) => {
      const owner = slack.ownerOf(trigger);
      if (owner !== undefined) slack.opening.push({ user: owner, at: world.time.now });
      return doing(() => {
        const { id: viewId, hash, user } = slack.show(trigger, view, world.time.now);
        world.rules.opened(user, view);
        return { viewId, hash };
      });
    },
    update: (which, view, known) =>
      doing(() => {
        const { hash, user } = slack.redraw("viewId" in which ? which.viewId : "", view, known);
        world.rules.opened(user, view);
        return { hash };
      }),
    person: (user) =>
      asking(() => ({ user, team, name: user, guest: false, external: false, gone: false, bot: false })),
    group: (id) => asking(() => groups[id] ?? []),
    channel: () => asking(() => ({ name: "incident", member: true, external: false, archived: false, direct: false })),
  };
}

function strict({ text, blocks }: { text: string; blocks: readonly Block[] }): void {
  if (text.length === 0 || text.length > textMax) throw new SlackRefused("msg_too_long");
  if (blocks.length > blocksMax) throw new SlackRefused("invalid_blocks");
}
