import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SlackConnection } from "../../src/bolt.ts";
import { hostileText } from "../setup/arbitrary.ts";
import { type HandClock, type Line, press, stage, until } from "../setup/slackline.ts";

let clock: HandClock;
let line: Line;
let slack: SlackConnection;

beforeEach(async () => {
  ({ clock, line, slack } = await stage((_, reply) => reply()));
  await slack.start();
});
afterEach(async () => {
  await slack.stop(0);
  line.close();
});

describe("whatever comes over the socket", () => {
  test("the next press is taken in over the same connection", async () => {
    const type = fc.oneof(
      fc.constantFrom("interactive", "slash_commands", "events_api", "something_new"),
      hostileText(),
    );
    const frame = fc.record({ type, payload: fc.anything({ maxDepth: 3 }), accepts_response_payload: fc.anything() });
    await fc.assert(
      fc.asyncProperty(fc.oneof(frame, fc.anything({ maxDepth: 2 })), async (sent) => {
        line.raw(sent);
        await line.ack(line.send("interactive", press));
      }),
      { numRuns: 300 },
    );
    expect(line.sockets).toHaveLength(1);
    expect(slack.connected()).toBe(true);
  });

  test.each(["", "{", "null", "[]", "\u0000", '{"type":"disconnect', "x".repeat(1_000_000)])(
    "even the frame %j",
    async (text) => {
      line.sockets[0]?.send(text);
      await line.ack(line.send("interactive", press));
      expect(line.sockets).toHaveLength(1);
    },
  );
});

describe("Slack asks the bot to connect anew", () => {
  test.each(["warning", "refresh_requested", "link_disabled", "too_many_websockets", "a reason to come"])(
    "for %s: it does so at once, and the next press comes over the new connection",
    async (reason) => {
      clock.advance(10_000);
      line.raw({ type: "disconnect", reason });
      await until(() => line.sockets.length === 2 && slack.connected());
      expect(await line.ack(line.send("interactive", press))).toEqual({});
      await until(() => line.sockets[0]?.readyState === 3);
    },
  );
});
