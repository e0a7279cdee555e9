/** The only place for the part of the form that asks how big the system disk is to be, and that reads the answer. */
import type { DiskGrowth } from "../clouds/growth.ts";
import type { Block } from "../seams.ts";
import { alert, context, input } from "./blocks.ts";
import type { Chosen } from "./form.ts";
import { blockIds, fields } from "./formfields.ts";
import type { Asked } from "./formmeta.ts";
import { outside } from "./text.ts";

/** Nothing where the cloud lets nobody choose; where this disk alone cannot grow, why. */
export function diskBlocks(asked: Asked, { choices, notices }: Chosen): readonly Block[] {
  const growth = choices.diskGrowth;
  if (growth === undefined) return [];
  if ("refused" in growth) return [context(outside(growth.refused, 190))];
  const { leastGb, mostGb, must } = growth;
  const field = input({
    block: blockIds.disk(asked),
    label: "System disk size in GB",
    hint: hintOf(growth),
    optional: !must,
    element: {
      type: "number_input",
      action_id: fields.disk,
      is_decimal_allowed: false,
      min_value: String(leastGb),
      max_value: String(mostGb),
      ...(asked.disk === undefined ? {} : { initial_value: asked.disk }),
    },
  });
  const wrong = notices.filter(({ kind, at }) => kind === "refused" && at === "disk");
  return [field, ...wrong.map(({ says }) => alert("error", outside(says, 190)))];
}

type Growing = Exclude<DiskGrowth, { refused: string }>;

function hintOf({ presentGb, leastGb, must }: Growing): string {
  const cost = "It cannot shrink again. What it costs is on the card.";
  if (must)
    return `This image needs at least ${leastGb} GB, and the disk has ${presentGb}: enter ${leastGb} or more. ${cost}`;
  return `It has ${presentGb} GB now. Leave this empty to keep that, or enter ${leastGb} or more. ${cost}`;
}

/** Whether a field for the size stands in the form, so that an error can stand at it. */
export function asksSize(growth: DiskGrowth | undefined): growth is Growing {
  return growth !== undefined && !("refused" in growth);
}

/** The size that was entered, nothing when it stays, or what is wrong with it. */
export function readSize(
  entered: string | undefined,
  growth: DiskGrowth | undefined,
): { gb?: number } | { says: string } {
  const text = entered?.trim() ?? "";
  if (!asksSize(growth)) {
    return text === ""
      ? {}
      : { says: "This system disk keeps its size. Choose the server again to see what it allows." };
  }
  const { presentGb, leastGb, mostGb, must } = growth;
  const least = must ? `This image needs at least ${leastGb} GB.` : `Leave this empty, or enter ${leastGb} or more.`;
  if (text === "") return must ? { says: least } : {};
  if (!/^\d{1,6}$/.test(text)) return { says: `Enter a whole number of GB, from ${leastGb} to ${mostGb}.` };
  const gb = Number(text);
  if (gb === presentGb) return { says: `The disk has ${presentGb} GB already. ${least}` };
  if (gb < presentGb) return { says: `The disk has ${presentGb} GB and cannot shrink. ${least}` };
  if (gb < leastGb) return { says: least };
  return gb > mostGb ? { says: `A system disk takes ${mostGb} GB at most here.` } : { gb };
}

/** What an order is judged by while the form is open: the size entered, else the least that the image needs. */
export function sizeMeant(entered: string | undefined, growth: DiskGrowth | undefined): number | null {
  const read = readSize(entered, growth);
  if ("gb" in read && read.gb !== undefined) return read.gb;
  return asksSize(growth) && growth.must ? growth.leastGb : null;
}
