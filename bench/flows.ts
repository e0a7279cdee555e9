/** The only place that has many reinstalls under way at once on a simulated cloud, and counts what the bot asks of it a minute. */
import { startBot } from "../src/bot.ts";
import type { Notice, Order, Server } from "../src/clouds/cloud.ts";
import { actId } from "../src/flows/reinstall.ts";
import { newAttempt, planSteps, withStep } from "../src/flows/steps.ts";
import { realRandom } from "../src/real.ts";
import { type Of, Request } from "../src/request.ts";
import { sealer } from "../src/seal.ts";
import type { Slack } from "../src/seams.ts";
import { openStore } from "../src/store.ts";
import type { Store } from "../src/storeport.ts";
import { memoryDisk } from "../test/setup/memorydisk.ts";
import { idOf } from "./records.ts";
import { type CloudName, type CloudWorld, cloudFor, meanwhile, pass, silent } from "./world.ts";

const minuteMs = 60_000;
/** The usual one of config.yml. */
const pollMs = 5_000;
/** Cards are posted, and the list of servers is read, before anything is counted. */
const settleMs = 20_000;
/** Some polls, however many flows there are. */
const countedMs = 30_000;
/** Under every limit of orders a second. */
const betweenOrdersMs = 250;

/** Calls a minute while this many reinstalls are being waited for. */
export async function callsAMinute(name: CloudName, count: number): Promise<number> {
  const world = cloudFor(name, count);
  await readyToWipe(world);
  const running: Request[] = [];
  const about = await aboutAll(world);
  for (const [n, id] of world.servers.entries()) running.push(await oneRunning(world, about, id, n));
  const store = await storeOf(world, running);
  const bot = startBot(
    {
      ...{ clock: world.clock, exchange: world.exchange, log: silent, random: realRandom },
      ...{ store, slack: quietSlack(), sealer: sealer({ keys: null, random: realRandom }) },
    },
    { accounts: [world.account], rule, typedLogins: false, pollMs },
  );
  await pass(world.clock, settleMs);
  const before = world.calls();
  await pass(world.clock, countedMs);
  const calls = ((world.calls() - before) * minuteMs) / countedMs;
  const waiting = store.hot().filter((one) => one.status === "running").length;
  await meanwhile(world.clock, bot.stop());
  if (waiting !== count) throw new Error(`${count - waiting} of ${count} flows on ${name} did not keep running`);
  return calls;
}

const nobody = { users: [], groups: [] };
const rule = { name: "default", requesters: nobody, approvers: nobody, approvalMs: 60 * minuteMs };

async function storeOf({ clock }: CloudWorld, running: readonly Request[]): Promise<Store> {
  const die = (why: string): never => {
    throw new Error(why);
  };
  const store = await openStore({ disk: memoryDisk(), clock, log: silent, die });
  await store.change(() => ({ put: running, give: null }));
  return store;
}

/** What is the same for all of them, and so read once. */
interface About {
  login: Order["login"];
  notices: readonly Notice[];
}

async function aboutAll(world: CloudWorld): Promise<About> {
  const { cloud, clock } = world;
  const drawn = await reading(world, world.servers[0] ?? "");
  const pairs = await meanwhile(clock, cloud.keyPairs(drawn));
  const pair = pairs.find(({ name }) => name === world.of.keyPair);
  if (pair === undefined) throw new Error(`there is no key pair ${world.of.keyPair}`);
  const login = { kind: "key-pair", ...pair } as const;
  return { login, notices: await meanwhile(clock, cloud.notices(orderFor(drawn, login), drawn)) };
}

function reading({ cloud, clock, account }: CloudWorld, id: string): Promise<Server> {
  const [region = ""] = account.regions;
  const ref = { cloud: account.cloud, site: account.site, account: account.name, region, id };
  return meanwhile(clock, cloud.server(ref));
}

