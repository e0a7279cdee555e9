import { describe, expect, test } from "vitest";
import { readFlags } from "../playground/flags.ts";
import { showDate } from "../playground/page/client/dates.ts";
import { missing, seed } from "../playground/page/client/entries.ts";
import { approversOf, otherApprover, stageOf, standingOf } from "../playground/page/client/guide.ts";
import { parseMrkdwn } from "../playground/page/client/mrkdwn.ts";
import type { PageState } from "../playground/page/contract.ts";
import { button, message, mrkdwn, plain } from "./page-fixture.ts";

/** Chunks as a compact text: <b>, <i>, <s>, <code>, and tokens in brackets. */
function drawn(text: string): string {
  type Inline = Extract<ReturnType<typeof parseMrkdwn>[number], { of: unknown }>["of"][number];
  const one = (inline: Inline): string => {
    switch (inline.is) {
      case "text":
        return inline.text;
      case "code":
        return `<code>${inline.text}</code>`;
      case "link":
        return `[${inline.label || "-"} → ${inline.url}]`;
      case "date":
        return `[date ${inline.seconds} ${inline.format} | ${inline.fallback}]`;
      case "everyone":
        return `[${inline.word}]`;
      case "user":
      case "group":
      case "channel":
        return `[${inline.is} ${inline.id}]`;
      default:
        return `<${inline.is}>${inline.of.map(one).join("")}</${inline.is}>`;
    }
  };
  return parseMrkdwn(text)
    .map((chunk) => (chunk.is === "code" ? `<pre>${chunk.text}</pre>` : `<${chunk.is}>${chunk.of.map(one).join("")}`))
    .join("\n");
}

describe("mrkdwn is drawn as Slack draws it", () => {
  test.each([
    ["bold, italic, strike", "*a* _b_ ~c~", "<paragraph><bold>a</bold> <italic>b</italic> <strike>c</strike>"],
    ["marks inside one another", "*a _b_*", "<paragraph><bold>a <italic>b</italic></bold>"],
    ["marks within a word stay", "snake_case_name 2*3*4", "<paragraph>snake_case_name 2*3*4"],
    ["a mark before a space stays", "* not bold *", "<paragraph>* not bold *"],
    ["code hides its marks", "`*a*`", "<paragraph><code>*a*</code>"],
    ["bold around code", "*Reinstall `web-01`?*", "<paragraph><bold>Reinstall <code>web-01</code>?</bold>"],
    ["a block of code", "x\n```\na *b*\n```\ny", "<paragraph>x\n<pre>a *b*</pre>\n<paragraph>y"],
    ["a quote, escaped or not", "&gt; a\n> b\nc", "<quote>a\nb\n<paragraph>c"],
    ["links", "<https://a.example/?x=1&amp;y=2|here>", "<paragraph>[here → https://a.example/?x=1&y=2]"],
    ["people, groups, channels", "<@U1> <!subteam^S1> <#C1|ops>", "<paragraph>[user U1] [group S1] [channel C1]"],
    ["everyone", "<!here>", "<paragraph>[@here]"],
    ["dates", "<!date^100^{date} at {time}|then>", "<paragraph>[date 100 {date} at {time} | then]"],
    ["escaped text is shown, not obeyed", "&lt;@U1&gt; &amp;lt;", "<paragraph><@U1> &lt;"],
    ["emoji by name, unknown ones as typed", ":warning: :nope:", "<paragraph>⚠️ :nope:"],
  ])("%s", (_says, text, expected) => {
    expect(drawn(text)).toBe(expected);
  });
});

describe("a date token is written in local time", () => {
  const at = { now: Date.UTC(2026, 0, 15, 3, 20), locale: "en-GB", timeZone: "UTC" };
  const seconds = Date.UTC(2026, 0, 15, 3, 42, 7) / 1000;
  test.each([
    ["{date_num}", seconds, "2026-01-15"],
    ["{date}", seconds, "15 January 2026"],
    ["{date_short}", seconds, "15 Jan 2026"],
    ["{date_long}", seconds, "Thursday 15 January 2026"],
    ["{date_pretty}", seconds, "today"],
    ["{date_short_pretty} at {time}", seconds + 86_400, "tomorrow at 03:42"],
    ["{date_long_pretty}", seconds - 86_400, "yesterday"],
    ["{date_pretty}", seconds - 5 * 86_400, "10 January 2026"],
    ["{time_secs}", seconds, "03:42:07"],
    ["{ago}", seconds, "in 22 minutes"],
    ["until {time}, {unknown}", seconds, "until 03:42, {unknown}"],
  ])("%s of %d is “%s”", (format, second, expected) => {
    // Releases of ICU differ in the comma behind the weekday.
    expect(showDate(format, second, at).replace("Thursday,", "Thursday")).toBe(expected);
  });
});

