/** The only place that holds one history together: time, disk, Slack, clouds, people and the bot, and what strikes them. */
import type { Rule } from "../src/commands/tools.ts";
import { isSlackError } from "../src/seams.ts";
import { addressed, CloudWorld } from "./clouds.ts";
import { type Dice, dice } from "./dice.ts";
import { Durable } from "./durable.ts";
import { Fate } from "./fate.ts";
import type { FaultKind } from "./faults.ts";
import { Heard } from "./heard.ts";
import { People } from "./people.ts";
import type { Plan } from "./plan.ts";
import { BotProcess, type Call, crashKinds, type Where } from "./process.ts";
import { Rules } from "./rules.ts";
import { SlackWorld } from "./slack.ts";
import { Time } from "./time.ts";
import { type SimCloud, startAt } from "./truth.ts";
import { Volume } from "./volume.ts";

export class World {
  readonly plan: Plan;
  readonly time = new Time(startAt);
  readonly dice: Dice;
  readonly random: Dice;
  readonly slack = new SlackWorld();
  readonly clouds: readonly CloudWorld[];
  readonly durable: Durable;
  readonly rules: Rules;
  readonly heard = new Heard(this);
  readonly people: People;
  readonly fate: Fate;
  readonly counts = new Map<FaultKind, number>();
  readonly violations: string[] = [];
  readonly trace: string[] | null;
  readonly canary: string;
  readonly rule: Rule;
  volume = new Volume();
  lockedBy: BotProcess | null = null;
  diskFull = false;
  clockOffsetMs = 0;
  clockWasWrong = false;
  /** From now on nothing goes wrong any more. */
  calm = false;
  gapUntil = 0;
  /** The history is over, and its store is closed under whoever still presses. */
  isClosing = false;
  /** How long the process stands still once the next order is saved and not yet sent. */
  stallAtOrderMs = 0;
  /** Calls that left the bot, each a place to crash at. */
  boundaries = 0;
  /** What each of them did. */
  readonly calls: { what: Call; at: number }[] = [];
  /** At which of them the one crash of an exhaustive run struck. */
  died: Call | null = null;
  readonly #bots = new Set<BotProcess>();

  constructor(plan: Plan, sims: readonly SimCloud[], tracing: boolean) {
    this.plan = plan;
    this.dice = dice(plan.seed ^ 0x5f3759df);
    this.random = dice(plan.seed ^ 0x1b873593);
    this.trace = tracing ? [] : null;
    this.canary = `Kx7!vQ-${(plan.seed >>> 0).toString(36)}Zp`;
    const one = plan.flows.length === 1 ? plan.flows[0]?.cloud : undefined;
    const used = one === undefined ? sims : sims.slice(one, one + 1);
    this.clouds = used.map((sim) => new CloudWorld(this, sim));
    this.rule = {
      name: "default",
      requesters: { users: [], groups: ["S0ONCALL"] },
      approvers: { users: [], groups: ["S0APPROVERS"] },
      approvalMs: plan.approvalMs,
    };
    this.rules = new Rules(this);
    this.durable = new Durable({
      broken: (says) => this.broken(says),
      changed: (next, before, lines) => this.rules.changed(next, before, lines),
    });
    this.people = new People(this);
    this.fate = new Fate(this);
  }

