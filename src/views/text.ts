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

/** Outside text for mrkdwn, cut before it is escaped so that no entity is cut in two. What people copy, such as an address, is never changed by an invisible sign where code keeps it as it is. */
export function outside(text: string, max = 200): string {
  if (text.length <= max && plain.test(text) && !/[&<>*_~`:]/.test(text)) return text.trim();
  // A backtick of theirs would pair with ours, so it becomes a similar sign, as in code.
  const safe = escaped(cut(clean(text), max)).replaceAll("`", "ˋ");
  const parts = safe.split(/(\s+)/).map((part) => (joined.test(part) ? part.replace(word, "$1`$2`$3") : part));
  const rest = parts.filter((part) => !part.includes("`")).join("");
  return parts.map((part) => (part.includes("`") ? part : unformatted(part, rest))).join("");
}

/** Between colons, the name of an emoji. */
const emojiName = String.raw`(?:[\w+'-]*[a-z][\w+'-]*|[+-]1|100|1234):`;
/** Such a name within an address, a fingerprint or the name of a permission. */
const joined = new RegExp(`[\\w:]:${emojiName}`, "i");
/** A word, and the signs of the sentence before and behind it. */
const word = /^([("'“‘[]*)(.*?)((?:[.,!?)"'”’\]…]|(?<!&(?:amp|lt|gt));)*)$/;
const emoji = new RegExp(`:(?=${emojiName})`, "gi");
/** Within a word it formats nothing, and with an invisible neighbour it might. */
const mark = /(?<![\p{L}\p{N}])[*_~]|[*_~](?![\p{L}\p{N}])/gu;

/** An emoji's name with an invisible sign in it names none. One mark alone formats nothing; where a pair could, each gets an invisible neighbour that keeps it from doing so. */
function unformatted(text: string, all: string): string {
  const safe = text.replaceAll(emoji, ":\u200b");
  return safe.replaceAll(mark, (sign) => (all.indexOf(sign) === all.lastIndexOf(sign) ? sign : `\u200b${sign}`));
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
