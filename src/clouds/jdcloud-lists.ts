/** The only place that walks JD Cloud's lists: page after page, entry by entry. */
import type * as z from "zod";
import { CloudDown, type Image } from "./cloud.ts";
import type { Query, Vm } from "./jdcloud-call.ts";
import { ImagePage, type Instance, imageFrom, WireImage } from "./jdcloud-wire.ts";
import type { Remembered } from "./remembered.ts";
import { WireId } from "./wire-id.ts";

/** The most that JD Cloud gives at once; without it, 20. */
const pageSize = 100;
/** Ten thousand entries; a list that is longer is cut rather than walked for ever. */
const pagesMax = 100;

/** Entries of a list, unparsed; `cut` when there are more. */
export async function allOf<Page extends { totalCount: number }>(
  vm: Vm,
  region: string,
  path: readonly string[],
  query: Query,
  schema: z.ZodType<Page>,
  entries: (page: Page) => readonly unknown[] | null | undefined,
): Promise<{ all: readonly unknown[]; cut: boolean }> {
  const all: unknown[] = [];
  for (let number = 1; number <= pagesMax; number += 1) {
    const paging: Query = [
      ["pageNumber", String(number)],
      ["pageSize", String(pageSize)],
    ];
    const page = await vm.read(region, path, [...query, ...paging], schema);
    const more = entries(page) ?? [];
    all.push(...more);
    if (more.length === 0 || number * pageSize >= page.totalCount) return { all, cut: false };
  }
  return { all, cut: true };
}

export function unreadable(): CloudDown {
  return new CloudDown("JD Cloud's answer is not as its documents describe it.", "unexpected-answer");
}

/** Those entries that are as the documents describe them. */
export function eachOf<T>(schema: z.ZodType<T>, entries: readonly unknown[]): readonly T[] {
  return entries.flatMap((entry) => {
    const parsed = schema.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Images by id: null for one that is not there, absent where the answer could not be read. */
export async function imagesById(
  vm: Vm,
  known: Remembered<Image>,
  region: string,
  ids: readonly string[],
): Promise<Map<string, Image | null>> {
  const query: Query = [["pageSize", String(pageSize)], ...ids.map((id, at) => [`ids.${at + 1}`, id] as const)];
  const entries = (await vm.read(region, ["images"], query, ImagePage)).images ?? [];
  const images = eachOf(WireImage, entries);
  const result = new Map<string, Image | null>();
  for (const id of ids) {
    const found = images.find((one) => one.imageId === id);
    if (found) result.set(id, imageFrom(found));
    else if (images.length === entries.length) result.set(id, null);
  }
  for (const [id, image] of result) {
    if (image !== null && isSettled(image)) known.set(`${region}/${id}`, image);
    else known.delete(`${region}/${id}`);
  }
  return result;
}

/** An image keeps its system as long as its id and is renamed seldom; one that is being made, was taken offline or is gone may be another thing at the next look. */
function isSettled({ facts }: Image): boolean {
  return facts["status"] === "ready" && facts["offline"] === "no";
}

/** The images that these servers have, for their names and systems: those of which JD Cloud has not told lately are asked for. A failure here costs their names, not the reading. */
export async function imagesOf(
  vm: Vm,
  known: Remembered<Image>,
  region: string,
  instances: readonly Instance[],
): Promise<(id: string) => Image | null | undefined> {
  const named = instances.flatMap(({ imageId }) => WireId.safeParse(imageId).data ?? []);
  const ids = [...new Set(named.filter((id) => id !== ""))];
  const images = new Map<string, Image | null>();
  for (const id of ids) {
    const image = known.get(`${region}/${id}`);
    if (image !== undefined) images.set(id, image);
  }
  const others = ids.filter((id) => !images.has(id));
  if (others.length === 0) return (id) => images.get(id);
  try {
    for (const [id, image] of await imagesById(vm, known, region, others)) images.set(id, image);
  } catch (cause) {
    if (!(cause instanceof CloudDown)) throw cause;
  }
  return (id) => images.get(id);
}