describe("entries live through an update of the form", () => {
  const text = (block: string, more: object = {}) => ({
    type: "input",
    block_id: block,
    label: plain(block),
    element: { type: "plain_text_input", action_id: "a", ...more },
  });
  const typed = (value: string | null) => ({ type: "plain_text_input", value });

  test("as long as block_id and action_id stay, also when the update brings another initial value", () => {
    const before = { why: { a: typed("disk is gone") } };
    expect(seed({ blocks: [text("why", { initial_value: "reason" })] }, before)).toEqual(before);
  });
  test("a field under a new block_id begins with its initial value", () => {
    expect(seed({ blocks: [text("why-2", { initial_value: "reason" })] }, { why: { a: typed("x") } })).toEqual({
      "why-2": { a: typed("reason") },
    });
  });
  test("a field that is gone is forgotten", () => {
    expect(seed({ blocks: [] }, { why: { a: typed("x") } })).toEqual({});
  });
  test("a required field that is empty keeps the form, an optional one does not", () => {
    const view = { blocks: [text("why"), { ...text("note"), optional: true }, text("long", { min_length: 5 })] };
    expect(missing(view, seed(view, { long: { a: typed("abc") } }))).toEqual({
      why: "Please complete this required field.",
      long: "Please enter at least 5 characters.",
    });
  });
  test.each([
    ["sixty", "Please enter a number."],
    ["60.5", "Please enter a number."],
    ["50", "Please enter 51 or more."],
    ["2049", "Please enter 2048 or less."],
    ["60", undefined],
    [null, undefined],
  ])("a number field that holds %j is told %s", (value, says) => {
    const element = { type: "number_input", is_decimal_allowed: false, min_value: "51", max_value: "2048" };
    const view = { blocks: [{ ...text("size", element), optional: true }] };
    expect(missing(view, { size: { a: { type: "number_input", value } } })["size"]).toBe(says);
  });
});

describe("the page tells a visitor what to do next", () => {
  const card = (text: string, ...labels: string[]) =>
    message(1, {
      text,
      blocks: [
        { type: "section", text: mrkdwn(text) },
        { type: "actions", elements: labels.map((label) => button(label)) },
      ],
    });
  test.each([
    ["nothing was asked", [], "start"],
    ["people only talk", [message(1, { bot: false, from: "U1", text: "✅" })], "start"],
    ["the bot only whispered", [{ ...card("✅ help"), ephemeral: true }], "start"],
    ["a card waits", [card("⚠️ Reinstall web-01?", "Approve and reinstall", "Deny…")], "asked"],
    ["it runs, some steps done", [card("🔄 Reinstalling\n✅ Checked")], "running"],
    ["it is done", [card("✅ web-01 was reinstalled")], "done"],
    ["it failed", [card("❌ failed", "Retry", "Abandon")], "failed"],
    ["it is not known", [card("❓ I do not know")], "unsure"],
    ["a second one runs", [card("✅ done"), card("🔄 Reinstalling")], "running"],
    ["it was denied", [card("🚫 Denied")], "closed"],
  ] as const)("when %s", (_says, messages, expected) => {
    expect(stageOf(messages)).toBe(expected);
  });

  test.each([
    ["on call", "U1", "may-ask"],
    ["of another team", "U4", "refused"],
    ["a guest", "U5", "refused"],
    ["of another company", "U6", "reads-only"],
    ["who has left", "U7", "gone"],
  ])("somebody %s", (_says, me, expected) => {
    const kinds = { U5: "guest", U6: "external", U7: "deactivated" } as const;
    const users = ["U1", "U2", "U4", "U5", "U6", "U7"].map((id) => ({
      ...{ id, name: id, title: "" },
      kind: Object.entries(kinds).find(([who]) => who === id)?.[1] ?? ("member" as const),
    }));
    const groups = [
      { id: "S1", handle: "oncall-approvers", users: ["U2"] },
      { id: "S2", handle: "oncall", users: ["U1", "U2", "U5"] },
    ];
    expect(standingOf({ me, users, groups } as unknown as PageState)).toBe(expected);
  });

  test("another person to approve is never oneself", () => {
    const users = ["U1", "U2", "U3"].map((id) => ({ id, name: id, title: "", kind: "member" as const }));
    const state = {
      users,
      groups: [{ id: "S", handle: "oncall-approvers", users: ["U2", "U3"] }],
    } as unknown as PageState;
    expect(approversOf(state).map((user) => user.id)).toEqual(["U2", "U3"]);
    expect(otherApprover({ ...state, me: "U1" })?.id).toBe("U2");
    expect(otherApprover({ ...state, me: "U2" })?.id).toBe("U3");
  });
});

describe("the playground's flags", () => {
  test("none are needed", () => {
    expect(readFlags([])).toEqual({ flags: { port: 4000, speed: 20, data: null, bot: true, http: false } });
  });
  test("--help tells them all", () => {
    expect(readFlags(["--help"])).toEqual({ help: expect.stringContaining("--no-bot") });
  });
  test("all are read", () => {
    expect(readFlags(["--port", "0", "--speed=100", "--data", "d", "--no-bot", "--http"])).toEqual({
      flags: { port: 0, speed: 100, data: "d", bot: false, http: true },
    });
  });
  test.each([
    ["--prot 1", "--prot is not a flag of the playground."],
    ["--port many", '--port expects a whole number from 0 to 65535, not "many".'],
    ["--port 70000", '--port expects a whole number from 0 to 65535, not "70000".'],
    ["--speed 0", '--speed expects a number from 1 to 1000, not "0".'],
    ["--port", "--port expects a value."],
    ["--port --no-bot", "--port expects a value."],
    ["--no-bot=yes", "--no-bot takes no value."],
    ["fast", '"fast" is more than the playground can use.'],
  ])("%s is answered with one sentence", (words, mistake) => {
    expect(readFlags(words.split(" "))).toEqual({ mistake });
  });
});
