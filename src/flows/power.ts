/** The only place where the bot stops and starts servers. These acts may be repeated: "already so" is success. */
import { type Act, CloudDown, type Server } from "../clouds/cloud.ts";
import type { Failure, Of, Step } from "../request.ts";
import { edit, editStep, shownMinute } from "./edit.ts";
import { failAttempt } from "./end.ts";
import { erasedBy, hold, patienceOf } from "./hold.ts";
import { lastAttempt, stepOf, stoppedFor } from "./steps.ts";
import { nextLook, scattered } from "./tools.ts";
import type { Turn } from "./turn.ts";

export async function stopServer(turn: Turn): Promise<number> {
  const { cloud, server, step, now } = turn;
  const { traits } = cloud;
  if (stoppedFor(turn.attempt, traits).includes(server.power)) {
    if (step.signedAt === undefined && startedLately(turn)) return lookAgain(turn);
    return finish(turn, step.startedAt === undefined ? "skipped" : "done");
  }
  if (server.power === "gone") return fail(turn, `${traits.title} no longer has a server with this id.`, "gone", "");
  const asked = step.signedAt;
  if (asked === undefined || step.state !== "waiting") {
    const whole = traits.patienceMs.stop + traits.patienceMs.hardStop + traits.patienceMs.busy;
    if (now - (step.startedAt ?? now) > whole) return fail(turn, "The server could not be stopped.", "not-stopped", "");
    if (server.power !== "running") return hold(turn, `The server is busy (${server.state}).`, "busy");
    return send(turn, { kind: "converge", act: "stop", hard: step.hard ?? false }, fail);
  }
  const patience = step.hard ? traits.patienceMs.hardStop : traits.patienceMs.stop;
  if (sinceStop(turn, asked) <= patience) return lookAgain(turn);
  if (traits.hardStop && !step.hard && server.power === "running") {
    return send(turn, { kind: "converge", act: "stop", hard: true }, fail);
  }
  return fail(
    turn,
    `The server did not stop: ${whyNotStopped(turn)}. Stop it in the console, then press Retry.`,
    "not-stopped",
    "",
  );
}

function whyNotStopped({ server, step }: Turn): string {
  if (server.power !== "running") return `it has not ended what it is doing (${server.state})`;
  return step.hard
    ? "not even a hard stop took effect"
    : "the stop did not take effect, and there is no hard stop here";
}

/** By the clock that does not jump, from the moment it was sent, or from the first look of a new process. */
function sinceStop({ tools, request }: Turn, signedAt: number): number {
  return tools.watched(`${request.id}/stop/${signedAt}`);
}

/** The attempt before put the server back so lately that "stopped" may be from before that start. */
function startedLately({ tools, request, cloud }: Turn): boolean {
  const back = request.attempts.flatMap((attempt) => stepOf(attempt, "put-back") ?? []).at(-1);
  return back?.signedAt !== undefined && sinceStart(tools, request, back.signedAt) <= cloud.traits.lagMs;
}

function sinceStart(tools: Turn["tools"], { id }: { id: string }, signedAt: number): number {
  return tools.watched(`${id}/put-back/${signedAt}`);
}

/** After a reinstall that leaves the server stopped, or one that was stopped before. */
export async function startServer(turn: Turn): Promise<number> {
  return bringUp(
    turn,
    fail,
    "The system was reinstalled, but the server did not start. Start it in the console, or press Retry to start it again.",
    0,
  );
}

/** The flow ended before a reinstall was accepted, and the bot had stopped the server: it runs again as before. */
export async function putBack(turn: Turn): Promise<number> {
  const { tools, request, server, step, now } = turn;
  const isDoubted = mayNotRun(turn);
  if (server.power === "running" && isDoubted && !(await provedToRun(turn))) return lookAgain(turn);
  if (server.power === "running" && step.signedAt === undefined) {
    const says = stopOf(turn)?.state === "done" ? undefined : "it never stopped";
    await editStep(tools, request, "put-back", { state: "done", endedAt: now, says });
    return now;
  }
  return bringUp(turn, leaveStopped, "It does not start. Start it in the console.", patienceOf(turn));
}

/** "Running" proves no start: a stop may still take effect within its patience, also one that the bot gave up, and within the cloud's lag what shows may be from before the stop. */
function mayNotRun(turn: Turn): boolean {
  const { tools, request, step, cloud } = turn;
  const { lagMs, patienceMs } = cloud.traits;
  const stop = stopOf(turn);
  // It stood stopped when the start was signed.
  if (step.signedAt !== undefined) return sinceStart(tools, request, step.signedAt) <= lagMs;
  if (stop?.signedAt === undefined) return false;
  if (stop.state === "done") return sinceStart(tools, request, stop.signedAt) <= lagMs;
  return sinceStop(turn, stop.signedAt) <= Math.max(patienceMs.stop, patienceMs.hardStop);
}

