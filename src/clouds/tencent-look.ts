/** The only place that judges what became of an act at Tencent Cloud, from two readings and the receipt. Nobody else's operation is taken for ours. */
import * as z from "zod";
import {
  type Act,
  CloudDown,
  type Look,
  type Order,
  type Receipt,
  type Refusal,
  type Server,
  type Traits,
} from "./cloud.ts";
import type { Cvm } from "./tencent-call.ts";
import { excerpt } from "./tencent-sentence.ts";

/**
 * The request id of the latest operation is the one exact link between our order and what the server shows.
 * https://www.tencentcloud.com/document/api/213/15753#Instance (LatestOperationRequestId)
 */
export async function lookAt(
  cvm: Cvm,
  traits: Traits,
  act: Act,
  before: Server,
  now: Server,
  receipt: Receipt | null,
): Promise<Look> {
  const look = seen(traits, act, before, now, receipt);
  return look.is === "failed" ? { is: "failed", refusal: await failedRefusal(cvm, act, now, look.receipt) } : look;
}

/** As a look, but for the reason of a failure, which takes another call. */
type Seen = Exclude<Look, { is: "failed" }> | { is: "failed"; receipt: Receipt };

function seen(traits: Traits, act: Act, before: Server, now: Server, receipt: Receipt | null): Seen {
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

function ownOperation(before: Server, now: Server, receipt: Receipt, order: Order): Seen {
  switch (now.trace["operation state"]) {
    case "OPERATING":
      return { is: "working" };
    case "SUCCESS":
      return { is: "done", proof: "receipt" };
    case "FAILED":
      return { is: "failed", receipt };
    default: {
      const says = `Tencent Cloud shows this order with a state I do not know: ${now.trace["operation state"] || "none"}.`;
      return { is: "unclear", evidence: [says, ...evidenceOf(before, now, order)] };
    }
  }
}

async function failedRefusal(cvm: Cvm, act: Act, now: Server, receipt: Receipt): Promise<Refusal> {
  const why = carriesPassword(act)
    ? "Tencent Cloud's words may repeat the password, so they are not read here; its console shows them at the server."
    : await reasonOf(cvm, now, receipt);
  const next =
    act.act === "reinstall"
      ? "Until it is reinstalled, the server takes no other order."
      : "Look at the server in the console.";
  return {
    code: "LatestOperationState.FAILED",
    requestId: receipt.id,
    says: `The ${act.act} was accepted and then failed. ${why} ${next}`,
  };
}

/** The cloud's own new password counts too. */
function carriesPassword(act: Act): boolean {
  return act.kind === "once" && ["typed", "generated", "provider"].includes(act.order.login.kind);
}

/**
 * Free text of the cloud's, which may repeat what was sent; a later look has no password to compare it with. So it is no part of a
 * reading, which is stored, and is asked for only where the order at hand carried none.
 * https://www.tencentcloud.com/document/api/213/15753#Instance (LatestOperationErrorMsg)
 */
const Reason = z.object({
  InstanceSet: z.array(
    z.object({ LatestOperationRequestId: z.string().nullish(), LatestOperationErrorMsg: z.string().nullish() }),
  ),
});

/** Not being able to ask for the reason is no reason to hold back that it failed. */
async function reasonOf(cvm: Cvm, { ref }: Server, receipt: Receipt): Promise<string> {
  try {
    const params = { InstanceIds: [ref.id], Offset: 0, Limit: 1 };
    const [instance] = (await cvm.read(ref.region, "DescribeInstances", params, Reason)).InstanceSet;
    const own = instance?.LatestOperationRequestId === receipt.id;
    const words = excerpt((own ? instance.LatestOperationErrorMsg : null) ?? "");
    return words === "" ? "Tencent Cloud does not say why." : `Tencent Cloud says: “${words.replace(/\.$/, "")}”.`;
  } catch (cause) {
    if (!(cause instanceof CloudDown)) throw cause;
    return "Why could not be read just now; the console shows it.";
  }
}

/** Nobody minds who stopped or started the server: the state itself is what is wanted. Only that it was this very act proves that the reading is no older. */
function lookAtPower(act: "stop" | "start", now: Server, receipt: Receipt | null): Seen {
  const own = receipt !== null && now.trace["operation request"] === receipt.id;
  const proof = own && now.trace["operation state"] === "SUCCESS" ? "receipt" : "state";
  if (now.power === (act === "stop" ? "stopped" : "running")) return { is: "done", proof };
  if (own && now.trace["operation state"] === "FAILED") {
    return { is: "failed", receipt };
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
