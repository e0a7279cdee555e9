/** The only place that looks whether people were heard and told: of each press something came, and each status was told to those whom it concerns. It does not ask the bot what it owes. */
import type { Request } from "../src/request.ts";
import { pressed } from "../src/views/buttons.ts";
import { deniesWithReason } from "./people.ts";
import { heads } from "./rules.ts";
import { team } from "./slack.ts";
import type { World } from "./world.ts";

/** How the message begins its name that tells people of a status. Doubt may be over before anybody could be told of it. */
const toldAs: Readonly<Record<string, readonly string[]>> = {
  running: ["approved"],
  failed: ["failed."],
  abandoned: ["failed."],
  denied: ["denied"],
  expired: ["expired"],
  done: ["done"],
};

/** What a person did, as it became durable. */
interface Decision {
  request: string;
  by: string;
  at: number;
}

/** Buttons that decide something. */
const decides: ReadonlySet<string> = new Set([
  ...[pressed.approve, pressed.withdraw, pressed.retry, pressed.abandon, pressed.cancel],
  ...[pressed.ran, pressed.notRun, pressed.look, deniesWithReason],
]);

/** Buttons that open something. */
const opens: ReadonlySet<string> = new Set([
  ...[pressed.change, pressed.askAgain, pressed.undo, pressed.details, pressed.show, pressed.deny],
]);

export class Heard {
  readonly #world: World;
  readonly #decisions: Decision[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** What this person did became durable. */
  stored(request: string, by: string): void {
    this.#decisions.push({ request, by, at: this.#world.time.now });
  }

  /** Whoever is concerned was told, whatever the bot itself thinks that it owes: each status that a request ever had has its message, and its card begins as its last one does. */
  owed(request: Request): void {
    const { slack, durable } = this.#world;
    const all = slack.messages.filter((message) => message.request === request.id);
    // While the clock was wrong it may stand twice; the record names the one that counts.
    const named = request.posts.find(({ key }) => key === "card")?.ts;
    const card = all.find(({ ts }) => ts === named)?.text ?? "";
    const head = heads.find(([begins]) => begins.test(card))?.[1] ?? [];
    if (!head.includes(request.status))
      this.#world.broken(`the card of a ${request.status} request says “${card.split("\n")[0]}”`);
    const statuses = new Set(durable.statuses.get(request.id));
    const attempts = "attempts" in request ? request.attempts.length : 0;
    const keys = [...statuses].flatMap((status) => toldAs[status] ?? []);
    for (const key of attempts > 1 ? [...keys, `retry.${attempts}`] : keys) {
      if (!all.some((message) => message.key.startsWith(key))) this.#world.broken(`${key} was never told`);
    }
  }

  /** Of every press that was acknowledged something came: it was stored, or its person was told why not. */
  heeded(): void {
    const { people: crowd, slack } = this.#world;
    for (const { action, acked, isTold: saidSo, bot, at, person, about } of crowd.deliveries) {
      if (!acked || !bot.alive || action === null) continue;
      const isOpening = slack.opening.some((one) => one.user === person && one.at >= at);
      if (!decides.has(action) && (!opens.has(action) || isOpening)) continue;
      const mine = (one: Decision) => about.includes(one.request) && one.by === `${team}/${person}` && one.at >= at;
      const isTold = saidSo || slack.addressed.some((one) => one.user === person && one.at >= at);
      if (!isTold && !this.#decisions.some(mine))
        this.#world.broken(`nothing came of a press of ${action} by ${person}`);
    }
  }
}
