/** The only place that lists the shapes a flow can take, each to be cut off at every single call it makes. */
import type { Status } from "../src/request.ts";
import { type CloudCase, cases } from "../test/setup/cases.ts";
import { type FlowPlan, loginsOf, type Plan } from "./plan.ts";

interface Shape {
  name: string;
  flow?: Partial<FlowPlan>;
  once?: Plan["once"];
  /** Something that happens meanwhile. */
  timed?: Plan["timed"];
  stopFirst?: boolean;
  marks?: boolean;
  stopped?: boolean;
  keenMs?: number;
  /** With a typed password where the cloud takes one, so that there is something to forget. */
  secret?: boolean;
  /** Which clouds it is played on; all that have what it needs where nothing is said. */
  where?: (of: CloudCase) => boolean;
  /** Cut off at every n-th call only; at each where nothing is said. */
  every?: number;
  /** How its requests end when nothing cuts it off. */
  ends: readonly Status[];
}

/** What people decide is the same on every cloud. */
function isFirst(of: CloudCase): boolean {
  return of === cases[0];
}

/** Where the account chooses whether the bot stops the server. Elsewhere it stops every server, or none. */
function choosesToStop({ stopping }: CloudCase): boolean {
  return "account" in stopping && stopping.account.stopFirst === true;
}

/** JD Cloud leaves a reinstalled server stopped; the others start it themselves. */
function isStartedByUs({ account }: CloudCase): boolean {
  return account.cloud === "jdcloud";
}

const soon = { afterMs: 5_000, forMs: 60_000 };

const done = ["done"] as const;
const abandoned = ["abandoned"] as const;
const atOnce = { afterMs: 0, forMs: 0 };

const shapes: readonly Shape[] = [
  { name: "it goes well", ends: done },
  {
    name: "it goes well with another image and a generated password",
    flow: { image: "other", login: "generated" },
    ends: done,
  },
  { name: "it goes well with a typed password", flow: { login: "typed" }, ends: done },
  {
    name: "it was saved elsewhere, and the image's own login is kept",
    flow: { backup: "have", image: "own", login: "keep-image" },
    ends: done,
  },
  {
    name: "it was saved elsewhere",
    flow: { backup: "have", image: "other" },
    where: (of) => !("image" in of.ownLogin),
    ends: done,
  },
  { name: "the cloud makes a password and sends it", flow: { login: "provider" }, ends: done },
  { name: "the system disk of a stopped server grows", flow: { grows: true }, stopped: true, ends: done },
  { name: "it is stopped already", stopped: true, where: ({ growth }) => growth === undefined, ends: done },
  { name: "nobody decides", flow: { decides: "nobody" }, secret: true, ends: ["expired"] },
  { name: "it is withdrawn", flow: { decides: "withdraw" }, secret: true, ends: ["withdrawn"] },
  { name: "two approve", flow: { decides: "both approve" }, where: isFirst, ends: done },
  {
    name: "its requester approves it first",
    flow: { decides: "own approval first" },
    keenMs: 3_000,
    where: isFirst,
    ends: done,
  },
  { name: "it is changed while it waits", flow: { anew: "change" }, secret: true, ends: ["replaced", "done"] },
  {
    name: "it is denied and asked for again",
    flow: { decides: "deny", anew: "ask again" },
    secret: true,
    ends: ["denied", "done"],
  },
  { name: "an image is made first and fails", flow: { backup: "image" }, once: ["image fails"], ends: done },
  { name: "it is reinstalled from the image made first", flow: { backup: "image", image: "made-now" }, ends: done },
  {
    name: "an image is made first and gone back to",
    flow: { backup: "image", image: "other", anew: "undo" },
    ends: ["done", "done"],
  },
  {
    name: "it fails and is retried",
    once: ["reinstall fails"],
    where: ({ mendedBy }) => mendedBy === undefined,
    ends: done,
  },
  {
    name: "it fails for good",
    once: ["reinstall fails"],
    where: ({ mendedBy }) => mendedBy !== undefined,
    ends: abandoned,
  },
  { name: "it is refused and retried", once: ["order refused"], ends: done },
  { name: "it is refused and abandoned", flow: { afterFailure: "abandon" }, once: ["order refused"], ends: abandoned },
  {
    name: "it is refused and changed",
    flow: { anew: "change what failed" },
    once: ["order refused"],
    ends: ["abandoned", "done"],
  },
  {
    name: "it is refused and nobody answers",
    flow: { afterFailure: "nobody" },
    once: ["order refused"],
    where: isFirst,
    ends: abandoned,
  },
  { name: "its answer is lost", once: ["answer lost"], ends: done },
  { name: "its answer is lost and its mark is found", once: ["answer lost"], marks: true, ends: done },
  {
    name: "its answer is lost and somebody errs",
    once: ["answer lost"],
    flow: { errs: true },
    // Where the cloud shows nothing by which a word could be checked, nobody is taken to err.
    where: ({ onlyPeopleSettle }) => onlyPeopleSettle !== true,
    ends: done,
  },
  { name: "it may arrive after the death of who sent it", once: ["order arrives after death"], ends: done },
  { name: "it never arrives", once: ["order never arrives"], ends: done },
  {
    name: "it is throttled",
    // To make an image is an act on every cloud, to stop the server is not.
    flow: { backup: "image" },
    once: ["order throttled", "act throttled", "reading throttled"],
    ends: done,
  },
  // It waits for hours, and a minute has the same few calls as the next: every seventh is each of them in turn.
  { name: "it never ends", once: ["reinstall hangs"], every: 7, ends: abandoned },
  { name: "its job vanishes", once: ["job vanished"], ends: done },
  {
    name: "it is gone before it is sent",
    timed: [{ kind: "console delete", since: "approval", ...atOnce }],
    ends: abandoned,
  },
  // ECS takes no deletion while it works on the server.
  {
    name: "it is gone while it runs",
    timed: [{ kind: "console delete", since: "order", ...soon }],
    where: ({ account }) => account.cloud !== "huawei",
    ends: abandoned,
  },
  {
    name: "it has another disk",
    timed: [{ kind: "console other disk", since: "beginning", ...soon }],
    keenMs: 20_000,
    ends: abandoned,
  },
  { name: "somebody stops it meanwhile", timed: [{ kind: "console stop", since: "approval", ...atOnce }], ends: done },
  {
    name: "somebody reinstalls it meanwhile",
    timed: [{ kind: "console reinstall", since: "beginning", ...soon }],
    keenMs: 75_000,
    where: ({ account }) => account.cloud !== "huawei",
    ends: done,
  },
  // A reinstall of an ECS puts another system disk in.
  {
    name: "somebody reinstalls it meanwhile, and it has another disk",
    timed: [{ kind: "console reinstall", since: "beginning", ...soon }],
    keenMs: 75_000,
    where: ({ account }) => account.cloud === "huawei",
    ends: abandoned,
  },
  { name: "it does not start", once: ["start refused"], where: isStartedByUs, ends: done },
  { name: "it is stopped first", stopFirst: true, flow: { image: "other" }, where: choosesToStop, ends: done },
  { name: "it heeds no soft stop", stopFirst: true, once: ["stop ignored"], ends: done },
  {
    name: "it is cancelled while the image is made",
    stopFirst: true,
    flow: { backup: "image", cancels: true },
    keenMs: 3_000,
    ends: abandoned,
  },
  {
    name: "it is stopped first and put back",
    stopFirst: true,
    once: ["order refused"],
    where: choosesToStop,
    ends: done,
  },
  {
    name: "it is stopped first and cannot be put back",
    stopFirst: true,
    once: ["order refused", "start refused"],
    ends: done,
  },
  {
    name: "it is stopped first and cancelled",
    stopFirst: true,
    flow: { cancels: true },
    keenMs: 3_000,
    ends: abandoned,
  },
];

