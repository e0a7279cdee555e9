/** The only place that says when a reinstall is done: ours succeeded, the state is final, and the image is the one asked for. */
import type { Failure, Of } from "../request.ts";
import { edit, editStep, shownMinute } from "./edit.ts";
import { failAttempt, toDone } from "./end.ts";
import { lastAttempt, withAttempt, withStep } from "./steps.ts";
import type { Turn } from "./turn.ts";

export async function verify(turn: Turn): Promise<number> {
  const { tools, request, cloud, server, step, now } = turn;
  const wanted = request.order.image.id;
  if (server.power === "running" && server.image.id === wanted) {
    await edit(tools, request, (r) => {
      const running = r as Of<"running">;
      const done = withStep(lastAttempt(running), "verify", { state: "done", endedAt: now, says: undefined });
      return toDone(withAttempt(running, done), server, now);
    });
    return now;
  }
  const since = step.startedAt ?? now;
  if (now - since <= cloud.traits.patienceMs.start) {
    const says =
      server.power === "running" ? `the image shown is still ${server.image.id}` : `the state is ${server.state}`;
    if (step.startedAt === undefined || step.says !== says || step.checkedAt !== shownMinute(now)) {
      await editStep(tools, request, "verify", { startedAt: since, says, checkedAt: shownMinute(now) });
    }
    return now + tools.pollMs;
  }
  const says =
    server.power === "running"
      ? `${cloud.traits.title} reports success, but the server runs image ${server.image.id}, not ${wanted}.`
      : `${cloud.traits.title} reports success, but the server is ${server.state}. Look at it in the console.`;
  const failure: Failure = {
    at: now,
    step: "verify",
    says,
    code: "not-verified",
    requestId: "",
    erased: "likely",
    retry: true,
  };
  await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure, server));
  return now;
}
