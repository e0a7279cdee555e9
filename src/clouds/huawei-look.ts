/** The only place that says what can be seen of an order on ECS: by its job where the job id is known, else by comparing readings. */
import { shortName } from "../line.ts";
import { type Act, CloudDown, type Look, type Receipt, type Server } from "./cloud.ts";
import type { Ecs } from "./huawei-call.ts";
import { explain } from "./huawei-errors.ts";
import { Job } from "./huawei-wire.ts";
import type { Remembered } from "./remembered.ts";

/** While the server itself shows that it is being reinstalled, a job found running is not asked again within this time: each takes a call of its own. */
export const jobKeptMs = 60_000;

type JobLook = { job: Job } | { lost: string } | null;

/** `running` are the jobs that were found running when they were asked for last. */
export async function lookAt(
  ecs: Ecs,
  running: Remembered<Job>,
  act: Act,
  before: Server,
  now: Server,
  receipt: Receipt | null,
): Promise<Look> {
  if (act.kind === "converge") return lookAtPower(ecs, act.act, before, now, receipt);
  const path = receipt?.facts["job"] ?? "";
  const known = isWiping(now) ? running.get(path) : undefined;
  if (known !== undefined) return fromJob(known);
  const seen = await jobOf(ecs, now, receipt);
  if (seen && "job" in seen && seen.job.status === "RUNNING") running.set(path, seen.job);
  if (seen && "job" in seen) return now.power === "gone" ? ofGone(seen.job) : fromJob(seen.job);
  if (seen) return afterLostJob(before, now, seen.lost);
  return withoutJob(before, now);
}

function fromJob(job: Job): Look {
  if (job.status === "SUCCESS") return { is: "done", proof: "receipt" };
  if (job.status !== "FAIL") return { is: "working", says: `the job is ${job.status}` };
  const { error_code, fail_reason } = whyFailed(job);
  const { says } = explain(error_code, fail_reason);
  return { is: "failed", refusal: { code: error_code || "FAIL", requestId: job.job_id, says } };
}

/** A job whose part has failed may say only that ("Common.0021", "Subjob fails."); the part says why. */
function whyFailed(job: Job): Pick<Job, "error_code" | "fail_reason"> {
  const part = job.entities.sub_jobs.find((each) => each.error_code !== "");
  const isOwn = job.error_code !== "" && !job.error_code.startsWith("Common.");
  return isOwn || part === undefined ? job : part;
}

/** Whatever became of the order, there is nothing left that could be called done. */
function ofGone(job: Job): Look {
  return { is: "unclear", evidence: ["The cloud has no such server any more.", `The job is ${job.status}.`] };
}

/** The order was accepted, so "nothing happened" is never the answer; nor is it proof that somebody's new disk is ours. */
function afterLostJob(before: Server, now: Server, why: string): Look {
  if (isWiping(now))
    return { is: "working", says: "the job cannot be read, the server shows that it is being reinstalled" };
  const changes = changesOf(before, now);
  const found = changes.length === 0 ? ["The server looks as it did before the order."] : changes;
  return {
    is: "unclear",
    evidence: [`The cloud took the order, but its job can no longer be read (${why}).`, ...found],
  };
}

/** No job id: a new system disk shows that somebody reinstalled, never who. */
function withoutJob(before: Server, now: Server): Look {
  if (isWiping(now)) return { is: "working", says: "a reinstall is going on, which cannot be proved to be ours" };
  const changes = changesOf(before, now);
  if (changes.length === 0) return { is: "no-trace", evidence: sameness(now) };
  const isNewDisk = before.trace["system disk"] !== now.trace["system disk"];
  const about = isNewDisk
    ? ["An OS was installed in between; without the id of a job nothing proves that it was ours."]
    : [];
  return { is: "unclear", evidence: [...changes, ...about] };
}

async function lookAtPower(
  ecs: Ecs,
  what: "stop" | "start",
  before: Server,
  now: Server,
  receipt: Receipt | null,
): Promise<Look> {
  const isSo = now.power === (what === "stop" ? "stopped" : "running");
  if (isSo && what === "stop") return { is: "done", proof: "state" };
  const seen = await jobOf(ecs, now, receipt);
  const ended = seen && "job" in seen ? fromJob(seen.job) : null;
  if (ended?.is === "failed" || (isSo && ended?.is === "done")) return ended;
  if (isSo) return { is: "done", proof: "state" };
  if (seen || now.power === "busy") return { is: "working", says: `the server is ${now.state}` };
  const changes = changesOf(before, now);
  return changes.length === 0 ? { is: "no-trace", evidence: sameness(now) } : { is: "unclear", evidence: changes };
}

/** How long a job can be asked for is not documented: one that is unknown is a fact, not an error. */
async function jobOf(ecs: Ecs, server: Server, receipt: Receipt | null): Promise<JobLook> {
  const path = receipt?.facts["job"];
  if (path === undefined) return null;
  const asked = await ecs.tryAsk({ service: "ecs", region: server.ref.region, path }, Job);
  if ("body" in asked) return { job: asked.body };
  if (asked.status === 400 || asked.status === 404) return { lost: asked.code };
  throw new CloudDown(explain(asked.code, "").says, asked.code);
}

function isWiping(server: Server): boolean {
  return server.trace["status"] === "REBUILD" || (server.trace["task"] ?? "").startsWith("rebuild");
}

function changesOf(before: Server, now: Server): string[] {
  if (now.power === "gone") return ["The cloud has no such server any more."];
  const names = [...new Set([...Object.keys(before.trace), ...Object.keys(now.trace)])];
  return names
    .filter((name) => before.trace[name] !== now.trace[name])
    .map((name) => `${name}: was ${shown(before.trace[name])}, is ${shown(now.trace[name])}`);
}

function sameness(now: Server): string[] {
  return [`state ${now.state}`, `same system disk ${shown(now.trace["system disk"])}`, `same image ${now.image.id}`];
}

function shown(value: string | undefined): string {
  return value ? shortName(value, "nothing") : "nothing";
}
