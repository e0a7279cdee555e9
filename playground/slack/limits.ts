/** The only place that decides whether Slack would take a message or a view. What is refused here is refused by the real one. */
import { blockOn, type Surface } from "./limits-blocks.ts";
import { plain } from "./limits-elements.ts";
import { all, check, type Fields, flag, isFields, list, oneOf, type Problem, type Rule, shape, text } from "./rules.ts";

export const blocksMax: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** chat.postMessage cuts longer texts; chat.update refuses what is over its own bound. https://docs.slack.dev/reference/methods/chat.update */
export const postTextMax = 40_000;
export const updateTextMax = 4_000;
export const stackMax = 3;
const markdownMax = 12_000;
const privateMetadataMax = 3_000;
const viewIdMax = 255;

const viewFields: Readonly<Record<string, Rule>> = {
  private_metadata: text(0, privateMetadataMax),
  callback_id: text(0, viewIdMax),
  external_id: text(0, viewIdMax),
};
const modal = all(
  shape(
    { type: oneOf("modal"), title: plain(24), blocks: list(blockOn("modal"), 0, blocksMax.modal) },
    {
      ...viewFields,
      submit: plain(24),
      close: plain(24),
      clear_on_close: flag,
      notify_on_close: flag,
      submit_disabled: flag,
    },
  ),
  uniqueBlocks,
  check("missing_submit", (view) =>
    blocksIn(view).some((block) => block["type"] === "input") && !view["submit"]
      ? "a modal with input blocks must have a submit button"
      : null,
  ),
);
const home = all(
  shape({ type: oneOf("home"), blocks: list(blockOn("home"), 0, blocksMax.home) }, viewFields),
  uniqueBlocks,
);
const messageBlocks = all(list(blockOn("message"), 0, blocksMax.message), (value, pointer, found) => {
  if (!Array.isArray(value)) return;
  uniqueBlocks({ blocks: value }, pointer, found);
  const count = (type: string) => value.filter((block) => isFields(block) && block["type"] === type);
  if (count("table").length > 1)
    found.push({ pointer, code: "too_many", message: "only one table block per message", constraint: 1 });
  if (count("data_visualization").length > 2)
    found.push({ pointer, code: "too_many", message: "only two charts per message", constraint: 2 });
  const markdown = count("markdown").reduce((sum, block) => sum + String(block["text"]).length, 0);
  if (markdown > markdownMax)
    found.push({
      pointer,
      code: "too_long",
      message: "markdown blocks are too long together",
      constraint: markdownMax,
    });
});

/** What is wrong with the blocks of a message; empty when Slack takes them. */
export function wrongBlocks(blocks: unknown): readonly Problem[] {
  return run(messageBlocks, blocks, "/blocks");
}

/** What is wrong with a view; empty when Slack takes it. */
export function wrongView(view: unknown): readonly Problem[] {
  return run(isFields(view) && view["type"] === "home" ? home : modal, view, "/view");
}

export function wrongMessage(message: unknown): readonly Problem[] {
  if (!isFields(message)) return [{ pointer: "/message", code: "invalid_type", message: "must be an object" }];
  const blocks = message["blocks"] === undefined ? [] : run(messageBlocks, message["blocks"], "/message/blocks");
  const text = message["text"];
  if (text !== undefined && typeof text !== "string")
    return [...blocks, { pointer: "/message/text", code: "invalid_type", message: "must be a string" }];
  return blocks;
}

/** Values are texts, numbers or booleans, or objects of them, or lists of such objects. https://docs.slack.dev/messaging/message-metadata/ */
export function wrongMetadata(metadata: unknown): boolean {
  if (!isFields(metadata)) return true;
  if (typeof metadata["event_type"] !== "string" || metadata["event_type"] === "") return true;
  const payload = metadata["event_payload"];
  if (!isFields(payload)) return true;
  const objects = Object.values(payload).flatMap((value): readonly unknown[] =>
    Array.isArray(value) ? value : [value],
  );
  return !objects.every((value) => isPlain(value) || (isFields(value) && Object.values(value).every(isPlain)));
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function run(rule: Rule, value: unknown, pointer: string): readonly Problem[] {
  const found: Problem[] = [];
  rule(value, pointer, found);
  return found;
}

function blocksIn(view: Fields): readonly Fields[] {
  return Array.isArray(view["blocks"]) ? view["blocks"].filter(isFields) : [];
}

function uniqueBlocks(value: unknown, pointer: string, found: Problem[]): void {
  const ids = isFields(value) ? blocksIn(value).flatMap((block) => (block["block_id"] ? [block["block_id"]] : [])) : [];
  if (new Set(ids).size !== ids.length)
    found.push({ pointer, code: "duplicate_block_id", message: "block_id must be unique" });
}
