/** The only door for what Slack sends: each payload is read here, and only the fields that are used. */
import * as z from "zod";
import type { Person } from "../request.ts";

const Id = z.string().min(1);
const User = z.object({ id: Id, team_id: z.string().nullish() });
const Team = z.object({ id: Id }).nullish();

export const Command = z.object({
  command: z.string(),
  text: z.string().default(""),
  user_id: Id,
  team_id: Id,
  channel_id: Id,
  trigger_id: Id,
});
export type Command = z.infer<typeof Command>;

const Option = z.object({ value: z.string() });
const Value = z.object({
  type: z.string(),
  value: z.string().nullish(),
  selected_option: Option.nullish(),
  selected_options: z.array(Option).nullish(),
  selected_conversation: z.string().nullish(),
});
const Values = z.record(z.string(), z.record(z.string(), Value));
const ModalView = z.object({
  id: Id,
  hash: z.string().optional(),
  callback_id: z.string(),
  private_metadata: z.string().default(""),
  state: z.object({ values: Values }).nullish(),
});
export type ModalView = z.infer<typeof ModalView>;

export const Action = z.object({
  type: z.literal("block_actions"),
  user: User,
  team: Team,
  trigger_id: Id,
  channel: z.object({ id: Id }).nullish(),
  message: z.object({ ts: z.string(), thread_ts: z.string().nullish() }).nullish(),
  view: ModalView.nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: z.string().default(""),
        value: z.string().nullish(),
        selected_option: Option.nullish(),
      }),
    )
    .min(1),
});
export type Action = z.infer<typeof Action>;

export const Submission = z.object({ type: z.literal("view_submission"), user: User, team: Team, view: ModalView });
export type Submission = z.infer<typeof Submission>;

export const Suggestion = z.object({
  type: z.literal("block_suggestion"),
  user: User,
  team: Team,
  action_id: z.string(),
  block_id: z.string(),
  value: z.string().default(""),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** From the shortcuts menu (no channel), or from the menu of a message. */
export const Shortcut = z.object({
  type: z.enum(["shortcut", "message_action"]),
  callback_id: z.string(),
  trigger_id: Id,
  user: User,
  team: Team,
  channel: z.object({ id: Id }).nullish(),
  message: z.object({ ts: z.string(), thread_ts: z.string().nullish() }).nullish(),
});
export type Shortcut = z.infer<typeof Shortcut>;

/** People are a team and a user: the same user id may live in two teams. */
export function personOf(payload: { user: z.infer<typeof User>; team?: z.infer<typeof Team> }): Person {
  return { team: payload.user.team_id ?? payload.team?.id ?? "", user: payload.user.id };
}

/** What was entered, by action id: inputs of one form never share one. */
export function entered(view: ModalView): Readonly<Record<string, string>> {
  const all: [string, string][] = [];
  for (const block of Object.values(view.state?.values ?? {})) {
    for (const [action, value] of Object.entries(block)) {
      const text =
        value.selected_conversation ??
        value.selected_option?.value ??
        value.selected_options?.[0]?.value ??
        value.value;
      if (typeof text === "string" && text !== "") all.push([action, text]);
    }
  }
  return Object.fromEntries(all);
}
