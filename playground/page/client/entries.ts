/** The only place that knows what stands in a form: `view.state.values`, and which entries live through an update of the view. */
import { type Bag, bag, bags, has, num, str } from "./read.ts";

/** block_id → action_id → the value as Slack writes it. */
export type Entries = Readonly<Record<string, Readonly<Record<string, Bag>>>>;

export interface Field {
  blockId: string;
  actionId: string;
  element: Bag;
  /** In an input block; others are in a section or an actions block and always dispatch. */
  input: boolean;
  optional: boolean;
}

const stateful: ReadonlySet<string> = new Set([
  "plain_text_input",
  "number_input",
  "static_select",
  "external_select",
  "conversations_select",
  "radio_buttons",
  "checkboxes",
  "datepicker",
]);

export function fieldsOf(view: Bag): readonly Field[] {
  return bags(view.blocks).flatMap((block) => {
    const input = block.type === "input";
    const elements = input ? [bag(block.element)] : [bag(block.accessory), ...bags(block.elements)];
    return elements
      .filter((element) => stateful.has(str(element.type)))
      .map((element) => ({
        blockId: str(block.block_id),
        actionId: str(element.action_id),
        element,
        input,
        optional: block.optional === true,
      }));
  });
}

/** Entries live on while block_id, action_id and type stay; `initial_…` counts for new fields only. */
export function seed(view: Bag, before: Entries): Entries {
  const entries: Record<string, Record<string, Bag>> = {};
  for (const { blockId, actionId, element } of fieldsOf(view)) {
    const kept = before[blockId]?.[actionId];
    const row = entries[blockId] ?? {};
    row[actionId] = kept !== undefined && stillFits(element, kept) ? kept : initial(element);
    entries[blockId] = row;
  }
  return entries;
}

export function withEntry(entries: Entries, blockId: string, actionId: string, value: Bag): Entries {
  return { ...entries, [blockId]: { ...entries[blockId], [actionId]: value } };
}

/** What the person must still do before Slack lets a form go: block_id → sentence. */
export function missing(view: Bag, entries: Entries): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { blockId, actionId, element, input, optional } of fieldsOf(view)) {
    if (!input) continue;
    const says = complaint(element, entries[blockId]?.[actionId] ?? {}, optional);
    if (says !== null) found[blockId] = says;
  }
  return found;
}

function complaint(element: Bag, value: Bag, optional: boolean): string | null {
  const typed = str(value.value);
  const empty =
    typed === "" &&
    !has(value.selected_option) &&
    !has(value.selected_date) &&
    !has(value.selected_conversation) &&
    bags(value.selected_options).length === 0;
  if (empty) return optional ? null : "Please complete this required field.";
  if (element.type === "number_input") return wrongNumber(element, typed);
  const least = num(element.min_length);
  if (least !== undefined && typed.length < least) return `Please enter at least ${least} characters.`;
  const most = num(element.max_length);
  if (most !== undefined && typed.length > most) return `Please enter at most ${most} characters.`;
  return null;
}

/** https://docs.slack.dev/reference/block-kit/block-elements/number-input-element: its bounds are texts. */
function wrongNumber(element: Bag, typed: string): string | null {
  const form = element.is_decimal_allowed === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!form.test(typed)) return "Please enter a number.";
  const [least, most] = [str(element.min_value), str(element.max_value)];
  if (least !== "" && Number(typed) < Number(least)) return `Please enter ${least} or more.`;
  return most !== "" && Number(typed) > Number(most) ? `Please enter ${most} or less.` : null;
}

/** Options as one list, whether they came in groups or not. */
export function optionsOf(element: Bag): readonly Bag[] {
  return [...bags(element.options), ...bags(element.option_groups).flatMap((group) => bags(group.options))];
}

function stillFits(element: Bag, value: Bag): boolean {
  if (value.type !== element.type) return false;
  const chosen = [...bags(value.selected_options), ...(has(value.selected_option) ? [bag(value.selected_option)] : [])];
  if (element.type === "external_select" || element.type === "conversations_select") return true;
  const offered = new Set(optionsOf(element).map((option) => option.value));
  return chosen.every((option) => offered.has(option.value));
}

function initial(element: Bag): Bag {
  const type = str(element.type);
  if (type === "plain_text_input" || type === "number_input")
    return { type, value: has(element.initial_value) ? element.initial_value : null };
  if (type === "checkboxes") return { type, selected_options: bags(element.initial_options) };
  if (type === "conversations_select") return { type, selected_conversation: element.initial_conversation ?? null };
  if (type === "datepicker") return { type, selected_date: element.initial_date ?? null };
  return { type, selected_option: has(element.initial_option) ? element.initial_option : null };
}
