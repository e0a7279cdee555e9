import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { connectSlack, type SlackConnection } from "../src/bolt.ts";
import { openLog } from "../src/log.ts";
import type { Clock, Dispatch } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";

/** Time that moves only when told to, and remembers what it was asked to wait for. */
class HandClock implements Clock {
  #nowMs = 0;
  #waiting: { at: number; ms: number; go: () => void }[] = [];
  now(): number {
    return this.#nowMs;
  }
  mono(): number {
    return this.#nowMs;
  }
  after(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wait = { at: this.#nowMs + ms, ms, go: resolve };
      const drop = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== wait);
        reject(signal?.reason);
      };
      if (signal?.aborted) return drop();
      signal?.addEventListener("abort", drop, { once: true });
      this.#waiting.push(wait);
    });
  }
  waits(): readonly number[] {
    return this.#waiting.map((each) => each.ms);
  }
  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#waiting.filter((each) => each.at <= this.#nowMs);
    this.#waiting = this.#waiting.filter((each) => each.at > this.#nowMs);
    for (const wait of due) wait.go();
  }
}

type Opening = "ok" | { error: string } | { status: number; retryAfter?: number } | "break";

/** As much of Slack as a Socket Mode connection sees. */
class Line {
  readonly opened: string[] = [];
  readonly sockets: WebSocket[] = [];
  readonly acks: { envelope_id: string; payload: unknown }[] = [];
  /** What `apps.connections.open` answers next; the last stays. */
  answers: Opening[] = ["ok"];
  hello = true;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  #sent = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.opened.push(`${request.url} ${request.headers.authorization}`);
      const answer = (this.answers.length > 1 ? this.answers.shift() : this.answers[0]) ?? "ok";
      if (answer === "break") return request.socket.destroy();
      const headers: Record<string, string> = { "content-type": "application/json" };
      if (answer !== "ok" && "status" in answer) {
        if (answer.retryAfter !== undefined) headers["retry-after"] = String(answer.retryAfter);
        return response.writeHead(answer.status, headers).end("{}");
      }
      const body =
        answer === "ok" ? { ok: true, url: `ws://127.0.0.1:${this.#port()}/link` } : { ok: false, ...answer };
      response.writeHead(200, headers).end(JSON.stringify(body));
    });
    this.#sockets = new WebSocketServer({ server: this.#server });
    this.#sockets.on("connection", (socket) => {
      this.sockets.push(socket);
      socket.on("message", (data) => this.acks.push(JSON.parse(String(data))));
      if (this.hello) socket.send(JSON.stringify({ type: "hello", num_connections: 1 }));
    });
  }

  #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.#port()}/api/`;
  }
  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
  }
  raw(message: unknown): void {
    this.sockets.at(-1)?.send(JSON.stringify(message));
  }
  /** Sends one payload and gives its envelope's id. */
  send(type: "slash_commands" | "interactive", payload: unknown): string {
    const envelope_id = `e${(this.#sent += 1)}`;
    this.raw({ type, envelope_id, payload, accepts_response_payload: true });
    return envelope_id;
  }
  async ack(id: string): Promise<unknown> {
    await until(() => this.acks.some((each) => each.envelope_id === id));
    return this.acks.find((each) => each.envelope_id === id)?.payload;
  }
}

/** Lets sockets and promises run until it is so; the test's own time-out is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

const command = {
  ...{ command: "/reinstall", text: "web-01", trigger_id: "t", team_id: "T1" },
  ...{ user_id: "U1", channel_id: "C1", response_url: "http://127.0.0.1:1/r" },
};
const from = { user: { id: "U1", team_id: "T1" }, team: { id: "T1" } };
const press = {
  type: "block_actions",
  ...from,
  actions: [{ type: "button", action_id: "approve", block_id: "b", value: "r1.1" }],
};
const input = { type: "input", block_id: "reason", element: { type: "plain_text_input", action_id: "reason" } };
const submission = {
  type: "view_submission",
  ...from,
  view: { id: "V1", callback_id: "form", blocks: [{ type: "section" }, input] },
};
const closing = { type: "view_closed", ...from, view: { id: "V1", callback_id: "form" }, is_cleared: true };
const suggestion = { type: "block_suggestion", ...from, action_id: "server", block_id: "b", value: "web" };
const shortcut = { type: "shortcut", ...from, callback_id: "status", trigger_id: "t" };
const messageShortcut = {
  type: "message_action",
  ...from,
  callback_id: "undo",
  trigger_id: "t",
  message: {},
  channel: { id: "C1" },
};

let clock: HandClock;
let line: Line;
let lines: string[];
let states: string[];
let taken: unknown[];
let dispatch: Dispatch;
let slack: SlackConnection;

beforeEach(async () => {
  clock = new HandClock();
  line = new Line();
  lines = [];
  states = [];
  taken = [];
  dispatch = async (payload, reply) => {
    taken.push(payload);
    await reply();
  };
  slack = connectSlack({
    ...{ appToken: new Secret("xapp-the-token"), apiUrl: await line.listen(), clock },
    dispatch: (payload, reply) => dispatch(payload, reply),
    log: openLog({ clock, level: "info", write: (text) => void lines.push(text) }),
    onState: (state) => void states.push(state),
  });
});

afterEach(async () => {
  await slack.stop(0);
  line.close();
});

function logged(words: string): boolean {
  return lines.some((text) => text.includes(words));
}

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

  test("a payload is passed on once, though several listeners stand ready", async () => {
    await slack.start();
    for (const { type, payload } of table) await line.ack(line.send(type, payload));
    expect(taken).toHaveLength(table.length);
    expect(line.acks).toHaveLength(table.length);
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
    { says: "the app token is revoked meanwhile", answer: { error: "invalid_auth" }, state: "refused", waitMs: 1_000 },
    {
      says: "Slack disables the app meanwhile",
      answer: { error: "account_inactive" },
      state: "refused",
      waitMs: 1_000,
    },
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
