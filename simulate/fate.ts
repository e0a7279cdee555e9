/** The only place where something happens at a moment of its own: to the power, the clock, the connection, or to a server in the console. */
import type { Moment, Timed } from "./faults.ts";
import type { Planned } from "./plan.ts";
import type { World } from "./world.ts";

/** Between the stop and the reinstall of somebody who works in the console. */
const consoleMs = 60_000;

export class Fate {
  readonly #world: World;
  #left: readonly Planned[];

  constructor(world: World) {
    this.#world = world;
    this.#left = world.plan.timed;
  }

  /** What counts from this moment comes now, or after its time; each but once. */
  came(moment: Moment): void {
    const due = this.#left.filter(({ since }) => since === moment);
    this.#left = this.#left.filter(({ since }) => since !== moment);
    for (const { kind, afterMs, forMs } of due) this.#world.time.in(afterMs, null, () => this.#strike(kind, forMs));
  }

  #strike(kind: Timed, forMs: number): void {
    const world = this.#world;
    if (world.faultsOver()) return;
    world.say(() => `${kind} for ${Math.round(forMs / 1000)} s`);
    const bots = world.alive();
    switch (kind) {
      case "power loss":
        this.#count(kind, bots.length > 0);
        for (const bot of bots) world.kill(bot, "lost");
        break;
      case "socket gap":
        // Counted with what it swallows.
        world.gapUntil = world.time.now + forMs;
        break;
      case "clock forward":
        this.#jump(kind, 1, forMs);
        break;
      case "clock back":
        this.#jump(kind, -1, forMs);
        break;
      case "stall":
        // Now, or where it is worst: between an order's being saved and its being sent.
        if (world.dice.chance(0.5)) world.stallAtOrderMs = forMs * 3;
        else this.#stall(kind, forMs * 3);
        break;
      case "second process":
        this.#count(kind, bots.length > 0);
        world.boot();
        break;
      default:
        this.#meddle(kind);
    }
  }

  /** Somebody else works in the console. */
  #meddle(kind: Extract<Timed, `console ${string}`>): void {
    const world = this.#world;
    const { cloud: at, server } = world.dice.pick(world.people.flows);
    const cloud = world.clouds[at] ?? world.firstCloud();
    switch (kind) {
      case "console stop":
        this.#count(kind, cloud.console(server, "stop"));
        break;
      case "console delete":
        this.#count(kind, cloud.console(server, "delete"));
        break;
      case "console other disk":
        this.#count(kind, cloud.swapDisk(server));
        break;
      case "console reinstall":
        cloud.console(server, "stop");
        world.time.in(consoleMs, null, () => this.#count(kind, cloud.console(server, "reinstall")));
    }
  }

  #jump(kind: Timed, way: 1 | -1, forMs: number): void {
    const world = this.#world;
    world.count(kind);
    world.clockWasWrong = true;
    world.clockOffsetMs = way * world.dice.whole(1_000, world.dice.pick([90_000, 3_600_000]));
    world.time.in(forMs, null, () => {
      world.clockOffsetMs = 0;
    });
  }

  #stall(kind: Timed, forMs: number): void {
    const world = this.#world;
    this.#count(kind, world.alive().length > 0);
    for (const bot of world.alive()) bot.stalledUntil = world.time.now + forMs;
  }

  /** Only what met something counts. */
  #count(kind: Timed, happened: boolean): void {
    if (happened) this.#world.count(kind);
  }
}
