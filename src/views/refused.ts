/** The only place that turns a refused press into a sentence: the reason, and who could do it. */
import type { Refused, Why } from "../flows/decide.ts";
import { clean } from "../line.ts";
import type { Request } from "../request.ts";
import { people, person, time } from "./text.ts";

type Called = {
  approvers: { users: readonly string[]; groups: readonly string[] };
  requesters?: { users: readonly string[]; groups: readonly string[] };
};
export type Unwelcome = Refused | { refused: "may-not-request"; because: Why };

const barred: Readonly<Record<Exclude<Why, "not-named">, string>> = {
  guest: "Guests cannot ask for or approve reinstalls.",
  external: "People of other organisations cannot ask for or approve reinstalls.",
  gone: "A deactivated account cannot ask for or approve reinstalls.",
  bot: "Bots cannot ask for or approve reinstalls.",
  unreadable: "Slack does not say just now who may do this, so nothing was done. Try again in a moment.",
};
const mayNotAsk = "You are not among those who may ask for a reinstall";

export function refusedWords(refused: Unwelcome, called: Called, request?: Request): string {
  const can = `${people(called.approvers)} can.`;
  switch (refused.refused) {
    case "may-not-request":
      return because(refused.because, mayNotAsk, called.requesters);
    case "own-request":
      return `You asked for this reinstall, so somebody else must approve it. ${can}`;
    case "not-approver":
      return because(refused.because, "You are not among those who may decide on this reinstall", called.approvers);
    case "not-requester":
      return request === undefined
        ? "Only the person who asked can do this."
        : `Only ${person(request.askedBy)}, who asked, can do this.`;
    case "not-requester-or-approver": {
      const asker = request === undefined ? "The person who asked" : person(request.askedBy);
      return because(refused.because, `Only ${asker} or an approver can do this`, called.approvers);
    }
    case "not-for-requester":
      return `You asked for this reinstall, so whether it ran is for somebody else to say. ${can}`;
    case "expired":
      return "This request has expired; nothing was done. Ask again to have it decided.";
    case "decided":
      return decided(request);
    case "older-picture":
      return "This picture is older than the request. The card at the top of the thread shows how it stands now.";
    case "retry-too-late":
      return "The hour for a Retry is over. Ask again with `/reinstall`.";
    case "already-sent":
      return `Too late to cancel: the reinstall was sent at ${time(refused.at)}. The board shows how far it is.`;
    case "already-ending": {
      const how = refused.cancelledBy === null ? "It has failed" : `${person(refused.cancelledBy)} cancelled it`;
      return `${how}, and nothing is sent any more. The server that the bot stopped is being started again.`;
    }
    case "no-account":
      return "The bot's config no longer names an account for this server, so nothing was done. An admin can put it back.";
    case "no-more-retries":
      return "This approval covers no further try. Ask again with `/reinstall`.";
  }
}

/** At the field of a form, where Slack shows marks and mentions as they are written. */
export function mayNotAskInPlain(why: Why, rule: string): string {
  return why === "not-named"
    ? `${mayNotAsk}. The rule “${clean(rule)}” in the bot's config says who can.`
    : barred[why];
}

function because(why: Why, sentence: string, called?: Called["approvers"]): string {
  if (why !== "not-named") return barred[why];
  const who = called === undefined ? "" : people(called);
  return who === "" ? `${sentence}. An admin can name you in the bot's config.` : `${sentence}. ${who} can.`;
}

/** What became of it, by whom, when. */
function decided(request: Request | undefined): string {
  if (request === undefined) return "This has been decided already.";
  const first = request.approvals[0];
  switch (request.status) {
    case "pending":
      return "This request is still waiting for a decision.";
    case "denied":
      return `Already decided: ${person(request.endedBy)} denied it at ${time(request.endedAt)}.`;
    case "withdrawn":
      return `Already over: ${person(request.endedBy)} withdrew it at ${time(request.endedAt)}.`;
    case "replaced":
      return `Already over: ${person(request.endedBy)} changed it; the new request is \`${request.replacedBy}\`.`;
    case "expired":
      return `Already over: it expired at ${time(request.expiresAt)}. Nothing was done.`;
    default: {
      const by = first === undefined ? "" : `: ${person(first.by)} approved at ${time(first.at)}`;
      return `Already decided${by}. It is now ${statusWords[request.status]}.`;
    }
  }
}

export const statusWords: Readonly<Record<Request["status"], string>> = {
  pending: "waiting for approval",
  running: "running",
  failed: "failed",
  unsure: "unsure",
  done: "done",
  denied: "denied",
  expired: "expired",
  withdrawn: "withdrawn",
  abandoned: "abandoned",
  replaced: "replaced by a changed request",
};
