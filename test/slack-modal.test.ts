import { describe, expect, test } from "vitest";
import { DirectSlack } from "../playground/slack/direct.ts";
import { channelIds, userIds } from "../playground/slack/people.ts";
import type { Fields } from "../playground/slack/rules.ts";

const form = { type: "modal", callback_id: "form", title: { type: "plain_text", text: "Form" }, blocks: [] };
const button = { type: "button", block_id: "b", action_id: "go", text: { type: "plain_text", text: "Go" } };
const reason = {
  type: "input",
  block_id: "why",
  label: { type: "plain_text", text: "Reason" },
  element: { type: "plain_text_input", action_id: "text" },
};
const reasonForm = { ...form, submit: { type: "plain_text", text: "Send" }, blocks: [reason] };

describe("a modal", () => {
  test("stacks three high", () => {
    const { slack, viewId } = opened(form);
    const push = (view: string) => {
      const press = { do: "press", user: userIds.engineer, in: { view }, action: button } as const;
      return slack.call("views.push", { trigger_id: slack.send(press).payload["trigger_id"], view: form });
    };
    const second = push(viewId)["view"] as Fields;
    expect(second).toMatchObject({ root_view_id: viewId, previous_view_id: viewId });
    const third = push(String(second["id"]))["view"] as Fields;
    expect(push(String(third["id"]))).toMatchObject({ error: "push_limit_reached" });
  });

  test("refuses a change that was made for an older picture", () => {
    const { slack, viewId, hash } = opened(form);
    expect(slack.call("views.update", { view_id: viewId, hash, view: form })).toMatchObject({ ok: true });
    expect(slack.call("views.update", { view_id: viewId, hash, view: form })).toMatchObject({ error: "hash_conflict" });
    expect(slack.call("views.update", { view_id: "V0", view: form })).toMatchObject({ error: "not_found" });
  });

  test("keeps an external_id to itself", () => {
    const { slack } = opened({ ...form, external_id: "one" });
    const again = { trigger_id: triggerOf(slack, userIds.approver), view: { ...form, external_id: "one" } };
    expect(slack.call("views.open", again)).toMatchObject({ error: "duplicate_external_id" });
    expect(slack.call("views.update", { external_id: "one", view: form })).toMatchObject({ ok: true });
  });

  test.each([
    { says: "stay when block and action keep their ids", block: "why", action: "text", value: "disk is broken" },
    { says: "go when the block gets another id", block: "why2", action: "text", value: null },
    { says: "go when the action gets another id", block: "why", action: "text2", value: null },
  ])("entries $says", ({ block, action, value }) => {
    const { slack, viewId } = opened(reasonForm);
    const values = { why: { text: { type: "plain_text_input", value: "disk is broken" } } };
    slack.send({ do: "press", user: userIds.engineer, in: { view: viewId }, action: button, values });
    const element = { ...reason.element, action_id: action };
    const changed = { ...reasonForm, blocks: [{ ...reason, block_id: block, element }] };
    const { view } = slack.call("views.update", { view_id: viewId, view: changed });
    expect(view).toMatchObject({ state: { values: { [block]: { [action]: { type: "plain_text_input", value } } } } });
  });

  test("is not sent while a required field is empty", () => {
    const { slack, viewId } = opened(reasonForm);
    const outputs = slack.act({ do: "submit", user: userIds.engineer, view: viewId, values: {} });
    expect(outputs).toMatchObject([{ to: "person", answer: { ok: true } }]);
    expect(slack.state.views[viewId]?.errors).toEqual({ why: "Please complete this required field." });
  });

  test.each([
    { says: "nothing closes it", payload: undefined, open: 0, ok: true },
    { says: "clear closes all", payload: { response_action: "clear" }, open: 0, ok: true },
    {
      says: "errors at a field keep it",
      payload: { response_action: "errors", errors: { why: "No." } },
      open: 1,
      ok: true,
    },
    {
      says: "errors at no field are a fault",
      payload: { response_action: "errors", errors: { x: "No." } },
      open: 1,
      ok: false,
    },
    { says: "push stacks", payload: { response_action: "push", view: form }, open: 2, ok: true },
    { says: "update redraws", payload: { response_action: "update", view: form }, open: 1, ok: true },
    {
      says: "a bad view is a fault",
      payload: { response_action: "update", view: { ...form, title: "x" } },
      open: 1,
      ok: false,
    },
  ])("a submission answered with $says", ({ payload, open, ok }) => {
    const { slack, viewId } = opened(reasonForm);
    const values = { why: { text: { type: "plain_text_input", value: "because" } } };
    const { envelope } = slack.send({ do: "submit", user: userIds.engineer, view: viewId, values });
    const [answer] = slack.feed({ kind: "ack", envelope, payload });
    const says = { ok: false, says: "We had some trouble connecting. Try again?" };
    expect(answer).toMatchObject({ to: "person", answer: ok ? { ok: true } : says });
    expect(slack.state.stacks[userIds.engineer]).toHaveLength(open);
  });

  test("tells of being closed only when it asked: cancel by its own id, ✕ by the first one's", () => {
    const { slack, viewId } = opened({ ...form, notify_on_close: true });
    const close = { do: "close", user: userIds.engineer, view: viewId } as const;
    expect(slack.send({ ...close, all: true }).payload).toMatchObject({
      type: "view_closed",
      is_cleared: true,
      view: { id: viewId },
    });
    const quiet = opened(form);
    const closed = quiet.slack.act({ do: "close", user: userIds.engineer, view: quiet.viewId, all: false });
    expect(closed).toMatchObject([{ to: "person", answer: { ok: true } }]);
  });
});

