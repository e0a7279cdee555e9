/** The only place where the simulated Slack touches the network and the clock: HTTP and WebSocket round the pure core. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../../src/seams.ts";
import type { PageAnswer } from "../page/contract.ts";
import type { Reply } from "./api.ts";
import { readJson } from "./arguments.ts";
import { type Input, nextDeadline, type Output, step } from "./core.ts";
import type { Deed } from "./deeds.ts";
import { deliver, type HttpApp } from "./delivery.ts";
import { inputFor, readAll } from "./incoming.ts";
import { type Fields, isFields } from "./rules.ts";
import { type Options, type State, start } from "./state.ts";

/** Everything that passed between Slack and the app, as it was on the wire. */
export type Traffic =
  | { at: number; kind: "call"; name: string; body: string }
  /** `asked` is the body of the call. */
  | { at: number; kind: "reply"; name: string; asked: string; status: number; body: string; how: Reply["how"] }
  | { at: number; kind: "envelope"; body: string }
  | { at: number; kind: "ack"; body: string };

export interface ShellOptions extends Options {
  clock: Clock;
  /** 0 or absent: any free one. */
  port?: number;
  /** How much of the latest traffic is kept; all of it when absent, as a test wants it that searches every word. */
  trafficMax?: number;
}

/** Slack pings, and the app takes a long silence for a dead connection. */
const pingEveryMs = 5_000;

/** A simulated Slack that listens on this machine. Everything that happens to it goes through `apply`. */
export class SlackShell {
  readonly traffic: Traffic[] = [];
  readonly #clock: Clock;
  readonly #port: number;
  readonly #trafficMax: number;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #socketServer = new WebSocketServer({ server: this.#server, path: "/link/" });
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Set<(passed: Traffic) => void>();
  readonly #callers = new Map<number, (reply: Reply) => void>();
  readonly #people = new Map<number, (answer: PageAnswer) => void>();
  readonly #sockets = new Map<string, WebSocket>();
  readonly #connections = new Set<Socket>();
  readonly #ended = new AbortController();
  #state: State;
  #http: HttpApp | null = null;
  #handed = 0;
  #serving = 0;
  #alarm: { at: number; off: AbortController } | null = null;

