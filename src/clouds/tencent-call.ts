/** The only place that talks to Tencent Cloud: one signed POST for each call, sent once. https://www.tencentcloud.com/document/api/213/33221 */
import * as z from "zod";
import { type Clock, type HttpResponse, type Log, NotSent } from "../seams.ts";
import type { Secret } from "../secret.ts";
import { CloudDown, type CloudTools } from "./cloud.ts";
import { type KeyOf, signingKeys } from "./signing-key.ts";
import { sentenceOf } from "./tencent-sentence.ts";
import { keyPrefix, signTc3 } from "./tencent-sign.ts";
import { sites, type TencentSite } from "./tencent-sites.ts";

const version = "2017-03-12";
const contentType = "application/json; charset=utf-8";
const readMaxMs = 10_000;
const actMaxMs = 20_000;

/** What a call needs of the account. */
export interface Caller {
  site: TencentSite;
  id: string;
  secret: Secret;
  endpoint?: string | undefined;
}

/** The provider's own word on an act. */
export type Reply = { requestId: string } & ({ taken: true } | { taken: false; code: string; message: string });

/** Calls of one account. */
export interface Cvm {
  clock: Clock;
  log: Log;
  /** Throws `CloudDown`, which carries the provider's code where it gave one. */
  read<T>(region: string, action: string, params: object, answer: z.ZodType<T>, maxMs?: number): Promise<T>;
  /** Throws `NotSent` when it never left and `Unclear` when nobody knows. */
  act(region: string, action: string, params: object, at: number): Promise<Reply>;
}

/** It may or may not have happened. */
export class Unclear extends Error {
  override name = "Unclear";
}

export function caller(account: Caller, tools: CloudTools): Cvm {
  const { clock, log } = tools;
  const line = lineOf(account);
  return {
    clock,
    log,
    async read(region, action, params, answer, maxMs = readMaxMs) {
      const response = await tools
        .exchange({
          ...requestOf(line, { region, action, params, at: clock.now(), once: false }),
          timeoutMs: maxMs,
        })
        .catch((cause: unknown) => {
          throw new CloudDown("Tencent Cloud does not answer.", "no-answer", cause);
        });
      return readAnswer(response, answer);
    },
    async act(region, action, params, at) {
      const response = await tools
        .exchange(requestOf(line, { region, action, params, at, once: true }))
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
  to(region: string): { origin: string; host: string };
}

function lineOf(account: Caller): Line {
  const { id, secret, site, endpoint } = account;
  const everywhere = endpoint === undefined ? null : new URL(endpoint);
  const to = (region: string) => everywhere ?? new URL(`https://${sites[site].host(region)}`);
  return { id, keyOf: signingKeys(keyPrefix, secret), to };
}

interface Call {
  region: string;
  action: string;
  params: object;
  at: number;
  once: boolean;
}

function requestOf(line: Line, call: Call) {
  const { origin, host } = line.to(call.region);
  const body = JSON.stringify(call.params);
  const signed = signTc3({
    id: line.id,
    keyOf: line.keyOf,
    service: "cvm",
    host,
    contentType,
    action: call.action,
    body,
    at: call.at,
  });
  return {
    method: "POST" as const,
    url: `${origin}/`,
    headers: {
      host,
      "content-type": contentType,
      authorization: signed.authorization,
      "x-tc-action": call.action,
      "x-tc-version": version,
      "x-tc-timestamp": signed.timestamp,
      "x-tc-region": call.region,
      "x-tc-language": "en-US",
    },
    body,
    timeoutMs: call.once ? actMaxMs : readMaxMs,
    once: call.once,
  };
}

const Envelope = z.object({ Response: z.unknown() });
const Inside = z.object({
  RequestId: z.string().min(1),
  Error: z.object({ Code: z.string().min(1), Message: z.string().nullish() }).optional(),
});

/** The `Response` of an answer (`whole`) with what every one holds, or null when it is none. What was wrong with it is not kept: the text may repeat a password. */
function envelopeOf(response: HttpResponse): (z.infer<typeof Inside> & { whole: unknown }) | null {
  if (response.status !== 200) return null;
  try {
    const whole = Envelope.safeParse(JSON.parse(response.body)).data?.Response;
    const inside = Inside.safeParse(whole).data;
    return inside === undefined ? null : { ...inside, whole };
  } catch {
    return null;
  }
}

function readAnswer<T>(response: HttpResponse, answer: z.ZodType<T>): T {
  const envelope = envelopeOf(response);
  if (envelope === null) throw notAnswered(response.status);
  if (envelope.Error !== undefined) {
    const { Code, Message } = envelope.Error;
    throw new CloudDown(sentenceOf(Code, Message ?? ""), Code);
  }
  const parsed = answer.safeParse(envelope.whole);
  if (parsed.success) return parsed.data;
  throw new CloudDown("Tencent Cloud's answer is not as its documents describe it.", "unexpected-answer");
}

function notAnswered(status: number): CloudDown {
  const says =
    status === 200
      ? "Tencent Cloud's answer cannot be read."
      : `Tencent Cloud's API is not available (HTTP ${status}).`;
  return new CloudDown(says, `http-${status}`);
}

function actReply(response: HttpResponse, action: string): Reply {
  const envelope = envelopeOf(response);
  if (envelope === null) throw new Unclear(`${action} was answered with HTTP ${response.status} and no clear word`);
  const { RequestId: requestId, Error: error } = envelope;
  if (error === undefined) return { requestId, taken: true };
  return { requestId, taken: false, code: error.Code, message: error.Message ?? "" };
}
