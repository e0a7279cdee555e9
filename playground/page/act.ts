/** The only place that checks what a page asks for before anything is done. */
import * as z from "zod";
import type { PageAct } from "./contract.ts";

const Bag = z.record(z.string(), z.unknown());
const who = { user: z.string() };

export const Act = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("say"),
    ...who,
    channel: z.string(),
    text: z.string().max(8000),
    threadTs: z.string().optional(),
  }),
  z.object({ do: z.literal("command"), ...who, channel: z.string(), text: z.string().max(8000) }),
  z.object({
    do: z.literal("press"),
    ...who,
    in: z.union([z.object({ message: z.string(), channel: z.string() }), z.object({ view: z.string() })]),
    action: Bag,
    values: Bag.optional(),
  }),
  z.object({
    do: z.literal("suggest"),
    ...who,
    view: z.string(),
    actionId: z.string(),
    blockId: z.string(),
    value: z.string().max(3000),
    values: Bag.optional(),
  }),
  z.object({
    do: z.literal("shortcut"),
    ...who,
    callback: z.string(),
    on: z.object({ message: z.string(), channel: z.string() }).optional(),
  }),
  z.object({ do: z.literal("submit"), ...who, view: z.string(), values: Bag }),
  z.object({ do: z.literal("close"), ...who, view: z.string(), all: z.boolean() }),
  z.object({ do: z.literal("fault"), cloud: z.string(), fault: z.string(), armed: z.boolean() }),
  z.object({
    do: z.literal("console"),
    cloud: z.string(),
    server: z.string(),
    what: z.enum(["stop", "start", "reinstall", "delete"]),
  }),
  z.object({ do: z.literal("kill-bot") }),
]);

/** Null when the text is not an act. */
export function parseAct(text: string): PageAct | null {
  try {
    const found = Act.safeParse(JSON.parse(text));
    // A key that JSON left out is absent, not undefined; the schema cannot say so.
    return found.success ? (found.data as PageAct) : null;
  } catch {
    return null;
  }
}
