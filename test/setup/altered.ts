/** The only place where a story changes a simulated cloud behind its panel's back: nothing is changed in place, as the files share what the clouds begin with. */
import type { Story } from "./story.ts";

/** One thing that a cloud keeps: a server, an image, a key pair. */
export type Entry = Readonly<Record<string, unknown>>;
type Kept = readonly Entry[] | Readonly<Record<string, Entry>>;

/** Changes each entry of a list or table of the cloud's state; null takes it away. */
export function alter(
  now: Story,
  account: string,
  table: string,
  change: (entry: Entry, all: readonly Entry[]) => Entry | null,
): void {
  now.cloud(account).arrange((state) => {
    const before = state as Readonly<Record<string, Kept>>;
    const kept = before[table];
    if (kept === undefined) throw new Error(`the cloud keeps no ${table}`);
    const all = Object.values(kept);
    const changed = Object.entries(kept).flatMap(([key, entry]) => {
      const next = change(entry, all);
      return next === null ? [] : [[key, next] as const];
    });
    return {
      ...before,
      [table]: Array.isArray(kept) ? changed.map(([, entry]) => entry) : Object.fromEntries(changed),
    };
  });
}
