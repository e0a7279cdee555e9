/** The only place for the list of `/reinstall-status`. */
import type { Traits } from "../clouds/cloud.ts";
import { isOpen, type Request } from "../request.ts";
import { statusWords } from "./refused.ts";
import { code, person, time } from "./text.ts";
import { imageLine, serverName } from "./words.ts";

const signs: Readonly<Record<Request["status"], string>> = {
  pending: "⏳",
  running: "🔄",
  failed: "❌",
  unsure: "❓",
  done: "✅",
  denied: "🚫",
  expired: "⌛",
  withdrawn: "↩️",
  abandoned: "❌",
  replaced: "🔁",
};

export function statusText(
  hot: readonly Request[],
  finished: readonly Request[],
  traitsOf: (request: Request) => Traits,
): string {
  const open = hot.filter(isOpen);
  const closed = [...hot.filter((request) => !isOpen(request)), ...finished]
    .filter((request, at, all) => all.findIndex(({ id }) => id === request.id) === at)
    .sort((a, b) => b.askedAt - a.askedAt)
    .slice(0, 10);
  const part = (title: string, list: readonly Request[], none: string) =>
    [
      `*${title}*`,
      ...(list.length === 0 ? [none] : list.slice(0, 20).map((request) => line(request, traitsOf(request)))),
    ].join("\n");
  const more = open.length > 20 ? [`… and ${open.length - 20} more open.`] : [];
  return [
    part("Open", open, "Nothing is open."),
    ...more,
    part("Latest finished", closed, "Nothing finished yet."),
    "One in detail: `/reinstall-status` with its server or request.",
  ].join("\n\n");
}

function line(request: Request, traits: Traits): string {
  return `${signs[request.status]} ${serverName(request)} · ${traits.title} · ${statusWords[request.status]} · ${imageLine(request)} · asked by ${person(request.askedBy)} at ${time(request.askedAt)} in <#${request.channel}> · ${code(request.id)}`;
}
