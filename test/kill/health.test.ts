import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import type { SlackConnection } from "../../src/bolt.ts";
import { healthPort, healthy } from "../../src/health.ts";
import { type Freezable, freezable } from "../setup/freezable.ts";
import { ProcessStage } from "../setup/process.ts";
import { type HandClock, type Line, stage, until } from "../setup/slackline.ts";

describe("REINSTALL_HEALTH_PORT", () => {
  test.each([
    { text: undefined, says: "off", port: null },
    { text: "", says: "off", port: null },
    { text: "8081", says: "a port", port: 8081 },
    ...["0", "65536", "80a", "-1", "http"].map((text) => ({
      ...{ text, says: "a mistake" },
      port: { mistake: "REINSTALL_HEALTH_PORT: expected a port from 1 to 65535, or nothing to have no /healthz." },
    })),
  ])("$text is $says", ({ text, port }) => expect(healthPort(text)).toEqual(port));
});

describe("the bot calls itself well", () => {
  test.each([
    { says: "while it hears Slack", slack: true, lastSignAt: 100_000, now: 101_000, well: true },
    { says: "not before Slack has said anything", slack: true, lastSignAt: null, now: 101_000, well: false },
    { says: "not without a connection", slack: false, lastSignAt: 100_000, now: 101_000, well: false },
    { says: "not after a minute of silence", slack: true, lastSignAt: 100_000, now: 160_000, well: false },
  ])("$says", ({ slack, lastSignAt, now, well }) => expect(healthy({ slack, lastSignAt }, now)).toBe(well));
});

describe("a connection that has fallen silent", () => {
  let clock: HandClock;
  let line: Line;
  let slack: SlackConnection;
  let logged: (words: string) => boolean;
  beforeEach(async () => {
    ({ clock, line, slack, logged } = await stage((_, reply) => reply(), { silenceMaxMs: 30_000 }));
    await slack.start();
  });
  afterEach(async () => {
    await slack.stop(0);
    line.close();
  });

  test("is given up after 30 seconds, and another is opened", async () => {
    clock.advance(30_000);
    await until(() => line.sockets.length === 2 && slack.connected());
    expect(logged("Slack has fallen silent on this connection")).toBe(true);
  });

  test("is not one on which Slack still pings", async () => {
    for (let n = 0; n < 4; n += 1) {
      clock.advance(20_000);
      line.sockets[0]?.ping();
      await until(() => slack.lastSignAt() === clock.now());
    }
    expect(line.sockets).toHaveLength(1);
    expect(slack.connected()).toBe(true);
  });

  test("is not one over which Slack still sends", async () => {
    clock.advance(20_000);
    line.raw({ type: "something new" });
    await until(() => slack.lastSignAt() === clock.now());
    clock.advance(20_000);
    line.raw({ type: "something new" });
    await until(() => slack.lastSignAt() === clock.now());
    expect(line.sockets).toHaveLength(1);
  });
});

describe("/healthz of the running bot", () => {
  const account = { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] };
  let running: ProcessStage;
  let network: Freezable;
  let port: number;

  async function vitals(): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  async function until200Or503(wanted: number, maxMs: number): Promise<void> {
    const end = performance.now() + maxMs;
    while ((await vitals()).status !== wanted) {
      if (performance.now() > end) throw new Error(`/healthz never answered ${wanted}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  beforeEach(async () => {
    port = await freePort();
    running = new ProcessStage([{ account, sim: tencentSim }]);
    await running.start({ REINSTALL_HEALTH_PORT: String(port) });
    network = await freezable(running.shell.state().origin);
  });
  afterEach(async () => {
    network.close();
    await running.end();
  });

  test("says that it hears Slack, how much is open and in hand, and nothing else", async () => {
    await until200Or503(200, 10_000);
    const { body } = await vitals();
    expect(body).toEqual({
      ...{ ok: true, slack: true, open: 0, turns: 0, handlers: 0 },
      lastSignAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  test("says so within a minute when the line is dead though Slack's Web API still answers, and again when it is mended", async () => {
    const { origin } = running.shell.state();
    running.shell.arrange((state) => ({ ...state, origin: network.url }));
    running.shell.apply({ kind: "disconnect", reason: "refresh_requested" });
    await running.until("the bot comes back through the network", () => running.shell.state().sockets.length > 0);
    await until200Or503(200, 10_000);
    network.freeze();
    await until200Or503(503, 60_000);
    expect((await fetch(`${origin}/api/api.test`, { method: "POST" })).status).toBe(200);
    network.thaw();
    await until200Or503(200, 40_000);
  }, 120_000);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