function orderFor(drawn: Server, login: Order["login"]): Order {
  const image = { ...drawn.image, kind: "public", os: drawn.os, same: true } as const;
  return { server: drawn.ref, image, login, backup: { kind: "none" } };
}

/** A single one, for whoever needs a record of full size. */
export async function anyRunning(name: CloudName): Promise<Of<"running">> {
  const world = cloudFor(name, 1);
  await readyToWipe(world);
  return oneRunning(world, await aboutAll(world), world.servers[0] ?? "", 0);
}

/** A request as it stands when its reinstall was accepted: the server is read and the order is sent through the adapter. */
async function oneRunning(world: CloudWorld, about: About, server: string, n: number): Promise<Of<"running">> {
  const { cloud, clock } = world;
  const drawn = await reading(world, server);
  const order = orderFor(drawn, about.login);
  const asked = requestFor(world, order, drawn, about.notices, n);
  const at = clock.now();
  const act = { kind: "once", act: "reinstall", id: actId(asked), order } as const;
  const answer = await meanwhile(clock, cloud.send(act, drawn, at));
  if (!("accepted" in answer)) throw new Error(`the simulated cloud did not take the order: ${JSON.stringify(answer)}`);
  await pass(clock, betweenOrdersMs);
  const [attempt = newAttempt(1, approver, [], at)] = asked.attempts;
  const sent = { startedAt: at, signedAt: at, before: drawn, receipt: answer.accepted };
  const waiting = withStep(attempt, "reinstall", { state: "waiting", ...sent });
  return { ...asked, attempts: [waiting] };
}

/** Where the cloud wants them stopped first, somebody did that. */
async function readyToWipe({ cloud, clock, console, servers }: CloudWorld): Promise<void> {
  if (cloud.traits.wipeFrom.includes("running")) return;
  for (const id of servers) console(id, "stop");
  await pass(clock, 5 * minuteMs);
}

const engineer = { team: "T0PLAYGROUND", user: "U0ENGINEER" };
const approver = { team: "T0PLAYGROUND", user: "U0APPROVER1" };

function requestFor(
  { cloud, clock }: CloudWorld,
  order: Order,
  drawn: Server,
  notices: readonly Notice[],
  n: number,
): Of<"running"> {
  const now = clock.now();
  const steps = planSteps(cloud.traits, order);
  const attempt = newAttempt(1, approver, steps, now);
  const before = steps.slice(0, steps.indexOf("reinstall"));
  const request = Request.parse({
    ...{ v: 1, id: idOf(n), revision: 1, status: "running", channel: "C0INCIDENT4211", askedBy: engineer },
    ...{ askedAt: now, reason: "root fs corrupt after failed kernel upgrade, INC-4211", order, drawn },
    ...{ notices, rule: "default", approvers: { users: [], groups: ["S0APPROVERS"] } },
    ...{ remindAt: now + 30 * minuteMs, expiresAt: now + 60 * minuteMs },
    approvals: [{ by: approver, at: now, rule: "default" }],
    posts: [],
    attempts: [before.reduce((all, id) => withStep(all, id, { state: "done", endedAt: now }), attempt)],
  });
  if (request.status !== "running") throw new Error("it does not run");
  return request;
}

/** Takes every message at once. */
function quietSlack(): Slack {
  let posted = 0;
  const view = { viewId: "V1", hash: "1" };
  const person = { user: "U1", team: "T1", name: "", guest: false, external: false, gone: false, bot: false };
  const place = { name: "", member: true, external: false, archived: false, direct: false };
  return {
    self: () => ({ team: "T0PLAYGROUND", user: "U0REINSTALLBOT" }),
    post: async ({ channel }) => {
      posted += 1;
      return { ts: `1700000000.${String(posted).padStart(6, "0")}`, channel };
    },
    find: async () => null,
    edit: async () => {},
    whisper: async () => {},
    open: async () => view,
    update: async () => view,
    person: async () => person,
    group: async () => [],
    channel: async () => place,
  };
}
