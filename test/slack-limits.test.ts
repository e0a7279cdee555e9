import { describe, expect, test } from "vitest";
import { callApi } from "../playground/slack/api.ts";
import { channelIds, tokens } from "../playground/slack/people.ts";
import { type State, start } from "../playground/slack/state.ts";

type Json = Readonly<Record<string, unknown>>;
const x = (n: number) => "x".repeat(n);
const plain = (n: number) => ({ type: "plain_text", text: x(n) });
const mrkdwn = (n: number) => ({ type: "mrkdwn", text: x(n) });
const times = <T>(n: number, make: (index: number) => T) => Array.from({ length: n }, (_, index) => make(index));
const divider = { type: "divider" };
const option = (more: Json = {}) => ({ text: plain(1), value: "v", ...more });
const options = (n: number) => times(n, (index) => option({ value: String(index) }));

const actions = (element: Json) => ({ blocks: [{ type: "actions", elements: [element] }] });
const button = (more: Json) => actions({ type: "button", action_id: "a", text: plain(1), ...more });
const select = (more: Json) => actions({ type: "static_select", action_id: "a", ...more });
const confirm = (more: Json) =>
  button({ confirm: { title: plain(1), text: plain(1), confirm: plain(1), deny: plain(1), ...more } });
const section = (more: Json) => ({ blocks: [{ type: "section", ...more }] });
const modal = (more: Json) => ({ view: { type: "modal", title: plain(1), blocks: [], ...more } });
const input = (element: Json, more: Json = {}) =>
  modal({ submit: plain(1), blocks: [{ type: "input", label: plain(1), element, ...more }] });
const typed = (more: Json) => input({ type: "plain_text_input", action_id: "a", ...more });

