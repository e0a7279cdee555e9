/** The only place that knows Slack's limits for what we send, and the few blocks and elements the bot uses. */

import { clean, cut } from "../line.ts";
import type { Block } from "../seams.ts";

/** https://docs.slack.dev/reference/block-kit/blocks and …/composition-objects; all in characters unless said otherwise. */
export const limits = {
  sectionText: 3000,
  headerText: 150,
  buttonText: 75,
  label: 2000,
  hint: 2000,
  alertText: 200,
  optionText: 75,
  optionValue: 75,
  options: 100,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  metadata: 3000,
  /** chat.update refuses more; posting keeps to the same so that a post can be edited. */
  messageText: 4000,
  accessibility: 75,
} as const;

type Plain = { type: "plain_text"; text: string; emoji: boolean };

/**
 * Slack takes no empty text. Without `verbatim` it would read mentions and addresses out of plain words: a server named "@here" could call people.
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
function formatted(text: string, max: number): Block {
  return { type: "mrkdwn", text: cut(text, max) || " ", verbatim: true };
}

/** Formatting means nothing in it, but a name with direction marks could still turn a sentence round, and one like ":x:" become a sign. */
export function plain(text: string, max: number = limits.buttonText): Plain {
  return { type: "plain_text", text: cut(clean(text), max) || " ", emoji: false };
}

export function section(text: string): Block {
  return { type: "section", text: formatted(text, limits.sectionText) };
}

export function header(text: string): Block {
  return { type: "header", text: plain(text, limits.headerText) };
}

export function context(text: string): Block {
  return { type: "context", elements: [formatted(text, limits.sectionText)] };
}

export const divider: Block = { type: "divider" };

/** For modals only: Slack shows it nowhere else. */
export function alert(level: "info" | "warning" | "error", text: string): Block {
  return { type: "alert", level, text: formatted(text, limits.alertText) };
}

export interface Button {
  action: string;
  value: string;
  text: string;
  /** What a screen reader says: the verb and what it is done to. */
  label: string;
  style?: "primary" | "danger";
  confirm?: { title: string; text: string; yes: string; no: string };
}

export function actions(buttons: readonly Button[]): Block {
  return { type: "actions", elements: buttons.map(button) };
}

function button({ action, value, text, label, style, confirm }: Button): Record<string, unknown> {
  return {
    type: "button",
    action_id: action,
    value,
    text: plain(text),
    accessibility_label: cut(clean(label), limits.accessibility),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: confirmation(confirm, style) }),
  };
}

function confirmation(
  { title, text, yes, no }: NonNullable<Button["confirm"]>,
  style: Button["style"],
): Record<string, unknown> {
  return {
    title: plain(title, limits.confirmTitle),
    text: plain(text, limits.confirmText),
    confirm: plain(yes, limits.confirmButton),
    deny: plain(no, limits.confirmButton),
    ...(style === undefined ? {} : { style }),
  };
}

export interface Option {
  text: string;
  value: string;
  description?: string | undefined;
}

export function option({ text, value, description }: Option): Record<string, unknown> {
  return {
    text: plain(text || " ", limits.optionText),
    value: cut(value, limits.optionValue),
    ...(description ? { description: plain(description, limits.optionText) } : {}),
  };
}

export interface Input {
  block: string;
  label: string;
  hint?: string | undefined;
  optional?: boolean;
  /** Slack sends a press as soon as it is changed. */
  dispatch?: boolean;
  element: Readonly<Record<string, unknown>>;
}

export function input({ block, label, hint, optional, dispatch, element }: Input): Block {
  return {
    type: "input",
    block_id: block,
    label: plain(label, limits.label),
    element,
    ...(hint === undefined ? {} : { hint: plain(hint, limits.hint) }),
    ...(optional ? { optional: true } : {}),
    ...(dispatch ? { dispatch_action: true } : {}),
  };
}
