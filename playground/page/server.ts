/** The only place that serves the page: its files, one socket with the whole state, one address for acts. On 127.0.0.1 alone. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { parseAct } from "./act.ts";
import { type PageAct, type PageAnswer, type PageState, paths } from "./contract.ts";

/** Whatever stands behind the page. An unknown or empty user is somebody's first look: any person will do. */
export interface PageSource {
  state(user: string): PageState;
  act(act: PageAct): Promise<PageAnswer>;
  onChange(changed: () => void): void;
}

export interface PageServer {
  port: number;
  close(): Promise<void>;
}

/** At most this often a viewer gets a new state. */
const betweenMs = 50;
/** Simulated clouds move with time, not by an event, so the state is looked at this often too. */
const lookMs = 400;
const bodyMax = 200_000;

const files: Readonly<Record<string, { file: string; type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
  "/page.js.map": { file: "page.js.map", type: "application/json" },
  "/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/page.css.map": { file: "page.css.map", type: "application/json" },
};

const guards = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws:; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

/** `port` 0 takes a free one. Rejects when the port is taken. */
export async function servePage(options: { source: PageSource; folder: string; port: number }): Promise<PageServer> {
  const { source, folder } = options;
  const server = createServer((request, response) => {
    void answer(source, folder, request, response).catch(() => send(response, 500, "The page could not be served."));
  });
  const sockets = new WebSocketServer({ noServer: true });
  const viewers = new Map<WebSocket, Viewer>();
  server.on("upgrade", (request, socket: Duplex, head) => {
    const address = new URL(request.url ?? "/", "http://localhost");
    if (!isLocal(request) || address.pathname !== paths.socket) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (line) => {
      const user = address.searchParams.get("user") ?? "";
      viewers.set(line, { user, last: "" });
      line.on("close", () => viewers.delete(line));
      line.on("error", () => line.terminate());
      show(source, line, viewers.get(line));
    });
  });
  const soon = coalesced(() => {
    for (const [line, viewer] of viewers) show(source, line, viewer);
  });
  const port = await listen(server, options.port);
  source.onChange(soon);
  const timer = setInterval(soon, lookMs);
  return {
    port,
    close: async () => {
      clearInterval(timer);
      for (const line of viewers.keys()) line.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Viewer {
  user: string;
  /** What was last sent, without the time in it. */
  last: string;
}

function show(source: PageSource, line: WebSocket, viewer: Viewer | undefined): void {
  if (viewer === undefined || line.readyState !== line.OPEN) return;
  const state = source.state(viewer.user);
  const text = JSON.stringify({ ...state, now: 0 });
  if (text === viewer.last) return;
  viewer.last = text;
  line.send(JSON.stringify(state));
}

/** Runs `act` at once when it has been quiet, else once at the end of the pause. */
function coalesced(act: () => void): () => void {
  let resting = false;
  let again = false;
  const run = () => {
    if (resting) {
      again = true;
      return;
    }
    resting = true;
    act();
    setTimeout(() => {
      resting = false;
      if (!again) return;
      again = false;
      run();
    }, betweenMs);
  };
  return run;
}

async function answer(source: PageSource, folder: string, request: IncomingMessage, response: ServerResponse) {
  // Other sites can make a browser speak to 127.0.0.1 under a name of theirs; the names tell.
  if (!isLocal(request)) return send(response, 403, "This page is for this machine only.");
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST" && pathname === paths.act) return act(source, request, response);
  const found = request.method === "GET" ? files[pathname] : undefined;
  if (found === undefined) return send(response, 404, "There is nothing here.");
  const body = await readFile(`${folder}/${found.file}`);
  response.writeHead(200, { ...guards, "content-type": found.type }).end(body);
}

async function act(source: PageSource, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A form of another site cannot send JSON without asking first.
  if (request.headers["content-type"] !== "application/json") return send(response, 415, "Acts are JSON.");
  const parsed = parseAct(await bodyOf(request));
  if (parsed === null) return send(response, 400, "This is not an act of the page.");
  const said = await source.act(parsed);
  response.writeHead(200, { ...guards, "content-type": "application/json" }).end(JSON.stringify(said));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bodyMax) throw new Error("an act is never this long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, says: string): void {
  if (!response.headersSent) response.writeHead(status, { ...guards, "content-type": "text/plain; charset=utf-8" });
  response.end(says);
}

const localName = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

function isLocal(request: IncomingMessage): boolean {
  const { host, origin } = request.headers;
  if (host === undefined || !localName.test(host)) return false;
  return origin === undefined || origin === `http://${host}`;
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
