/** The only place that knows how simulated JD Cloud words its answers: the envelopes, and the query that carries filters and pages. */

import { decoded, splitOnce } from "./jdcloud-verify.ts";
import type { SimReply } from "./sim.ts";

const json = { "content-type": "application/json; charset=utf-8" };

/** What an API call comes to, before it has a request id. */
export type Outcome =
  | { ok: Readonly<Record<string, unknown>> | null }
  | { error: { code: number; status: string; message: string } };

export function fail(code: number, status: string, message: string): Outcome {
  return { error: { code, status, message } };
}

export function reply(outcome: Outcome, requestId: string): SimReply {
  if ("error" in outcome) return answer(outcome.error.code, { requestId, error: outcome.error }, requestId);
  return answer(200, outcome.ok === null ? { requestId } : { requestId, result: outcome.ok }, requestId);
}

export function answer(status: number, body: unknown, requestId: string): SimReply {
  return {
    status,
    headers: { ...json, "x-jdcloud-request-id": requestId },
    body: JSON.stringify(body),
    how: "answer",
  };
}

/** What a proxy in front of a service that is down says: no JSON, no request id. */
export function html(status: number, title: string): SimReply {
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`,
    how: "answer",
  };
}

export type Query = ReadonlyMap<string, string>;

export function parseQuery(text: string): Query {
  const pairs =
    text === "" ? [] : text.split("&").map((pair) => splitOnce(pair.replaceAll("+", " "), "=").map(decoded));
  return new Map(pairs.map(([key = "", value = ""]) => [key, value]));
}

/** `ids.1`, `ids.2` … in their order; counted from 1. */
export function listOf(query: Query, name: string): string[] {
  const values: string[] = [];
  for (let n = 1; query.has(`${name}.${n}`); n += 1) values.push(query.get(`${name}.${n}`) ?? "");
  return values;
}

/** `filters.1.name=status`, `filters.1.values.1=stopped` …. */
export function filtersOf(query: Query): { name: string; values: string[] }[] {
  const filters: { name: string; values: string[] }[] = [];
  for (let n = 1; query.has(`filters.${n}.name`); n += 1) {
    filters.push({ name: query.get(`filters.${n}.name`) ?? "", values: listOf(query, `filters.${n}.values`) });
  }
  return filters;
}

/** One page of a list: 20 when the caller does not say, 10 to 100 when it does. */
export function pageOf<T>(query: Query, all: readonly T[]): { page: readonly T[] } | Outcome {
  const number = Number(query.get("pageNumber") ?? "1");
  const size = Number(query.get("pageSize") ?? "20");
  if (!Number.isInteger(number) || number < 1) return fail(400, "OUT_OF_RANGE", "PageNumber out of range");
  if (!Number.isInteger(size) || size < 10 || size > 100) return fail(400, "OUT_OF_RANGE", "PageSize out of range");
  return { page: all.slice((number - 1) * size, number * size) };
}
