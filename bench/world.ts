/** The only place that puts a simulated cloud with as many servers as wanted under the bot, over a clock that runs as fast as it can, and counts what is asked of it. */
import { simCredentials } from "../playground/clouds/sim.ts";
import { type Cloud, CloudDown } from "../src/clouds/cloud.ts";
import { type CloudAccount, openAccount } from "../src/clouds/clouds.ts";
import { realRandom } from "../src/real.ts";
import type { Exchange, Log } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";
import { type CloudCase, huaweiCase, jdcloudCase, otcCase, tencentCase } from "../test/setup/cases.ts";
import { type StoryClock, storyClock } from "../test/setup/clock.ts";

export const clouds = { tencent: tencentCase, huawei: huaweiCase, otc: otcCase, jdcloud: jdcloudCase } as const;
export type CloudName = keyof typeof clouds;

export interface CloudWorld {
  of: CloudCase;
  account: CloudAccount;
  cloud: Cloud;
  clock: StoryClock;
  exchange: Exchange;
  /** Ids of ordinary servers. */
  servers: readonly string[];
  /** Calls so far. */
  calls(): number;
  console(server: string, what: "stop"): void;
}

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
const startAt = Date.UTC(2026, 10, 21, 3, 0, 0);
/** There and back again. */
const wayMs = 40;

interface Kept {
  servers: Readonly<Record<string, { id: string; systemDisk: { id: string }; dataDisks: readonly { id: string }[] }>>;
}

/** Every reinstall is accepted and never ends, so that the flows stay where they are while they are counted. */
export function cloudFor(name: CloudName, count: number): CloudWorld {
  const of = clouds[name];
  const clock = storyClock(startAt);
  let state = withServers(of, of.sim.start({ speed: 1, now: startAt }), count);
  let calls = 0;
  const exchange: Exchange = async ({ method, url, headers, body }) => {
    calls += 1;
    const { host, pathname, search } = new URL(url);
    const lower = Object.entries({ host, ...headers }).map(([key, value]) => [key.toLowerCase(), value]);
    const asked = { method, path: pathname + search, headers: Object.fromEntries(lower), body };
    if (of.is("reinstall", asked)) state = of.sim.arm(state, of.faults.hangs, true);
    await clock.after(wayMs);
    const [next, reply] = of.sim.handle(state, asked, clock.now());
    state = next;
    if (reply.how !== "answer") throw new CloudDown("The simulated cloud is silent.", reply.how);
    return { status: reply.status, headers: lowered(reply.headers), body: reply.body };
  };
  const secret = new Secret(simCredentials.secret);
  const account = {
    ...of.account,
    ...{ id: simCredentials.id, secret, endpoint: "https://cloud.invalid" },
  } as CloudAccount;
  const { cloud } = openAccount(account, { clock, exchange, random: realRandom, log: silent });
  const servers = Object.keys((state as Kept).servers);
  const console = (id: string, what: "stop"): void => {
    state = of.sim.console(state, id, what, clock.now());
  };
  return { of, account, cloud, clock, exchange, servers, calls: () => calls, console };
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The case's own server as often as wanted, in place of all others. */
function withServers(of: CloudCase, state: unknown, count: number): unknown {
  const { servers } = state as Kept & { servers: Record<string, { id: string; name: string }> };
  const one = Object.values(servers).find(({ name }) => name === of.server);
  if (one === undefined) throw new Error(`there is no server ${of.server}`);
  const many = Array.from({ length: count }, (_, n) => {
    const id = numbered(one.id, n);
    const { systemDisk, dataDisks } = one as Kept["servers"][string];
    const own = <Disk extends { id: string }>(disk: Disk): Disk => ({ ...disk, id: numbered(disk.id, n) });
    return [id, { ...one, id, systemDisk: own(systemDisk), dataDisks: dataDisks.map(own) }] as const;
  });
  return { ...(state as object), servers: Object.fromEntries(many) };
}

/** An id of the same form, with the number in its last letters. */
function numbered(id: string, n: number): string {
  const digits = n.toString(16).padStart(4, "0");
  return id.slice(0, -digits.length) + digits;
}

/** Lets time pass; whoever waits is woken in order, and what they do takes no time. */
export async function pass(clock: StoryClock, ms: number): Promise<void> {
  const end = clock.now() + ms;
  await settled();
  for (let next = clock.next(); next !== null && next <= end; next = clock.next()) {
    clock.pass(Math.max(0, next - clock.now()));
    await settled();
  }
  clock.pass(Math.max(0, end - clock.now()));
  await settled();
}

export async function meanwhile<T>(clock: StoryClock, work: Promise<T>): Promise<T> {
  let over = false;
  const done = work.finally(() => {
    over = true;
  });
  done.catch(() => undefined);
  for (await settled(); !over; await settled()) {
    const next = clock.next();
    if (next === null) throw new Error("everybody waits for something that never comes");
    clock.pass(Math.max(0, next - clock.now()));
  }
  return done;
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
