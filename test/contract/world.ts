/** The only place where the contract's test puts an adapter right on the core of its simulated cloud: no network, and time moves only when the test says so. */
import { inspect } from "node:util";
import type { PanelServer } from "../../playground/clouds/sim.ts";
import { simCredentials } from "../../playground/clouds/sim.ts";
import type {
  Act,
  Answer,
  Cloud,
  CloudTools,
  Image,
  Login,
  Look,
  Order,
  Receipt,
  Server,
  ServerRef,
} from "../../src/clouds/cloud.ts";
import { type CloudAccount, openAccount } from "../../src/clouds/clouds.ts";
import { generate } from "../../src/clouds/password.ts";
import { type HttpRequest, type HttpResponse, type Log, NotSent } from "../../src/seams.ts";
import { Secret } from "../../src/secret.ts";
import type { CloudCase } from "../setup/cases.ts";

export const minutes = 60_000;
const pollMs = 5000;

export type Reinstall = Extract<Act, { kind: "once" }>;
export type Sent = { answer: Answer } | { thrown: unknown };

/** One adapter, one account, one simulated cloud. */
export class World {
  readonly of: CloudCase;
  readonly cloud: Cloud;
  readonly tools: CloudTools;
  now = Date.UTC(2026, 10, 21, 3, 0, 0);
  state: unknown;
  readonly sent: HttpRequest[] = [];
  readonly logs: string[] = [];
  /** Set to cut the line before anything leaves. */
  unreachable = false;
  /** Set to change what comes back, or to answer in the cloud's place. */
  spoil: (request: HttpRequest, answer: () => HttpResponse) => HttpResponse = (_request, answer) => answer();
  #random = 0;

  constructor(of: CloudCase, more: Readonly<Record<string, unknown>> = {}) {
    this.of = of;
    this.state = of.sim.start({ speed: 1, now: this.now });
    const keys = { id: simCredentials.id, secret: new Secret(simCredentials.secret) };
    const account = { ...of.account, ...more, ...keys } as unknown as CloudAccount;
    this.tools = {
      clock: {
        now: () => this.now,
        mono: () => this.now,
        // The windows of batches are over at once, time-outs never.
        after: (ms) => (ms <= 1000 ? Promise.resolve() : new Promise(() => {})),
      },
      random: (n) => this.random(n),
      exchange: async (request) => this.#exchange(request),
      log: this.#log(),
    };
    this.cloud = openAccount(account, this.tools).cloud;
  }

