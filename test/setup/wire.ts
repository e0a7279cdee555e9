/** The only place that knows what is on its way between a story's bot and the stand-ins: real time for real sockets, and not a moment more. */
import type { Traffic } from "../../playground/slack/shell.ts";
import type { Reply } from "../../src/seams.ts";

/** Turns of the event loop in which nothing moves: then whatever is still out is held back on purpose, and waits for the clock. */
const spinTurns = 40;
const sleepTurns = 20;
/** Turns for what nobody counts: a socket that closes, a frame that was pushed. */
const graceTurns = 3;

export class Wire {
  /** What left one side and has not come to the other. */
  readonly #out = new Set<object>();
  /** Payloads on their way to the bot, and answers on their way back, oldest first. */
  readonly #payloads: object[] = [];
  readonly #answers: object[] = [];
  #moves = 0;

  /** Out until it is answered. */
  carry<T>(work: Promise<T>): Promise<T> {
    const one = this.#leave();
    const arrived = (): void => this.#arrive(one);
    work.then(arrived, arrived);
    return work;
  }

  /** What Slack sends is out until `came`. */
  passed(what: Traffic): void {
    if (what.kind === "ack") this.#arrive(this.#answers.shift());
    if (what.kind === "envelope" && what.body.includes('"envelope_id"')) this.#payloads.push(this.#leave());
  }

  /** A payload reached the bot. Its answer is out from when it is given until Slack has it. */
  came(reply: Reply): Reply {
    this.#arrive(this.#payloads.shift());
    return (body) => {
      this.#answers.push(this.#leave());
      return reply(body);
    };
  }

  /** Whoever had sent it is gone. */
  cut(): void {
    for (const all of [this.#payloads, this.#answers]) all.length = 0;
    this.#out.clear();
  }

  /** Until nothing is out, or what is out does not move. `slowly` where more goes on than is counted. */
  async settle(slowly: boolean): Promise<void> {
    let still = 0;
    let seen = -1;
    while (this.#out.size > 0 && still < spinTurns + sleepTurns) {
      still = seen === this.#moves ? still + 1 : 0;
      seen = this.#moves;
      await turn(still < spinTurns ? 0 : 1);
    }
    if (this.#out.size > 0) this.cut();
    for (let grace = 0; grace < graceTurns; grace += 1) await turn(slowly ? 1 : 0);
    if (this.#out.size > 0) await this.settle(slowly);
  }

  #leave(): object {
    const one = {};
    this.#out.add(one);
    this.#moves += 1;
    return one;
  }

  #arrive(one: object | undefined): void {
    if (one !== undefined) this.#out.delete(one);
    this.#moves += 1;
  }
}

function turn(ms: 0 | 1): Promise<void> {
  return new Promise((resolve) => {
    if (ms === 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
