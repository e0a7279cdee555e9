/** The only place that says what a method of the Web API is, and how it says no. */
import type { Tier } from "./rates.ts";
import type { Fields, Problem } from "./rules.ts";
import type { State } from "./state.ts";

export type Answer = Fields & ({ readonly ok: true } | Refused);
export type Refused = Fields & { readonly ok: false; readonly error: string };

export interface Method {
  tier: Tier;
  /** Any one of these will do; none needed when empty. */
  scopes: readonly string[];
  token: "bot" | "app" | "none";
  run(state: State, args: Fields, now: number): readonly [State, Answer];
}

export function no(error: string): Refused {
  return { ok: false, error };
}

export function invalid(error: string, problems: readonly Problem[]): Refused {
  const errors = problems.map((problem) => `${problem.message} [json-pointer:${problem.pointer}]`);
  const messages = errors.map((each) => `[ERROR] ${each}`);
  return { ok: false, error, errors, response_metadata: { messages } };
}
