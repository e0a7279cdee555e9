/** The only place that takes Slack's requests over HTTP. Nothing is read of a request, and nothing happens, before Slack's signature is proved. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "@slack/bolt";
import { announcedBytes, bodyMaxBytes, bodyReader } from "./http-body.ts";
import { type Doubt, doubtAtSight, proofs, type Signed } from "./http-proof.ts";
import { about } from "./log.ts";
import type { Clock, Log } from "./seams.ts";
import type { Secret } from "./secret.ts";
import type { SlackState, SocketLine } from "./socket-line.ts";

/** Where Slack's requests come in. */
export interface HttpDoor {
  signingSecret: Secret;
  host: string;
  /** 0 takes any free one. */
  port: number;
}

export interface HttpLine extends SocketLine {
  port(): number;
}

/** The one address for commands, presses, forms and option lists; the manifest names it. */
export const slackPath = "/slack/events";

/** Slack's look at the certificate is the only thing that it does not sign. */
const certificateCheckMaxBytes = 200;
/** Of a body that is not wanted no more than this is let pass by, so that its sender can read the answer. */
const unwantedMaxBytes = 64 * 1024;
const headersMaxMs = 5_000;
/** Slack itself gives up after three seconds. */
const bodyMaxMs = 10_000;
/** By itself the server looks at both only twice a minute, and so long a stranger could hold what Slack needs. */
const lookEveryMs = 1_000;
const connectionsMax = 1_000;

interface Given extends HttpDoor {
  app: Pick<App, "processEvent">;
  clock: Clock;
  log: Log;
  onState: (state: SlackState) => void;
}

export function httpLine(given: Given): HttpLine {
  const { clock, onState } = given;
  let listening = false;
  let lastSignAt: number | null = null;
  const onSign = (): void => {
    lastSignAt = clock.now();
  };
  const server = createServer({
    headersTimeout: headersMaxMs,
    requestTimeout: bodyMaxMs,
    connectionsCheckingInterval: lookEveryMs,
  });
  server.maxConnections = connectionsMax;
  return {
    async start() {
      const answer = answering(given, onSign);
      server.on("request", (request, response) => void answer(request, response));
      await listen(server, given);
      listening = true;
      onState("connected");
    },
    async stop() {
      listening = false;
      await close(server);
      onState("stopped");
    },
    connected: () => listening,
    lastSignAt: () => lastSignAt,
    port: () => (server.address() as AddressInfo | null)?.port ?? given.port,
  };
}

/** Never throws: what goes wrong here is answered and logged. */
function answering(
  given: Given,
  onSign: () => void,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { clock, log } = given;
  const doubt = proofs({ secret: given.signingSecret, startedAt: clock.now(), now: () => clock.now() });
  const judge = (signed: Signed & { body: Buffer }) =>
    isCertificateCheck(signed.body) ? "certificate" : (doubt(signed) ?? signed.body);
  const read = bodyReader();
  const tell = tellSeldom(clock, log);
  return async (request, response) => {
    let proved = false;
    try {
      const misplaced = placeOf(request);
      if (misplaced !== null) return end(response, misplaced);
      const signed = { timestamp: header(request, "timestamp"), signature: header(request, "signature") };
      const sight = doubtAtSight(signed, clock.now());
      if (sight !== null && !mayBeCertificateCheck(request)) {
        tell(sight);
        return refuse(request, response, 401);
      }
      const maxBytes = sight === null ? bodyMaxBytes : certificateCheckMaxBytes;
      const judged = await read(request, maxBytes, (body) => judge({ ...signed, body }));
      if (judged === "certificate") return end(response, 200);
      if (judged === "too long") return refuse(request, response, 413);
      if (typeof judged === "string") {
        tell(judged);
        return refuse(request, response, judged === "crowded" ? 503 : 401);
      }
      proved = true;
      onSign();
      const payload = payloadOf(judged, request.headers["content-type"] ?? "");
      if (payload === null) return end(response, 400);
      await given.app.processEvent({ body: payload, ack: async (answer?: unknown) => send(response, answer) });
      // A handler that failed at a press has no words to send; Slack then says itself that it failed.
      if (!response.writableEnded) end(response, 500);
    } catch (error) {
      // Anybody can begin a request and hang up; that is worth no line.
      if (proved) log.error("A request of Slack's could not be passed on", about(error));
      response.destroy();
    }
  };
}

