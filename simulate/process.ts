/** The only place where the bot lives and dies: its seams end here, and every call that leaves it is a place to crash at. */

import { simCredentials } from "../playground/clouds/sim.ts";
import { type Bot, startBot } from "../src/bot.ts";
import type { CloudTools, Traits } from "../src/clouds/cloud.ts";
import { type CloudAccount, openAccount } from "../src/clouds/clouds.ts";
import { type Sealer, sealer } from "../src/seal.ts";
import { type Clock, Locked, type Log, type Reply } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";
import { openStore } from "../src/store.ts";
import type { Store } from "../src/storeport.ts";
import { diskOf } from "./disk.ts";
import type { FaultKind } from "./faults.ts";
import type { Plan } from "./plan.ts";
import { slackOf } from "./slack.ts";
import { clockOf, type Owner } from "./time.ts";
import type { SimCloud } from "./truth.ts";
import type { World } from "./world.ts";

export type Where = "the disk" | "Slack" | "the cloud" | "the ack";

/** What a call does; of the disk, to which kind of file. */
export type Call = Where | `${DiskDeed} ${string}` | Reading;
/** A call that only looks. */
export type Reading = `reading of ${Where}`;
export type DiskDeed = "append" | "sync" | "replace" | "remove";

/** What is left of a call that was let through: it may still be the process's last. */
export interface Crash {
  /** To be called when the effect has happened. True when that was the last the process did. */
  after(): boolean;
  torn: boolean;
}

/** The process is gone: nothing of it goes on. Thrown only where a caller of ours catches it. */
export class Gone extends Error {
  override name = "Gone";
}

export class BotProcess implements Owner {
  alive = true;
  stalledUntil = 0;
  bot: Bot | null = null;
  store: Store | null = null;
  /** A disk fault struck while it was starting, so it may refuse to start. */
  diskFault = false;
  readonly clock: Clock;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.clock = clockOf(world.time, this, () => world.clockOffsetMs);
  }

  /** Opens the store and starts the bot; what goes wrong is told to the world. */
  start(): void {
    const world = this.#world;
    this.#open().catch((cause: unknown) => {
      if (!this.alive) return;
      if (cause instanceof Locked) return world.refusedByLock(this);
      if (!this.diskFault) world.broken(`the bot does not start: ${cause instanceof Error ? cause.message : cause}`);
      world.kill(this, "kept");
    });
  }

  async #open(): Promise<void> {
    const world = this.#world;
    const { clock } = this;
    const log = logOf(world, this);
    const die = (why: string, cause?: unknown): never => {
      world.rules.thrown([why, cause]);
      if (this.alive) world.say(() => `the process ends itself: ${why}`);
      world.kill(this, "kept");
      throw new Gone(why);
    };
    const store = await openStore({ disk: diskOf(world, this), clock, log, die });
    this.store = store;
    world.rules.started(store);
    const random = (count: number) => world.random.bytes(count);
    this.bot = startBot(
      {
        clock,
        log,
        store,
        random,
        slack: slackOf(world, this),
        exchange: (request) => world.cloudAt(request.url).exchange(this, request),
        sealer: heard(world, sealer({ keys: { current: { id: "1", key }, older: [] }, random })),
      },
      {
        accounts: world.clouds.map(({ sim }) => accountOf(sim, world.plan)),
        rule: world.rule,
        typedLogins: true,
        pollMs: world.plan.pollMs,
      },
    );
  }

  /** Hands one payload over. Never comes back when the process dies on it. */
  async dispatch(payload: unknown, reply: Reply): Promise<void> {
    try {
      await this.bot?.dispatch(payload, async (body) => {
        const crash = this.boundary("the ack", true);
        if (crash === null) return forever();
        this.#world.rules.shown(JSON.stringify(body ?? {}));
        await reply(body);
        if (crash.after()) return forever();
      });
    } catch (cause) {
      if (cause instanceof Gone || !this.alive) return;
      this.#world.handlerThrew(cause);
    }
  }

  /**
   * A call is about to leave. Null when the process dies here, and then the caller never comes back; `lost` is called, so that what
   * was on its way may still arrive. A call without an effect has one place to crash at, one with an effect two.
   */
  boundary(where: Where, effect: boolean, lost?: () => void, what: Call = where): Crash | null {
    const world = this.#world;
    if (!this.alive) return null;
    const how = world.crashHere(where, effect ? what : `reading of ${where}`, effect);
    if (how === "before") {
      lost?.();
      world.kill(this);
      return null;
    }
    return {
      torn: how === "torn",
      after: () => {
        if (how === "after") world.kill(this);
        return !this.alive;
      },
    };
  }

  /** Now and then a call takes its time; null when it does not. */
  slowness(): Promise<void> | null {
    if (!this.alive) return forever();
    if (!this.#world.dice.chance(this.#world.plan.slow)) return null;
    return this.clock.after(this.#world.dice.whole(1, 400));
  }

  /** No answer comes until the caller's own patience ends. */
  async never(timeoutMs: number): Promise<never> {
    await this.clock.after(timeoutMs);
    throw new Error("no answer came in time");
  }
}

export function forever<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

const key = Buffer.alloc(32, 7).toString("base64");

/** Whatever is sealed must be found nowhere else. */
function heard(world: World, given: Sealer): Sealer {
  return {
    ...given,
    seal(secret, bound) {
      world.rules.sealed(secret.open());
      return given.seal(secret, bound);
    },
  };
}

function accountOf({ account, of }: SimCloud, { stopFirst, marks }: Pick<Plan, "stopFirst" | "marks">): CloudAccount {
  const { name } = account as { name: string };
  const stops = stopFirst && "account" in of.stopping ? of.stopping.account : {};
  const { id } = simCredentials;
  return {
    ...account,
    ...stops,
    ...(marks ? of.marked : {}),
    id,
    secret: new Secret(simCredentials.secret),
    endpoint: `http://${name}.sim`,
  } as CloudAccount;
}

/** What a cloud is like, for whoever draws a picture to compare with. */
export function traitsOf(sim: SimCloud): Traits {
  const nobody = { clock: nowhere, random: nowhere, exchange: nowhere, log: nowhere } as unknown as CloudTools;
  return openAccount(accountOf(sim, { stopFirst: true, marks: false }), nobody).cloud.traits;
}
const nowhere = {};

/** Nothing is redacted here, so that a secret which is handed to the log is found. */
function logOf(world: World, bot: BotProcess): Log {
  const line = (level: string) => (words: string, fields?: object) => {
    if (bot.alive) world.rules.logged(`${level} ${words} ${fields === undefined ? "" : JSON.stringify(fields)}`);
  };
  return { info: line("info"), warn: line("warn"), error: line("error") };
}

/** Which fault a crash at this place is counted as. */
export function crashKinds(where: Where): { before: FaultKind; after: FaultKind } {
  return { before: `crash before ${where}`, after: `crash after ${where}` };
}
