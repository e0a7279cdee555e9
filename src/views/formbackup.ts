/** The only place for the part of the form that asks what becomes of the data before it is erased. */
import type { Block } from "../seams.ts";
import { alert, input, limits, type Option, option, plain } from "./blocks.ts";
import type { Chosen } from "./form.ts";
import { blockIds, fields } from "./formfields.ts";
import type { Asked } from "./formmeta.ts";
import { outside } from "./text.ts";

/** No choice is made for the person: what is not backed up is gone. */
export function backupBlocks(asked: Asked, { backupRefused, backupStops }: Chosen): readonly Block[] {
  const stops = backupStops
    ? "The server is stopped for it; nothing is erased before it is ready"
    : "Nothing is erased before it is ready";
  const offered: Option[] = [
    ...(backupRefused === null
      ? [{ text: "Make a custom image of this server first", value: "image", description: stops }]
      : []),
    { text: "It is backed up already", value: "have", description: "Say where" },
    { text: "Nothing to keep", value: "none", description: "Everything on the system disk may go" },
  ];
  const initial = offered.find(({ value }) => value === asked.backup);
  const blocks: Block[] = [
    ...(backupRefused === null
      ? []
      : [alert("info", outside(`No custom image can be made now: ${backupRefused}`, 190))]),
    input({
      block: blockIds.backup(asked),
      label: "Backup",
      dispatch: true,
      element: {
        type: "radio_buttons",
        action_id: fields.backup,
        options: offered.map(option),
        ...(initial === undefined ? {} : { initial_option: option(initial) }),
      },
    }),
  ];
  if (asked.backup !== "have") return blocks;
  const where = input({
    block: blockIds.where(),
    label: "Where is the backup?",
    element: {
      type: "plain_text_input",
      action_id: fields.where,
      max_length: 200,
      ...(asked.where === undefined ? {} : { initial_value: asked.where }),
      placeholder: plain("Snapshot, image or backup system", limits.optionText),
    },
  });
  return [...blocks, where];
}
