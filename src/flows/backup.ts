/** The only place where a custom image is made before anything is erased. Until the cloud says it is usable, nothing goes on. */
import type { Made } from "../clouds/backups.ts";
import type { Failure, Of } from "../request.ts";
import { edit, editStep, shownMinute } from "./edit.ts";
import { failAttempt } from "./end.ts";
import { hold } from "./hold.ts";
import { mismatch } from "./recheck.ts";
import { backupImage, backupName, stepOf } from "./steps.ts";
import { nextLook, scattered } from "./tools.ts";
import type { Turn } from "./turn.ts";

export async function backup(turn: Turn): Promise<number> {
  const { cloud, request, attempt, server, step } = turn;
  const wish = request.order.backup;
  if (wish?.kind !== "image") return finish(turn, "skipped");
  const name = backupName(wish, attempt);
  const made = await cloud.backups.find(server, name, step.receipt ?? null);
  switch (made.is) {
    case "done":
      return finish(turn, "done", made);
    case "failed":
      return fail(turn, failedWords(made.refusal.says, name), made.refusal.code, made.refusal.requestId);
    case "working":
      return waitOn(turn, made.says);
    case "none":
      return make(turn, name);
  }
}

/** A Retry needs nothing of it, as its image has another name. */
function failedWords(says: string, name: string): string {
  return `${says} So nothing was erased. If the console shows a failed image ${name}, delete it there: it only takes up room.`;
}

/**
 * Asked just before the disk is erased, which may be an hour after the image was made: null while that image is still usable.
 * After an accepted reinstall there is nothing left on the disk that it could save.
 */
export async function backupLost(turn: Turn): Promise<string | null> {
  const { cloud, request, server } = turn;
  const { backup: wish } = request.order;
  const wiped = request.attempts.some((attempt) => stepOf(attempt, "reinstall")?.receipt !== undefined);
  if (wish?.kind !== "image" || wiped) return null;
  const image = backupImage(request);
  const name = image?.name ?? wish.name;
  const made = await cloud.backups.find(server, name, null);
  if (made.is === "done" && made.image.id === image?.id) return null;
  return `The custom image ${name}, made in this request, can no longer be used, so nothing was erased. Ask again to have another made.`;
}

/** It is not there: either it was never ordered, or the order is not seen yet, or it never arrived. */
async function make(turn: Turn, name: string): Promise<number> {
  const { tools, request, cloud, server, step, now } = turn;
  const { traits } = cloud;
  if (step.signedAt !== undefined && sinceOrder(turn, step.signedAt) <= traits.lagMs) return waitOn(turn, undefined);
  const wrong = await mismatch(turn);
  if (wrong !== null) return wrong;
  if (!traits.backupFrom.includes(server.power)) return hold(turn, `The server is ${server.state}.`, "not-ready");
  const saved = await editStep(tools, request, "backup", {
    state: "acting",
    startedAt: step.startedAt ?? now,
    signedAt: now,
    before: server,
    says: undefined,
  });
  if (saved?.status !== "running") return now;
  sinceOrder(turn, now);
  // Nobody knows what became of it: the next turn looks for the name, and orders it again only when it is not there.
  const answer = await cloud.backups.make(server, name, now).catch(() => null);
  if (answer === null) return nextLook(tools, now);
  const after: Turn = { ...turn, request: saved };
  if ("notSent" in answer) {
    const back = await editStep(tools, saved, "backup", { state: "todo", signedAt: undefined });
    return back?.status === "running"
      ? scattered(tools, await hold({ ...turn, request: back }, answer.notSent.says, answer.notSent.code))
      : now;
  }
  if ("refused" in answer) return fail(after, answer.refused.says, answer.refused.code, answer.refused.requestId);
  await editStep(tools, saved, "backup", { state: "waiting", receipt: answer.accepted, heldSince: undefined });
  return nextLook(tools, now);
}

/** By the clock that does not jump, from the moment it was sent, or from the first look of a new process: one that is set forward must not have a second image made. */
function sinceOrder({ tools, request }: Turn, signedAt: number): number {
  return tools.watched(`${request.id}/backup/${signedAt}`);
}

async function waitOn(turn: Turn, says: string | undefined): Promise<number> {
  const { tools, request, cloud, step, now } = turn;
  const since = step.startedAt ?? now;
  if (now - since > cloud.traits.patienceMs.backup) {
    const waited = Math.round((now - since) / 60_000);
    return fail(
      turn,
      `The custom image is not ready after ${waited} minutes, so nothing was erased.`,
      "backup-slow",
      "",
    );
  }
  if (step.checkedAt !== shownMinute(now) || step.says !== says) {
    await editStep(tools, request, "backup", { checkedAt: shownMinute(now), says, heldSince: undefined });
  }
  return nextLook(tools, now);
}

async function finish(turn: Turn, state: "done" | "skipped", made?: Extract<Made, { is: "done" }>): Promise<number> {
  const { tools, request, step, now } = turn;
  const receipt =
    made === undefined
      ? {}
      : { receipt: { id: step.receipt?.id ?? "", facts: { image: made.image.id, name: made.image.name } } };
  await editStep(tools, request, "backup", { state, endedAt: now, says: undefined, heldSince: undefined, ...receipt });
  return now;
}

async function fail(turn: Turn, says: string, code: string, requestId: string): Promise<number> {
  const { tools, request, server, now } = turn;
  const failure: Failure = { at: now, step: "backup", says, code, requestId, erased: "nothing", retry: true };
  await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure, server));
  return now;
}
