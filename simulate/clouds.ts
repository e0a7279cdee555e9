/** The only place between the adapters and the simulated clouds: calls that get through, that get lost, and that come too late. */
import type { SimReply, SimRequest } from "../playground/clouds/sim.ts";
import type { HttpRequest, HttpResponse } from "../src/seams.ts";
import { NotSent } from "../src/seams.ts";
import type { FaultKind } from "./faults.ts";
import { type BotProcess, forever } from "./process.ts";
import type { SimCloud, Truth } from "./truth.ts";
import type { World } from "./world.ts";

/** One reinstall that left the bot. */
export interface Sent {
  request: string;
  attempt: number;
  server: string;
  /** When it left, and then when it was taken. */
  at: number;
  /** taken: the cloud wipes. no: it said no, or it never arrived and never will. way: it may still arrive. */
  fate: "way" | "taken" | "no";
  /** The bot was told in so many words that nothing happened. */
  toldNo: boolean;
}

/** These stand longer than for one call, as a server that does not heed a soft stop heeds none. */
const lasting: ReadonlySet<FaultKind> = new Set<FaultKind>(["order throttled", "stop ignored"]);

export class CloudWorld {
  state: unknown;
  readonly sent: Sent[] = [];
  /** Servers that others than the bot did something to, and when last. */
  readonly meddled = new Map<string, number>();
  readonly swapped = new Map<string, number>();
  /** Servers that the bot stopped or reinstalled, and the request that did so last. */
  readonly broughtDown = new Map<string, { request: string; at: number }>();
  readonly #states: { until: number; state: unknown }[] = [];
  readonly #world: World;
  /** Armed for the act that is being handed over. */
  #armed: { kind: FaultKind; fault: string }[] = [];
  readonly sim: SimCloud;

  constructor(world: World, sim: SimCloud) {
    this.#world = world;
    this.sim = sim;
    this.state = world.plan.flows.length === 1 ? sim.startFew : sim.start;
    if (world.plan.stopped) for (const server of sim.servers) this.#stopBefore(server);
  }

