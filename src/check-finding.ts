/** The only place that says what one line of a check is. */

/** What was tried, and what came of it; where it is wrong, also what to do. */
export interface Finding {
  ok: boolean;
  of: string;
  says: string;
}

/** 1 account, 2 accounts */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}
