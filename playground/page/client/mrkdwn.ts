/** The only place that reads Slack's mrkdwn. https://docs.slack.dev/messaging/formatting-message-text */
import { withEmoji } from "./emoji.ts";

export type Inline =
  | { is: "text"; text: string }
  | { is: "bold" | "italic" | "strike"; of: readonly Inline[] }
  | { is: "code"; text: string }
  | { is: "link"; url: string; label: string }
  | { is: "user" | "group" | "channel"; id: string; label: string }
  | { is: "date"; seconds: number; format: string; url: string; fallback: string }
  | { is: "everyone"; word: string };

export type Chunk =
  | { is: "paragraph"; of: readonly Inline[] }
  | { is: "quote"; of: readonly Inline[] }
  | { is: "code"; text: string };

export function parseMrkdwn(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (const [index, part] of text.split("```").entries()) {
    if (index % 2 === 1) chunks.push({ is: "code", text: unescaped(part.replace(/^\n|\n$/g, "")) });
    else chunks.push(...paragraphs(part));
  }
  return chunks;
}

function paragraphs(text: string): readonly Chunk[] {
  const runs: { quote: boolean; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
    const quote = quoted !== null;
    const last = runs.at(-1);
    if (last?.quote === quote) last.lines.push(quoted?.[1] ?? line);
    else runs.push({ quote, lines: [quoted?.[1] ?? line] });
  }
  return runs
    .map(({ quote, lines }) => ({ quote, text: lines.join("\n").replace(/^\n+|\n+$/g, "") }))
    .filter((run) => run.quote || run.text.trim() !== "")
    .map((run) => ({ is: run.quote ? "quote" : "paragraph", of: parseInline(run.text) }));
}

/** A mark opens at the start or after a non-letter and closes before one, on one line, as in Slack. */
const marks: readonly { sign: string; is: "bold" | "italic" | "strike" }[] = [
  { sign: "*", is: "bold" },
  { sign: "_", is: "italic" },
  { sign: "~", is: "strike" },
];

export function parseInline(text: string): readonly Inline[] {
  const found: Inline[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") found.push({ is: "text", text: withEmoji(unescaped(plain)) });
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const next = codeAt(text, at) ?? tokenAt(text, at) ?? markAt(text, at);
    if (next === null) {
      plain += text[at];
      at += 1;
    } else {
      flush();
      found.push(next.inline);
      at = next.end;
    }
  }
  flush();
  return found;
}

type Found = { inline: Inline; end: number } | null;

function codeAt(text: string, at: number): Found {
  const match = text[at] === "`" ? /^`([^`\n]+)`/.exec(text.slice(at)) : null;
  return match ? { inline: { is: "code", text: unescaped(match[1] ?? "") }, end: at + match[0].length } : null;
}

function tokenAt(text: string, at: number): Found {
  const match = text[at] === "<" ? /^<([^<>\n]+)>/.exec(text.slice(at)) : null;
  return match ? { inline: token(match[1] ?? ""), end: at + match[0].length } : null;
}

function markAt(text: string, at: number): Found {
  const mark = marks.find(({ sign }) => sign === text[at]);
  if (mark === undefined || /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  for (let end = at + 2; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] !== mark.sign || /[\p{L}\p{N}]/u.test(text[end + 1] ?? "")) continue;
    if (/\s/.test(text[at + 1] ?? "") || /\s/.test(text[end - 1] ?? "")) continue;
    return { inline: { is: mark.is, of: parseInline(text.slice(at + 1, end)) }, end: end + 1 };
  }
  return null;
}

function token(body: string): Inline {
  const [target = "", ...rest] = body.split("|");
  const label = unescaped(rest.join("|"));
  if (target.startsWith("@")) return { is: "user", id: target.slice(1), label };
  if (target.startsWith("#")) return { is: "channel", id: target.slice(1), label };
  if (target.startsWith("!subteam^")) return { is: "group", id: target.slice("!subteam^".length), label };
  if (target.startsWith("!date^")) {
    const [, seconds = "0", format = "", url = ""] = target.split("^");
    return { is: "date", seconds: Number(seconds), format: unescaped(format), url: unescaped(url), fallback: label };
  }
  if (target.startsWith("!")) return { is: "everyone", word: `@${target.slice(1)}` };
  return { is: "link", url: unescaped(target), label: withEmoji(label) };
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Only addresses that a page may safely follow. */
export function safeUrl(url: string): string | undefined {
  return /^(https?:|mailto:|tel:)/i.test(url) ? url : undefined;
}