/** `made(n)` is a message or view with n of what the row is about. */
const bounds: readonly { says: string; max: number; made: (n: number) => Json }[] = [
  { says: "blocks in a message", max: 50, made: (n) => ({ blocks: times(n, () => divider) }) },
  { says: "blocks in a modal", max: 100, made: (n) => modal({ blocks: times(n, () => divider) }) },
  {
    says: "blocks in a Home tab",
    max: 100,
    made: (n) => ({ view: { type: "home", blocks: times(n, () => divider) } }),
  },
  { says: "characters of a block_id", max: 255, made: (n) => ({ blocks: [{ ...divider, block_id: x(n) }] }) },
  { says: "characters of an action_id", max: 255, made: (n) => button({ action_id: x(n) }) },
  { says: "characters of a section text", max: 3000, made: (n) => section({ text: mrkdwn(n) }) },
  { says: "characters of a section field", max: 2000, made: (n) => section({ fields: [mrkdwn(n)] }) },
  { says: "fields of a section", max: 10, made: (n) => section({ fields: times(n, () => mrkdwn(1)) }) },
  { says: "characters of a header", max: 150, made: (n) => ({ blocks: [{ type: "header", text: plain(n) }] }) },
  {
    says: "elements of an actions block",
    max: 25,
    made: (n) => ({
      blocks: [
        { type: "actions", elements: times(n, (i) => ({ type: "button", action_id: `a${i}`, text: plain(1) })) },
      ],
    }),
  },
  {
    says: "elements of a context block",
    max: 10,
    made: (n) => ({ blocks: [{ type: "context", elements: times(n, () => mrkdwn(1)) }] }),
  },
  { says: "characters of a button text", max: 75, made: (n) => button({ text: plain(n) }) },
  { says: "characters of a button value", max: 2000, made: (n) => button({ value: x(n) }) },
  { says: "characters of a button url", max: 3000, made: (n) => button({ url: x(n) }) },
  { says: "characters of an accessibility_label", max: 75, made: (n) => button({ accessibility_label: x(n) }) },
  { says: "characters of an option text", max: 75, made: (n) => select({ options: [option({ text: plain(n) })] }) },
  { says: "characters of an option value", max: 150, made: (n) => select({ options: [option({ value: x(n) })] }) },
  {
    says: "characters of an option description",
    max: 75,
    made: (n) => select({ options: [option({ description: plain(n) })] }),
  },
  { says: "options of a select", max: 100, made: (n) => select({ options: options(n) }) },
  {
    says: "option groups of a select",
    max: 100,
    made: (n) => select({ option_groups: times(n, () => ({ label: plain(1), options: options(1) })) }),
  },
  {
    says: "options of an option group",
    max: 100,
    made: (n) => select({ option_groups: [{ label: plain(1), options: options(n) }] }),
  },
  {
    says: "characters of a group label",
    max: 75,
    made: (n) => select({ option_groups: [{ label: plain(n), options: options(1) }] }),
  },
  {
    says: "characters of a placeholder",
    max: 150,
    made: (n) => select({ options: options(1), placeholder: plain(n) }),
  },
  { says: "checkboxes", max: 10, made: (n) => actions({ type: "checkboxes", action_id: "a", options: options(n) }) },
  {
    says: "radio buttons",
    max: 10,
    made: (n) => actions({ type: "radio_buttons", action_id: "a", options: options(n) }),
  },
  { says: "overflow options", max: 5, made: (n) => actions({ type: "overflow", action_id: "a", options: options(n) }) },
  { says: "files of a file input", max: 10, made: (n) => input({ type: "file_input", action_id: "a", max_files: n }) },
  { says: "min_length of a text input", max: 3000, made: (n) => typed({ min_length: n }) },
  { says: "placeholder of a text input", max: 150, made: (n) => typed({ placeholder: plain(n) }) },
  {
    says: "characters of an input label",
    max: 2000,
    made: (n) => input({ type: "plain_text_input", action_id: "a" }, { label: plain(n) }),
  },
  {
    says: "characters of a hint",
    max: 2000,
    made: (n) => input({ type: "plain_text_input", action_id: "a" }, { hint: plain(n) }),
  },
  { says: "characters of a modal title", max: 24, made: (n) => modal({ title: plain(n) }) },
  { says: "characters of a submit text", max: 24, made: (n) => modal({ submit: plain(n) }) },
  { says: "characters of a close text", max: 24, made: (n) => modal({ close: plain(n) }) },
  { says: "characters of private_metadata", max: 3000, made: (n) => modal({ private_metadata: x(n) }) },
  { says: "characters of a callback_id", max: 255, made: (n) => modal({ callback_id: x(n) }) },
  { says: "characters of an external_id", max: 255, made: (n) => modal({ external_id: x(n) }) },
  { says: "characters of a confirm title", max: 100, made: (n) => confirm({ title: plain(n) }) },
  { says: "characters of a confirm text", max: 300, made: (n) => confirm({ text: mrkdwn(n) }) },
  { says: "characters of a confirm button", max: 30, made: (n) => confirm({ confirm: plain(n) }) },
  { says: "characters of a deny button", max: 30, made: (n) => confirm({ deny: plain(n) }) },
  {
    says: "characters of an alert",
    max: 200,
    made: (n) => modal({ blocks: [{ type: "alert", text: plain(n), level: "warning" }] }),
  },
  {
    says: "characters of an image's alt_text",
    max: 2000,
    made: (n) => ({ blocks: [{ type: "image", image_url: "https://example.com/a.png", alt_text: x(n) }] }),
  },
  {
    says: "characters of all markdown blocks",
    max: 12_000,
    made: (n) => ({
      blocks: [
        { type: "markdown", text: x(6000) },
        { type: "markdown", text: x(n - 6000) },
      ],
    }),
  },
  {
    says: "tables in a message",
    max: 1,
    made: (n) => ({ blocks: times(n, () => ({ type: "table", rows: [[{ type: "raw_text", text: "a" }]] })) }),
  },
  {
    says: "tasks of a plan",
    max: 50,
    made: (n) => ({
      blocks: [
        { type: "plan", title: "t", tasks: times(n, (i) => ({ type: "task_card", task_id: `t${i}`, title: "t" })) },
      ],
    }),
  },
];

