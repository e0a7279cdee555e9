import { beforeEach, expect, test } from "vitest";
import { userIds } from "../playground/slack/people.ts";
import { type PersonHandle, person } from "../playground/slack/person.ts";
import { type Fields, isFields } from "../playground/slack/rules.ts";
import { SlackShell } from "../playground/slack/shell.ts";
import type { State } from "../playground/slack/state.ts";
import { place, redraw, topView } from "../playground/slack/views.ts";
import { workspace } from "../playground/slack/workspace.ts";
import { realClock } from "../src/real.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const option = (text: string, value: string) => ({ text: plain(text), value });
const choices = [option("Data disks are unmounted", "unmounted"), option("The team knows", "told")];
const kinds = [option("Public", "public"), option("Private", "private")];
const input = (block_id: string, label: string, element: Fields, more: Fields = {}) => {
  return { type: "input", block_id, label: plain(label), element: { action_id: "a", ...element }, ...more };
};
const form = {
  type: "modal",
  title: plain("Form"),
  submit: plain("Send"),
  blocks: [
    input("checks", "Before you send", { type: "checkboxes", options: choices }),
    input("kinds", "Image kinds", { type: "multi_static_select", options: kinds }, { dispatch_action: true }),
    input("note", "Note", { type: "plain_text_input", max_length: 5 }, { optional: true }),
    input(
      "size",
      "Size",
      { type: "number_input", is_decimal_allowed: false, min_value: "51", max_value: "2048" },
      { optional: true },
    ),
    {
      type: "section",
      block_id: "menu",
      text: plain("More to do"),
      accessory: { type: "overflow", action_id: "more", options: [option("Show details", "details")] },
    },
  ],
};

let shell: SlackShell;
let erin: PersonHandle;
/** What the app answers to the next submission. */
let reply: Fields | undefined;

beforeEach(() => {
  shell = new SlackShell({ clock: realClock() });
  reply = undefined;
  shell.onChange(() => {
    for (const { envelope } of shell.state().pending) shell.apply({ kind: "ack", envelope, payload: reply });
  });
  shell.arrange((state) => opened({ ...state, sockets: ["app"] }));
  erin = person(workspace(shell), userIds.engineer);
});

test("what is ticked and typed in quiet fields is sent with the form, not before", async () => {
  await erin.tick("Before you send", "The team knows");
  await erin.tick("Before you send", "unmounted");
  await erin.untick("Before you send", "The team knows");
  await erin.type("Note", "short");
  expect(sent()).toEqual([]);
  expect(await erin.choose("Image kinds", ["Public", "Private"])).toEqual({ ok: true });
  expect(sent()).toMatchObject([{ type: "block_actions", actions: [{ block_id: "kinds", selected_options: kinds }] }]);
  reply = { response_action: "errors", errors: { kinds: "Only one." } };
  expect(await erin.submit()).toEqual({ ok: true });
  expect(sent().at(-1)).toMatchObject({
    type: "view_submission",
    view: {
      state: {
        values: {
          checks: { a: { type: "checkboxes", selected_options: [{ value: "unmounted" }] } },
          kinds: { a: { selected_options: [{ value: "public" }, { value: "private" }] } },
          note: { a: { value: "short" } },
        },
      },
    },
  });
  expect(erin.errors()).toEqual({ "Image kinds": "Only one." });
});

test("Slack's own client refuses what is missing or too long, and the bot hears nothing of it", async () => {
  await erin.type("Note", "too long");
  expect(await erin.submit()).toEqual({ ok: true });
  expect(erin.errors()).toEqual({
    "Before you send": "Please complete this required field.",
    "Image kinds": "Please complete this required field.",
    Note: "Must be at most 5 characters.",
  });
  expect(sent()).toEqual([]);
});

test.each([
  ["12,5", "Must be a number."],
  ["60.5", "Must be a number."],
  ["50", "Must be at least 51."],
  ["2049", "Must be at most 2048."],
  ["51", undefined],
  ["", undefined],
])("of the number %j Slack's own client says %s", async (typed, says) => {
  await erin.type("Size", typed);
  await erin.submit();
  expect(erin.errors()["Size"]).toBe(says);
});

test("a menu tells at once what was chosen", async () => {
  await erin.choose("More to do", "Show details");
  expect(sent()).toMatchObject([{ actions: [{ type: "overflow", selected_option: { value: "details" } }] }]);
});

test("an entry that was not sent yet goes with its field, and does not come back with it", async () => {
  await erin.type("Note", "short");
  shell.arrange((state) =>
    redrawn(state, { ...form, blocks: form.blocks.filter((block) => block.block_id !== "note") }),
  );
  shell.arrange((state) => redrawn(state, form));
  expect(erin.entry("Note")).toBeNull();
});

test("a label that is not there is answered with those that are", async () => {
  await expect(erin.type("Password", "x")).rejects.toThrow('nothing is called "Password"; there are "Before you send"');
});

test("✕ closes the modal", async () => {
  await erin.dismiss();
  expect(erin.modal()).toBeNull();
});

function opened(state: State): State {
  return place(state, userIds.engineer, form, "open", 0)?.[0] ?? state;
}

function redrawn(state: State, view: Fields): State {
  const top = topView(state, userIds.engineer);
  return top ? redraw(state, top, view, 0)[0] : state;
}

/** Payloads that the app was sent, oldest first. */
function sent(): readonly Fields[] {
  const frames = shell.traffic.filter((each) => each.kind === "envelope").map((each): unknown => JSON.parse(each.body));
  return frames.filter(isFields).map((frame) => frame["payload"] as Fields);
}
