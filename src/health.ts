/** The only place that tells a watcher how the bot is: `GET /healthz` on this machine, when REINSTALL_HEALTH_PORT names a port. */
import { createServer, type Server } from "node:http";

export interface Vitals {
  /** Whether a Socket Mode connection stands, or the port for Slack's requests is open. */
  slack: boolean;
  /** When Slack last sent anything over that connection (ms); null before the first. */
  lastSignAt: number | null;
  /** Over HTTP Slack says nothing while nobody presses anything, so its silence tells nothing. */
  quiet?: boolean;
  /** Open requests, turns and handlers in hand. */
  open: number;
  turns: number;
  handlers: number;
}

export interface Health {
  close(): Promise<void>;
}

/** The line is asked for a sign every two seconds, so this is a long silence. */
export const silenceMaxMs = 60_000;

/** Null when it is off; a sentence when it is no port. */
export function healthPort(text: string | undefined): number | null | { mistake: string } {
  if (text === undefined || text === "") return null;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port > 0 && port < 65_536) return port;
  return { mistake: "REINSTALL_HEALTH_PORT: expected a port from 1 to 65535, or nothing to have no /healthz." };
}

export function healthy(
  { slack, lastSignAt, quiet }: Pick<Vitals, "slack" | "lastSignAt" | "quiet">,
  now: number,
): boolean {
  if (quiet) return slack;
  return slack && lastSignAt !== null && now - lastSignAt < silenceMaxMs;
}

/** 200 while the bot hears Slack, else 503, so that a watcher needs to read no more than the status. Rejects when the port is taken. */
export async function serveHealth(port: number, vitals: () => Vitals, now: () => number): Promise<Health> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/healthz") {
      response.writeHead(404).end();
      return;
    }
    const { lastSignAt, quiet = false, ...rest } = vitals();
    const ok = healthy({ slack: rest.slack, lastSignAt, quiet }, now());
    const body = { ok, ...rest, lastSignAt: lastSignAt === null ? null : new Date(lastSignAt).toISOString() };
    response.writeHead(ok ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(`${JSON.stringify(body)}\n`);
  });
  await listen(server, port);
  return { close: () => close(server) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new Error(`Port ${port} of REINSTALL_HEALTH_PORT cannot be used.`, { cause })),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