  begin(): void {
    this.boot();
    this.people.begin();
    this.fate.came("beginning");
    this.time.in(this.plan.faultsUntilMs, null, () => {
      this.clockOffsetMs = 0;
      for (const bot of this.#bots) bot.stalledUntil = Math.min(bot.stalledUntil, this.time.now);
    });
  }

  boot(): void {
    this.diskFull = false;
    const bot = new BotProcess(this);
    this.#bots.add(bot);
    this.say(() => "a process starts");
    bot.start();
  }

  /** The process that Slack reaches, if there is one. */
  serving(): BotProcess | null {
    const ready = [...this.#bots].filter(({ bot }) => bot !== null);
    return ready.length === 0 ? null : this.dice.pick(ready);
  }

  kill(bot: BotProcess, power: "kept" | "lost" = this.#powerOf()): void {
    if (!bot.alive) return;
    this.#end(bot);
    this.say(() => `the process is gone, its power ${power}`);
    if (power === "lost") this.#powerLoss();
    if (this.#bots.size === 0) this.time.in(this.#downMs(), null, () => this.boot());
  }

  #end(bot: BotProcess): void {
    bot.alive = false;
    this.#bots.delete(bot);
    if (this.lockedBy === bot) this.lockedBy = null;
  }

  #powerLoss(): void {
    for (const bot of [...this.#bots]) this.#end(bot);
    const cut = this.volume.powerLoss((unsynced) => ({
      bytes: this.dice.chance(0.5) ? 0 : this.dice.whole(0, unsynced),
      zeros: this.dice.chance(0.3),
    }));
    if (cut) this.count("power loss took unsynced bytes");
    this.lockedBy = null;
  }

  #powerOf(): "kept" | "lost" {
    if (this.plan.crash !== undefined) return this.plan.crash.power;
    return this.dice.chance(0.4) ? "lost" : "kept";
  }

  #downMs(): number {
    if (this.plan.crash !== undefined || this.faultsOver()) return 2_000;
    const most = this.dice.pick([5_000, 20_000, 20_000, 180_000, 1_500_000]);
    return this.dice.whole(1_000, most);
  }

  refusedByLock(bot: BotProcess): void {
    this.say(() => "a second process is refused by the lock");
    this.#end(bot);
    if (this.#bots.size === 0) this.boot();
  }

  crashHere(where: Where, what: Call, effect: boolean): "no" | "before" | "after" | "torn" {
    this.boundaries += 1;
    // In peace nothing can be cut off.
    if (!this.calm) this.calls.push({ what, at: this.time.now });
    const { crash } = this.plan;
    if (crash !== undefined) {
      if (this.calm || crash.at !== this.boundaries) return "no";
      this.say(() => `crash ${crash.how} ${what}`);
      this.died = what;
      return effect ? crash.how : "before";
    }
    const kinds = crashKinds(where);
    if (this.strikes(kinds.before)) return "before";
    if (effect && this.strikes(kinds.after)) return "after";
    return what.startsWith("append") && this.strikes("torn frame") ? "torn" : "no";
  }

  strikes(kind: FaultKind): boolean {
    if (this.plan.once?.includes(kind) === true && !this.counts.has(kind)) {
      this.count(kind);
      return true;
    }
    const rate = this.plan.rates[kind];
    if (rate === undefined || this.faultsOver() || !this.dice.chance(rate)) return false;
    this.count(kind);
    return true;
  }

  count(kind: FaultKind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** It was armed, and something else came first. */
  uncount(kind: FaultKind): void {
    const left = (this.counts.get(kind) ?? 0) - 1;
    if (left > 0) this.counts.set(kind, left);
    else this.counts.delete(kind);
  }

  faultsOver(): boolean {
    return this.calm || this.time.now >= startAt + this.plan.faultsUntilMs;
  }

  /** Everything that was asked for has ended, and what had to be forgotten is forgotten. */
  over(): boolean {
    return this.violations.length > 0 || (this.people.done() && this.durable.hot.size === 0);
  }

  cloudAt(url: string): CloudWorld {
    return this.cloudOf(addressed(url).host.replace(/\.sim$/, ""));
  }

  cloudOf(account: string): CloudWorld {
    return this.clouds.find(({ sim }) => sim.account.name === account) ?? this.firstCloud();
  }

  firstCloud(): CloudWorld {
    const [first] = this.clouds;
    if (first === undefined) throw new Error("there is no cloud");
    return first;
  }

  alive(): readonly BotProcess[] {
    return [...this.#bots];
  }

  handlerThrew(cause: unknown): void {
    this.rules.thrown(cause);
    if (!isSlackError(cause) && !this.isClosing) this.broken(`a press ended in an error: ${cause}`);
    this.say(() => `a handler threw: ${cause instanceof Error ? `${cause.name} ${cause.message}` : cause}`);
  }

  say(words: () => string): void {
    if (this.trace === null) return;
    const at = new Date(this.time.now).toISOString().slice(11, 23);
    this.trace.push(`${at} ${words()}`);
  }

  broken(says: string): void {
    this.violations.push(says);
    this.say(() => `VIOLATION: ${says}`);
  }
}