const refusals: readonly { says: string; given: Json }[] = [
  {
    says: "a block_id twice",
    given: {
      blocks: [
        { ...divider, block_id: "b" },
        { ...divider, block_id: "b" },
      ],
    },
  },
  {
    says: "an action_id twice in a block",
    given: {
      blocks: [{ type: "actions", elements: times(2, () => ({ type: "button", action_id: "a", text: plain(1) })) }],
    },
  },
  { says: "an empty text", given: section({ text: mrkdwn(0) }) },
  { says: "a section without text and fields", given: section({}) },
  { says: "an alert in a message", given: { blocks: [{ type: "alert", text: plain(1) }] } },
  { says: "a plan in a modal", given: modal({ blocks: [{ type: "plan", title: "t" }] }) },
  {
    says: "a table in a modal",
    given: modal({ blocks: [{ type: "table", rows: [[{ type: "raw_text", text: "a" }]] }] }),
  },
  { says: "a carousel in a modal", given: modal({ blocks: [{ type: "carousel", elements: [] }] }) },
  { says: "a file block", given: { blocks: [{ type: "file", source: "remote", external_id: "f" }] } },
  { says: "an unknown block", given: { blocks: [{ type: "marquee" }] } },
  { says: "a file input for no file", given: input({ type: "file_input", action_id: "a", max_files: 0 }) },
  { says: "a password input", given: input({ type: "password", action_id: "a" }) },
  { says: "a text input in an actions block", given: actions({ type: "plain_text_input", action_id: "a" }) },
  { says: "a text input with a confirm dialog", given: typed({ confirm: {} }) },
  { says: "a modal with inputs and no submit", given: modal({ ...(typed({}).view as Json), submit: undefined }) },
  { says: "a modal without a title", given: { view: { type: "modal", blocks: [] } } },
  { says: "a title in mrkdwn", given: modal({ title: mrkdwn(1) }) },
  { says: "a field that no modal has", given: modal({ state: { values: {} } }) },
  { says: "a button style of our own", given: button({ style: "warning" }) },
  { says: "a confirm style of our own", given: confirm({ style: "warning" }) },
  { says: "a confirm without its deny button", given: confirm({ deny: undefined }) },
  {
    says: "a select with options and groups",
    given: select({ options: options(1), option_groups: [{ label: plain(1), options: options(1) }] }),
  },
  {
    says: "an initial option that is not among the options",
    given: select({ options: options(1), initial_option: option() }),
  },
  { says: "a radio group without options", given: actions({ type: "radio_buttons", action_id: "a", options: [] }) },
  { says: "emoji on mrkdwn", given: section({ text: { ...mrkdwn(1), emoji: true } }) },
];

describe("Slack takes as much as it says and no more:", () => {
  test.each(bounds)("$max $says", ({ max, made }) => {
    expect(validate(made(max))).toMatchObject({ ok: true });
    const code = expect.stringMatching(/^(too_long|too_many|out_of_range)$/);
    expect(validate(made(max + 1))).toMatchObject({ ok: false, errors: [{ code }] });
  });

  test.each(refusals)("it refuses $says", ({ given }) => {
    const answer = validate(given);
    expect(answer).toMatchObject({ ok: false, errors: [{ pointer: expect.stringMatching(/^\//) }] });
  });

  test("a message of 40,001 characters is cut", () => {
    const [, answer] = call(start(""), "chat.postMessage", { channel: channelIds.ops, text: x(40_001) });
    expect(answer).toMatchObject({ ok: true, message: { text: x(40_000) } });
  });

  test("an edit takes 4,000 characters and refuses 4,001", () => {
    const [posted, { ts }] = call(start(""), "chat.postMessage", { channel: channelIds.ops, text: "a" });
    const edit = (n: number) => call(posted, "chat.update", { channel: channelIds.ops, ts, text: x(n) })[1];
    expect(edit(4000)).toMatchObject({ ok: true });
    expect(edit(4001)).toMatchObject({ ok: false, error: "msg_too_long" });
  });

  test("what is wrong with a message is told with a pointer to the place", () => {
    const given = { channel: channelIds.ops, text: "a", ...button({ text: plain(76) }) };
    expect(call(start(""), "chat.postMessage", given)[1]).toMatchObject({
      error: "invalid_blocks",
      errors: ["must be no more than 75 characters [json-pointer:/blocks/0/elements/0/text/text]"],
    });
  });

  test.each([
    { says: "texts, numbers, booleans", payload: { a: "b", c: 1, d: true }, ok: true },
    { says: "an object and a list of objects", payload: { a: { b: "c" }, d: [{ e: 1 }] }, ok: true },
    { says: "two levels of objects", payload: { a: { b: { c: "d" } } }, ok: false },
    { says: "null", payload: { a: null }, ok: false },
    { says: "a payload that is no object", payload: "a", ok: false },
  ])("metadata with $says: $ok", ({ payload, ok }) => {
    const metadata = { event_type: "request", event_payload: payload };
    const [, answer] = call(start(""), "chat.postMessage", { channel: channelIds.ops, text: "a", metadata });
    expect(answer["ok"]).toBe(ok);
  });
});

function validate(given: Json): Json {
  return call(start(""), "blocks.validate", given)[1];
}

function call(state: State, method: string, args: Json): [State, Json] {
  const authorization = `Bearer ${tokens.bot}`;
  const request = { method, contentType: "application/json", authorization, body: JSON.stringify(args) };
  const [next, reply] = callApi(state, request, 1_000);
  return [next, reply.body as Json];
}
