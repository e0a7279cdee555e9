/** The only place for the limits of each block, and for where it may stand. https://docs.slack.dev/reference/block-kit/blocks */
import {
  anyText,
  blockIdMax,
  button,
  elements,
  inActions,
  inContextActions,
  inInput,
  inSection,
  plain,
} from "./limits-elements.ts";
import {
  address,
  all,
  anything,
  byType,
  check,
  type Fields,
  flag,
  isFields,
  list,
  oneOf,
  type Rule,
  shape,
  text,
  whole,
} from "./rules.ts";

export type Surface = "message" | "modal" | "home";

const own = { block_id: text(1, blockIdMax) };
const block = (required: Readonly<Record<string, Rule>>, optional: Readonly<Record<string, Rule>> = {}) =>
  shape(required, { ...own, ...optional });

function oneOfThese(...fields: readonly string[]): Rule {
  return check("missing_field", (value) =>
    fields.some((field) => value[field] !== undefined) ? null : `needs ${fields.join(" or ")}`,
  );
}

/** `action_id`s are unique within their block. */
const uniqueActions = check("duplicate_action_id", (value) => {
  const ids = (Array.isArray(value["elements"]) ? value["elements"] : [])
    .map((element: unknown) => (isFields(element) ? element["action_id"] : undefined))
    .filter((id: unknown) => id !== undefined);
  return new Set(ids).size === ids.length ? null : "action_id must be unique in its block";
});

const inline = byType({
  text: shape({ text: text(1, 3000) }, { style: anything }),
  link: shape({ url: address }, { text: text(0, 3000), unsafe: flag, style: anything }),
  emoji: shape({ name: text(1, 255) }, { unicode: anything, url: address, style: anything }),
  user: shape({ user_id: text(1, 255) }, { style: anything }),
  usergroup: shape({ usergroup_id: text(1, 255) }, { style: anything }),
  channel: shape({ channel_id: text(1, 255) }, { style: anything }),
  team: shape({ team_id: text(1, 255) }, { style: anything }),
  broadcast: shape({ range: oneOf("here", "channel", "everyone") }, { style: anything }),
  date: shape(
    { timestamp: whole(0, 9_999_999_999), format: text(1, 255) },
    { url: address, fallback: text(0, 3000), style: anything },
  ),
  color: shape({ value: text(1, 20) }, { style: anything }),
});
const border = { border: oneOf(0, 1) };
const lines = { elements: list(inline, 0, 3000) };
const richSection = byType({ rich_text_section: shape(lines) });
const richParts = byType({
  rich_text_section: shape(lines),
  rich_text_list: shape(
    { elements: list(richSection, 0, 1000), style: oneOf("bullet", "ordered") },
    { ...border, indent: whole(0, 8), offset: whole(0, 100_000) },
  ),
  rich_text_quote: shape(lines, border),
  rich_text_preformatted: shape(lines, { ...border, language: text(1, 50) }),
});
const richText = block({ elements: list(richParts, 1, 1000) });
const onlyRichText = byType({ rich_text: richText });

const cell = byType({
  rich_text: richText,
  raw_text: shape({ text: text(0, 10_000) }),
  raw_number: shape({ value: anything }, { text: text(0, 10_000) }),
});
const source = byType({ url: shape({ url: address, text: text(1, 3000) }) });
const taskCard = block(
  { task_id: text(1, 255), title: text(1, 3000) },
  {
    status: oneOf("pending", "in_progress", "complete", "error"),
    details: onlyRichText,
    output: onlyRichText,
    sources: list(source, 0, 50),
  },
);
const icon = byType({ image: elements.image });
const card = all(
  block(
    {},
    {
      hero_image: icon,
      icon,
      slack_icon: anything,
      title: anyText(150),
      subtitle: anyText(150),
      body: anyText(200),
      subtext: anyText(200),
      actions: list(button, 1, 3),
    },
  ),
  oneOfThese("hero_image", "title", "actions", "body"),
);

