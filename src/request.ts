/** The only place that says what a request is: the record on disk, of which every message is a picture. Words here are promises: add, never rename. */
import * as z from "zod";
import { Notice, Order, Receipt, Server, serverKey } from "./clouds/cloud.ts";

const Ms = z.number().int().nonnegative();

export const Person = z.object({ team: z.string(), user: z.string() });
export type Person = z.infer<typeof Person>;

/** A password under AES-256-GCM with a fresh data key, which `keyId` wraps; bound to request, server, image and requester. All base64. */
export const Sealed = z.object({
  keyId: z.string(),
  wrapped: z.string(),
  iv: z.string(),
  box: z.string(),
});
export type Sealed = z.infer<typeof Sealed>;

/** What was posted for a key, or is going to be: `intentAt` is stored before posting. Without `ts` it may have been sent and is searched for first, unless this very process wrote it down and has not sent it yet. */
export const Post = z.object({
  key: z.string(),
  channel: z.string(),
  digest: z.string(),
  intentAt: Ms,
  ts: z.string().optional(),
  /** Slack refuses this message for good (channel archived, bot removed …): its error word. */
  gaveUp: z.string().optional(),
});
export type Post = z.infer<typeof Post>;

export const StepId = z.enum(["recheck", "stop", "backup", "reinstall", "start", "verify", "put-back"]);
export type StepId = z.infer<typeof StepId>;

/** Whether a port of the reinstalled server answers the bot. `shut` and `untried` fail nothing: they are only said. */
export const Door = z.object({
  port: z.number().int().positive(),
  speaks: z.enum(["ssh", "rdp"]),
  /** Which of the server's addresses is tried, by the account's configuration. */
  from: z.enum(["public", "private"]),
  /** Absent when the server shows no such address. */
  address: z.string().optional(),
  since: Ms,
  is: z.enum(["trying", "open", "shut", "untried"]),
  /** Why the latest try was in vain. */
  why: z.enum(["refused", "no-answer", "no-route", "silent"]).optional(),
  /** The new SSH host key, as ssh itself shows it: "SHA256:…" and "ED25519". */
  hostKey: z.string().optional(),
  hostKeyKind: z.string().optional(),
});
export type Door = z.infer<typeof Door>;

/** How long earlier reinstalls of this kind took here: the middle one, and the time within which 95 of 100 were done. */
export const Expected = z.object({ runs: z.number().int().positive(), medianMs: Ms, mostMs: Ms });
export type Expected = z.infer<typeof Expected>;

/** todo → acting (saved before the act is sent) → waiting (the provider has it) → done, skipped or failed. */
export const Step = z.object({
  id: z.string(),
  state: z.enum(["todo", "acting", "waiting", "done", "skipped", "failed"]),
  startedAt: Ms.optional(),
  checkedAt: Ms.optional(),
  endedAt: Ms.optional(),
  /** The reading saved in the same change as `acting`, and the time the act is signed with. */
  before: Server.optional(),
  signedAt: Ms.optional(),
  hard: z.boolean().optional(),
  receipt: Receipt.optional(),
  says: z.string().optional(),
  /** Why this act is known to be ours. */
  proof: z.enum(["receipt", "mark", "person"]).optional(),
  settledBy: Person.optional(),
  /** Since when the same act could not be sent (throttled, no connection) or the server was busy. */
  heldSince: Ms.optional(),
  /** Of the last step: the port that is tried, where the account asks for it. */
  door: Door.optional(),
  /** It takes longer than the earlier ones did. */
  outlasted: z.boolean().optional(),
});
export type Step = z.infer<typeof Step>;

/** Why an attempt ended. `erased` is what is known of the system disk. */
export const Failure = z.object({
  at: Ms,
  step: z.string(),
  says: z.string(),
  code: z.string(),
  requestId: z.string(),
  erased: z.enum(["nothing", "unknown", "likely"]),
  /** Fields in which the server differs from what was approved: name, before, now. */
  changed: z.array(z.object({ field: z.string(), before: z.string(), now: z.string() })).optional(),
  /** Who cancelled it, for code "cancelled". */
  cancelledBy: Person.optional(),
  /** Whether this approval still covers another send (a changed server needs a new request). */
  retry: z.boolean(),
});
export type Failure = z.infer<typeof Failure>;

