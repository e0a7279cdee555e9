/** The only place where tests put the JD Cloud adapter on its simulated cloud without a network, at a time of their own. */
import { jdcloudSim } from "../../playground/clouds/jdcloud.ts";
import { simCredentials } from "../../playground/clouds/sim.ts";
import type { Act, Image, Login, Order, Receipt, Server, ServerRef } from "../../src/clouds/cloud.ts";
import { type JdcloudAccount, jdcloud } from "../../src/clouds/jdcloud.ts";
import { type HttpRequest, type HttpResponse, NotSent } from "../../src/seams.ts";
import { Secret } from "../../src/secret.ts";

export const startedAt = Date.UTC(2026, 10, 21, 3, 0, 0);
export const seconds = 1000;
export const minutes = 60 * seconds;
export const region = "cn-north-1";
export const password = "Tr4in-Window!9";

/** Waits end at once, so that a batch goes out with whoever asked in the same turn; time itself moves by `later` alone. */
export function jdcloudWorld(account: Partial<JdcloudAccount> = {}) {
  let now = startedAt;
  let state = jdcloudSim.start({ speed: 1, now });
  let nonces = 0;
  let cut = false;
  const sent: HttpRequest[] = [];
  const answer = { next: null as HttpResponse | null };

  const exchange = async (request: HttpRequest): Promise<HttpResponse> => {
    sent.push(request);
    if (cut) throw new NotSent("refused");
    if (answer.next) return answer.next;
    const { method, url, headers, body } = request;
    const [next, reply] = jdcloudSim.handle(
      state,
      { method, path: url.slice(new URL(url).origin.length), headers, body },
      now,
    );
    state = next;
    if (reply.how !== "answer") throw new Error("socket hang up");
    return reply;
  };
  const clock = {
    now: () => now,
    mono: () => now - startedAt,
    after: (ms: number) => (ms < 1000 ? Promise.resolve() : new Promise<void>(() => {})),
  };
  const random = (n: number): Uint8Array => {
    nonces += 1;
    return new Uint8Array(n).map((_, at) => (nonces >> (8 * (at % 4))) & 255);
  };
  const log = { info() {}, warn() {}, error() {} };
  const cloud = jdcloud(
    {
      ...{ name: "prod", cloud: "jdcloud", site: "cn", regions: [region, "cn-south-1"] },
      ...{ id: simCredentials.id, secret: new Secret(simCredentials.secret) },
      ...account,
    },
    { clock, random, exchange, log },
  );

  const panel = (name: string) => {
    const found = jdcloudSim.panel(state, now).find((each) => each.name === name);
    if (!found) throw new Error(`There is no server ${name}.`);
    return found;
  };
  const refOf = (name: string): ServerRef => ({
    ...{ cloud: "jdcloud", site: "cn", account: "prod" },
    ...{ region: panel(name).region, id: panel(name).id },
  });
  return {
    cloud,
    sent,
    refOf,
    panel,
    read: (name: string): Promise<Server> => cloud.server(refOf(name)),
    now: () => now,
    later: (ms: number) => {
      now += ms;
    },
    arm: (fault: string, armed = true) => {
      state = jdcloudSim.arm(state, fault, armed);
    },
    console: (name: string, what: "stop" | "start" | "reinstall" | "delete") => {
      state = jdcloudSim.console(state, panel(name).id, what, now);
    },
    passwords: () => jdcloudSim.passwords(state),
    /** From now on nothing reaches the cloud. */
    cut: (off = true) => {
      cut = off;
    },
    /** From now on the cloud answers this; null for itself again. */
    answers: (status: number, body: unknown) => {
      answer.next = { status, headers: {}, body: typeof body === "string" ? body : JSON.stringify(body) };
    },
  };
}
export type JdcloudWorld = ReturnType<typeof jdcloudWorld>;

export const withPassword: Login = { kind: "typed", user: "root" };
export const withKey: Login = { kind: "key-pair", id: "oncall-2026", name: "oncall-2026" };

/** An order for this server: the same image, or another by its id. */
export function orderFor(server: Server, login: Login, image: Image | null = null): Order {
  const { id, name } = image ?? server.image;
  const chosen = { id, name, kind: image?.kind ?? "public", os: image?.os ?? server.os, same: image === null } as const;
  return { server: server.ref, image: chosen, login };
}

export function rebuild(order: Order, id = "r234567abcd/1/reinstall"): Extract<Act, { kind: "once" }> {
  const secret = order.login.kind === "key-pair" ? {} : { secret: new Secret(password) };
  return { kind: "once", act: "reinstall", id, order, ...secret };
}

/** The receipt with what a look asked to be remembered. */
export function remembering(receipt: Receipt, look: { facts?: Readonly<Record<string, string>> }): Receipt {
  return { ...receipt, facts: { ...receipt.facts, ...look.facts } };
}
