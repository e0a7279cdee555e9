import { type ClientRequest, request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { post, type SignedRequest, signatureOf, signedRequest } from "../playground/slack/delivery.ts";
import { connectSlack, type SlackConnection } from "../src/bolt.ts";
import { healthy } from "../src/health.ts";
import { bodyMaxBytes, heldMaxBytes } from "../src/http-body.ts";
import { slackPath } from "../src/http-line.ts";
import { openLog } from "../src/log.ts";
import type { Dispatch } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";
import {
  closing,
  command,
  HandClock,
  messageShortcut,
  press,
  shortcut,
  submission,
  suggestion,
  until,
} from "./setup/slackline.ts";

const secret = "0123456789abcdef0123456789abcdef";
const noon = Date.UTC(2026, 10, 21, 12, 0, 0);

let clock: HandClock;
let slack: SlackConnection;
let lines: string[];
let taken: unknown[];
let dispatch: Dispatch;

beforeEach(async () => {
  clock = new HandClock();
  clock.advance(noon);
  lines = [];
  taken = [];
  dispatch = async (payload, reply) => {
    taken.push(payload);
    await reply();
  };
  slack = connectSlack({
    http: { signingSecret: new Secret(secret), host: "127.0.0.1", port: 0 },
    dispatch: (payload, reply) => dispatch(payload, reply),
    ...{ clock, onState: () => {} },
    log: openLog({ clock, level: "info", write: (text) => void lines.push(text) }),
  });
  await slack.start();
});

afterEach(() => slack.stop(0));

const url = (path = slackPath): string => `http://127.0.0.1:${slack.port()}${path}`;

function signed(type: "slash_commands" | "interactive", payload: unknown, at = clock.now()): SignedRequest {
  return signedRequest({ type, payload }, secret, at);
}
const commandNow = (): SignedRequest => signed("slash_commands", command);

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
      ...{ kind: "a submission", type: "interactive", payload: submission },
      body: { response_action: "errors", errors: { reason: "too short – 12 at least" } },
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
    const answer = await post(url(), signed(type, payload));
    expect(answer).toEqual({ status: 200, body: body === undefined ? "" : JSON.stringify(body) });
    expect(taken).toEqual([payload]);
    expect(lines).toEqual([]);
  });
});

