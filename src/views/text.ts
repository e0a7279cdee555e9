/** The only place where outside text becomes Slack text: escaped, cut where it is cut visibly, times as Slack's own date tokens. */
import { clean, cut } from "../line.ts";
import type { Person } from "../request.ts";

/** https://docs.slack.dev/messaging/formatting-message-text: these three start every control sequence. */
export function escaped(text: string): string {
  const safe = clean(text);
  return /[&<>]/.test(safe) ? safe.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") : safe;
}

/** Neither to be cleaned nor escaped. */
const plain = /^[\x20-\x7e]*$/;

/** Outside text for mrkdwn, cut before it is escaped so that no entity is cut in two. */
export function outside(text: string, max = 200): string {
  if (text.length <= max && plain.test(text) && !/[&<>*_~`:]/.test(text)) return text.trim();
  // A word between colons names an emoji; with an invisible neighbour it names none.
  const safe = escaped(cut(clean(text), max)).replaceAll(/:(?=[\w+'-]*[a-z][\w+'-]*:)/gi, ":\u200b");
  if (!/[*_~`]/.test(safe)) return safe;
  // One mark alone formats nothing; where a pair could, each gets an invisible neighbour that keeps it from doing so.
  return safe.replaceAll(/[*_~`]/g, (mark) => (safe.indexOf(mark) === safe.lastIndexOf(mark) ? mark : `\u200b${mark}`));
}

/** Outside text as code. A backtick in it would end the code, so it becomes a similar sign. */
export function code(text: string, max = 200): string {
  if (text.length <= max && plain.test(text) && !/[&<>`]/.test(text)) return `\`${text.trim() || " "}\``;
  return `\`${escaped(cut(clean(text), max)).replaceAll("`", "ˋ") || " "}\``;
}

/** An address of ours as a link. Slack makes none of plain words here, so that no name becomes one. */
export function link(url: string): string {
  return `<${url}>`;
}

export function person({ user }: Person): string {
  return `<@${user}>`;
}

/** Everybody who is called to decide: user groups first. */
export function people(called: { users: readonly string[]; groups: readonly string[] }): string {
  const all = [...called.groups.map((id) => `<!subteam^${id}>`), ...called.users.map((id) => `<@${id}>`)];
  return all.join(" ");
}

/** Shown in each reader's own time zone; the fallback, in UTC, is for what cannot render the token. */
export function time(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const utc = `${twoDigits(Math.floor(minutes / 60) % 24)}:${twoDigits(minutes % 60)}`;
  return `<!date^${Math.floor(ms / 1000)}^{time}|${utc} UTC>`;
}

function twoDigits(n: number): string {
  return n < 10 ? `0${n}` : `${n}`;
}

/** Plain words for a span of time. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