export const Attempt = z.object({
  n: z.number().int().positive(),
  startedAt: Ms,
  startedBy: Person,
  steps: z.array(Step),
  /** Of earlier runs, as they stood when the order was sent. */
  expected: Expected.optional(),
  /** Decided, while a server that the bot stopped is being started again. */
  ending: Failure.optional(),
  failure: Failure.optional(),
  /** The reading saved at the failure: what the next attempt compares with. */
  last: Server.optional(),
});
export type Attempt = z.infer<typeof Attempt>;

export const Approval = z.object({ by: Person, at: Ms, rule: z.string() });
export type Approval = z.infer<typeof Approval>;

const Held = z.object({
  sealed: Sealed,
  kind: z.enum(["typed", "generated"]),
  /** A generated password may be opened by the requester until then. */
  showUntil: Ms.optional(),
});

const common = {
  v: z.literal(1),
  id: z.string(),
  revision: z.number().int().positive(),
  channel: z.string(),
  /** The thread of somebody's message in which the card stands (asked from that message's menu); absent: the card begins a thread of its own. */
  threadTs: z.string().optional(),
  askedBy: Person,
  askedAt: Ms,
  reason: z.string(),
  order: Order,
  /** The server as drawn on the card; its `identity` is what the approval seals. */
  drawn: Server,
  notices: z.array(Notice),
  rule: z.string(),
  /** Who is called to decide: Slack user and user-group ids, as the rule named them. */
  approvers: z.object({ users: z.array(z.string()), groups: z.array(z.string()) }),
  remindAt: Ms,
  remindedAt: Ms.optional(),
  expiresAt: Ms,
  approvals: z.array(Approval),
  posts: z.array(Post),
  secret: Held.optional(),
};
const attempts = { attempts: z.array(Attempt).min(1) };

/** Proof that it was ours: the provider's receipt, a mark we planted, or a person's word. */
export const Proof = z.enum(["receipt", "mark", "person"]);

export const Request = z.discriminatedUnion("status", [
  z.object({ ...common, status: z.literal("pending") }),
  z.object({ ...common, ...attempts, status: z.literal("running") }),
  z.object({ ...common, ...attempts, status: z.literal("failed"), failedAt: Ms, retryUntil: Ms.optional() }),
  z.object({
    ...common,
    ...attempts,
    status: z.literal("unsure"),
    since: Ms,
    evidence: z.array(z.string()),
    /** An approver said that it did not run; checked against the cloud before it counts. */
    saidNotRun: z.object({ by: Person, at: Ms }).optional(),
    /** An approver said that it ran; counts as soon as the server could be read once more. */
    saidRan: z.object({ by: Person, at: Ms }).optional(),
    /** What the check of such a word found, when it does not fit. */
    answer: z.string().optional(),
  }),
  z.object({
    ...common,
    ...attempts,
    status: z.literal("done"),
    endedAt: Ms,
    proof: Proof,
    settledBy: Person.optional(),
    found: Server,
  }),
  z.object({ ...common, status: z.literal("denied"), endedAt: Ms, endedBy: Person, why: z.string() }),
  z.object({ ...common, status: z.literal("expired"), endedAt: Ms }),
  z.object({ ...common, status: z.literal("withdrawn"), endedAt: Ms, endedBy: Person }),
  z.object({ ...common, status: z.literal("replaced"), endedAt: Ms, endedBy: Person, replacedBy: z.string() }),
  z.object({ ...common, ...attempts, status: z.literal("abandoned"), endedAt: Ms, endedBy: Person.optional() }),
]);
export type Request = z.infer<typeof Request>;
export type Status = Request["status"];
export type Of<S extends Status> = Extract<Request, { status: S }>;
/** Requests that have been approved and so have attempts. */
export type Started = Extract<Request, { attempts: unknown }>;

const open: ReadonlySet<Status> = new Set<Status>(["pending", "running", "failed", "unsure"]);

export function isOpen(request: Request): boolean {
  return open.has(request.status);
}

/** The key under which one open request may stand. */
export function keyOf(request: Request): string {
  return serverKey(request.order.server);
}

/** Request ids are minted when a form opens, so that a submission that comes twice is one request. */
export function requestId(random: (n: number) => Uint8Array): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return `r${[...random(10)].map((byte) => letters[byte % 32]).join("")}`;
}
