/** The only place that judges all that a story's bot said to Slack: whether Slack took it, and whether anything in it calls people or formats what only names something. */
import { groupIds, userIds } from "../../playground/slack/people.ts";
import { type Fields, isFields } from "../../playground/slack/rules.ts";
import type { SlackShell } from "../../playground/slack/shell.ts";

/** Slack's answers to what it did not take. What a form carries comes back as the bot gave it; only a forged payload makes it longer. */
export function notTaken({ traffic }: SlackShell): readonly string[] {
  const refusals = /"error":"(invalid_blocks|invalid_arguments|invalid_view|msg_too_long|invalid_metadata|no_text)"/;
  const forged = "json-pointer:/view/private_metadata";
  return traffic
    .filter(({ kind, body }) => kind === "reply" && refusals.test(body) && !body.includes(forged))
    .map(({ body }) => body);
}

/** What should not have been said, each with what is wrong with it. */
export function misspoken(shell: SlackShell): readonly string[] {
  return misspokenIn(sent(shell));
}

/** The same of messages and views by themselves. */
export function misspokenIn(said: readonly unknown[]): readonly string[] {
  const texts = new Map(said.flatMap(textsOf).map((text) => [JSON.stringify(text), text]));
  return [...texts.values()].flatMap(wrongWith);
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object; a text beside blocks is read by nobody's rules but those of tokens. */
interface Text {
  text: string;
  kind: "mrkdwn" | "plain_text" | "beside";
  /** Slack turns names and addresses in it into mentions and links by itself, unless it is told not to. */
  parsed: boolean;
  /** Names of emoji become emoji. */
  emoji: boolean;
}

function sent({ traffic }: SlackShell): readonly unknown[] {
  return traffic.flatMap(({ kind, body }): readonly unknown[] => {
    if (kind === "ack") return [JSON.parse(body)];
    if (kind !== "call") return [];
    const call = new URLSearchParams(body);
    const json = ["blocks", "view"].flatMap((name) => call.get(name) ?? []);
    return [{ text: call.get("text") ?? "" }, ...json.map((text): unknown => JSON.parse(text))];
  });
}

/** Read by nobody but the bot. */
const unseen: ReadonlySet<string> = new Set(["value", "private_metadata", "block_id", "initial_value"]);

function textsOf(value: unknown): readonly Text[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (!isFields(value)) return [];
  const { text } = value;
  const own = typeof text === "string" ? [textOf(value, text)] : [];
  const label = value["accessibility_label"];
  const spoken = typeof label === "string" ? [textOf({ type: "plain_text", emoji: false }, label)] : [];
  return [
    ...own,
    ...spoken,
    ...Object.entries(value).flatMap(([name, inside]) => (unseen.has(name) ? [] : textsOf(inside))),
  ];
}

function textOf({ type, verbatim, emoji }: Fields, text: string): Text {
  const kind = type === "mrkdwn" || type === "plain_text" ? type : "beside";
  return {
    text,
    kind,
    parsed: kind === "mrkdwn" && verbatim !== true,
    emoji: kind !== "plain_text" || emoji !== false,
  };
}

/** Whoever asks, decides or presses, and the group that is called to decide. */
const concerned = [userIds.engineer, userIds.approver, userIds.secondApprover, userIds.outsider];
const token = new RegExp(
  `<(?:@(?:${concerned.join("|")})|!subteam\\^${groupIds.approvers}|!date\\^\\d+\\^\\{time\\}\\|\\d\\d:\\d\\d UTC|#C0[A-Z0-9]+|https://[^<>|]*)>`,
  "g",
);
/** What could break a line, turn it round, or is half a character. */
const unprintable = /[\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]|(?!\n)\p{Cc}/u;

function wrongWith({ text, kind, parsed, emoji }: Text): readonly string[] {
  const formatted = text
    .replaceAll(token, "")
    .replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replaceAll(/[@:]/g, ""));
  const rules: readonly (readonly [says: string, broken: boolean])[] = [
    ["cannot be printed", unprintable.test(text)],
    ["has a token of its own", kind !== "plain_text" && /[<>]/.test(formatted)],
    ["links elsewhere", kind !== "plain_text" && /<https:[^>]*evil/.test(text)],
    ["calls a channel by its plain name", parsed && /@(channel|here|everyone|group)\b/.test(formatted)],
    ["is linked by Slack itself", parsed && /https?:\/\//.test(formatted)],
    ["shows an emoji by its name", emoji && /:[a-z][a-z0-9_+-]*:/.test(formatted)],
  ];
  return rules.flatMap(([says, broken]) => (broken ? [`${says}: ${JSON.stringify(text.slice(0, 400))}`] : []));
}
