/** The only place that names the moments of a request at which the bot may die, each by what just passed at a stand-in. */
import type { SimRequest } from "../../playground/clouds/sim.ts";
import type { Moment } from "../setup/process.ts";

export const posting = (key: string) => (moment: Moment) => moment.at === "slack" && moment.key === key;
const pressing = (how: "sent" | "acked") => (moment: Moment) => moment.at === how;
/** Tencent Cloud names the action in a header, JD Cloud at the end of the path. */
export const actionOf = ({ headers, path }: SimRequest): string =>
  headers["x-tc-action"] ?? decodeURIComponent(path).split(":").at(-1) ?? "";
export const calling = (action: string, when: "coming" | "taken") => (moment: Moment) =>
  moment.at === "cloud" && moment.when === when && actionOf(moment.request) === action;
/** A reading of one server, not of the whole account. */
export const looking = (when: "coming" | "taken") => (moment: Moment) =>
  calling("DescribeInstances", when)(moment) && moment.at === "cloud" && moment.request.body.includes("InstanceIds");
const finalReading = (moment: Moment) =>
  looking("taken")(moment) &&
  moment.at === "cloud" &&
  /"LatestOperation":"ResetInstance".*"LatestOperationState":"SUCCESS"/.test(moment.reply);
/** A look at the custom image that the bot ordered, while the cloud makes it. */
export const lookingAtTheImage = (moment: Moment) =>
  calling("DescribeImages", "taken")(moment) &&
  moment.at === "cloud" &&
  moment.request.body.includes("before-") &&
  moment.reply.includes('"ImageState":"CREATING"');

export interface Row {
  /** SIGKILL … */
  when: string;
  meant: (moment: Moment) => boolean;
  /** Which of these moments, counted from 1; the first without it. */
  nth?: number;
  /** now: before any answer. answered: as soon as the answer is on its way. withheld: and what was asked never happens. */
  how: "now" | "answered" | "withheld";
  stopFirst?: true;
  /** unsure: an approver must settle it. either: it depends on how far the answer came. */
  ends: "by itself" | "unsure" | "either";
}

export const beforeApproval: readonly Row[] = [
  { when: "while the card is posted, before its answer", meant: posting("card"), how: "now", ends: "by itself" },
  { when: "when the card's answer has just been sent", meant: posting("card"), how: "answered", ends: "by itself" },
];

export const afterApproval: readonly Row[] = [
  { when: "when the approval has just reached the bot", meant: pressing("sent"), how: "now", ends: "by itself" },
  { when: "at the acknowledgement of the approval", meant: pressing("acked"), how: "now", ends: "by itself" },
  { when: "while the approval is told, before its answer", meant: posting("approved"), how: "now", ends: "by itself" },
  { when: "at the reading of the recheck", meant: looking("coming"), nth: 1, how: "withheld", ends: "by itself" },
  { when: "after the reading of the recheck", meant: looking("taken"), nth: 1, how: "answered", ends: "by itself" },
  { when: "at the reading before the order", meant: looking("taken"), nth: 2, how: "now", ends: "by itself" },
];

export const stopping: readonly Row[] = [
  {
    when: "at the stop, before it took effect",
    meant: calling("StopInstances", "coming"),
    how: "withheld",
    ends: "by itself",
    stopFirst: true,
  },
  {
    when: "at the stop, after it took effect",
    meant: calling("StopInstances", "taken"),
    how: "now",
    ends: "by itself",
    stopFirst: true,
  },
  {
    when: "when the stop's answer has just been sent",
    meant: calling("StopInstances", "taken"),
    how: "answered",
    ends: "by itself",
    stopFirst: true,
  },
  {
    when: "at the order, after its effect, the server having been stopped first",
    meant: calling("ResetInstance", "taken"),
    how: "now",
    ends: "unsure",
    stopFirst: true,
  },
];

export const ordering: readonly Row[] = [
  {
    when: "at ResetInstance, after its effect and before its answer",
    meant: calling("ResetInstance", "taken"),
    how: "now",
    ends: "unsure",
  },
  {
    when: "when the answer to ResetInstance has just been sent",
    meant: calling("ResetInstance", "taken"),
    how: "answered",
    ends: "either",
  },
  {
    when: "while the acceptance is told, before its answer",
    meant: posting("accepted.1"),
    how: "now",
    ends: "by itself",
  },
  { when: "at the first look after the order", meant: looking("coming"), nth: 3, how: "withheld", ends: "by itself" },
  {
    when: "after the second look after the order",
    meant: looking("taken"),
    nth: 4,
    how: "answered",
    ends: "by itself",
  },
  { when: "at the look that shows the success", meant: finalReading, nth: 1, how: "now", ends: "by itself" },
  { when: "at the verifying look", meant: finalReading, nth: 2, how: "now", ends: "by itself" },
  { when: "after the verifying look", meant: finalReading, nth: 2, how: "answered", ends: "by itself" },
  { when: "while the final reply is posted, before its answer", meant: posting("done"), how: "now", ends: "by itself" },
  {
    when: "when the final reply's answer has just been sent",
    meant: posting("done"),
    how: "answered",
    ends: "by itself",
  },
];