  /** Bytes that differ at every draw and are the same in every run. */
  random(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => {
      this.#random = (this.#random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (this.#random >> 16) & 255;
    });
  }

  #log(): Log {
    const keep = (words: string, fields?: unknown) => void this.logs.push(inspect([words, fields], { depth: 9 }));
    return { info: keep, warn: keep, error: keep };
  }

  #exchange(request: HttpRequest): HttpResponse {
    if (this.unreachable) throw new NotSent("no route");
    this.sent.push(request);
    return this.spoil(request, () => this.deliver(request));
  }

  /** What the cloud itself does with a request, whoever sends it and whenever it comes. */
  deliver({ url, method, headers, body }: HttpRequest): HttpResponse {
    const path = url.slice(new URL(url).origin.length);
    const host = { host: new URL(url).host };
    const [next, reply] = this.of.sim.handle(
      this.state,
      { method, path, headers: { ...host, ...headers }, body },
      this.now,
    );
    this.state = next;
    if (reply.how !== "answer") throw new Error("socket hang up");
    return { status: reply.status, headers: reply.headers, body: reply.body };
  }

  pass(ms: number): void {
    this.now += ms;
  }

  arm(fault: string, armed = true): void {
    this.state = this.of.sim.arm(this.state, fault, armed);
  }

  console(what: "stop" | "start" | "reinstall" | "delete", name = this.of.server): void {
    this.state = this.of.sim.console(this.state, this.panel(name).id, what, this.now);
  }

  panel(name = this.of.server): PanelServer {
    const found = this.of.sim.panel(this.state, this.now).find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no server ${name}`);
    return found;
  }

  /** Copies of the ordinary server, to make a list longer than a page. */
  crowd(count: number): void {
    const state = this.state as { servers: Readonly<Record<string, { name: string }>> };
    const { id } = this.panel();
    const copies = Array.from({ length: count }, (_, n) => {
      const copy = id.slice(0, -4) + n.toString(16).padStart(4, "0");
      return [copy, { ...state.servers[id], id: copy, name: `crowd-${n}` }] as const;
    });
    this.state = { ...state, servers: { ...state.servers, ...Object.fromEntries(copies) } };
  }

  ref(name = this.of.server): ServerRef {
    const { id, region } = this.panel(name);
    const { cloud, site, name: account } = this.of.account;
    return { cloud, site, account, region, id };
  }

  read(name = this.of.server): Promise<Server> {
    return this.cloud.server(this.ref(name));
  }

  acts(): readonly HttpRequest[] {
    return this.sent.filter(({ once }) => once);
  }

  async otherImage(server: Server): Promise<Image> {
    for (const kind of this.cloud.choices(server, null).imageKinds) {
      const image = (await this.cloud.images(server, kind, this.of.otherImage)).found.find((each) => !each.unusable);
      if (image !== undefined) return image;
    }
    throw new Error(`no image ${this.of.otherImage}`);
  }

  async keyPair(server: Server): Promise<Login> {
    const found = (await this.cloud.keyPairs(server)).find(({ name }) => name === this.of.keyPair);
    if (found === undefined) throw new Error(`no key pair ${this.of.keyPair}`);
    return { kind: "key-pair", ...found };
  }

  /** An order for the same image and the key pair, unless something else is said. */
  async order(server: Server, more: { image?: Image; login?: Login } = {}): Promise<Order> {
    const { image } = more;
    const chosen = image ?? { ...server.image, kind: "public" as const, os: server.os };
    const { id, name, kind, os } = chosen;
    const login = more.login ?? (await this.keyPair(server));
    const [licence] = this.cloud.choices(server, image ?? null).licences;
    return {
      server: server.ref,
      image: { id, name, kind, os, same: image === undefined },
      login,
      ...(licence === undefined ? {} : { licence }),
    };
  }

  /** The reinstall as the flow sends it, with a password that is never in clear but inside the act. */
  async reinstall(server: Server, more: { image?: Image; login?: Login } = {}): Promise<Reinstall> {
    const order = await this.order(server, more);
    const rules = this.cloud.choices(server, order.image).password;
    const wants = order.login.kind === "generated" || order.login.kind === "typed";
    const secret = wants && rules !== undefined ? { secret: generate(rules, (n) => this.random(n)) } : {};
    return { kind: "once", act: "reinstall", id: "r234567abcd/1/reinstall", order, ...secret };
  }

  async send(act: Act, server: Server, at = this.now): Promise<Sent> {
    try {
      return { answer: await this.cloud.send(act, server, at) };
    } catch (thrown) {
      return { thrown };
    }
  }

  /** Everything the flow does before it sends: stops the server where the cloud asks for it. */
  async ready(what: "wipeFrom" | "backupFrom" = "wipeFrom", name = this.of.server): Promise<Server> {
    const first = await this.read(name);
    if (this.cloud.traits[what].includes(first.power)) return first;
    await this.settle({ kind: "converge", act: "stop", hard: false }, first);
    return this.read(name);
  }

  /** Sends stop or start and waits until it has taken. */
  async settle(act: Extract<Act, { kind: "converge" }>, before: Server): Promise<Receipt | null> {
    const sent = await this.send(act, before);
    const receipt = receiptOf(sent);
    const seen = await this.looks(act, before, receipt, 10 * minutes, ({ is }) => is === "done");
    if (seen.at(-1)?.is !== "done") throw new Error(`${act.act} never took: ${inspect(seen.at(-1))}`);
    return receipt;
  }

  /** What is seen of an act, look after look as the flow looks, until it is over. */
  async looks(
    act: Act,
    before: Server,
    receipt: Receipt | null,
    forMs: number,
    over: (look: Look) => boolean = () => false,
  ): Promise<readonly Look[]> {
    const seen: Look[] = [];
    let kept = receipt;
    for (const end = this.now + forMs; this.now < end; ) {
      const look = await this.cloud.look(act, before, await this.cloud.server(before.ref), kept);
      seen.push(look);
      if (over(look)) break;
      if (look.is === "working" && look.facts !== undefined && kept !== null) {
        kept = { ...kept, facts: { ...kept.facts, ...look.facts } };
      }
      this.pass(pollMs);
    }
    return seen;
  }
}

export function receiptOf(sent: Sent): Receipt | null {
  return "answer" in sent && "accepted" in sent.answer ? sent.answer.accepted : null;
}

/** "accepted", "refused", "notSent", or "thrown". */
export function whatCame(sent: Sent): string {
  return "thrown" in sent ? "thrown" : (Object.keys(sent.answer)[0] ?? "nothing");
}

/** The kinds of what was seen, each once and in order of appearance. */
export function kinds(looks: readonly Look[]): readonly string[] {
  return [...new Set(looks.map((look) => (look.is === "done" ? `done by ${look.proof}` : look.is)))];
}
