/** The only place that says what a seed means: who asks for what, what goes wrong and how often, and until when. */
import { cases } from "../test/setup/cases.ts";
import { type Dice, dice } from "./dice.ts";

/** Everything that can go wrong. Each is counted where it strikes, and a long run in which one never did has failed. */
export const faultKinds = [
  ...["crash before the disk", "crash after the disk", "crash before Slack", "crash after Slack"],
  ...["crash before the cloud", "crash after the cloud", "crash before the ack", "crash after the ack"],
  ...["torn frame", "power loss", "power loss took unsynced bytes", "full disk", "short write", "disk error"],
  ...["Slack 429", "Slack 5xx", "Slack time-out before", "Slack time-out after"],
  ...["delivery twice", "delivery missing", "delivery late", "socket gap"],
  ...["cloud throttled", "cloud 5xx before", "cloud 5xx after", "cloud time-out before", "cloud time-out after"],
  ...["no connection", "order arrives after death", "order arrives late", "stale read"],
  ...[
    "order refused",
    "answer lost",
    "order never arrives",
    "reinstall fails",
    "reinstall hangs",
    "old state shown",
    "start refused",
    "job vanished",
  ],
  ...["console stop", "console reinstall", "console delete", "console other disk"],
  ...["clock forward", "clock back", "stall", "second process"],
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Faults that strike at calls, with their odds a call where a seed has them. */
const odds: Readonly<Partial<Record<FaultKind, number>>> = {
  "crash before the disk": 0.006,
  "crash after the disk": 0.006,
  "torn frame": 0.004,
  "crash before Slack": 0.03,
  "crash after Slack": 0.03,
  "crash before the cloud": 0.03,
  "crash after the cloud": 0.03,
  "crash before the ack": 0.08,
  "crash after the ack": 0.08,
  "full disk": 0.004,
  "short write": 0.004,
  "disk error": 0.004,
  "Slack 429": 0.1,
  "Slack 5xx": 0.1,
  "Slack time-out before": 0.08,
  "Slack time-out after": 0.12,
  "delivery twice": 0.3,
  "delivery missing": 0.2,
  "delivery late": 0.3,
  "cloud throttled": 0.3,
  "cloud 5xx before": 0.06,
  "cloud 5xx after": 0.06,
  "cloud time-out before": 0.06,
  "cloud time-out after": 0.1,
  "no connection": 0.06,
  "order arrives after death": 1,
  "order arrives late": 0.15,
  "stale read": 0.15,
  "order refused": 0.3,
  "answer lost": 0.4,
  "order never arrives": 0.3,
  "reinstall fails": 0.4,
  // Seldom: such a history lasts for hours, in which little else happens.
  "reinstall hangs": 0.06,
  "old state shown": 0.5,
  "start refused": 0.2,
  "job vanished": 0.3,
};
const atCalls = Object.keys(odds) as FaultKind[];

/** Faults that come at a moment of their own. */
const timed = [
  ...["power loss", "socket gap", "console stop", "console reinstall", "console delete", "console other disk"],
  ...["clock forward", "clock back", "stall", "second process"],
] as const satisfies readonly FaultKind[];
export type Timed = (typeof timed)[number];

export type Login = "key-pair" | "generated" | "typed";

/** One wish, and what the people round it are going to do. */
export interface FlowPlan {
  n: number;
  /** Which of the four clouds. */
  cloud: number;
  /** Which of the servers kept there. */
  server: number;
  image: "same" | "other";
  login: Login;
  backup: "none" | "image";
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
  /** Says "it did not run" of what did. */
  errs: boolean;
}

export interface Plan {
  seed: number;
  flows: readonly FlowPlan[];
  rates: Readonly<Partial<Record<FaultKind, number>>>;
  timed: readonly { kind: Timed; afterMs: number; forMs: number }[];
  faultsUntilMs: number;
  pollMs: number;
  stopFirst: boolean;
  /** How often a call takes time at all. */
  slow: number;
  approvalMs: number;
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
  const milder = flows > 1 ? 0.25 : 1;
  for (const kind of atCalls) if (!calm && throws.chance(share)) rates[kind] = (odds[kind] ?? 0) * milder;
  const faultsUntilMs = throws.whole(15, 45) * minute;
  const moments = timed.filter(() => !calm && throws.chance(0.12));
  return {
    seed,
    flows: Array.from({ length: flows }, (_, n) => flowOf(n, flows, throws)),
    rates,
    timed: moments.map((kind) => ({
      kind,
      afterMs: throws.whole(0, throws.pick([2, 10, 25]) * minute),
      forMs: throws.whole(1, 10) * minute,
    })),
    faultsUntilMs,
    pollMs: throws.pick([20_000, 60_000, 60_000]),
    stopFirst: throws.chance(0.5),
    slow: throws.pick([0, 0.1, 0.5]),
    approvalMs: 30 * minute,
  };
}

const decisions: readonly FlowPlan["decides"][] = [
  ...Array<"approve">(14).fill("approve"),
  ...(["approve twice", "both approve", "own approval first", "own approval first"] as const),
  ...(["deny", "withdraw", "race", "nobody"] as const),
];

function flowOf(n: number, flows: number, throws: Dice): FlowPlan {
  const cloud = throws.whole(0, cases.length - 1);
  return {
    n,
    cloud,
    server: flows === 1 ? throws.whole(0, 1) : throws.whole(0, 5),
    image: throws.pick(["same", "other"]),
    login: throws.pick(loginsOf(cloud)),
    backup: throws.chance(0.15) ? "image" : "none",
    requester: throws.pick(["engineer", "engineer", "approver"]),
    asksAfterMs: flows === 1 ? 1000 : throws.whole(0, 5 * minute),
    decides: throws.pick(decisions),
    cancels: throws.chance(0.05),
    afterFailure: throws.pick(["retry", "retry", "retry", "abandon", "nobody"]),
    errs: throws.chance(0.15),
  };
}

const words = { "key pair": "key-pair", generated: "generated", typed: "typed" } as const;

export function loginsOf(cloud: number): readonly Login[] {
  return (cases[cloud]?.logins ?? ["key pair"]).map((word) => words[word]);
}
