/** The only place for the limits of interactive elements and composition objects. https://docs.slack.dev/reference/block-kit/block-elements */
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

export const actionIdMax = 255;
export const blockIdMax = 255;
export const optionsMax = 100;
export const boxesMax = 10;
export const overflowMax = 5;
export const placeholderMax = 150;

export function plain(max: number): Rule {
  return byType({ plain_text: shape({ text: text(1, max) }, { emoji: flag }) });
}

export function anyText(max: number): Rule {
  return byType({
    plain_text: shape({ text: text(1, max) }, { emoji: flag }),
    mrkdwn: shape({ text: text(1, max) }, { verbatim: flag }),
  });
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const option = shape({ text: plain(75), value: text(1, 150) }, { description: plain(75) });
const overflowOption = shape({ text: plain(75), value: text(1, 150) }, { description: plain(75), url: address });
const boxOption = shape({ text: anyText(75), value: text(1, 150) }, { description: anyText(75) });
const optionGroup = shape({ label: plain(75), options: list(option, 1, optionsMax) });

export const confirm = shape(
  { title: plain(100), text: anyText(300), confirm: plain(30), deny: plain(30) },
  { style: oneOf("primary", "danger") },
);

const style = oneOf("primary", "danger");
const actionable = { action_id: text(1, actionIdMax) };
const asking = { ...actionable, confirm, focus_on_load: flag };
const choosing = { ...asking, placeholder: plain(placeholderMax) };
const many = { ...choosing, max_selected_items: whole(1, 1000) };
const responding = { response_url_enabled: flag };
const filter = shape(
  {},
  {
    include: list(oneOf("im", "mpim", "private", "public"), 1, 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);
const typing = {
  ...actionable,
  focus_on_load: flag,
  placeholder: plain(placeholderMax),
  dispatch_action_config: shape({
    trigger_actions_on: list(oneOf("on_enter_pressed", "on_character_entered"), 1, 2),
  }),
};
const ids = list(text(1, 255), 1, 100);

function offered(element: Fields): readonly unknown[] {
  const groups = Array.isArray(element["option_groups"]) ? element["option_groups"] : [];
  const inGroups = groups.flatMap((group: unknown) =>
    isFields(group) && Array.isArray(group["options"]) ? group["options"] : [],
  );
  return [...(Array.isArray(element["options"]) ? element["options"] : []), ...inGroups];
}

const oneList = check("invalid_options", (element) =>
  (element["options"] === undefined) === (element["option_groups"] === undefined)
    ? "exactly one of options and option_groups must be given"
    : null,
);
/** What is chosen at first must be one of the options, to the letter. */
const knownInitial = check("invalid_initial_option", (element) => {
  const many = element["initial_options"];
  const chosen = Array.isArray(many) ? many : element["initial_option"] ? [element["initial_option"]] : [];
  const known = new Set(offered(element).map((each) => fingerprint(each)));
  return chosen.every((each) => known.has(fingerprint(each))) ? null : "the initial option is not one of the options";
});

/** The same option, whatever the order of its fields and whether `emoji` was spelt out. */
function fingerprint(value: unknown): string {
  if (!isFields(value)) return JSON.stringify(value) ?? "";
  const text = isFields(value["text"]) ? value["text"]["text"] : undefined;
  const description = isFields(value["description"]) ? value["description"]["text"] : undefined;
  return JSON.stringify([value["value"], text, description]);
}

const lists = { options: list(option, 1, optionsMax), option_groups: list(optionGroup, 1, optionsMax) };
const boxes = list(boxOption, 1, boxesMax);
const image = all(
  shape({ alt_text: text(1, 2000) }, { image_url: address, slack_file: anything }),
  check("missing_field", (value) =>
    value["image_url"] || value["slack_file"] ? null : "image_url or slack_file is needed",
  ),
);
const feedback = shape({ text: plain(75), value: text(1, 2000) }, { accessibility_label: text(1, 75) });

export const elements = {
  button: shape(
    { text: plain(75) },
    { ...actionable, confirm, value: text(0, 2000), url: address, style, accessibility_label: text(1, 75) },
  ),
  workflow_button: shape(
    { text: plain(75), workflow: anything },
    { ...actionable, style, accessibility_label: text(1, 75) },
  ),
  icon_button: shape(
    { icon: text(1, 75), text: plain(75) },
    { ...actionable, confirm, value: text(0, 2000), accessibility_label: text(1, 75), visible_to_user_ids: ids },
  ),
  feedback_buttons: shape({ positive_button: feedback, negative_button: feedback }, actionable),
  image,
  overflow: shape({ options: list(overflowOption, 1, overflowMax) }, { ...actionable, confirm }),
  static_select: all(shape({}, { ...choosing, ...lists, initial_option: option }), oneList, knownInitial),
  multi_static_select: all(
    shape({}, { ...many, ...lists, initial_options: list(option, 1, optionsMax) }),
    oneList,
    knownInitial,
  ),
  external_select: shape({}, { ...choosing, initial_option: option, min_query_length: whole(0, 1000) }),
  multi_external_select: shape(
    {},
    { ...many, initial_options: list(option, 1, optionsMax), min_query_length: whole(0, 1000) },
  ),
  users_select: shape({}, { ...choosing, initial_user: text(1, 255) }),
  multi_users_select: shape({}, { ...many, initial_users: ids }),
  conversations_select: shape(
    {},
    { ...choosing, ...responding, initial_conversation: text(1, 255), default_to_current_conversation: flag, filter },
  ),
  multi_conversations_select: shape(
    {},
    { ...many, initial_conversations: ids, default_to_current_conversation: flag, filter },
  ),
  channels_select: shape({}, { ...choosing, ...responding, initial_channel: text(1, 255) }),
  multi_channels_select: shape({}, { ...many, initial_channels: ids }),
  radio_buttons: all(shape({ options: boxes }, { ...asking, initial_option: boxOption }), knownInitial),
  checkboxes: all(
    shape({ options: boxes }, { ...asking, initial_options: list(boxOption, 1, boxesMax) }),
    knownInitial,
  ),
  datepicker: shape({}, { ...choosing, initial_date: text(10, 10) }),
  timepicker: shape({}, { ...choosing, initial_time: text(5, 5), timezone: text(1, 100) }),
  datetimepicker: shape({}, { ...asking, initial_date_time: whole(1_000_000_000, 9_999_999_999) }),
  plain_text_input: shape(
    {},
    {
      ...typing,
      initial_value: text(0, 3000),
      multiline: flag,
      min_length: whole(0, 3000),
      max_length: whole(1, 3000),
    },
  ),
  email_text_input: shape({}, { ...typing, initial_value: text(0, 3000) }),
  url_text_input: shape({}, { ...typing, initial_value: text(0, 3000) }),
  number_input: shape(
    { is_decimal_allowed: flag },
    { ...typing, initial_value: text(0, 3000), min_value: text(1, 100), max_value: text(1, 100) },
  ),
  rich_text_input: shape({}, { ...typing, initial_value: anything }),
  file_input: shape({}, { ...actionable, filetypes: list(text(1, 20), 1, 100), max_files: whole(1, 10) }),
} as const satisfies Readonly<Record<string, Rule>>;

type Name = keyof typeof elements;
function pick(names: readonly Name[]): Rule {
  return byType(Object.fromEntries(names.map((name) => [name, elements[name]])));
}

const selects = ["static", "external", "users", "conversations", "channels"].flatMap((kind) => [
  `${kind}_select` as Name,
  `multi_${kind}_select` as Name,
]);
const pickers = ["datepicker", "timepicker", "datetimepicker"] as const;
const choices = [...selects, "checkboxes", "radio_buttons", ...pickers] as const;

export const inActions = pick([...choices, "button", "overflow", "workflow_button", "rich_text_input"]);
export const inSection = pick([
  ...choices.filter((name) => name !== "datetimepicker"),
  "button",
  "overflow",
  "workflow_button",
  "image",
]);
export const inInput = pick([
  ...choices,
  "plain_text_input",
  "email_text_input",
  "url_text_input",
  "number_input",
  "rich_text_input",
  "file_input",
]);
export const inContextActions = pick(["feedback_buttons", "icon_button"]);
export const button = pick(["button"]);

/** What a suggestion request may be answered with; an empty list means that nothing fits. */
export const suggestions = all(
  shape(
    {},
    {
      options: list(option, 0, optionsMax),
      option_groups: list(shape({ label: plain(75), options: list(option, 0, optionsMax) }), 0, optionsMax),
    },
  ),
  oneList,
);
