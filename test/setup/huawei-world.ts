/** A simulated site with the adapter right on its core: no network, and time moves only when the test says so. */
import { type HuaweiSim, huaweiSim, otcSim } from "../../playground/clouds/huawei.ts";
import type { HuaweiState } from "../../playground/clouds/huawei-state.ts";
import { simCredentials } from "../../playground/clouds/sim.ts";
import type { Act, Cloud, CloudTools, Image, Login, Notice, Order, Server } from "../../src/clouds/cloud.ts";
import { type HuaweiAccount, huawei } from "../../src/clouds/huawei.ts";
import { type HttpRequest, type HttpResponse, NotSent } from "../../src/seams.ts";
import { Secret } from "../../src/secret.ts";

export const minuteMs = 60_000;

export class HuaweiWorld {
  now = Date.UTC(2026, 10, 21, 3, 0, 0);
  state: HuaweiState;
  readonly sim: HuaweiSim;
  readonly account: HuaweiAccount;
  readonly cloud: Cloud;
  readonly sent: HttpRequest[] = [];
  /** Set to cut the line before anything leaves. */
  offline = false;
  /** Set to answer in the cloud's place. */
  answering: (url: URL) => object | null = () => null;

  constructor(site: "huawei" | "otc", more: Partial<HuaweiAccount> = {}) {
    this.sim = site === "huawei" ? huaweiSim : otcSim;
    this.state = this.sim.start({ speed: 1, now: this.now });
    const { regions, userId } = this.sim.site;
    this.account = {
      name: "test",
      cloud: "huawei",
      site,
      regions: regions.map((region) => region.name),
      projects: Object.fromEntries(regions.map((region) => [region.name, region.project])),
      userId,
      id: simCredentials.id,
      secret: new Secret(simCredentials.secret),
      ...more,
    };
    this.cloud = huawei(this.account, this.tools());
  }

  tools(): CloudTools {
    const silent = () => {};
    return {
      clock: {
        now: () => this.now,
        mono: () => this.now,
        // Short waits are over at once, time-outs never.
        after: (ms) => (ms <= 1_000 ? Promise.resolve() : new Promise(() => {})),
      },
      random: (n) => new Uint8Array(n),
      exchange: async (request) => this.exchange(request),
      log: { info: silent, warn: silent, error: silent },
    };
  }

  exchange(request: HttpRequest): HttpResponse {
    if (this.offline) throw new NotSent("no route");
    this.sent.push(request);
    const url = new URL(request.url);
    const instead = this.answering(url);
    if (instead !== null) return { status: 200, headers: {}, body: JSON.stringify(instead) };
    const path = `${url.pathname}${url.search}`;
    const { method, headers, body } = request;
    const [next, reply] = this.sim.handle(this.state, { method, path, headers, body }, this.now);
    this.state = next;
    if (reply.how !== "answer") throw new Error("the connection was cut");
    return { status: reply.status, headers: reply.headers, body: reply.body };
  }

  pass(ms: number): void {
    this.now += ms;
  }

  arm(fault: string): void {
    this.state = this.sim.arm(this.state, fault, true);
  }

  idOf(name: string): string {
    const found = Object.values(this.state.servers).find((server) => server.name === name);
    if (!found) throw new Error(`no server ${name}`);
    return found.id;
  }

  wipes(name: string): number {
    return this.sim.panel(this.state, this.now).find((server) => server.name === name)?.reinstalls ?? -1;
  }

  async read(name: string): Promise<Server> {
    const id = this.idOf(name);
    const region = this.state.servers[id]?.region ?? "";
    return this.cloud.server({ cloud: "huawei", site: this.account.site, account: "test", region, id });
  }

  async imageNamed(server: Server, text: string): Promise<Image> {
    for (const kind of this.cloud.choices(server, null).imageKinds) {
      const image = (await this.cloud.images(server, kind, text)).found[0];
      if (image) return image;
    }
    throw new Error(`no image ${text}`);
  }

  /** An order for the same image, or for the one whose name begins so. */
  async order(
    server: Server,
    more: { image?: string; login?: Login; licence?: Order["licence"] } = {},
  ): Promise<Order> {
    const image = more.image
      ? { ...(await this.imageNamed(server, more.image)), same: false }
      : { ...server.image, kind: "public" as const, os: server.os, same: true };
    return {
      server: server.ref,
      image: { id: image.id, name: image.name, kind: image.kind, os: image.os, same: image.same },
      login: more.login ?? keyPair,
      ...(more.licence ? { licence: more.licence } : {}),
    };
  }

  reinstall(order: Order, secret?: Secret): Act {
    return { kind: "once", act: "reinstall", id: "r/1/reinstall", order, ...(secret ? { secret } : {}) };
  }
}

export const keyPair: Login = { kind: "key-pair", id: "oncall-2026", name: "oncall-2026" };

/** What stops an order or makes it wait, as "kind code". */
export function inTheWay(notices: readonly Notice[]): string[] {
  return notices
    .filter((each) => each.kind === "refused" || each.kind === "wait")
    .map((each) => `${each.kind} ${each.code}`);
}
