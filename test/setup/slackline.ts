/** The only place that plays Slack's side of a Socket Mode connection frame by frame, faults included, for the tests of that connection. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { connectSlack, type SlackConnection } from "../../src/bolt.ts";
import { openLog } from "../../src/log.ts";
import type { Clock, Dispatch } from "../../src/seams.ts";
import { Secret } from "../../src/secret.ts";

export interface Stage {
  clock: HandClock;
  line: Line;
  slack: SlackConnection;
  lines: string[];
  states: string[];
  logged(words: string): boolean;
}

/** A line that listens and a connection that is not started yet. */
export async function stage(dispatch: Dispatch, more: { silenceMaxMs?: number } = {}): Promise<Stage> {
  const clock = new HandClock();
  const line = new Line();
  const lines: string[] = [];
  const states: string[] = [];
  const slack = connectSlack({
    ...{ appToken: new Secret("xapp-the-token"), apiUrl: await line.listen(), clock, dispatch },
    log: openLog({ clock, level: "info", write: (text) => void lines.push(text) }),
    onState: (state) => void states.push(state),
    ...more,
  });
  return { clock, line, slack, lines, states, logged: (words) => lines.some((text) => text.includes(words)) };
}

/** Time that moves only when told to, and remembers what it was asked to wait for. */
export class HandClock implements Clock {
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

export type Opening = "ok" | { error: string } | { status: number; retryAfter?: number } | "break";

/** As much of Slack as a Socket Mode connection sees. */
export class Line {
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
  send(type: "slash_commands" | "interactive" | "events_api", payload: unknown): string {
    this.#sent += 1;
    const envelope_id = `e${this.#sent}`;
    this.raw({ type, envelope_id, payload, accepts_response_payload: true });
    return envelope_id;
  }
  async ack(id: string): Promise<unknown> {
    await until(() => this.acks.some((each) => each.envelope_id === id));
    return this.acks.find((each) => each.envelope_id === id)?.payload;
  }
}

/** Lets sockets and promises run until it is so; the test's own time-out is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

export const command = {
  ...{ command: "/reinstall", text: "web-01", trigger_id: "t", team_id: "T1" },
  ...{ user_id: "U1", channel_id: "C1", response_url: "http://127.0.0.1:1/r" },
};
export const from = { user: { id: "U1", team_id: "T1" }, team: { id: "T1" } };
export const press = {
  type: "block_actions",
  ...from,
  actions: [{ type: "button", action_id: "approve", block_id: "b", value: "r1.1" }],
};
export const input = { type: "input", block_id: "reason", element: { type: "plain_text_input", action_id: "reason" } };
export const submission = {
  type: "view_submission",
  ...from,
  view: { id: "V1", callback_id: "form", blocks: [{ type: "section" }, input] },
};
export const closing = { type: "view_closed", ...from, view: { id: "V1", callback_id: "form" }, is_cleared: true };
export const suggestion = { type: "block_suggestion", ...from, action_id: "server", block_id: "b", value: "web" };
export const shortcut = { type: "shortcut", ...from, callback_id: "status", trigger_id: "t" };
export const messageShortcut = {
  type: "message_action",
  ...from,
  callback_id: "undo",
  trigger_id: "t",
  message: {},
  channel: { id: "C1" },
};
