/** The only place that walks Tencent Cloud's lists: the default page is 20, so the limit is always sent. https://www.tencentcloud.com/document/api/213/33258 */
import type * as z from "zod";
import { CloudDown, onlyFirst } from "./cloud.ts";

/** The most that one call gives. */
export const pageMax = 100;
/** 10,000 entries; past that a list is called incomplete. */
const pagesMax = 100;

export interface Page {
  total: number;
  items: readonly unknown[];
}

/** Everything up to the first page that could not be read. `unread` says why there is no more, `error` is what was thrown. */
export interface Pages {
  items: readonly unknown[];
  unread: string | null;
  error: CloudDown | null;
}

export async function allPages(read: (page: { Offset: number; Limit: number }) => Promise<Page>): Promise<Pages> {
  const items: unknown[] = [];
  for (let page = 0; page < pagesMax; page++) {
    try {
      const got = await read({ Offset: items.length, Limit: pageMax });
      items.push(...got.items);
      if (got.items.length === 0 || items.length >= got.total) return { items, unread: null, error: null };
    } catch (error) {
      if (!(error instanceof CloudDown)) throw error;
      return { items, unread: error.says, error };
    }
  }
  return { items, unread: onlyFirst(items.length), error: null };
}

/** Each entry by itself: one that is not as documented is left out and hides nothing else. */
export function found<T>(shape: z.ZodType<T>, items: readonly unknown[]): readonly T[] {
  return items.flatMap((item) => {
    const parsed = shape.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}