describe("what Slack did not send, now, for the first time, is refused with 401 and changes nothing", () => {
  const table: readonly { says: string; why: string; request(): SignedRequest }[] = [
    { says: "without a signature", why: "unsigned", request: () => ({ ...commandNow(), headers: {} }) },
    {
      ...{ says: "signed with another secret", why: "forged" },
      request: () => signedRequest({ type: "slash_commands", payload: command }, "f".repeat(32), clock.now()),
    },
    {
      ...{ says: "with a body that was changed on the way", why: "forged" },
      request: () => ({ ...commandNow(), body: `${commandNow().body}&text=web-02` }),
    },
    {
      ...{ says: "more than five minutes old", why: "stale" },
      request: () => signed("slash_commands", command, clock.now() - 301_000),
    },
    {
      ...{ says: "dated more than a minute ahead", why: "future" },
      request: () => signed("slash_commands", command, clock.now() + 61_000),
    },
    {
      ...{ says: "sent before this process began", why: "before-start" },
      request: () => signed("slash_commands", command, clock.now() - 5_000),
    },
    {
      ...{ says: "with ssl_check put beside a command", why: "unsigned" },
      request: () => ({ headers: {}, body: `${commandNow().body}&ssl_check=1` }),
    },
  ];
  test.each(table)("$says", async ({ why, request: made }) => {
    expect(await post(url(), made())).toEqual({ status: 401, body: "" });
    expect(taken).toEqual([]);
    expect(lines.join("")).toContain(`"why":"${why}"`);
  });

  test("sent a second time", async () => {
    const once = signed("interactive", press);
    expect((await post(url(), once)).status).toBe(200);
    clock.advance(2_000);
    expect((await post(url(), once)).status).toBe(401);
    expect(taken).toHaveLength(1);
  });

  test("two copies at the same moment: one is taken", async () => {
    const once = signed("interactive", press);
    const answers = await Promise.all([post(url(), once), post(url(), once)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(taken).toHaveLength(1);
  });

  test("a flood of them is told in the log once in ten seconds, with its count", async () => {
    for (let n = 0; n < 5; n += 1) await post(url(), { headers: {}, body: "a=1" });
    expect(lines).toHaveLength(1);
    clock.advance(10_000);
    await post(url(), { headers: {}, body: "a=1" });
    expect(lines[1]).toContain('"count":5');
  });
});

describe("what a stranger can make the bot hold", () => {
  let begun: ClientRequest[];
  beforeEach(() => {
    begun = [];
  });
  afterEach(() => {
    for (const each of begun) each.destroy();
  });

  /** Sends this much of a body of this length, and then neither more nor an end. */
  function begin(
    headers: Readonly<Record<string, string>>,
    body: string,
    length?: number,
  ): Promise<number | "hung up"> {
    return new Promise((resolve) => {
      const announced = length === undefined ? {} : { "content-length": length };
      const outgoing = request(url(), { method: "POST", agent: false, headers: { ...headers, ...announced } });
      outgoing.on("response", (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      // Whoever is still sending may find the line closed before the answer can be read.
      outgoing.on("error", () => resolve("hung up"));
      outgoing.flushHeaders();
      if (body !== "") outgoing.write(body);
      begun.push(outgoing);
    });
  }

  const dated = (at: number): Readonly<Record<string, string>> => ({
    "x-slack-request-timestamp": String(Math.floor(at / 1_000)),
    "x-slack-signature": `v0=${"0".repeat(64)}`,
  });

  test.each([
    { says: "no signature", headers: () => ({}), why: "unsigned" },
    { says: "a date long past", headers: () => dated(clock.now() - 301_000), why: "stale" },
    { says: "a date to come", headers: () => dated(clock.now() + 61_000), why: "future" },
  ])("with $says it is refused before its body has come, whether its length is announced or not", async (given) => {
    expect(await begin(given.headers(), "", bodyMaxBytes)).toBe(401);
    expect(await begin(given.headers(), "", 1_000)).toBe(401);
    expect(await begin(given.headers(), "")).toBe(401);
    expect(lines.join("")).toContain(`"why":"${given.why}"`);
  });

  test("long bodies that nobody proved are held up to a bound; past it they are told 503, until others are gone", async () => {
    const fit = Math.floor(heldMaxBytes / bodyMaxBytes);
    const statuses: (number | "hung up")[] = [];
    for (let n = 0; n < fit + 3; n += 1)
      void begin(dated(clock.now()), "a".repeat(bodyMaxBytes - 1), bodyMaxBytes).then((code) => statuses.push(code));
    await until(() => statuses.length >= 3);
    expect(statuses.filter((status) => status !== 503 && status !== "hung up")).toEqual([]);
    expect(lines.join("")).toContain('"why":"crowded"');
    for (const each of begun) each.destroy();
    const served = async (): Promise<boolean> => (await post(url(), commandNow())).status === 200;
    while (!(await served()));
    expect(taken).toHaveLength(1);
  });

  test("a body in pieces of one byte takes more room than it is long, and is counted so", async () => {
    const count = Math.ceil(heldMaxBytes / 256);
    expect(count).toBeLessThan(bodyMaxBytes);
    const head = Object.entries({ host: "bot", "transfer-encoding": "chunked", ...dated(clock.now()) });
    const lead = `POST ${slackPath} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
    const line = connect(slack.port() ?? 0, "127.0.0.1");
    line.on("error", () => {});
    line.write(lead + "1\r\na\r\n".repeat(count));
    await until(() => lines.length > 0);
    line.destroy();
    expect(lines.join("")).toContain('"why":"crowded"');
  });
});

describe("what is no payload", () => {
  function signedText(body: string, contentType: string): SignedRequest {
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const proof = { "x-slack-request-timestamp": timestamp, "x-slack-signature": signatureOf(secret, timestamp, body) };
    return { headers: { ...proof, "content-type": contentType }, body };
  }

  test.each([
    { says: "JSON that breaks off", body: "payload=%7B", type: "application/x-www-form-urlencoded" },
    { says: "a list", body: "[1]", type: "application/json" },
    { says: "a JSON text", body: "payload=%22a%22", type: "application/x-www-form-urlencoded" },
  ])("$says is answered with 400, though Slack signed it", async ({ body, type }) => {
    expect((await post(url(), signedText(body, type))).status).toBe(400);
    expect(taken).toEqual([]);
  });

  test("Slack's look at the certificate is answered, and nothing comes of it", async () => {
    expect((await post(url(), { headers: {}, body: "ssl_check=1&token=x" })).status).toBe(200);
    expect((await fetch(url(`${slackPath}?ssl_check=1&token=x`))).status).toBe(200);
    expect(taken).toEqual([]);
  });

  test("another address and another method are not served", async () => {
    expect((await post(url("/"), commandNow())).status).toBe(404);
    expect((await fetch(url())).status).toBe(405);
    expect(taken).toEqual([]);
  });

  test("a body past the limit is refused unread, whether its length is announced or not", async () => {
    const long = "a".repeat(bodyMaxBytes + 1);
    expect(
      await post(url(), signedText(long, "application/json")).then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413);
    expect(await chunked(long)).toBe(413);
    expect(taken).toEqual([]);
    expect((await post(url(), commandNow())).status).toBe(200);
  });

  /** 413, also where the line is closed before the answer can be read, since the rest of the body is not waited for. */
  function chunked(body: string): Promise<number> {
    return new Promise((resolve) => {
      const { headers } = signedText(body, "application/json");
      const outgoing = request(url(), { method: "POST", agent: false, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      outgoing.on("error", () => resolve(413));
      outgoing.write(body.slice(0, 10));
      outgoing.end(body.slice(10));
    });
  }
});

describe("a handler that fails", () => {
  beforeEach(() => {
    dispatch = async () => {
      throw new RangeError("disk full");
    };
  });

  test("is told to the person who typed a command", async () => {
    const { status, body } = await post(url(), commandNow());
    expect(status).toBe(200);
    expect(JSON.parse(body).text).toContain("I could not take this in");
  });

  test.each([press, suggestion, shortcut])("leaves $type to Slack, which shows that it failed", async (payload) => {
    expect(await post(url(), signed("interactive", payload))).toEqual({ status: 500, body: "" });
  });
});

describe("/healthz over HTTP", () => {
  test("the bot is well while its port is open, for Slack is silent while nobody presses anything", () => {
    const vitals = { slack: slack.connected(), lastSignAt: slack.lastSignAt(), quiet: slack.port() !== null };
    expect(vitals).toEqual({ slack: true, lastSignAt: null, quiet: true });
    expect(healthy(vitals, noon)).toBe(true);
    expect(healthy({ ...vitals, slack: false }, noon)).toBe(false);
  });

  test("the last sign is the last request that was believed", async () => {
    await post(url(), commandNow());
    clock.advance(1_000);
    await post(url(), { headers: {}, body: "a=1" });
    expect(slack.lastSignAt()).toBe(noon);
  });
});

describe("stopping", () => {
  test("what is in hand is answered first; newcomers are told; then the port is closed", async () => {
    let go = (): void => {};
    dispatch = async (_payload, reply) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      await reply({ text: "done" });
    };
    const first = post(url(), commandNow());
    await until(() => slack.inFlight() === 1);
    const open = url();
    const stopped = slack.stop(3_000);
    const newcomer = await post(url(), signed("slash_commands", { ...command, trigger_id: "another" }));
    expect(JSON.parse(newcomer.body).text).toContain("I am restarting");
    go();
    expect(await first).toEqual({ status: 200, body: '{"text":"done"}' });
    clock.advance(20);
    await stopped;
    expect(slack.connected()).toBe(false);
    await expect(post(open, commandNow())).rejects.toThrow();
  });

  test("an answer that comes when Slack has hung up is logged, and what was decided stays", async () => {
    let decided = 0;
    let go = (): void => {};
    dispatch = async (_payload, reply) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      await reply({ text: "late" });
      decided += 1;
    };
    const hangUp = new AbortController();
    const late = post(url(), commandNow(), hangUp.signal).catch(() => "hung up");
    await until(() => slack.inFlight() === 1);
    hangUp.abort();
    expect(await late).toBe("hung up");
    clock.advance(3_001);
    await until(() => {
      go();
      return decided === 1;
    });
    expect(lines.join("")).toContain("An answer came later than Slack waits");
  });
});