describe("a typeahead field", () => {
  const external = { type: "external_select", action_id: "server" };
  const withSelect = (more: Fields = {}) => ({
    ...form,
    blocks: [{ type: "actions", block_id: "pick", elements: [{ ...external, ...more }] }],
  });
  const ask = (view: string, value: string) =>
    ({ do: "suggest", user: userIds.engineer, view, blockId: "pick", actionId: "server", value }) as const;
  const option = { text: { type: "plain_text", text: "web-01" }, value: "ins-1" };

  test("asks from three characters on, or from what it says itself", () => {
    const { slack, viewId } = opened(withSelect());
    expect(slack.act(ask(viewId, "we"))).toMatchObject([{ answer: { ok: true, options: [] } }]);
    expect(slack.send(ask(viewId, "web")).payload).toMatchObject({ type: "block_suggestion", value: "web" });
    const eager = opened(withSelect({ min_query_length: 0 }));
    expect(eager.slack.send(ask(eager.viewId, "")).payload).toMatchObject({ value: "" });
  });

  test.each([
    { says: "options", payload: { options: [option] }, answer: { ok: true, options: [option] } },
    { says: "no option", payload: { options: [] }, answer: { ok: true, options: [] } },
    { says: "101 options", payload: { options: Array(101).fill(option) }, answer: { ok: false } },
    { says: "nothing", payload: undefined, answer: { ok: false } },
  ])("shows $says", ({ payload, answer }) => {
    const { slack, viewId } = opened(withSelect());
    const { envelope } = slack.send(ask(viewId, "web"));
    expect(slack.feed({ kind: "ack", envelope, payload })).toMatchObject([{ answer }]);
  });
});

function triggerOf(slack: DirectSlack, user: string): string {
  const command = { do: "command", user, channel: channelIds.ops, text: "/reinstall" } as const;
  return String(slack.send(command).payload["trigger_id"]);
}

/** The engineer has the modal open. */
function opened(view: Fields): { slack: DirectSlack; viewId: string; hash: string } {
  const slack = new DirectSlack();
  slack.connect("a");
  const shown = slack.call("views.open", { trigger_id: triggerOf(slack, userIds.engineer), view })["view"] as Fields;
  return { slack, viewId: String(shown["id"]), hash: String(shown["hash"]) };
}
