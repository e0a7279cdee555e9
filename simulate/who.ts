/** The only place that says who may do what to a request. It does not ask the bot. */
import type { Request } from "../src/request.ts";
import type { Line } from "./durable.ts";
import type { Stored } from "./reading.ts";
import { groups, team } from "./slack.ts";

/** Why this person may not have done what became durable; null when they may. */
export function notAllowed({ by, from, to }: Line, next: Stored, before: Stored | undefined): string | null {
  const { askedBy } = next.whole() as Request;
  const isAsker = by === wordOf(askedBy);
  const isApprover = isIn("S0APPROVERS", by);
  if (from === null) return isIn("S0ONCALL", by) ? null : "asked, and may not ask";
  // Whoever was shown a password may say that it is saved; what is said of a doubt is looked at below.
  if (from === to && isAsker && before?.wrapped() !== undefined) return null;
  if (to === "withdrawn" || to === "replaced") return isAsker ? null : `made it ${to}, and did not ask for it`;
  if (from === "pending" || from === "unsure")
    return isApprover && !isAsker ? null : `decided on what is ${from}, and may not`;
  return isApprover || isAsker ? null : `made it ${to} from ${from}, and is not concerned`;
}

/** Whose word stands in the record about what is in doubt, though it may not; null when there is none such. */
export function wrongWord(next: Stored): string | null {
  const request = next.whole();
  if (request.status !== "unsure") return null;
  const said = [request.saidRan?.by, request.saidNotRun?.by].flatMap((by) => (by === undefined ? [] : [wordOf(by)]));
  return said.find((by) => by === wordOf(request.askedBy) || !isIn("S0APPROVERS", by)) ?? null;
}

function wordOf({ team: of, user }: Request["askedBy"]): string {
  return `${of}/${user}`;
}

function isIn(group: string, by: string | null): boolean {
  return groups[group]?.some((user) => by === `${team}/${user}`) === true;
}
