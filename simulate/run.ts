/** The only place that plays one history to its end, and looks at what is left then. */

import type { Request, Started } from "../src/request.ts";
import { verifyChain } from "../src/store-ledger-read.ts";
import { pictures } from "../src/views/picture.ts";
import type { CloudWorld } from "./clouds.ts";
import { diskOf } from "./disk.ts";
import type { FaultKind } from "./faults.ts";
import { breath, settled } from "./guard.ts";
import type { Plan } from "./plan.ts";
import { traitsOf } from "./process.ts";
import { type SimCloud, startAt } from "./truth.ts";
import { World } from "./world.ts";

export interface Outcome {
  seed: number;
  violations: readonly string[];
  counts: ReadonlyMap<FaultKind, number>;
  steps: number;
  calls: World["calls"];
  died: World["died"];
  /** What became of the requests, in the order in which they ended. */
  ended: readonly Request["status"][];
  trace: readonly string[];
}

/** Long enough for every patience there is, one after the other, twice. */
const patienceMs = 9 * 60 * 60_000;
const stepsMax = 60_000;
/** Somebody may have to start the bot again first, twice. */
const expiresWithinMs = 60 * 60_000;
/** How long a closed store may keep what is to be forgotten. */
const forgetMs = 20_000;

export async function run(plan: Plan, sims: readonly SimCloud[], tracing = false): Promise<Outcome> {
  const world = new World(plan, sims, tracing);
  let steps = 0;
  const go = async (until: () => boolean): Promise<void> => {
    while (!until() && world.violations.length === 0 && steps < stepsMax) {
      steps += 1;
      if (!world.time.step()) return;
      await settled();
    }
  };
  await breath();
  world.begin();
  await settled();
  const latest = startAt + plan.faultsUntilMs + patienceMs;
  // First with all that may still go wrong, then in peace; a form that was still on its way may begin it anew.
  for (const calm of [false, true]) {
    do {
      await go(() => world.over() || world.time.now > latest);
      if (world.violations.length === 0 && !world.over()) world.broken(unended(world));
      world.calm = calm;
      const stalls = world.alive().map(({ stalledUntil }) => stalledUntil);
      const rest = Math.max(world.time.now, ...(calm ? stalls : [])) + forgetMs;
      await go(() => world.time.now > rest && (!calm || world.serving() !== null));
    } while (!world.over());
  }
  if (world.violations.length === 0) await atEnd(world);
  const { violations, counts, calls, died, trace } = world;
  const ended = [...world.durable.finished.values()].map(({ status }) => status);
  const over = { seed: plan.seed, violations, counts, steps, calls, died, ended, trace: trace ?? [] };
  for (const bot of world.alive()) bot.alive = false;
  return over;
}

function unended(world: World): string {
  const open = [...world.durable.hot.values()].map(({ id, status }) => `${id} is ${status}`);
  const asking = world.people.flows.filter((flow) => flow.is === "asking").map(({ id }) => `${id} is not taken`);
  return `it never ended: ${[...open, ...asking].join(", ")}`;
}

/** What must be so when all is over. */
async function atEnd(world: World): Promise<void> {
  for (const request of world.durable.finished.values()) {
    toldInTheEnd(world, request);
    world.heard.owed(request);
    if ("attempts" in request) leftStopped(world, request);
  }
  world.heard.heeded();
  world.rules.loggedNothing();
  for (const key of world.durable.keys) {
    const file = world.volume.holds(key);
    if (file !== null) world.broken(`${file} still holds the key of a password that is over`);
  }
  await chainHolds(world);
}

/** Slack shows every message as the record says it, and none besides. */
function toldInTheEnd(world: World, request: Request): void {
  strayed(world, request);
  const traits = traitsOf(world.cloudOf(request.order.server.account).sim);
  for (const picture of pictures(request, traits)) {
    const all = world.slack.messages.filter(({ request: id, key }) => id === request.id && key === picture.key);
    const shown = all.find(({ ts }) => request.posts.some((post) => post.key === picture.key && post.ts === ts));
    // While the clock is wrong by more than a minute a message whose answer is lost cannot be found again, and may stand twice.
    if (all.length > 1 && !world.clockWasWrong) world.broken(`${picture.key} stands there ${all.length} times`);
    if (shown === undefined) world.broken(`${picture.key} of a ${request.status} request was never told`);
    else if (shown.text !== picture.text) world.broken(`${picture.key} still says “${shown.text.split("\n")[0]}”`);
  }
}

/** No message stands there that the record does not name; no request waits beyond its time. */
function strayed(world: World, request: Request): void {
  if (world.clockWasWrong) return;
  for (const { request: id, ts, key } of world.slack.messages) {
    if (id === request.id && !request.posts.some((post) => post.ts === ts))
      world.broken(`${key} is told and not written down`);
  }
  if (request.status === "expired" && request.endedAt > request.expiresAt + expiresWithinMs)
    world.broken(`a request expires ${Math.round((request.endedAt - request.expiresAt) / 60_000)} minutes late`);
}

/** A server that the bot stopped runs again, or the request says that it does not. */
function leftStopped(world: World, request: Started): void {
  const cloud: CloudWorld = world.cloudOf(request.order.server.account);
  const server = request.order.server.id;
  const truth = cloud.truth(server);
  // What no request covers, each answers for.
  const down = cloud.broughtDown.get(server);
  if (down === undefined || (down.request || request.id) !== request.id || truth === null) return;
  if ((cloud.meddled.get(server) ?? 0) >= down.at) return;
  if (truth.power === "running" || truth.broken || !truth.ended) return;
  const said = request.attempts.some(
    ({ failure, steps }) =>
      failure?.step === "start" ||
      failure?.step === "verify" ||
      steps.some(({ id, state, says }) => id === "put-back" && state === "skipped" && says !== undefined),
  );
  const wiped = cloud.sent.some((one) => one.request === request.id && one.fate === "taken");
  if (!said && !(wiped && request.status !== "done")) world.broken("the bot stopped a server and left it so");
}

/** Every line that was ever durable stands in the monthly files once the store is closed. */
async function chainHolds(world: World): Promise<void> {
  const [bot] = world.alive();
  if (bot?.store == null) return;
  const { store } = bot;
  let closed = false;
  world.isClosing = true;
  void store.close().then(() => {
    closed = true;
  });
  for (let turn = 0; turn < 200 && !closed; turn += 1) {
    await settled();
    if (!closed) world.time.step();
  }
  const { breaks, lines } = await verifyChain(diskOf(world, bot), "audit");
  for (const says of breaks) world.broken(`audit: ${says}`);
  if (lines !== world.durable.auditLines) world.broken(`${lines} audit lines of ${world.durable.auditLines} are kept`);
}
