import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SlackConnection } from "../src/bolt.ts";
import type { Dispatch } from "../src/seams.ts";
import {
  closing,
  command,
  type HandClock,
  type Line,
  messageShortcut,
  press,
  shortcut,
  stage,
  submission,
  suggestion,
  until,
} from "./setup/slackline.ts";

let clock: HandClock;
let line: Line;
let slack: SlackConnection;
let lines: string[];
let states: string[];
let logged: (words: string) => boolean;
let taken: unknown[];
let dispatch: Dispatch;

beforeEach(async () => {
  taken = [];
  dispatch = async (payload, reply) => {
    taken.push(payload);
    await reply();
  };
  ({ clock, line, slack, lines, states, logged } = await stage((payload, reply) => dispatch(payload, reply)));
});

afterEach(async () => {
  await slack.stop(0);
  line.close();
});

describe("every kind of payload reaches dispatch as Slack sent it, and its answer goes back", () => {
  const table: readonly {
    kind: string;
    type: "slash_commands" | "interactive";
    payload: unknown;
    body?: Record<string, unknown>;
  }[] = [
    { kind: "a command", type: "slash_commands", payload: command, body: { text: "usage" } },
    { kind: "a press", type: "interactive", payload: press },
    {
      kind: "a submission",
      type: "interactive",
      payload: submission,
      body: { response_action: "errors", errors: { reason: "too short" } },
    },
    { kind: "a closed form", type: "interactive", payload: closing },
    { kind: "typing in a select", type: "interactive", payload: suggestion, body: { options: [] } },
    { kind: "a shortcut", type: "interactive", payload: shortcut },
    { kind: "a message shortcut", type: "interactive", payload: messageShortcut },
  ];
  test.each(table)("$kind", async ({ type, payload, body }) => {
    dispatch = async (got, reply) => {
      taken.push(got);
      await reply(body);
    };
    await slack.start();
    expect(await line.ack(line.send(type, payload))).toEqual(body ?? {});
    expect(taken).toEqual([payload]);
    expect(lines.filter((text) => !text.includes("Connected to Slack"))).toEqual([]);
  });

  test("a payload is passed on once", async () => {
    await slack.start();
    for (const { type, payload } of table) await line.ack(line.send(type, payload));
    expect(taken).toHaveLength(table.length);
    expect(line.acks).toHaveLength(table.length);
  });

  test("a payload that Slack delivers again because nobody took in the first is passed on and answered like any other", async () => {
    await slack.start();
    const again = { retry_attempt: 1, retry_reason: "timeout" };
    line.raw({ type: "interactive", envelope_id: "again", payload: press, accepts_response_payload: true, ...again });
    expect(await line.ack("again")).toEqual({});
    expect(taken).toEqual([press]);
  });

  test("an event, though none is subscribed to, is acked and goes no further", async () => {
    await slack.start();
    const event = { type: "app_home_opened", user: "U0APPROVER1", channel: "D1", tab: "home" };
    const envelope = line.send("events_api", { type: "event_callback", team_id: "T1", event });
    expect(await line.ack(envelope)).toEqual({});
    expect(taken).toEqual([]);
  });

  test("the connection is asked for with the app token alone, and nothing else is called", async () => {
    await slack.start();
    await line.ack(line.send("interactive", press));
    expect(line.opened).toEqual(["/api/apps.connections.open Bearer xapp-the-token"]);
  });
});

describe("a handler that fails", () => {
  const canary = "Canary-password-9";
  beforeEach(() => {
    dispatch = async () => {
      throw new RangeError(`disk full near ${canary}`);
    };
  });

  test("is told to the person who typed a command", async () => {
    await slack.start();
    expect(await line.ack(line.send("slash_commands", command))).toEqual({
      response_type: "ephemeral",
      text: expect.stringContaining("I could not take this in"),
    });
  });

  test("is told at the form, with nothing typed lost", async () => {
    await slack.start();
    expect(await line.ack(line.send("interactive", submission))).toEqual({
      response_action: "errors",
      errors: { reason: expect.stringContaining("the same form never makes two requests") },
    });
  });

  test("is told in place of a form that has no input", async () => {
    await slack.start();
    const bare = { ...submission, view: { ...submission.view, blocks: [{ type: "section", block_id: "s" }] } };
    expect(await line.ack(line.send("interactive", bare))).toMatchObject({ response_action: "update" });
  });

  test.each([press, suggestion, shortcut])(
    "leaves $type unanswered, for Slack then shows that it failed",
    async (payload) => {
      await slack.start();
      line.send("interactive", payload);
      await until(() => logged("A handler failed") && slack.inFlight() === 0);
      expect(line.acks).toEqual([]);
    },
  );

  test("after its answer says no more, and is logged by name without its words", async () => {
    dispatch = async (_, reply) => {
      await reply({ text: "first" });
      throw new RangeError(canary);
    };
    await slack.start();
    expect(await line.ack(line.send("slash_commands", command))).toEqual({ text: "first" });
    await until(() => logged("A handler failed"));
    expect(line.acks).toHaveLength(1);
    expect(lines.join("")).toContain('"error":"RangeError"');
    expect(lines.join("")).not.toContain(canary);
  });
});

