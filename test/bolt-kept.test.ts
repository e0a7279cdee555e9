import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SlackConnection } from "../src/bolt.ts";
import { type HandClock, type Line, type Opening, press, stage, until } from "./setup/slackline.ts";

let clock: HandClock;
let line: Line;
let slack: SlackConnection;
let states: string[];

beforeEach(async () => {
  ({ clock, line, slack, states } = await stage((_, reply) => reply()));
});

afterEach(async () => {
  await slack.stop(0);
  line.close();
});

describe("the connection is kept", () => {
  test("when Slack refreshes a healthy one, the next is opened at once", async () => {
    await slack.start();
    clock.advance(3_600_000);
    line.raw({ type: "disconnect", reason: "refresh_requested" });
    await until(() => line.sockets.length === 2 && slack.connected());
    expect(states).toEqual(["connected", "reconnecting", "connected"]);
    expect(await line.ack(line.send("interactive", press))).toEqual({});
  });

  test("when the network drops it", async () => {
    await slack.start();
    clock.advance(10_000);
    line.sockets[0]?.terminate();
    await until(() => line.sockets.length === 2 && slack.connected());
  });

  test("though the process stood still so long that the library gave the socket up: its pings went out late, all at once", async ({
    onTestFinished,
  }) => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
    onTestFinished(() => void vi.useRealTimers());
    await slack.start();
    clock.advance(10_000);
    // No socket is read while these pass, as when nothing else of the process runs.
    vi.advanceTimersByTime(10_000);
    await until(() => states.includes("reconnecting") && line.sockets.length === 2 && slack.connected());
    expect(await line.ack(line.send("interactive", press))).toEqual({});
  });

  test("with a growing wait when it never lasts, up to a minute", async () => {
    await slack.start();
    const seen: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      line.sockets.at(-1)?.terminate();
      await until(() => !slack.connected() && clock.waits().length === 1);
      seen.push(...clock.waits());
      clock.advance(clock.waits()[0] ?? 0);
      await until(() => slack.connected());
    }
    expect(seen).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  const troubles: readonly { says: string; answer: Opening; state: string; waitMs: number }[] = [
    { says: "Slack answers 500", answer: { status: 500 }, state: "reconnecting", waitMs: 1_000 },
    { says: "Slack asks to wait 30 s", answer: { status: 429, retryAfter: 30 }, state: "reconnecting", waitMs: 30_000 },
    { says: "the network breaks", answer: "break", state: "reconnecting", waitMs: 1_000 },
    { says: "Slack says internal_error", answer: { error: "internal_error" }, state: "reconnecting", waitMs: 1_000 },
    // Each of these would end the process if the library reconnected. https://github.com/slackapi/node-slack-sdk/issues/2656
    ...["invalid_auth", "account_inactive", "not_authed", "user_removed_from_team", "team_disabled"].map((error) => {
      return { says: `Slack refuses with ${error}`, answer: { error }, state: "refused", waitMs: 1_000 };
    }),
  ];
  test.each(troubles)("through a reconnection during which $says, without an unhandled rejection", async (trouble) => {
    await slack.start();
    clock.advance(10_000);
    line.answers = [trouble.answer, "ok"];
    line.raw({ type: "disconnect", reason: "warning" });
    await until(() => clock.waits().includes(trouble.waitMs) && clock.waits().length === 1);
    expect(states.at(-1)).toBe(trouble.state);
    expect(slack.connected()).toBe(false);
    clock.advance(trouble.waitMs);
    await until(() => slack.connected());
    expect(await line.ack(line.send("interactive", press))).toEqual({});
  });

  test("through a hello that never comes", async () => {
    await slack.start();
    clock.advance(10_000);
    line.hello = false;
    line.sockets[0]?.terminate();
    await until(() => line.sockets.length === 2 && clock.waits().includes(20_000));
    line.hello = true;
    clock.advance(20_000);
    await until(() => clock.waits().length === 1 && clock.waits()[0] === 1_000 && line.sockets[1]?.readyState === 3);
    clock.advance(1_000);
    await until(() => slack.connected());
    expect(line.sockets).toHaveLength(3);
  });

  test("from the start on, though Slack is down at first", async () => {
    line.answers = [{ status: 503 }, "ok"];
    const started = slack.start();
    await until(() => clock.waits()[0] === 1_000);
    clock.advance(1_000);
    await started;
    expect(slack.connected()).toBe(true);
  });
});

test("a wrong app token fails the start, with Slack's word", async () => {
  line.answers = [{ error: "invalid_auth" }];
  await expect(slack.start()).rejects.toThrow("Slack refused: invalid_auth");
  expect(line.opened).toHaveLength(1);
});
