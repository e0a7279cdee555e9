/** The only place that says when an instance takes no order: something is under way there, or its state forbids it. */
import { type CvmInstance, pictureAt } from "./tencent-state.ts";
import { type Refusal, refusal } from "./tencent-wire.ts";

/** The state codes of the error lists; RUNNING and STOPPED are each call's own affair. */
const stateCodes: Readonly<Record<string, string>> = {
  PENDING: "InstanceStatePending",
  STARTING: "InstanceStateStarting",
  STOPPING: "InstanceStateStopping",
  REBOOTING: "InstanceStateRebooting",
  SHUTDOWN: "InstanceStateShutdown",
  TERMINATING: "InstanceStateTerminating",
  ENTER_RESCUE_MODE: "InstanceStateEnterRescueMode",
  RESCUE_MODE: "InstanceStateRescueMode",
  EXIT_RESCUE_MODE: "InstanceStateExitRescueMode",
  ENTER_SERVICE_LIVE_MIGRATE: "InstanceStateEnterServiceLiveMigrate",
  SERVICE_LIVE_MIGRATE: "InstanceStateServiceLiveMigrate",
  EXIT_SERVICE_LIVE_MIGRATE: "InstanceStateExitServiceLiveMigrate",
};

const powerActions: readonly string[] = ["StopInstances", "StartInstances", "RebootInstances"];

/** Why this instance cannot take this order now; null when nothing of the kind stands in the way. */
export function notNow(instance: CvmInstance, action: string, now: number): Refusal | null {
  return (
    busy(instance, action, now) ??
    badState(instance.state, instance.id) ??
    (instance.restrict === "NORMAL"
      ? null
      : refusal("UnsupportedOperation.InstanceStateIsolating", `The instance \`${instance.id}\` is isolated.`)) ??
    (instance.reinstallFailed && action !== "ResetInstance"
      ? refusal(
          "UnsupportedOperation.InstanceReinstallFailed",
          `The instance \`${instance.id}\` is in a failed OS reinstallation state. Reinstall it again.`,
        )
      : null)
  );
}

/**
 * The state word shown counts first while power is switched. Right after a reset a power call is answered in words of its own:
 * https://github.com/yunionio/cloudmux/blob/311f52c4/pkg/multicloud/qcloud/qcloud.go
 */
function busy(instance: CvmInstance, action: string, now: number): Refusal | null {
  const task = instance.task;
  if (!task) return null;
  if (task.operation === "ResetInstance" && powerActions.includes(action) && now < task.shownAt) {
    const words = `The request does not support the instances \`${instance.id}\` which are in operation or in a special state.`;
    return refusal("InvalidInstance.NotSupported", words);
  }
  const byState = powerActions.includes(task.operation) ? badState(pictureAt(instance, now).state, instance.id) : null;
  const words = `The instance \`['${instance.id}']\` already has operation in progress. Please try again later.`;
  return byState ?? refusal("OperationDenied.InstanceOperationInProgress", words);
}

function badState(state: string, id: string): Refusal | null {
  const code = stateCodes[state];
  return code
    ? refusal(`UnsupportedOperation.${code}`, `The instance \`${id}\` in state ${state} is not supported.`)
    : null;
}