  constructor(options: ShellOptions) {
    this.#clock = options.clock;
    this.#port = options.port ?? 0;
    this.#trafficMax = options.trafficMax ?? Number.POSITIVE_INFINITY;
    this.#state = start("http://127.0.0.1", options);
    this.#server.on("connection", (socket) => {
      this.#connections.add(socket);
      socket.on("close", () => this.#connections.delete(socket));
    });
    this.#socketServer.on("connection", (socket, request) => this.#link(socket, request));
  }

  async listen(): Promise<{ url: string }> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(this.#port, "127.0.0.1", resolve);
    });
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    this.#state = { ...this.#state, origin: url };
    return { url };
  }

  /** From now on payloads go there as signed requests; with null, over sockets. */
  deliverTo(http: HttpApp | null): void {
    this.#http = http;
    this.arrange((state) => ({ ...state, delivery: http === null ? "socket" : "http" }));
  }

  async close(): Promise<void> {
    this.#ended.abort(new Error("closed"));
    this.#alarm?.off.abort("off");
    for (const socket of this.#socketServer.clients) socket.terminate();
    for (const connection of this.#connections) connection.destroy();
    this.#socketServer.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  state(): State {
    return this.#state;
  }

  /** Unacknowledged envelopes and HTTP requests in hand: while there are any, let real time pass. */
  inFlight(): number {
    return this.#state.pending.length + this.#serving;
  }

  /** Called at every change; the answer stops it. */
  onChange(told: () => void): () => void {
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  /**
   * Called with everything that passes. A reply is told when the call has taken its effect and before it is sent,
   * an acknowledgement before it is taken. The answer stops it.
   */
  onTraffic(told: (passed: Traffic) => void): () => void {
    this.#watchers.add(told);
    return () => this.#watchers.delete(told);
  }

  /** A person does something. Resolves when the app has answered, or Slack has given up on it. */
  act(deed: Deed): Promise<PageAnswer> {
    const act = ++this.#handed;
    return new Promise((resolve) => {
      this.#people.set(act, resolve);
      this.apply({ kind: "act", act, deed });
    });
  }

  /** Changes the workspace itself: somebody leaves, a group gets another member, the next calls go wrong. */
  arrange(change: (state: State) => State): void {
    this.#state = change(this.#state);
    this.#tell();
  }

  /** Feeds the core: faults, disconnects, or that time has passed. */
  apply(input: Input): void {
    const before = this.#state;
    const [next, outputs] = step(before, input, this.#clock.now());
    this.#state = next;
    for (const output of outputs) this.#deliver(output);
    this.#setAlarm();
    if (next !== before) this.#tell();
  }

  #pass(passed: Traffic): void {
    this.traffic.push(passed);
    if (this.traffic.length > this.#trafficMax) this.traffic.shift();
    for (const told of this.#watchers) told(passed);
  }

  #tell(): void {
    for (const told of this.#listeners) told();
  }

  #deliver(output: Output): void {
    if (output.to === "caller") {
      this.#callers.get(output.call)?.(output.reply);
      this.#callers.delete(output.call);
    } else if (output.to === "person") {
      this.#people.get(output.act)?.(output.answer);
      this.#people.delete(output.act);
    } else if (output.to === "http") {
      void this.#post(output.envelope, output.frame);
    } else if (output.to === "socket") {
      const body = JSON.stringify(output.frame);
      this.#pass({ at: this.#clock.now(), kind: "envelope", body });
      this.#sockets.get(output.socket)?.send(body);
    } else {
      const socket = this.#sockets.get(output.socket);
      if (output.how === "cut") socket?.terminate();
      else socket?.close();
    }
  }

  /** What comes too late finds nobody waiting: the core has told the person by then. */
  async #post(envelope: string, frame: Fields): Promise<void> {
    this.#pass({ at: this.#clock.now(), kind: "envelope", body: JSON.stringify(frame) });
    const said = this.#http === null ? "refused" : await deliver(this.#http, frame, this.#clock);
    if (said === "late" || this.#ended.signal.aborted) return;
    if (said === "refused") return this.apply({ kind: "refused", envelope });
    const body = JSON.stringify({ envelope_id: envelope, payload: said.payload });
    this.#pass({ at: this.#clock.now(), kind: "ack", body });
    this.apply({ kind: "ack", envelope, payload: said.payload });
  }

  /** Wakes the core at its next deadline; only one alarm is set at a time. */
  #setAlarm(): void {
    const at = nextDeadline(this.#state);
    if (at === (this.#alarm?.at ?? null)) return;
    this.#alarm?.off.abort("off");
    this.#alarm = null;
    if (at === null || this.#ended.signal.aborted) return;
    const mine = { at, off: new AbortController() };
    this.#alarm = mine;
    this.#clock.after(Math.max(0, at - this.#clock.now()), mine.off.signal).then(
      () => {
        if (this.#alarm === mine) this.#alarm = null;
        this.apply({ kind: "time" });
      },
      () => {},
    );
  }

  /** A mistake in the core is said aloud, so that it is not taken for a Slack in trouble. */
  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#serving += 1;
    this.#answer(request, response)
      .catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(`The simulation itself broke: ${error}`);
      })
      .finally(() => {
        this.#serving -= 1;
      });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const name = new URL(request.url ?? "/", "http://localhost").pathname;
    this.#pass({ at: this.#clock.now(), kind: "call", name, body });
    const call = ++this.#handed;
    const reply = await new Promise<Reply>((resolve) => {
      this.#callers.set(call, resolve);
      this.apply(inputFor(call, name, request, body));
    });
    const plain = typeof reply.body === "string";
    const text = plain ? String(reply.body) : JSON.stringify(reply.body);
    const { status, how } = reply;
    this.#pass({ at: this.#clock.now(), kind: "reply", name, asked: body, status, body: text, how });
    if (reply.how === "lost") request.socket.destroy();
    if (reply.how !== "answer") return;
    const type = plain ? "text/plain" : "application/json";
    response.writeHead(reply.status, { "content-type": `${type}; charset=utf-8`, ...reply.headers });
    response.end(text);
  }

  #link(socket: WebSocket, request: IncomingMessage): void {
    const id = `socket-${++this.#handed}`;
    this.#sockets.set(id, socket);
    socket.on("message", (data) => this.#takeFrame(String(data)));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      this.#sockets.delete(id);
      this.apply({ kind: "gone", socket: id });
    });
    const ticket = new URL(request.url ?? "/", "http://localhost").searchParams.get("ticket") ?? "";
    this.apply({ kind: "connect", socket: id, ticket });
    this.#keepAlive(socket).catch(() => socket.terminate());
  }

  #takeFrame(body: string): void {
    const frame = readJson(body);
    if (!isFields(frame) || typeof frame["envelope_id"] !== "string") return;
    this.#pass({ at: this.#clock.now(), kind: "ack", body });
    this.apply({ kind: "ack", envelope: frame["envelope_id"], payload: frame["payload"] });
  }

  async #keepAlive(socket: WebSocket): Promise<void> {
    while (socket.readyState === socket.OPEN) {
      socket.ping("Ping from playground");
      await this.#clock.after(pingEveryMs, this.#ended.signal);
    }
  }
}