  /** Somebody did so long ago. */
  #stopBefore(server: string): void {
    const longAgo = this.#world.time.now - 30 * 60_000;
    if (this.truth(server) !== null) this.state = this.sim.of.sim.console(this.state, server, "stop", longAgo);
  }

  truth(server: string): Truth | null {
    return this.sim.truth(this.state, server, this.#world.time.now);
  }

  become(state: unknown): void {
    if (state === this.state) return;
    this.#states.push({ until: this.#world.time.now, state: this.state });
    if (this.#states.length > 8) this.#states.shift();
    this.state = state;
  }

  /** True when something came of it: what is gone or busy takes nothing. */
  console(server: string, what: "stop" | "start" | "reinstall" | "delete"): boolean {
    const { now } = this.#world.time;
    return this.#meddle(server, this.sim.of.sim.console(this.state, server, what, now));
  }

  swapDisk(server: string): boolean {
    const { now } = this.#world.time;
    const isSwapped = this.#meddle(server, this.sim.swapDisk(this.state, server, now));
    if (isSwapped) this.swapped.set(server, now);
    return isSwapped;
  }

  #meddle(server: string, next: unknown): boolean {
    const { now } = this.#world.time;
    const shown = (state: unknown) => JSON.stringify(this.sim.of.sim.panel(state, now).find(({ id }) => id === server));
    const isAnother = shown(next) !== shown(this.state);
    if (isAnother) this.meddled.set(server, now);
    this.become(next);
    return isAnother;
  }

  arm(fault: string): void {
    this.state = this.sim.of.sim.arm(this.state, fault, true);
  }

  async exchange(bot: BotProcess, request: HttpRequest): Promise<HttpResponse> {
    const { host, path } = addressed(request.url);
    const headers = lowerCased({ host, ...request.headers });
    const asked: SimRequest = { method: request.method, path, headers, body: request.body };
    return request.once ? this.#act(bot, request, asked) : this.#read(bot, request, asked);
  }

  async #read(bot: BotProcess, request: HttpRequest, asked: SimRequest): Promise<HttpResponse> {
    const world = this.#world;
    await null;
    if (bot.boundary("the cloud", false) === null) return forever();
    const { now } = world.time;
    if (world.strikes("no connection")) throw new NotSent("no connection");
    if (world.strikes("cloud time-out before")) return bot.never(request.timeoutMs);
    if (world.strikes("cloud 5xx before")) return gateway;
    const going = bot.slowness();
    if (going !== null) await going;
    const old = this.#states.find(({ until }) => until > now - 30_000 && until < now);
    const isThrottled = world.strikes("reading throttled");
    if (isThrottled) this.arm(this.sim.of.faults.callThrottled);
    const stale = !isThrottled && old !== undefined && world.strikes("stale read");
    const [next, reply] = this.sim.of.sim.handle(
      stale ? old.state : this.state,
      asked,
      stale ? old.until : world.time.now,
    );
    if (!stale) this.state = next;
    const coming = bot.slowness();
    if (coming !== null) await coming;
    return this.#answer(bot, request, reply);
  }

  async #act(bot: BotProcess, request: HttpRequest, asked: SimRequest): Promise<HttpResponse> {
    const world = this.#world;
    const sent = this.sim.of.is("reinstall", asked) ? world.rules.sending(this, asked) : null;
    if (sent !== null)
      world.say(() => `reinstall of ${sent.server} leaves for attempt ${sent.attempt} of ${sent.request}`);
    await null;
    if (sent !== null && world.strikes("order arrives after death")) {
      this.#later(sent, asked);
      world.kill(bot, "kept");
      return forever();
    }
    const crash = bot.boundary("the cloud", true, () => {
      if (sent !== null) sent.fate = "no";
    });
    if (crash === null) return forever();
    if (world.strikes("no connection")) {
      if (sent !== null) Object.assign(sent, { fate: "no", toldNo: true });
      throw new NotSent("no connection");
    }
    if (sent !== null && world.strikes("order arrives late")) {
      this.#later(sent, asked);
      return bot.never(request.timeoutMs);
    }
    if (world.strikes("cloud time-out before")) {
      if (sent !== null) sent.fate = "no";
      return bot.never(request.timeoutMs);
    }
    if (world.strikes("cloud 5xx before")) {
      if (sent !== null) sent.fate = "no";
      return gateway;
    }
    const going = bot.slowness();
    if (going !== null) await going;
    const reply = this.#take(asked, sent);
    if (crash.after()) return forever();
    if (world.strikes("cloud time-out after")) return bot.never(request.timeoutMs);
    if (world.strikes("cloud 5xx after")) return gateway;
    const coming = bot.slowness();
    if (coming !== null) await coming;
    if (sent !== null && reply.how === "answer" && sent.fate === "no") sent.toldNo = true;
    return this.#answer(bot, request, reply);
  }

  /** What is going to become of an act, now that it got through. */
  #misfortune(asked: SimRequest, sent: Sent | null): void {
    const { of } = this.sim;
    const { faults, stopping } = of;
    if (sent === null) this.#perhaps("act throttled", faults.callThrottled);
    else this.#perhaps("order throttled", faults.throttled);
    if (of.is("stop", asked)) this.#perhaps("stop ignored", faults.stopIgnored);
    if (of.is("image", asked)) this.#perhaps("image fails", faults.imageFails);
    if (of.is("start", asked) && "startRefused" in stopping) this.#perhaps("start refused", stopping.startRefused);
    if (sent === null) return;
    this.#perhaps("order refused", faults.refused);
    this.#perhaps("answer lost", faults.lost);
    this.#perhaps("order never arrives", faults.neverArrives);
    this.#perhaps("reinstall fails", faults.fails);
    this.#perhaps("reinstall hangs", faults.hangs);
    this.#perhaps("old state shown", faults.stale);
    if (faults.jobVanishes !== undefined) this.#perhaps("job vanished", faults.jobVanishes);
  }

  #perhaps(kind: FaultKind, fault: string): void {
    if (!this.#world.strikes(kind)) return;
    this.arm(fault);
    this.#armed.push({ kind, fault });
  }

  /** What another fault came before has not struck: it is not counted, and waits for nobody else. */
  #disarm(): void {
    for (const { kind, fault } of this.#armed) {
      const isArmed = this.sim.of.sim.faults(this.state).some(({ id, armed }) => id === fault && armed);
      if (!isArmed || lasting.has(kind)) continue;
      this.state = this.sim.of.sim.arm(this.state, fault, false);
      this.#world.uncount(kind);
    }
    this.#armed = [];
  }

  /** A copy in some queue of the network. JD Cloud says nothing of how long it takes one, so there it is short. */
  #later(sent: Sent, asked: SimRequest): void {
    const world = this.#world;
    const mostMs = this.sim.of.onlyPeopleSettle ? 100_000 : 25 * 60_000;
    world.time.in(world.dice.whole(5_000, mostMs), null, () => {
      const reply = this.#take(asked, sent);
      world.say(() => `the late order for ${sent.server} arrives: HTTP ${reply.status}, ${sent.fate}`);
    });
  }

  #take(asked: SimRequest, sent: Sent | null): SimReply {
    const { now } = this.#world.time;
    this.#misfortune(asked, sent);
    const before = sent === null ? 0 : (this.sim.truth(this.state, sent.server, now)?.wipes ?? 0);
    const [next, reply] = this.sim.of.sim.handle(this.state, asked, now);
    this.become(next);
    this.#disarm();
    if (sent === null) {
      this.#power(asked, reply);
      return reply;
    }
    const after = this.sim.truth(next, sent.server, now)?.wipes ?? 0;
    sent.fate = after > before ? "taken" : "no";
    sent.at = now;
    this.#world.say(() => `${this.sim.of.title}: HTTP ${reply.status}, ${reply.how}, ${sent.fate}`);
    if (sent.fate === "taken") {
      this.broughtDown.set(sent.server, { request: sent.request, at: now });
      this.#world.rules.taken(this, sent);
      this.#world.fate.came("order");
    }
    return reply;
  }

  #power(asked: SimRequest, reply: SimReply): void {
    if (!this.sim.of.is("stop", asked) || reply.status >= 300) return;
    for (const server of this.sim.servers) {
      if (!asked.body.includes(server) && !asked.path.includes(server)) continue;
      const request = this.#world.durable.runningOn(this.sim.account.name, server)?.id ?? "";
      this.broughtDown.set(server, { request, at: this.#world.time.now });
    }
  }

  async #answer(bot: BotProcess, request: HttpRequest, reply: SimReply): Promise<HttpResponse> {
    if (reply.how === "hang") return bot.never(request.timeoutMs);
    if (reply.how === "lost") throw new Error("the connection broke");
    return { status: reply.status, headers: lowerCased(reply.headers), body: reply.body };
  }
}

/** Host and path of an address, which goes over the wire as the adapter wrote it. */
export function addressed(url: string): { host: string; path: string } {
  const [, host, path] = /^http:\/\/([a-z0-9.-]+)(\/[\w.~%&=:/?-]*)$/.exec(url) ?? [];
  if (host === undefined || path === undefined) throw new Error("this is no address that goes over the wire as it is");
  return { host, path };
}

function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name] ?? "";
  return lower;
}

const gateway: HttpResponse = { status: 503, headers: {}, body: "<html>503 Service Temporarily Unavailable</html>" };
