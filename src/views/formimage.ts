/** The only place for the part of the form that asks which image. */
import type { Image } from "../clouds/cloud.ts";
import { cut, shortName } from "../line.ts";
import type { Block } from "../seams.ts";
import { alert, context, input, limits, type Option, option, plain } from "./blocks.ts";
import type { Chosen } from "./form.ts";
import { asksSize } from "./formdisk.ts";
import { blockIds, fields } from "./formfields.ts";
import type { Asked } from "./formmeta.ts";
import { outside, plural } from "./text.ts";

export function imageBlocks(asked: Asked, chosen: Chosen): readonly Block[] {
  const same = chosen.choices.sameImage;
  const offered: Option[] = [
    ...(same === "ok" ? [{ text: "The same image again", value: "same", description: imageName(chosen) }] : []),
    ...(asked.backup === "image"
      ? [
          {
            text: "The image made now from this server",
            value: "made-now",
            description: "Its system and data as they are",
          },
        ]
      : []),
    { text: "Another image…", value: "other" },
  ];
  const initial = offered.find(({ value }) => value === asked.imageChoice) ?? offered[0];
  const blocks: Block[] = [
    ...(same === "ok" ? [] : [alert("warning", outside(same.refused, 190))]),
    input({
      block: blockIds.imageChoice(asked),
      label: "Image",
      dispatch: true,
      element: {
        type: "radio_buttons",
        action_id: fields.imageChoice,
        options: offered.map(option),
        ...(initial === undefined ? {} : { initial_option: option(initial) }),
      },
    }),
  ];
  if (asked.imageChoice === "other")
    blocks.push(imageInput(asked, chosen), ...goneBlock(asked, chosen), ...leftOutBlock(chosen));
  const elsewhere = asksSize(chosen.choices.diskGrowth) ? ["login", "disk"] : ["login"];
  const wrong = chosen.notices.filter(({ kind, at }) => kind === "refused" && !elsewhere.includes(at));
  // Of what only the card warns otherwise, this one changes which image one takes.
  const unknown = chosen.notices.filter(({ code }) => code === "recommended-images");
  return [
    ...blocks,
    ...unknown.map(({ says }) => alert("warning", outside(says, 190))),
    ...wrong.map(({ says }) => alert("error", outside(says, 190))),
  ];
}

/** An image that an earlier request named may be deleted since. */
function goneBlock({ image: id }: Asked, { image, server, title }: Chosen): readonly Block[] {
  if (id === undefined || image !== null) return [];
  const says = `${title} has no image ${id} in ${server.ref.region} any more. Choose another one.`;
  return [alert("error", outside(says, 190))];
}

function leftOutBlock({ leftOut }: Chosen): readonly Block[] {
  const count = leftOut.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return [];
  const told = leftOut.slice(0, reasonsMax);
  const untold = count - told.reduce((sum, each) => sum + each.count, 0);
  const lines = told.map((each) => `• ${each.count}, like “${outside(each.example, 60)}”: ${outside(each.says, 200)}`);
  const more = untold === 0 ? [] : [`• ${untold} more, each with its reason when its whole name is typed above`];
  return [context([`Left out for this server: ${plural(count, "image")}`, ...lines, ...more].join("\n"))];
}

/** So that the login below stays in sight. */
const reasonsMax = 4;

function imageName({ server }: Chosen): string {
  return shortName(server.image.name, server.os.name || server.image.id, limits.optionText);
}

function imageInput(asked: Asked, { image, choices }: Chosen): Block {
  return input({
    block: blockIds.image(asked),
    label: "Which image",
    hint: ["Type a part of its name, system or id.", choices.imageHint ?? ""].join(" ").trim(),
    dispatch: true,
    element: {
      type: "external_select",
      action_id: fields.image,
      min_query_length: 0,
      placeholder: plain("Name, system or id"),
      ...(image === null ? {} : { initial_option: imageOption(image) }),
    },
  });
}

export function imageOption(image: Image): Record<string, unknown> {
  const size = image.minDiskGb === 0 ? [] : [`${image.minDiskGb} GB`];
  const date = /^\d{4}-\d{2}-\d{2}/.exec(image.createdAt)?.[0];
  // The id comes last: an id of 36 characters would leave no room for the system, and its beginning still tells two images apart.
  const facts = [image.os.name, ...size, ...(date === undefined ? [] : [date]), image.id];
  const about = image.unusable === undefined ? facts.join(" · ") : `Cannot be used: ${image.unusable}`;
  return option({
    text: shortName(image.name, image.id, limits.optionText),
    value: image.id,
    description: cut(about, limits.optionText),
  });
}
