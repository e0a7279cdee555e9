/** The only place that delivers payloads over HTTP, signed as Slack signs them. https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac } from "node:crypto";
import { request } from "node:http";
import type { Clock } from "../../src/seams.ts";
import { ackMs } from "./acks.ts";
import { readJson } from "./arguments.ts";
import { type Fields, isFields } from "./rules.ts";

/** Where the app takes Slack's requests, and the secret they are signed with. */
export interface HttpApp {
  url: string;
  signingSecret: string;
}

export interface SignedRequest {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A command's fields stand in the form as they are; everything else is JSON in the field `payload`. */
export function signedRequest(frame: Fields, secret: string, now: number): SignedRequest {
  const payload = isFields(frame["payload"]) ? frame["payload"] : {};
  const fields =
    frame["type"] === "slash_commands"
      ? Object.entries(payload).map(([name, value]): [string, string] => [name, String(value)])
      : [["payload", JSON.stringify(payload)] satisfies [string, string]];
  const body = new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(now / 1_000));
  const headers = {
    "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signatureOf(secret, timestamp, body),
  };
  return { headers, body };
}

export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

/** What the app answered. refused: with anything but 200, or there was nobody. late: not within Slack's patience, which then hangs up. */
export async function deliver(
  app: HttpApp,
  frame: Fields,
  clock: Clock,
): Promise<{ payload: unknown } | "refused" | "late"> {
  const late = new AbortController();
  const answered = new AbortController();
  clock.after(ackMs, answered.signal).then(
    () => late.abort(new Error("late")),
    () => {},
  );
  try {
    const { status, body } = await post(app.url, signedRequest(frame, app.signingSecret, clock.now()), late.signal);
    if (status !== 200) return "refused";
    return { payload: body === "" ? undefined : readJson(body) };
  } catch {
    return late.signal.aborted ? "late" : "refused";
  } finally {
    answered.abort(new Error("answered"));
  }
}

/** Each on a connection of its own, so that nothing of a dead app is in the way of the next. */
export function post(
  url: string,
  { headers, body }: SignedRequest,
  signal?: AbortSignal,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) } };
    const outgoing = request(url, { ...options, agent: false, ...(signal ? { signal } : {}) }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString("utf8") }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
