/** The only place that stops, starts and reboots the simulated instances. https://www.tencentcloud.com/document/product/213/33237 */
import { notFound, wrongIds } from "./tencent-describe.ts";
import { fires } from "./tencent-faults.ts";
import type { Params } from "./tencent-params.ts";
import { type CvmInstance, type CvmTask, durations, serverIn, type TencentState, withServer } from "./tencent-state.ts";
import { notNow } from "./tencent-task.ts";
import { type Answered, type Call, type Refusal, refusal, refuse } from "./tencent-wire.ts";

export function stopInstances(state: TencentState, call: Call<Params<"StopInstances">>): Answered {
  const { StopType, ForceStop, StoppedMode } = call.params;
  if (StopType !== undefined && ForceStop !== undefined) {
    return refuse(state, refusal("InvalidParameterCombination", "ForceStop and StopType cannot be combined."));
  }
  const how = ForceStop ? "HARD" : (StopType ?? "SOFT");
  const chosen = chooseForPower(state, call, "RUNNING");
  if ("code" in chosen) return refuse(state, chosen);
  const [after, deaf] = how === "HARD" ? [state, false] : fires(state, "soft-stop-ignored");
  const next = chosen.reduce((so, instance) => {
    const ignores = how !== "HARD" && (deaf || instance.ignoresSoftStop);
    const mode = instance.charge === "POSTPAID_BY_HOUR" ? (StoppedMode ?? "KEEP_CHARGING") : "NOT_APPLICABLE";
    const task = ignores && how === "SOFT" ? ignoredStop(so, call) : stop(so, call, how, ignores, mode);
    return withServer(so, { ...instance, task });
  }, after);
  return [next, { give: {} }];
}

function stop(
  state: TencentState,
  call: Call<unknown>,
  how: string,
  ignored: boolean,
  stopCharging: CvmInstance["stopCharging"],
): CvmTask {
  const ms = how === "HARD" ? durations.hardStop : durations.stop + (ignored ? durations.softStopPatience : 0);
  return powerTask(state, call, ms, "STOPPING", { state: "STOPPED", stopCharging });
}

/** The guest goes on as if nothing had been said; the cloud gives up after a while. */
function ignoredStop(state: TencentState, call: Call<unknown>): CvmTask {
  return {
    ...powerTask(state, call, durations.softStopPatience, "STOPPING", { state: "RUNNING" }),
    outcome: "FAILED",
    message: "The instance did not shut down in time. Try a forced shutdown.",
  };
}

export function startInstances(state: TencentState, call: Call<Params<"StartInstances">>): Answered {
  const chosen = chooseForPower(state, call, "STOPPED");
  if ("code" in chosen) return refuse(state, chosen);
  const [after, soldOut] = fires(state, "start-refused");
  if (soldOut) {
    const words = "The specified instance type is sold out in this zone; the instance cannot be started now.";
    return refuse(after, refusal("ResourcesSoldOut.SpecifiedInstanceType", words));
  }
  const task = powerTask(state, call, durations.start, "STARTING", {
    state: "RUNNING",
    stopCharging: "NOT_APPLICABLE",
  });
  return [chosen.reduce((so, instance) => withServer(so, { ...instance, task }), after), { give: {} }];
}

export function rebootInstances(state: TencentState, call: Call<Params<"RebootInstances">>): Answered {
  const chosen = chooseForPower(state, call, "RUNNING");
  if ("code" in chosen) return refuse(state, chosen);
  const task = powerTask(state, call, durations.reboot, "REBOOTING", { state: "RUNNING" });
  return [chosen.reduce((so, instance) => withServer(so, { ...instance, task }), state), { give: {} }];
}

/** All of them or none: one that cannot be taken refuses the whole call. */
function chooseForPower(
  state: TencentState,
  call: Call<{ InstanceIds: readonly string[] }>,
  needed: "RUNNING" | "STOPPED",
): readonly CvmInstance[] | Refusal {
  const ids = call.params.InstanceIds;
  if (ids.length === 0)
    return refusal("MissingParameter", "The request is missing a required parameter `InstanceIds`.");
  const wrong = wrongIds(ids);
  if (wrong) return wrong;
  const chosen: CvmInstance[] = [];
  for (const id of new Set(ids)) {
    const instance = serverIn(state, call.region, id, call.now);
    if (!instance) return notFound(id);
    const refused = notNow(instance, call.action, call.now) ?? notInState(instance, needed);
    if (refused) return refused;
    chosen.push(instance);
  }
  return chosen;
}

function notInState(instance: CvmInstance, needed: "RUNNING" | "STOPPED"): Refusal | null {
  if (instance.state === needed) return null;
  if (instance.state === "STOPPED" || instance.state === "RUNNING") {
    const word = instance.state === "STOPPED" ? "Stopped" : "Running";
    const words = `The instance \`${instance.id}\` in state ${instance.state} does not support this operation.`;
    return refusal(`UnsupportedOperation.InstanceState${word}`, words);
  }
  return refusal("InvalidInstance.NotSupported", `The instance \`${instance.id}\` is not supported.`);
}

function powerTask(
  state: TencentState,
  call: Call<unknown>,
  ms: number,
  word: string,
  effect: Partial<CvmInstance>,
): CvmTask {
  const shownAt = call.now + durations.lag / state.speed;
  const doneAt = call.now + ms / state.speed;
  return {
    operation: call.action,
    requestId: call.requestId,
    acceptedAt: call.now,
    shownAt,
    doneAt,
    endsAt: doneAt + durations.busyAfter / state.speed,
    phases: [{ from: call.now, state: word }],
    effect,
    outcome: "SUCCESS",
    message: "",
  };
}
