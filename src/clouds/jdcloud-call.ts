/** The only place that talks to JD Cloud: one signed call, sent once, and its envelope. https://docs.jdcloud.com/cn/common-declaration/api/call-methods */
import * as z from "zod";
import { type Clock, type HttpRequest, type HttpResponse, type Log, NotSent, type Random } from "../seams.ts";
import type { Secret } from "../secret.ts";
import { CloudDown, type CloudTools } from "./cloud.ts";
import { type JdAction, type JdError, readingSentence } from "./jdcloud-errors.ts";
import { keyPrefix, signJdcloud } from "./jdcloud-sign.ts";
import { type KeyOf, signingKeys } from "./signing-key.ts";
import { strictlyEncoded } from "./wire-id.ts";

const endpoint = "https://vm.jdcloud-api.com";
const readMaxMs = 10_000;
const actMaxMs = 20_000;

/** What a call needs of the account. */
export interface Caller {
  id: string;
  secret: Secret;
  endpoint?: string | undefined;
}

/** The provider's own word on an act. */
export type Reply = { requestId: string } & ({ taken: true } | { taken: false; error: JdError });
export type Query = readonly (readonly [name: string, value: string])[];

/** Calls of one account. */
export interface Vm {
  clock: Clock;
  log: Log;
  /** Throws `CloudDown`, which carries JD Cloud's word where it gave one. `path` is what follows the region. */
  read<T>(region: string, path: readonly string[], query: Query, result: z.ZodType<T>): Promise<T>;
  /** Throws `NotSent` when it never left and `Unclear` when nobody knows. */
  act(region: string, server: string, action: JdAction, body: object, at: number): Promise<Reply>;
}

/** It may or may not have happened. */
export class Unclear extends Error {
  override name = "Unclear";
}

export function caller(account: Caller, tools: CloudTools): Vm {
  const { clock, log } = tools;
  const { origin, host } = new URL(account.endpoint ?? endpoint);
  const line = { id: account.id, keyOf: signingKeys(keyPrefix, account.secret), origin, host, random: tools.random };
  return {
    clock,
    log,
    async read(region, path, query, result) {
      const response = await tools
        .exchange(requestOf(line, { region, path, query, body: null, at: clock.now() }))
        .catch((cause: unknown) => {
          throw new CloudDown("JD Cloud does not answer.", "no-answer", cause);
        });
      return readAnswer(response, result);
    },
    async act(region, server, action, body, at) {
      const path = ["instances", `${server}:${action}`];
      const response = await tools
        .exchange(requestOf(line, { region, path, query: [], body: JSON.stringify(body), at }))
        .catch((cause: unknown) => {
          throw cause instanceof NotSent ? cause : new Unclear(`${action} was sent and no answer came`, { cause });
        });
      return actReply(response, action);
    },
  };
}

/** What all calls of an account have in common. */
interface Line {
  id: string;
  keyOf: KeyOf;
  origin: string;
  host: string;
  random: Random;
}

interface Call {
  region: string;
  path: readonly string[];
  query: Query;
  /** Null for a reading call. */
  body: string | null;
  at: number;
}

function requestOf(line: Line, call: Call): HttpRequest {
  const path = ["v1", "regions", call.region, ...call.path].map(strictlyEncoded).join("/");
  const query = call.query.map(([name, value]) => `${strictlyEncoded(name)}=${strictlyEncoded(value)}`).join("&");
  const url = `${line.origin}/${path}${query === "" ? "" : `?${query}`}`;
  const method = call.body === null ? "GET" : "POST";
  const body = call.body ?? "";
  const headers = { "content-type": "application/json", host: line.host };
  const by = { id: line.id, keyOf: line.keyOf, region: call.region, service: "vm" };
  const signed = signJdcloud({ method, url, headers, body }, by, call.at, nonce(line.random));
  const once = method === "POST";
  return { method, url, headers: signed, body, timeoutMs: once ? actMaxMs : readMaxMs, once };
}

/** JD Cloud takes a nonce once; its own clients send a uuid. */
function nonce(random: Random): string {
  const hex = Buffer.from(random(16)).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const Envelope = z.object({
  requestId: z.string().nullish(),
  result: z.unknown().optional(),
  error: z
    .object({ code: z.number().nullish(), status: z.string().nullish(), message: z.string().nullish() })
    .nullish(),
});

type Answered = { requestId: string; result: unknown } | { requestId: string; error: JdError };

/** Null when this is no answer of the API's. What was wrong with it is not kept: the text may repeat a password. */
function answered(response: HttpResponse): Answered | null {
  const envelope = Envelope.safeParse(json(response.body)).data;
  if (envelope === undefined) return null;
  const requestId = envelope.requestId ?? "";
  const { error, result } = envelope;
  // A 200 may carry an error, and is one then; a failure without an error word is no clear answer.
  if (error) {
    // A 5xx of the line outweighs the code in the body: a gateway may repeat an answer that is not this call's.
    const code = response.status >= 500 ? response.status : error.code || response.status;
    return { requestId, error: { code, status: error.status ?? "", message: error.message ?? "" } };
  }
  return response.status === 200 ? { requestId, result } : null;
}

function readAnswer<T>(response: HttpResponse, result: z.ZodType<T>): T {
  const answer = answered(response);
  if (answer === null) throw new CloudDown("JD Cloud's answer cannot be read.", `http-${response.status}`);
  if ("error" in answer) throw new CloudDown(readingSentence(answer.error), answer.error.status || "error");
  const parsed = result.safeParse(answer.result);
  if (parsed.success) return parsed.data;
  throw new CloudDown("JD Cloud's answer is not as its documents describe it.", "unexpected-answer");
}

function actReply(response: HttpResponse, action: string): Reply {
  const answer = answered(response);
  if (answer === null) throw new Unclear(`${action} was answered with HTTP ${response.status} and no clear word`);
  const { requestId } = answer;
  if ("error" in answer) return { requestId, taken: false, error: answer.error };
  if (requestId === "") throw new Unclear(`${action} was answered without a request id`);
  return { requestId, taken: true };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
