/** The only place that says what can go wrong, and how often it does. */

/** Each is counted where it strikes, and a long run in which one never did has failed. */
export const faultKinds = [
  ...["crash before the disk", "crash after the disk", "crash before Slack", "crash after Slack"],
  ...["crash before the cloud", "crash after the cloud", "crash before the ack", "crash after the ack"],
  ...["torn frame", "power loss", "power loss took unsynced bytes", "full disk", "short write", "disk error"],
  ...["Slack 429", "Slack 5xx", "Slack time-out before", "Slack time-out after"],
  ...["delivery twice", "delivery missing", "delivery late", "socket gap"],
  ...["order throttled", "act throttled", "reading throttled"],
  ...["cloud 5xx before", "cloud 5xx after", "cloud time-out before", "cloud time-out after"],
  ...["no connection", "order arrives after death", "order arrives late", "stale read"],
  ...["order refused", "answer lost", "order never arrives", "reinstall fails", "reinstall hangs", "old state shown"],
  ...["start refused", "stop ignored", "image fails", "job vanished", "Slack reading unclear"],
  ...["console stop", "console reinstall", "console delete", "console other disk"],
  ...["clock forward", "clock back", "stall", "stall before sending", "second process"],
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Faults that strike at calls, with their odds a call where a seed has them. */
export const odds: Readonly<Partial<Record<FaultKind, number>>> = {
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
  "order throttled": 0.3,
  "act throttled": 0.2,
  "reading throttled": 0.05,
  "cloud 5xx before": 0.06,
  "cloud 5xx after": 0.06,
  "cloud time-out before": 0.06,
  "cloud time-out after": 0.1,
  "no connection": 0.06,
  "order arrives after death": 0.1,
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
  "stop ignored": 0.2,
  "Slack reading unclear": 0.06,
  "image fails": 0.3,
  "job vanished": 0.3,
};
export const atCalls = Object.keys(odds) as FaultKind[];

/** Where flows are many, faults at calls are milder. These are not, as they would strike too seldom. */
export const asOftenInMany: ReadonlySet<FaultKind> = new Set<FaultKind>(["order arrives after death", "image fails"]);

/** Faults that come at a moment of their own. */
export const timed = [
  ...["power loss", "socket gap", "console stop", "console reinstall", "console delete", "console other disk"],
  ...["clock forward", "clock back", "stall", "second process"],
] as const satisfies readonly FaultKind[];
export type Timed = (typeof timed)[number];

/** What such a moment is counted from: the beginning, an approval that became durable, an order that a cloud took on. */
export const moments = ["beginning", "approval", "order"] as const;
export type Moment = (typeof moments)[number];