export interface ShapeOf {
  name: string;
  every: number;
  ends: readonly Status[];
  plan: Plan;
}

/** Every shape on every cloud that offers the login it needs. */
export function allShapes(): readonly ShapeOf[] {
  return cases.flatMap((of, cloud) =>
    shapes
      .filter((shape) => isPlayed(shape, cloud, of))
      .map((shape, at) => ({
        name: `${of.title}: ${shape.name}`,
        ends: shape.ends,
        every: shape.every ?? 1,
        plan: planFor(shape, cloud, 1000 * (cloud + 1) + at),
      })),
  );
}

/** Whether this cloud has what the shape needs. */
function isPlayed({ flow, once, stopFirst, marks, where }: Shape, cloud: number, of: CloudCase): boolean {
  if (marks === true && of.marked === undefined) return false;
  if (where?.(of) === false) return false;
  if (flow?.login !== undefined && !loginsOf(cloud).includes(flow.login)) return false;
  if (flow?.grows === true && of.growth === undefined) return false;
  if (once?.includes("job vanished") === true && of.faults.jobVanishes === undefined) return false;
  return stopFirst !== true || !("never" in of.stopping);
}

function planFor(
  { flow, secret, once, timed, stopFirst, marks, stopped, keenMs }: Shape,
  cloud: number,
  seed: number,
): Plan {
  const usual: FlowPlan = {
    n: 0,
    cloud,
    server: 0,
    image: "same",
    login: secret === true && loginsOf(cloud).includes("typed") ? "typed" : "key-pair",
    backup: "none",
    grows: false,
    requester: "engineer",
    asksAfterMs: 1000,
    decides: "approve",
    cancels: false,
    afterFailure: "retry",
    anew: "never",
    errs: false,
  };
  return {
    seed,
    flows: [{ ...usual, ...flow }],
    rates: {},
    timed: timed ?? [],
    ...(once === undefined ? {} : { once }),
    faultsUntilMs: timed === undefined ? 0 : 30 * 60_000,
    pollMs: 120_000,
    ...(keenMs === undefined ? {} : { keenMs }),
    meddling: 0,
    stopFirst: stopFirst ?? false,
    marks: marks ?? false,
    stopped: stopped ?? false,
    slow: 0,
    approvalMs: 10 * 60_000,
  };
}
