/** The only place that says who may do what to a request. It does not ask the bot. */
import type { Request } from "../src/request.ts";
import type { Line } from "./durable.ts";
import type { Stored } from "./reading.ts";
import { groups, team } from "./slack.ts";

/** Why this person may not have done what became durable; null when they may. */
export function notAllowed({ by, from, to }: Line, next: Stored, before: Stored | undefined): string | null {
  const { askedBy } = next.whole() as Request;
  const isAsker = by === `${askedBy.team}/${askedBy.user}`;
  const isOf = (group: string) => groups[group]?.some((user) => by === `${team}/${user}`) === true;
  const isApprover = isOf("S0APPROVERS");
  if (from === null) return isOf("S0ONCALL") ? null : "asked, and may not ask";
  // Whoever was shown a password says that it is saved; whatever else is said of what is in doubt, an approver says.
  if (from === to && isAsker && before?.wrapped() !== undefined && !words.some((word) => isNew(word, next, before)))
    return null;
  if (to === "withdrawn" || to === "replaced") return isAsker ? null : `made it ${to}, and did not ask for it`;
  if (from === "pending" || from === "unsure")
    return isApprover && !isAsker ? null : `decided on what is ${from}, and may not`;
  return isApprover || isAsker ? null : `made it ${to} from ${from}, and is not concerned`;
}

const words = ['"saidRan":', '"saidNotRun":'] as const;

function isNew(word: string, next: Stored, before: Stored): boolean {
  return next.holds(word) && !before.holds(word);
}
