/** The only place that sends something to ECS, IMS or EVS: signed, and with the account's project in path and header. */
import type * as z from "zod";
import { type HttpResponse, NotSent } from "../seams.ts";
import { CloudDown, type CloudTools } from "./cloud.ts";
import type { HuaweiAccount } from "./huawei.ts";
import { explain } from "./huawei-errors.ts";
import { queryOf, signed } from "./huawei-sign.ts";
import { type Service, sites } from "./huawei-sites.ts";
import { errorOf } from "./huawei-wire.ts";

const readTimeoutMs = 10_000;
const actTimeoutMs = 20_000;

/** `{project}` in a path or in a value of the query stands for the project of the region. */
export interface Path {
  service: Service;
  region: string;
  path: string;
  query?: Readonly<Record<string, string>>;
}

/** What a question was answered: a body of the wanted shape, or the provider's own error. */
export type Asked<T> = { body: T } | { status: number; code: string; requestId: string };

export interface Ecs {
  account: HuaweiAccount;
  /** Throws `CloudDown` when there is no answer or an error. */
  ask<T>(path: Path, shape: z.ZodType<T>): Promise<T>;
  /** The same, but an error of the provider's that is no fault of the line comes back as a value. */
  tryAsk<T>(path: Path, shape: z.ZodType<T>): Promise<Asked<T>>;
  /** Sends an act once, signed with `at`. Throws what the exchange throws. */
  act(path: Path, body: Readonly<Record<string, unknown>>, at: number): Promise<HttpResponse>;
}

export function caller(given: HuaweiAccount, tools: CloudTools): Ecs {
  const account = { ...given, endpoint: given.endpoint === undefined ? undefined : new URL(given.endpoint).origin };
  const tryAsk = async <T>(path: Path, shape: z.ZodType<T>): Promise<Asked<T>> =>
    read(account, await answer(account, tools, path), shape);
  return {
    account,
    tryAsk,
    async ask(path, shape) {
      const asked = await tryAsk(path, shape);
      if ("body" in asked) return asked.body;
      throw down(account, explain(asked.code, "").says, asked.code);
    },
    act(path, body, at) {
      const text = JSON.stringify(body);
      const request = prepared(account, "POST", path, text, at);
      return tools.exchange({ ...request, method: "POST", body: text, timeoutMs: actTimeoutMs, once: true });
    },
  };
}

export function projectOf(account: HuaweiAccount, region: string): string {
  const project = account.projects[region];
  if (project) return project;
  throw down(account, `The configuration names no project for region ${region}.`, "no-project");
}

async function answer(account: HuaweiAccount, tools: CloudTools, path: Path): Promise<HttpResponse> {
  const request = prepared(account, "GET", path, "", tools.clock.now());
  try {
    return await tools.exchange({ ...request, method: "GET", body: "", timeoutMs: readTimeoutMs, once: false });
  } catch (cause) {
    const says = cause instanceof NotSent ? "cannot be reached" : "did not answer";
    throw new CloudDown(`${sites[account.site].traits.title} ${says} (${path.region}).`, "no-answer", cause);
  }
}

function prepared(account: HuaweiAccount, method: "GET" | "POST", path: Path, body: string, at: number) {
  const project = projectOf(account, path.region);
  const base = account.endpoint ?? sites[account.site].host(path.service, path.region);
  const filled = Object.entries(path.query ?? {}).map(
    ([key, value]) => [key, value.replaceAll("{project}", project)] as const,
  );
  const query = queryOf(filled);
  const url = `${base}${path.path.replaceAll("{project}", project)}${query === "" ? "" : `?${query}`}`;
  const headers = { "content-type": "application/json", "x-project-id": project };
  const key = { id: account.id, secret: account.secret.open() };
  return { url, headers: signed({ method, url, headers, body }, key, at) };
}

function read<T>(account: HuaweiAccount, response: HttpResponse, shape: z.ZodType<T>): Asked<T> {
  const body = jsonOf(response);
  if (response.status === 200) {
    const parsed = shape.safeParse(body);
    if (parsed.success) return { body: parsed.data };
  }
  const error = errorOf(body);
  const busy = response.status === 429 || response.status >= 500;
  const known = error ? explain(error.code, error.message) : null;
  if (busy || known?.verdict === "later") {
    throw down(account, known?.says ?? "The cloud has trouble of its own.", error?.code ?? `HTTP ${response.status}`);
  }
  if (error) return { status: response.status, code: error.code, requestId: requestIdOf(response) };
  throw down(account, "The answer is not in the form that the cloud's documents describe.", `HTTP ${response.status}`);
}

function down(account: HuaweiAccount, says: string, code: string): CloudDown {
  return new CloudDown(`${sites[account.site].traits.title}: ${says}`, code);
}

export function jsonOf(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.body);
  } catch {
    return null;
  }
}

export function requestIdOf(response: HttpResponse): string {
  return response.headers["x-request-id"] ?? "";
}
