/** The only place that plays Slack's Web API call by call, with answers a test writes itself. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openLog } from "../../src/log.ts";
import { realClock } from "../../src/real.ts";
import type { Clock, Slack } from "../../src/seams.ts";
import { Secret } from "../../src/secret.ts";
import { slackSeam } from "../../src/slack.ts";

export interface Said {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body: unknown;
}
export type Call = { method: string; fields: Readonly<Record<string, string>>; token: string };

export const me = { ok: true, team_id: "T1", user_id: "UBOT", bot_id: "BBOT" };

export interface Api {
  calls: Call[];
  /** What Slack says next, by method; the last of a list stays. */
  says: Record<string, (Said | "hang" | "break")[]>;
  lines: string[];
  /** What the caches take for the time. */
  nowMs: number;
  connect(): Promise<Slack>;
  fieldsOf(method: string): Readonly<Record<string, string>>;
  close(): void;
}

export async function api(): Promise<Api> {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      const method = (request.url ?? "").replace("/api/", "");
      const fields = Object.fromEntries(new URLSearchParams(text));
      kit.calls.push({ method, fields, token: request.headers.authorization ?? "" });
      const queue = kit.says[method] ?? [];
      const said = (queue.length > 1 ? queue.shift() : queue[0]) ?? { body: { ok: false, error: "unknown_method" } };
      if (said === "hang") return;
      if (said === "break") return request.socket.destroy();
      const headers = { "content-type": "application/json", ...said.headers };
      response.writeHead(said.status ?? 200, headers).end(JSON.stringify(said.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const kit: Api = {
    ...{ calls: [], says: { "auth.test": [{ body: me }] }, lines: [], nowMs: 0 },
    connect: () => {
      const clock: Clock = { ...realClock(), mono: () => kit.nowMs };
      const log = openLog({ clock, level: "info", write: (line) => void kit.lines.push(line) });
      const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
      return slackSeam({ token: new Secret("xoxb-the-token"), apiUrl, clock, log });
    },
    fieldsOf: (method) => {
      const call = kit.calls.find((each) => each.method === method);
      if (call === undefined) throw new Error(`${method} was not called`);
      return call.fields;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return kit;
}
