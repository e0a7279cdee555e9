/** The only place that turns a failed reading of the configuration into sentences. Values are never quoted: one may be a key. */
import type * as z from "zod";
import { accountKeys } from "./config-accounts.ts";
import { readable } from "./config-text.ts";

export function sentencesFor(error: z.ZodError, raw: unknown): readonly string[] {
  const sentences = error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [`config.yml: ${where(issue.path)}${issue.message}.`];
    const known = knownKeys(issue.path, raw);
    return issue.keys.map(legible).map((key) => `config.yml: ${where([...issue.path, key])}${unknownKey(key, known)}`);
  });
  return readable(sentences);
}

const keyMax = 40;

/** A key may be anything, also what a terminal would obey. */
function legible(key: string): string {
  const shown = key.slice(0, keyMax).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
  return key.length > keyMax ? `${shown}…` : shown;
}

/** ["accounts", 1, "regions"] → "accounts[1].regions: " */
function where(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${legible(String(part))}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}

function unknownKey(key: string, known: readonly string[]): string {
  const likely = known
    .map((name) => ({ name, distance: distance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (likely !== undefined && likely.distance <= Math.max(2, Math.floor(key.length / 3)))
    return `is not known here; ${likely.name} is perhaps meant.`;
  return `is not known here. Known are ${known.join(", ")}.`;
}

const keysOf = {
  file: ["version", "slack", "accounts", "rules", "logins", "pollSeconds"],
  credentials: ["idFrom", "secretKeyFrom"],
  rules: ["name", "requesters", "approvers", "approvalMinutes"],
  logins: ["typed"],
  socket: ["mode"],
  http: ["mode", "port", "host"],
};

function knownKeys(path: readonly PropertyKey[], raw: unknown): readonly string[] {
  const [top, n, field] = path;
  if (top === undefined) return keysOf.file;
  if (top === "rules") return keysOf.rules;
  if (top === "logins") return keysOf.logins;
  if (top === "slack") return at(at(raw, "slack"), "mode") === "http" ? keysOf.http : keysOf.socket;
  return field === "credentials" ? keysOf.credentials : accountKeys(at(at(at(raw, top), n), "cloud"));
}

function at(value: unknown, key: PropertyKey | undefined): unknown {
  return typeof value === "object" && value !== null && key !== undefined ? Reflect.get(value, key) : undefined;
}

/** How many letters must be changed, added or dropped to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