/** Null at the right place. Slack looks at the certificate with a bare GET from time to time. */
function placeOf(request: IncomingMessage): number | null {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  if (path !== slackPath) return 404;
  if (request.method === "POST") return null;
  return request.method === "GET" && new URLSearchParams(query).get("ssl_check") === "1" ? 200 : 405;
}

/** The same by POST, unsigned. Only with nothing else in it: beside a command it would be a way round the signature. */
function isCertificateCheck(body: Buffer): boolean {
  if (body.length > certificateCheckMaxBytes) return false;
  const fields = new URLSearchParams(body.toString("latin1"));
  return fields.get("ssl_check") === "1" && [...fields.keys()].every((name) => ["ssl_check", "token"].includes(name));
}

/** Nobody's body is read to see whether it is one, unless it is said to be short. */
function mayBeCertificateCheck(request: IncomingMessage): boolean {
  const bytes = announcedBytes(request);
  return bytes > 0 && bytes <= certificateCheckMaxBytes;
}

function header(request: IncomingMessage, name: "timestamp" | "signature"): string {
  const given = request.headers[name === "timestamp" ? "x-slack-request-timestamp" : "x-slack-signature"];
  return typeof given === "string" ? given : "";
}

/** Commands come as plain fields, everything else as JSON in the field `payload`. */
function payloadOf(body: Buffer, contentType: string): Record<string, unknown> | null {
  const text = body.toString("utf8");
  if (/^application\/json\b/i.test(contentType)) return json(text);
  const only = /^payload=([^&]*)$/.exec(text)?.[1];
  if (only !== undefined) return json(percentDecoded(only));
  const fields = new URLSearchParams(text);
  const payload = fields.get("payload");
  return payload === null ? Object.fromEntries(fields) : json(payload);
}

/** The long way round, which reads fields one by one, is several times slower on a payload of this length. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return new URLSearchParams(`payload=${text}`).get("payload") ?? "";
  }
}

function json(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** Throws when Slack waits no longer. */
function send(response: ServerResponse, answer: unknown): void {
  if (response.writableEnded || response.destroyed) throw new Error("Slack no longer waits for this answer");
  if (answer === undefined || answer === "") {
    end(response, 200);
    return;
  }
  const plain = typeof answer === "string";
  response.writeHead(200, { "content-type": plain ? "text/plain; charset=utf-8" : "application/json; charset=utf-8" });
  response.end(plain ? answer : JSON.stringify(answer));
}

/** Says nothing about why: whoever is refused here is not Slack. */
function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** Before the body is there. What still comes of it is thrown away by the server, and is not waited for where it may be long. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  const bytes = announcedBytes(request);
  if (!(bytes > 0 && bytes <= unwantedMaxBytes)) response.setHeader("connection", "close");
  end(response, status);
}

const tellEveryMs = 10_000;

/** Anybody can knock, so the log says it at most every ten seconds, with the count since. */
function tellSeldom(clock: Clock, log: Log): (why: Doubt) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (why) => {
    count += 1;
    if (clock.mono() - toldAt < tellEveryMs) return;
    log.warn("A request was refused: it is not proved to come from Slack, now, for the first time", { why, count });
    toldAt = clock.mono();
    count = 0;
  };
}

/** Throws, with a sentence, where the door cannot be opened. */
export async function tryDoor(door: HttpDoor): Promise<void> {
  const server = createServer();
  await listen(server, door);
  await close(server);
}

function listen(server: Server, { host, port }: HttpDoor): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new Error(`Port ${port} on ${host} (slack.port in config.yml) cannot be used.`, { cause })),
    );
    server.listen(port, host, resolve);
  });
}

/** Answers that were given are on their way; whoever else still holds a line is not waited for. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setImmediate(() => server.closeAllConnections());
  });
}
