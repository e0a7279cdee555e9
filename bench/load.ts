/** The only place that presses: a Slack that only answers what must be answered, and as many presses at once as asked for, in a process of its own. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "undici";
import { type WebSocket, WebSocketServer } from "ws";
import { signingSecret } from "./stage.ts";

export interface Ask {
  /** A port of signed HTTP, or the app token of a socket. */
  to: { port: number } | { appToken: string };
  presses: number;
  atOnce: number;
}
export interface Got {
  ratePerSecond: number;
  /** Milliseconds, one for each press. */
  took: readonly number[];
}
/** Presses as Slack sends them, without what differs from one to the next. */
export type Payload = Readonly<Record<string, unknown>>;

export interface Load {
  url: string;
  press(ask: Ask): Promise<Got>;
}

const pingMs = 5_000;

export async function load(payloads: readonly Payload[]): Promise<Load> {
  const sockets = new Map<string, WebSocket>();
  const acks = new Map<string, () => void>();
  const server = createServer((request, response) => answer(request, response));
  const socketServer = new WebSocketServer({ server });
  socketServer.on("connection", (socket, request) => {
    sockets.set((request.url ?? "").slice(1), socket);
    socket.on("message", (data) => {
      const { envelope_id: id } = JSON.parse(String(data)) as { envelope_id?: string };
      acks.get(id ?? "")?.();
    });
    socket.send(JSON.stringify({ type: "hello", num_connections: 1, debug_info: {}, connection_info: {} }));
    setInterval(() => socket.ping("Ping from Slack"), pingMs).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let made = 0;
  const fresh = () => {
    made += 1;
    const action = payloads[made % payloads.length] ?? {};
    return { ...action, trigger_id: `${made}.1.abc`, action_ts: `1700000000.${made}` };
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async press({ to, presses, atOnce }) {
      const bodies = Array.from({ length: presses }, fresh);
      if ("port" in to) return overHttp(to.port, bodies, atOnce);
      const socket = sockets.get(to.appToken);
      if (socket === undefined) throw new Error("nobody is connected");
      return overSocket(socket, acks, bodies, atOnce);
    },
  };
}

const answers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "auth.test": { team_id: "T0PLAYGROUND", user_id: "U0REINSTALLBOT", bot_id: "B0REINSTALL" },
  "users.info": { user: { id: "U0APPROVER1", team_id: "T0PLAYGROUND" } },
  "usergroups.users.list": { users: ["U0APPROVER1"] },
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const method = (request.url ?? "").split("/").at(-1) ?? "";
  const appToken = (request.headers.authorization ?? "").replace("Bearer ", "");
  const said =
    method === "apps.connections.open" ? { url: `ws://${request.headers.host}/${appToken}` } : (answers[method] ?? {});
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ok: true, ...said }));
  });
}

async function overHttp(port: number, bodies: readonly Payload[], atOnce: number): Promise<Got> {
  const signed = bodies.map((payload) => {
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signature}`,
    };
    return { path: "/slack/events", method: "POST", headers, body } as const;
  });
  const lines = Array.from({ length: atOnce }, () => new Client(`http://127.0.0.1:${port}`, { pipelining: 1 }));
  const got = await together(signed, lines, async (request, line) => {
    const { statusCode, body } = await line.request(request);
    await body.dump();
    if (statusCode !== 200) throw new Error(`a press was answered with ${statusCode}`);
  });
  await Promise.all(lines.map((line) => line.close()));
  return got;
}

async function overSocket(
  socket: WebSocket,
  acks: Map<string, () => void>,
  bodies: readonly Payload[],
  atOnce: number,
): Promise<Got> {
  const envelopes = bodies.map((payload) => {
    const id = String(payload["trigger_id"]);
    const envelope = { envelope_id: id, type: "interactive", accepts_response_payload: false, payload };
    return { id, text: JSON.stringify(envelope) };
  });
  const hands = Array.from({ length: atOnce }, () => null);
  return together(envelopes, hands, async ({ id, text }) => {
    await new Promise<void>((resolve) => {
      acks.set(id, resolve);
      socket.send(text);
    });
    acks.delete(id);
  });
}

/** Each line takes the next one as soon as its last is answered. */
async function together<Item, Line>(
  items: readonly Item[],
  lines: readonly Line[],
  send: (item: Item, line: Line) => Promise<void>,
): Promise<Got> {
  const took: number[] = [];
  const rest = items.values();
  const from = performance.now();
  await Promise.all(
    lines.map(async (line) => {
      for (const item of rest) {
        const sentAt = performance.now();
        await send(item, line);
        took.push(performance.now() - sentAt);
      }
    }),
  );
  return { ratePerSecond: (items.length * 1_000) / (performance.now() - from), took };
}
