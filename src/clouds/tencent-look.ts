/** The only place that judges what became of an act at Tencent Cloud, from two readings and the receipt. Nobody else's operation is taken for ours. */
import type { Act, Look, Order, Receipt, Server, Traits } from "./cloud.ts";
import { excerpt } from "./tencent-sentence.ts";

/**
 * The request id of the latest operation is the one exact link between our order and what the server shows.
 * https://www.tencentcloud.com/document/api/213/15753#Instance (LatestOperationRequestId)
 */
export function lookAt(traits: Traits, act: Act, before: Server, now: Server, receipt: Receipt | null): Look {
  if (now.power === "gone") {
    return { is: "unclear", evidence: ["Tencent Cloud no longer has a server with this id."] };
  }
  if (act.kind === "converge") return lookAtPower(act.act, now, receipt);
  const { order } = act;
  if (receipt === null) {
    return sameTrace(before, now)
      ? { is: "no-trace", evidence: evidenceOf(before, now, order) }
      : {
          is: "unclear",
          evidence: ["Something changed that cannot be proved to be this order.", ...evidenceOf(before, now, order)],
        };
  }
  if (now.trace["operation request"] === receipt.id) return ownOperation(before, now, receipt, order);
  if (now.trace["operation request"] !== before.trace["operation request"]) {
    const says = "Another operation has since taken the place of this one in what Tencent Cloud shows.";
    return { is: "unclear", evidence: [says, ...evidenceOf(before, now, order)] };
  }
  // A fresh order takes some seconds to show: until then the latest operation is still the one before it.
  if (now.readAt - before.readAt < traits.lagMs) return { is: "working", says: "The order does not show yet." };
  const says = "Tencent Cloud took the order, and nothing of it shows on the server.";
  return { is: "unclear", evidence: [says, ...evidenceOf(before, now, order)] };
}

function ownOperation(before: Server, now: Server, receipt: Receipt, order: Order): Look {
  switch (now.trace["operation state"]) {
    case "OPERATING":
      return { is: "working" };
    case "SUCCESS":
      return { is: "done", proof: "receipt" };
    case "FAILED":
      return { is: "failed", refusal: failedRefusal("reinstall", now, receipt) };
    default: {
      const says = `Tencent Cloud shows this order with a state I do not know: ${now.trace["operation state"] || "none"}.`;
      return { is: "unclear", evidence: [says, ...evidenceOf(before, now, order)] };
    }
  }
}

function failedRefusal(what: "reinstall" | "stop" | "start", now: Server, receipt: Receipt) {
  const words = excerpt(now.facts["operationError"] ?? "");
  const why = words === "" ? "Tencent Cloud does not say why." : `Tencent Cloud says: “${words.replace(/\.$/, "")}”.`;
  const next =
    what === "reinstall"
      ? "Until it is reinstalled, the server takes no other order."
      : "Look at the server in the console.";
  return {
    code: "LatestOperationState.FAILED",
    requestId: receipt.id,
    says: `The ${what} was accepted and then failed. ${why} ${next}`,
  };
}

/** Nobody minds who stopped or started the server: the state itself is what is wanted. */
function lookAtPower(act: "stop" | "start", now: Server, receipt: Receipt | null): Look {
  if (now.power === (act === "stop" ? "stopped" : "running")) return { is: "done", proof: "state" };
  const own = receipt !== null && now.trace["operation request"] === receipt.id;
  if (own && now.trace["operation state"] === "FAILED") {
    return { is: "failed", refusal: failedRefusal(act, now, receipt) };
  }
  return { is: "working" };
}

function sameTrace(before: Server, now: Server): boolean {
  const fields = new Set([...Object.keys(before.trace), ...Object.keys(now.trace)]);
  const sameSize = before.systemDisk?.sizeGb === now.systemDisk?.sizeGb;
  return sameSize && [...fields].every((field) => before.trace[field] === now.trace[field]);
}

/** What is seen now, a short sentence each, beside what was seen just before the order. */
function evidenceOf(before: Server, now: Server, order: Order): readonly string[] {
  const wanted = order.image.id;
  const image = now.image.id === before.image.id ? "as before" : `before it was ${before.image.id}`;
  const asked = now.image.id === wanted && wanted !== before.image.id ? ", and it is the one asked for" : "";
  const disk = now.trace["system disk"] ?? "";
  const diskBefore = before.trace["system disk"] ?? "";
  return [
    `State: ${now.state}.`,
    `Latest operation: ${operationWords(now)}${operationWords(now) === operationWords(before) ? ", as before" : `; before it was ${operationWords(before)}`}.`,
    `Image: ${now.image.id || "none"} (${image}${asked}).`,
    `System disk: ${disk || "without an id"} (${disk === diskBefore ? "as before" : `before it was ${diskBefore || "without an id"}`}).`,
    ...sizeEvidence(before, now, order),
  ];
}

/** Worth a line where a size was asked for, or another one shows. */
function sizeEvidence(before: Server, now: Server, { diskGb }: Order): readonly string[] {
  const [sizeGb, beforeGb] = [now.systemDisk?.sizeGb ?? 0, before.systemDisk?.sizeGb ?? 0];
  if (sizeGb === beforeGb) return diskGb === undefined ? [] : [`System disk size: ${sizeGb} GB (as before).`];
  const asked = sizeGb === diskGb ? ", and it is the one asked for" : "";
  return [`System disk size: ${sizeGb} GB (before it was ${beforeGb} GB${asked}).`];
}

function operationWords(server: Server): string {
  const { operation, "operation state": state, "operation request": request } = server.trace;
  if (!operation) return "none";
  return `${operation} ${state || "without a state"}${request ? `, request ${request}` : ""}`;
}
