/** The only place that judges what can be seen of an act at JD Cloud, which gives no operation id: only the state, what changed, and a mark we planted. */
import type { Act, Look, Receipt, Server, Traits } from "./cloud.ts";
import { markOf } from "./jdcloud-mark.ts";

type Reinstall = Extract<Act, { kind: "once" }>;

/** A receipt remembers under this name that the server was seen rebuilding after its order was accepted. */
const seen = "seen";

export function lookAt(traits: Traits, act: Act, before: Server, now: Server, receipt: Receipt | null): Look {
  if (act.kind === "once") return lookAtRebuild(traits, act, before, now, receipt);
  const wanted = act.act === "stop" ? "stopped" : "running";
  if (now.power === wanted) return { is: "done", proof: "state" };
  if (now.power === "gone") return { is: "unclear", evidence: ["JD Cloud no longer has this server."] };
  if (now.power === "busy" || now.power === "unknown") return { is: "working", says: `state ${now.state}` };
  return { is: "no-trace", evidence: [`The server is in state ${now.state}.`] };
}

/**
 * Our order is proved to have run by its mark, or by its receipt together with a trace of a rebuild: the state `rebuilding`
 * seen since, or the image asked for in place of another. Without a receipt the same traces could be a stranger's.
 */
function lookAtRebuild(traits: Traits, act: Reinstall, before: Server, now: Server, receipt: Receipt | null): Look {
  if (now.power === "gone") return { is: "unclear", evidence: ["JD Cloud no longer has this server."] };
  if (now.trace["state"] === "rebuilding") return rebuilding(receipt);
  if (now.power === "broken") return broken(before, now, receipt);
  if (now.power === "unknown" || !settled.has(now.trace["state"] ?? "")) {
    return { is: "working", says: `state ${now.state || "not named"}` };
  }
  const ran = receipt?.facts[seen] === "rebuilding";
  const fresh = now.readAt - sentAt(before, receipt) <= traits.lagMs;
  // Right after acceptance a good state may be the old one, and new names may be shown before the work has begun.
  if (fresh && !ran && receipt !== null) return { is: "working", says: "accepted; still shown as before" };
  const wanted = now.image.id === act.order.image.id;
  const marked = now.trace["host name"] === markOf(act.id, before, act.order.image.os.family);
  if (marked && wanted && !fresh) return { is: "done", proof: "mark" };
  const changed = changes(before, now).length > 0;
  if (receipt !== null && wanted && (ran || changed)) return { is: "done", proof: "receipt" };
  const evidence = evidenceOf(act, before, now, receipt);
  return receipt === null && !changed && !marked ? { is: "no-trace", evidence } : { is: "unclear", evidence };
}

/** A rebuild ends `stopped`; somebody may have started the server since. */
const settled: ReadonlySet<string> = new Set(["stopped", "starting", "running"]);

/** Kept in the receipt, because later readings no longer show it. */
function rebuilding(receipt: Receipt | null): Look {
  if (receipt === null) return { is: "working", says: "rebuilding, though nothing proves that this is our order" };
  const known = receipt.facts[seen] === "rebuilding";
  return { is: "working", says: "rebuilding", ...(known ? {} : { facts: { [seen]: "rebuilding" } }) };
}

function broken(before: Server, now: Server, receipt: Receipt | null): Look {
  if (receipt === null || before.power === "broken") {
    return {
      is: "unclear",
      evidence: [`The server is in state ${now.state}.`, "Nothing proves that our order led there."],
    };
  }
  const says =
    "The rebuild failed: the server is in state error, from which JD Cloud does not rebuild. Open a ticket with JD Cloud.";
  return { is: "failed", refusal: { code: "error", requestId: receipt.id, says } };
}

/** When the act was signed; the reading saved just before it is as good. */
function sentAt(before: Server, receipt: Receipt | null): number {
  const at = Number(receipt?.facts["sentAt"]);
  return Number.isFinite(at) && at > 0 ? at : before.readAt;
}

/** What only a rebuild changes. A host name or a key pair can be changed in other ways. */
const rebuildTraces = ["image", "system disk", "system disk made", "system disk made from"] as const;

function changes(before: Server, now: Server): string[] {
  return rebuildTraces
    .filter((name) => (before.trace[name] ?? "") !== (now.trace[name] ?? ""))
    .map((name) => `${capital(name)}: ${before.trace[name] || "none"} before, ${now.trace[name] || "none"} now.`);
}

function evidenceOf(act: Reinstall, before: Server, now: Server, receipt: Receipt | null): readonly string[] {
  const changed = changes(before, now);
  const other = now.image.id !== act.order.image.id;
  return [
    `The server is in state ${now.state}.`,
    ...(receipt === null
      ? ["JD Cloud did not confirm the order."]
      : [`JD Cloud accepted the order (request ${receipt.id}).`]),
    ...(changed.length > 0 ? changed : ["Image and system disk are shown as before."]),
    ...(other && changed.length > 0 ? [`Asked for was image ${act.order.image.id}.`] : []),
    ...(receipt !== null && receipt.facts[seen] === undefined ? ["It was not seen rebuilding."] : []),
    ...(act.order.image.same ? ["A rebuild with the same image need not leave anything else to be seen."] : []),
    "JD Cloud keeps no record of operations that I could ask.",
  ];
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
