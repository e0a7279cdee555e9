/** The only place that says what Tencent Cloud's answer to an act means: taken, refused, not taken yet, or unknown. https://www.tencentcloud.com/document/api/213/30435 */
import type { Act, Answer } from "./cloud.ts";
import { type Reply, Unclear } from "./tencent-call.ts";
import { sentenceOf } from "./tencent-sentence.ts";

/**
 * refused: it did nothing, and says why. throttled: it did nothing, and would later. busy: another operation is in progress.
 * unclear: it may have done it.
 */
export type Verdict = "refused" | "throttled" | "busy" | "unclear";

/** By the longest beginning of the code up to a dot. What is in no row is unclear: nothing is concluded from a word that nobody knows. */
export const verdicts: ReadonlyMap<string, Verdict> = new Map([
  ["RequestLimitExceeded", "throttled"],
  ["OperationDenied.InstanceOperationInProgress", "busy"],
  ["MutexOperation", "busy"],
  ["ResourceInUse", "busy"],
  ["ResourceBusy", "busy"],
  ["InternalError", "unclear"],
  ["InternalServerError", "unclear"],
  ["ServiceUnavailable", "unclear"],
  ["ResponseSizeLimitExceeded", "unclear"],
  ["FailedOperation", "unclear"],
  ["FailedOperation.InvalidInstanceApplicationRoleEmr", "refused"],
  ["FailedOperation.InvalidInstanceApplicationRole", "refused"],
  ["ActionOffline", "refused"],
  ["AuthFailure", "refused"],
  ["DryRunOperation", "refused"],
  ["InvalidAccount", "refused"],
  ["InvalidAction", "refused"],
  ["InvalidImageId", "refused"],
  ["InvalidInstance", "refused"],
  ["InvalidInstanceId", "refused"],
  ["InvalidInstanceType", "refused"],
  ["InvalidKeyPairId", "refused"],
  ["InvalidParameter", "refused"],
  ["InvalidParameterCombination", "refused"],
  ["InvalidParameterConflict", "refused"],
  ["InvalidParameterValue", "refused"],
  ["InvalidRegion", "refused"],
  ["InvalidRequest", "refused"],
  ["InvalidZone", "refused"],
  ["IpInBlacklist", "refused"],
  ["IpNotInWhitelist", "refused"],
  ["LimitExceeded", "refused"],
  ["MissingParameter", "refused"],
  ["NoSuchProduct", "refused"],
  ["NoSuchVersion", "refused"],
  ["OperationDenied", "refused"],
  ["RequestSizeLimitExceeded", "refused"],
  ["ResourceInsufficient", "refused"],
  ["ResourceNotFound", "refused"],
  ["ResourceUnavailable", "refused"],
  ["ResourcesSoldOut", "refused"],
  ["UnauthorizedOperation", "refused"],
  ["UnknownParameter", "refused"],
  ["UnsupportedOperation", "refused"],
  ["UnsupportedProtocol", "refused"],
  ["UnsupportedRegion", "refused"],
]);

/** Codes that say "it is so already". */
const alreadySo: Readonly<Record<"stop" | "start", string>> = {
  stop: "UnsupportedOperation.InstanceStateStopped",
  start: "UnsupportedOperation.InstanceStateRunning",
};

/** On the way to another state: a stop or start may simply be tried again. */
const passing = /^UnsupportedOperation\.InstanceState(Pending|Starting|Stopping|Rebooting)$/;

/** Seen for a server that is in operation, although the code says more: cloudmux `pkg/multicloud/qcloud`. */
const inOperation = /in operation or in a special state/i;

/** An image is found again by its name, so it may be ordered again when it is not there. */
type Meant = Act | { kind: "named"; act: "backup" };

/** Throws `Unclear` when nobody knows whether the act took. */
export function answerOf(act: Meant, reply: Reply): Answer {
  const { requestId } = reply;
  if (reply.taken) return { accepted: { id: requestId, facts: {} } };
  const { code, message } = reply;
  if (act.kind === "converge" && code === alreadySo[act.act]) return { accepted: { id: requestId, facts: {} } };
  const says = sentenceOf(code, message, act.kind === "once" ? act.secret : undefined);
  const verdict = verdictOf(act, code, message);
  if (verdict === "refused") return { refused: { code, requestId, says } };
  if (verdict === "throttled" || (verdict === "busy" && act.kind !== "once")) {
    return { notSent: { code, requestId, says } };
  }
  // The operation in progress may be this very order, which came twice on its way.
  throw new Unclear(`${act.act} was answered with ${code}`);
}

function verdictOf(act: Meant, code: string, message: string): Verdict {
  if (code === "InvalidInstance.NotSupported" && inOperation.test(message)) return "busy";
  if (act.kind !== "once" && passing.test(code)) return "busy";
  const parts = code.split(".");
  for (let length = parts.length; length > 0; length--) {
    const verdict = verdicts.get(parts.slice(0, length).join("."));
    if (verdict !== undefined) return verdict;
  }
  return "unclear";
}
