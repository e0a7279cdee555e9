/** The only place that says what a seed means: who asks for what, what goes wrong and how often, and until when. */
import { cases } from "../test/setup/cases.ts";
import { type Dice, dice } from "./dice.ts";
import { asOftenInMany, atCalls, type FaultKind, type Moment, moments, odds, type Timed, timed } from "./faults.ts";

export type Login = "key-pair" | "generated" | "typed" | "keep-image" | "provider";

/** One wish, and what the people round it are going to do. */
export interface FlowPlan {
  n: number;
  /** Which of the four clouds. */
  cloud: number;
  /** Which of the servers kept there. */
  server: number;
  /** own: a custom image with a login of its own. made-now: the one that is made of this server first. */
  image: "same" | "other" | "own" | "made-now";
  login: Login;
  backup: "none" | "image" | "have";
  /** The system disk is to be larger afterwards. */
  grows: boolean;
  requester: "engineer" | "approver";
  asksAfterMs: number;
  decides:
    | "approve"
    | "approve twice"
    | "both approve"
    | "own approval first"
    | "deny"
    | "withdraw"
    | "race"
    | "nobody";
  /** The requester changes their mind while it runs. */
  cancels: boolean;
  afterFailure: "retry" | "abandon" | "nobody";
  /** Asks once more from a message: instead of what waits or failed, after what was not approved, or back to the image made before. */
  anew: "never" | "change" | "change what failed" | "ask again" | "undo";
  /** Says "it did not run" of what did. */
  errs: boolean;
}

/** A fault that comes at a moment of its own. */
export interface Planned {
  kind: Timed;
  since: Moment;
  afterMs: number;
  forMs: number;
}

export interface Plan {
  seed: number;
  flows: readonly FlowPlan[];
  rates: Readonly<Partial<Record<FaultKind, number>>>;
  timed: readonly Planned[];
  faultsUntilMs: number;
  pollMs: number;
  stopFirst: boolean;
  /** Where the cloud can leave a mark of our own in the order, the account asks for it. */
  marks: boolean;
  /** The servers are stopped when they are asked for. */
  stopped: boolean;
  /** How often a call takes time at all. */
  slow: number;
  approvalMs: number;
  /** How often somebody presses what is none of their business, at each look. */
  meddling: number;
  /** Everybody looks at what comes at least so often, and not when it pleases them. */
  keenMs?: number;
  /** Faults that strike at their first chance and then no more. */
  once?: readonly FaultKind[];
  /** The one crash of an exhaustive run. */
  crash?: { at: number; how: "before" | "after" | "torn"; power: "kept" | "lost" };
}

const minute = 60_000;

export function planOf(seed: number, flows: number): Plan {
  const throws = dice(seed);
  const calm = throws.chance(0.03);
  const share = throws.pick([0.1, 0.2, 0.35]);
  const rates: Partial<Record<FaultKind, number>> = {};
  for (const kind of atCalls) {
    const milder = flows > 1 && !asOftenInMany.has(kind) ? 0.25 : 1;
    if (!calm && throws.chance(share)) rates[kind] = (odds[kind] ?? 0) * milder;
  }
  const faultsUntilMs = throws.whole(15, 45) * minute;
  const kinds = timed.filter(() => !calm && throws.chance(0.12));
  return {
    seed,
    flows: Array.from({ length: flows }, (_, n) => flowOf(n, flows, throws)),
    rates,
    timed: kinds.map((kind) => {
      const since = throws.pick([moments[0], ...moments]);
      const mostMs = since === "beginning" ? throws.pick([2, 10, 25]) * minute : throws.pick([10_000, 2 * minute]);
      return { kind, since, afterMs: throws.whole(0, mostMs), forMs: throws.whole(1, 10) * minute };
    }),
    faultsUntilMs,
    pollMs: throws.pick([20_000, 60_000, 60_000]),
    stopFirst: throws.chance(0.5),
    marks: throws.chance(0.3),
    stopped: throws.chance(0.05),
    slow: throws.pick([0, 0.1, 0.5]),
    approvalMs: 30 * minute,
    meddling: 0.1,
  };
}

const decisions: readonly FlowPlan["decides"][] = [
  ...Array<"approve">(14).fill("approve"),
  ...(["approve twice", "both approve", "own approval first", "own approval first"] as const),
  ...(["deny", "withdraw", "race", "nobody"] as const),
];

function flowOf(n: number, flows: number, throws: Dice): FlowPlan {
  const cloud = throws.whole(0, cases.length - 1);
  const decides = throws.pick(decisions);
  const login = throws.pick(loginsOf(cloud));
  const backup = throws.pick(backups);
  return {
    n,
    cloud,
    server: flows === 1 ? throws.whole(0, 1) : throws.whole(0, 5),
    image: imageFor(login, backup, throws),
    login,
    backup,
    grows: cases[cloud]?.growth !== undefined && throws.chance(0.2),
    requester: throws.pick(["engineer", "engineer", "approver"]),
    asksAfterMs: flows === 1 ? 1000 : throws.whole(0, 5 * minute),
    decides,
    cancels: throws.chance(0.05),
    afterFailure: throws.pick(["retry", "retry", "retry", "abandon", "nobody"]),
    anew: throws.chance(0.1) ? anewFor(decides, backup, throws) : "never",
    errs: throws.chance(0.15),
  };
}

const backups: readonly FlowPlan["backup"][] = [
  ...Array<"none">(15).fill("none"),
  ...(["image", "image", "image", "have", "have"] as const),
];

function imageFor(login: Login, backup: FlowPlan["backup"], throws: Dice): FlowPlan["image"] {
  if (login === "keep-image") return "own";
  return backup === "image" && throws.chance(0.3) ? "made-now" : throws.pick(["same", "other"]);
}

function anewFor(decides: FlowPlan["decides"], backup: FlowPlan["backup"], throws: Dice): FlowPlan["anew"] {
  if (decides === "deny" || decides === "withdraw" || decides === "nobody") return "ask again";
  return backup === "image" ? "undo" : throws.pick(["change", "change what failed"]);
}

const words = { "key pair": "key-pair", generated: "generated", typed: "typed" } as const;

export function loginsOf(cloud: number): readonly Login[] {
  const of = cases[cloud];
  if (of === undefined) return ["key-pair"];
  const own = "image" in of.ownLogin ? (["keep-image"] as const) : [];
  const sent = of.sentTo === undefined ? [] : (["provider"] as const);
  return [...of.logins.map((word) => words[word]), ...own, ...sent];
}
