/** The only place that decides who may ask and who may approve. When Slack cannot say, nobody may. */
import type { Person } from "./request.ts";
import { isSlackError, type Slack } from "./seams.ts";

export type Because = "guest" | "external" | "gone" | "bot" | "not-named" | "unreadable";

export interface Named {
  users: readonly string[];
  groups: readonly string[];
}

export interface Standing {
  mayRequest: boolean;
  mayApprove: boolean;
  /** Why not; null where the person may. "unreadable": Slack could not be asked just now, so try again soon. */
  because: { request: Because | null; approve: Because | null };
}

/** Looked up afresh (at most a minute old) at every press: whoever sees a button can press it. */
export async function standing(
  slack: Pick<Slack, "person" | "group">,
  rule: { requesters: Named; approvers: Named },
  person: Person,
): Promise<Standing> {
  const [barred, request, approve] = await Promise.all([
    whyBarred(slack, person),
    whyNotAmong(slack, rule.requesters, person),
    whyNotAmong(slack, rule.approvers, person),
  ]);
  const because = { request: barred ?? request, approve: barred ?? approve };
  return { mayRequest: because.request === null, mayApprove: because.approve === null, because };
}

/** No list can name these in. */
async function whyBarred(slack: Pick<Slack, "person">, person: Person): Promise<Because | null> {
  const member = await orNull(slack.person(person.user));
  if (member === null) return "unreadable";
  const bars = [
    [member.gone, "gone"],
    [member.bot, "bot"],
    [member.external, "external"],
    [member.guest, "guest"],
  ] as const;
  return bars.find(([is]) => is)?.[1] ?? null;
}

async function whyNotAmong(slack: Pick<Slack, "group">, named: Named, person: Person): Promise<Because | null> {
  if (named.users.includes(person.user)) return null;
  const groups = await Promise.all(named.groups.map((id) => orNull(slack.group(id))));
  if (groups.some((users) => users?.includes(person.user))) return null;
  return groups.includes(null) ? "unreadable" : "not-named";
}

/** Null when Slack cannot be asked; a fault of our own is not swallowed. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (isSlackError(error)) return null;
    throw error;
  });
}