/** The cloud itself says that the start which it accepted went through. Where it cannot be asked, the lag is waited for. */
async function provedToRun({ cloud, step, server }: Turn): Promise<boolean> {
  if (step.state !== "waiting" || step.receipt === undefined) return false;
  try {
    const look = await cloud.look({ kind: "converge", act: "start" }, step.before ?? server, server, step.receipt);
    return look.is === "done" && look.proof === "receipt";
  } catch (cause) {
    if (cause instanceof CloudDown) return false;
    throw cause;
  }
}

/** The stop that was sent last, in whichever attempt. */
function stopOf({ request }: Turn): Step | undefined {
  const stops = request.attempts.flatMap((attempt) => stepOf(attempt, "stop") ?? []);
  return stops.findLast(({ signedAt }) => signedAt !== undefined);
}

type GiveUp = (turn: Turn, says: string, code: string, requestId: string) => Promise<number>;

/** `heldMs` is how long the server may be busy before it takes the start. */
async function bringUp(turn: Turn, giveUp: GiveUp, over: string, heldMs: number): Promise<number> {
  const { cloud, server, step } = turn;
  if (server.power === "running") return finish(turn, step.startedAt === undefined ? "skipped" : "done");
  if (server.power === "gone")
    return giveUp(turn, `${cloud.traits.title} no longer has a server with this id.`, "gone", "");
  if (isOverdue(turn, heldMs)) return giveUp(turn, over, "not-started", step.receipt?.id ?? "");
  if (step.state === "waiting") return lookAgain(turn);
  if (server.power !== "stopped") return hold(turn, `The server is busy (${server.state}).`, "busy");
  return send(turn, { kind: "converge", act: "start" }, giveUp);
}

/** A start that was accepted has its own patience; before that, what held it up counts too. */
function isOverdue({ cloud, step, now }: Turn, heldMs: number): boolean {
  const { start } = cloud.traits.patienceMs;
  if (step.state === "waiting") return now - (step.signedAt ?? now) > start;
  return step.startedAt !== undefined && now - step.startedAt > start + heldMs;
}

async function send(turn: Turn, act: Extract<Act, { kind: "converge" }>, giveUp: GiveUp): Promise<number> {
  const { tools, request, cloud, server, step, now, id } = turn;
  const saved = await editStep(tools, request, id, acting(step, server, now, act));
  if (saved?.status !== "running") return now;
  if (act.act === "stop") sinceStop(turn, now);
  // Nobody knows what became of it: the next turn looks, and sends it again if the server is still as it was.
  const answer = await cloud.send(act, server, now).catch(() => null);
  if (answer === null) return nextLook(tools, now);
  const after: Turn = { ...turn, request: saved, attempt: lastAttempt(saved) };
  if ("notSent" in answer) return scattered(tools, await hold(after, answer.notSent.says, answer.notSent.code));
  if ("refused" in answer) return giveUp(after, answer.refused.says, answer.refused.code, answer.refused.requestId);
  await editStep(tools, saved, id, {
    state: "waiting",
    receipt: answer.accepted,
    says: undefined,
    heldSince: undefined,
  });
  return nextLook(tools, now);
}

async function leaveStopped(turn: Turn, says: string): Promise<number> {
  const { tools, request, now } = turn;
  await editStep(tools, request, "put-back", { state: "skipped", endedAt: now, says });
  return now;
}

function acting(step: Step, server: Server, now: number, act: Extract<Act, { kind: "converge" }>): Partial<Step> {
  return {
    state: "acting",
    startedAt: step.startedAt ?? now,
    before: step.before ?? server,
    signedAt: now,
    ...(act.act === "stop" ? { hard: act.hard } : {}),
  };
}

async function finish(turn: Turn, state: "done" | "skipped"): Promise<number> {
  const { tools, request, id, now } = turn;
  await editStep(tools, request, id, { state, endedAt: now, says: undefined, heldSince: undefined });
  return now;
}

async function lookAgain(turn: Turn): Promise<number> {
  const { tools, request, step, id, now } = turn;
  const checkedAt = shownMinute(now);
  // What held it up is over.
  const isShown = step.checkedAt === checkedAt && step.says === undefined && step.heldSince === undefined;
  if (!isShown) await editStep(tools, request, id, { checkedAt, says: undefined, heldSince: undefined });
  return nextLook(tools, now);
}

async function fail(turn: Turn, says: string, code: string, requestId: string): Promise<number> {
  const { tools, request, id, now, server } = turn;
  const failure: Failure = { at: now, step: id, says, code, requestId, erased: erasedBy(id), retry: true };
  await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure, server));
  return now;
}
