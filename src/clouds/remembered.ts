/** The only place where an adapter remembers what it was told of a thing by its id. Whatever decides something is asked for anew. */
import type { Clock } from "../seams.ts";

export interface Remembered<T> {
  /** What was said of it lately: within ten minutes, unless something else was settled. */
  get(id: string): T | undefined;
  set(id: string, told: T): void;
  delete(id: string): void;
}

const most = 2000;

export function remembered<T>(clock: Clock, keptMs = 10 * 60_000): Remembered<T> {
  const known = new Map<string, { at: number; told: T }>();
  return {
    get(id) {
      const found = known.get(id);
      return found !== undefined && clock.mono() - found.at < keptMs ? found.told : undefined;
    },
    set(id, told) {
      if (known.size >= most) known.clear();
      known.set(id, { at: clock.mono(), told });
    },
    delete(id) {
      known.delete(id);
    },
  };
}