describe("an answer", () => {
  test("is sent once", async () => {
    dispatch = async (_, reply) => {
      await reply({ text: "one" });
      await reply({ text: "two" });
    };
    await slack.start();
    expect(await line.ack(line.send("slash_commands", command))).toEqual({ text: "one" });
    await until(() => logged("A second answer was dropped"));
  });

  test("that comes too late for Slack is logged", async () => {
    dispatch = async (_, reply) => {
      clock.advance(3_001);
      await reply();
    };
    await slack.start();
    await line.ack(line.send("interactive", press));
    expect(logged("An answer came later than Slack waits")).toBe(true);
  });

  test("that finds no socket does not stop what the handler does next", async () => {
    let finished = false;
    dispatch = async (_, reply) => {
      line.sockets.at(-1)?.terminate();
      await until(() => !slack.connected());
      await reply();
      finished = true;
    };
    await slack.start();
    line.send("interactive", press);
    await until(() => finished);
    expect(logged("An answer did not reach Slack")).toBe(true);
  });

  test("is given for a handler that had nothing to say", async () => {
    dispatch = async () => {};
    await slack.start();
    expect(await line.ack(line.send("interactive", press))).toEqual({});
  });
});

describe("stopping", () => {
  test("waits for what is in hand, lets its answer out, and takes nothing new meanwhile", async () => {
    let finish = (): void => {};
    dispatch = async (payload, reply) => {
      taken.push(payload);
      await new Promise<void>((resolve) => (finish = resolve));
      await reply({ text: "stored" });
    };
    await slack.start();
    const first = line.send("slash_commands", command);
    await until(() => slack.inFlight() === 1);
    const stopped = slack.stop(5_000);
    const second = line.send("slash_commands", command);
    expect(await line.ack(second)).toMatchObject({ text: expect.stringContaining("I am restarting") });
    finish();
    expect(await line.ack(first)).toEqual({ text: "stored" });
    clock.advance(20);
    await stopped;
    expect(taken).toHaveLength(1);
    expect(states.at(-1)).toBe("stopped");
    await until(() => line.sockets[0]?.readyState === 3);
  });

  test("does not wait longer than it was told for a handler that hangs", async () => {
    dispatch = () => new Promise(() => {});
    await slack.start();
    line.send("interactive", press);
    await until(() => slack.inFlight() === 1);
    const stopped = slack.stop(1_000);
    await until(() => clock.waits().includes(20));
    clock.advance(1_000);
    await stopped;
    expect(logged("Stopping with handlers in hand")).toBe(true);
  });

  test("while it waits to connect again ends the wait", async () => {
    await slack.start();
    line.answers = [{ status: 500 }];
    line.sockets[0]?.terminate();
    await until(() => clock.waits()[0] === 1_000);
    await slack.stop(0);
    expect(line.opened).toHaveLength(1);
  });
});

test("a typed password that passes through is nowhere in the log", async () => {
  const values = { password: { password: { type: "plain_text_input", value: "Canary-password-9" } } };
  await slack.start();
  await line.ack(line.send("interactive", { ...submission, view: { ...submission.view, state: { values } } }));
  line.raw({ type: "interactive", envelope_id: "broken", payload: { view: "Canary-password-9" } });
  line.sockets[0]?.send("{ Canary-password-9");
  await line.ack(line.send("interactive", press));
  expect(lines.join("")).not.toContain("Canary-password-9");
});