const actions = all(block({ elements: list(inActions, 1, 25) }), uniqueActions);
const section = all(
  block({}, { text: anyText(3000), fields: list(anyText(2000), 1, 10), accessory: inSection, expand: flag }),
  oneOfThese("text", "fields"),
);
const context = block({
  elements: list(byType({ image: elements.image, plain_text: anyText(3000), mrkdwn: anyText(3000) }), 1, 10),
});
const image = all(
  block({ alt_text: text(1, 2000) }, { title: plain(2000), image_url: address, slack_file: anything }),
  oneOfThese("image_url", "slack_file"),
);
const input = block(
  { label: plain(2000), element: inInput },
  { hint: plain(2000), optional: flag, dispatch_action: flag },
);
const table = block(
  { rows: list(list(cell, 1, 20), 1, 100) },
  { column_settings: list(shape({}, { align: oneOf("left", "center", "right"), is_wrapped: flag }), 0, 20) },
);
const video = block(
  { video_url: address, thumbnail_url: address, alt_text: text(1, 2000), title: plain(200) },
  {
    title_url: address,
    author_name: text(1, 50),
    provider_name: text(1, 50),
    provider_icon_url: address,
    description: plain(200),
  },
);
const header = block({ text: plain(150) });
const divider = block({});
/** Only what Slack itself puts into messages: nobody can post one. */
const file: Rule = (_value, pointer, found) => {
  found.push({ pointer, code: "invalid_block", message: "file blocks cannot be posted directly" });
};
const container = all(
  block(
    {
      child_blocks: list(
        byType({ actions, context, divider, file, header, image, input, rich_text: richText, section, table, video }),
        1,
        10,
      ),
    },
    {
      title: plain(150),
      rich_text_title: onlyRichText,
      subtitle: anyText(150),
      width: oneOf("narrow", "standard", "wide", "full"),
      icon,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
  ),
  oneOfThese("title", "rich_text_title"),
);

interface Known {
  on: readonly Surface[];
  rule: Rule;
}
const everywhere: readonly Surface[] = ["message", "modal", "home"];

export const blocks: Readonly<Record<string, Known>> = {
  actions: { on: everywhere, rule: actions },
  section: { on: everywhere, rule: section },
  header: { on: everywhere, rule: header },
  context: { on: everywhere, rule: context },
  divider: { on: everywhere, rule: divider },
  image: { on: everywhere, rule: image },
  input: { on: everywhere, rule: input },
  rich_text: { on: everywhere, rule: richText },
  video: { on: everywhere, rule: video },
  file: { on: ["message"], rule: file },
  alert: {
    on: ["modal"],
    rule: block({ text: anyText(200) }, { level: oneOf("default", "info", "warning", "error", "success") }),
  },
  card: { on: everywhere, rule: card },
  carousel: { on: ["message", "home"], rule: block({ elements: list(byType({ card }), 1, 10) }) },
  container: { on: ["message"], rule: container },
  table: { on: ["message", "home"], rule: table },
  data_table: {
    on: ["message"],
    rule: block(
      { rows: list(list(cell, 1, 20), 1, 100), caption: text(1, 3000) },
      { page_size: whole(1, 100), row_header_column_index: whole(0, 19) },
    ),
  },
  data_visualization: { on: ["message"], rule: anything },
  markdown: { on: ["message"], rule: block({ text: text(1, 12_000) }) },
  context_actions: { on: ["message"], rule: all(block({ elements: list(inContextActions, 1, 5) }), uniqueActions) },
  plan: {
    on: ["message"],
    rule: block({ title: text(1, 3000) }, { tasks: list(taskCard, 0, 50) }),
  },
  task_card: { on: ["message"], rule: taskCard },
};

/** One block on a surface. */
export function blockOn(surface: Surface): Rule {
  return (value, pointer, found) => {
    const type = isFields(value) ? String(value["type"]) : "";
    const known = Object.hasOwn(blocks, type) ? blocks[type] : undefined;
    if (!known)
      found.push({ pointer, code: "invalid_block_type", message: `unsupported type: ${type}`, field: "type" });
    else if (!known.on.includes(surface))
      found.push({ pointer, code: "invalid_block_surface", message: `${type} blocks do not go into a ${surface}` });
    else known.rule(value, pointer, found);
  };
}

/** The interactive elements of a block, wherever they stand in it. */
export function elementsOf(value: Fields): readonly Fields[] {
  const inside = [value["element"], value["accessory"], ...(Array.isArray(value["elements"]) ? value["elements"] : [])];
  const children = Array.isArray(value["child_blocks"])
    ? value["child_blocks"].filter(isFields).flatMap(elementsOf)
    : [];
  const buttons = Array.isArray(value["actions"]) ? value["actions"] : [];
  const cards = value["type"] === "carousel" ? inside.filter(isFields).flatMap(elementsOf) : [];
  const named = [...inside, ...buttons].filter(isFields).filter((each) => String(each["type"]) in elements);
  return [...named, ...children, ...cards].filter((each) => each["type"] !== "image");
}
