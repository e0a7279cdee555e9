/** The only place that turns blocks into what a person reads on the screen, and that finds an element by the label a person would name. */
import { elementsOf } from "./limits-blocks.ts";
import { type Fields, isFields } from "./rules.ts";

/** An element with the block it stands in. */
export interface Found {
  block: Fields;
  element: Fields;
}

const shownFirst = ["title", "label", "text", "fields", "alt_text", "accessory", "element", "elements", "placeholder"];
const shownLast = ["options", "option_groups", "description", "subtitle", "body", "tasks", "hint"];

/** Every text that can be seen, a line each, in the order of the page. */
export function visibleText(blocks: readonly unknown[]): string {
  return blocks.flatMap(textsOf).join("\n");
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (!isFields(value)) return [];
  if (String(value["type"]) === "rich_text_section" || String(value["type"]) === "rich_text_preformatted")
    return [inlineText(value)];
  return [...shownFirst, ...shownLast].flatMap((field) => (field in value ? textsOf(value[field]) : []));
}

/** The pieces of one line of rich text are one line. */
function inlineText(section: Fields): string {
  const pieces = Array.isArray(section["elements"]) ? section["elements"].filter(isFields) : [];
  return pieces
    .map((piece) =>
      String(piece["text"] ?? piece["url"] ?? piece["name"] ?? piece["user_id"] ?? piece["fallback"] ?? ""),
    )
    .join("");
}

/**
 * The one element that a person means by `label`: its own text, its accessible name, the label or text beside it, its placeholder,
 * or, for whoever must be exact, "block_id/action_id" or the action_id. Whole texts come before parts of texts.
 */
export function findElement(blocks: readonly unknown[], label: string): Found {
  const all = blocks
    .filter(isFields)
    .flatMap((block) => inner(block).flatMap((each) => elementsOf(each).map((element) => ({ block: each, element }))));
  const wanted = label.toLowerCase();
  const exact = all.filter((found) => handles(found).some((handle) => handle.toLowerCase() === wanted));
  const hits =
    exact.length > 0 ? exact : all.filter((found) => handles(found).some((handle) => partly(handle, wanted)));
  const [hit] = hits;
  if (hit && hits.length === 1) return hit;
  const known = all.map((found) => handles(found)[0] ?? "").join('", "');
  throw new Error(
    `${hits.length === 0 ? "nothing" : "more than one thing"} is called "${label}"; there are "${known}"`,
  );
}

/** Containers hold blocks of their own. */
function inner(block: Fields): readonly Fields[] {
  const children = block["child_blocks"];
  return Array.isArray(children) ? children.filter(isFields) : [block];
}

function partly(handle: string, wanted: string): boolean {
  return handle.toLowerCase().includes(wanted);
}

function handles({ block, element }: Found): readonly string[] {
  const ids = [`${block["block_id"]}/${element["action_id"]}`, String(element["action_id"])];
  const beside = block["type"] === "input" ? [plainOf(block["label"])] : [];
  const above = block["accessory"] ? [plainOf(block["text"])] : [];
  const own = [plainOf(element["text"]), String(element["accessibility_label"] ?? ""), plainOf(element["placeholder"])];
  return [...own, ...beside, ...above, ...ids].filter((handle) => handle !== "");
}

/** The text of a text object without the signs of mrkdwn. */
export function plainOf(text: unknown): string {
  return isFields(text) ? String(text["text"] ?? "").replace(/[*_`~]/g, "") : "";
}

/** The options an element shows, those of groups among them. */
export function optionsOf(element: Fields): readonly Fields[] {
  const groups = Array.isArray(element["option_groups"]) ? element["option_groups"].filter(isFields) : [];
  const lists = [element["options"], ...groups.map((group) => group["options"])];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isFields) : []));
}

/** The option that a person means: by its whole text or value, or else by a part of its text. */
export function findOption(options: readonly Fields[], wanted: string): Fields {
  const exact = options.filter((option) => plainOf(option["text"]) === wanted || option["value"] === wanted);
  const hits =
    exact.length > 0 ? exact : options.filter((option) => partly(plainOf(option["text"]), wanted.toLowerCase()));
  const [hit] = hits;
  if (hit && hits.length === 1) return hit;
  const known = options.map((option) => plainOf(option["text"])).join('", "');
  throw new Error(`${hits.length === 0 ? "no" : "more than one"} option is "${wanted}"; there are "${known}"`);
}
