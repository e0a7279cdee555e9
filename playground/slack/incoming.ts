/** The only place that reads what comes to the simulated Slack over HTTP: calls of the Web API and posts to a response_url. */
import type { IncomingMessage } from "node:http";
import type { Input } from "./core.ts";

export function inputFor(call: number, path: string, request: IncomingMessage, body: string): Input {
  const contentType = request.headers["content-type"] ?? "";
  const hook = /^\/hooks\/(?:commands|actions)\/(.+)$/.exec(path)?.[1];
  if (hook) return { kind: "respond", call, hook, contentType, body };
  const authorization = request.headers.authorization ?? "";
  return { kind: "api", call, request: { method: path.replace(/^\/api\//, ""), contentType, authorization, body } };
}

export async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
