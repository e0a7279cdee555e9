/** The only place that names every command, form and button: one payload of Slack in, one handler. */
import { buttonPressed, isButton } from "./commands/buttons.ts";
import { submitDenial } from "./commands/denial.ts";
import { formPressed, suggest } from "./commands/form.ts";
import { commands, shortcuts } from "./commands/names.ts";
import { openCommand } from "./commands/open.ts";
import { Action, Command, Shortcut, Submission, Suggestion } from "./commands/payload.ts";
import { shortcutUsed } from "./commands/shortcut.ts";
import { statusCommand } from "./commands/status.ts";
import { submitForm, submitPassword } from "./commands/submit.ts";
import type { CommandTools } from "./commands/tools.ts";
import type { Dispatch, Reply } from "./seams.ts";
import { pressed } from "./views/buttons.ts";
import { denyId } from "./views/details.ts";
import { formId } from "./views/form.ts";
import { fields } from "./views/formfields.ts";
import { passwordId } from "./views/passwordpage.ts";

type OnCommand = (tools: CommandTools, command: Command, reply: Reply) => Promise<void>;
type OnSubmission = (tools: CommandTools, submission: Submission, reply: Reply) => Promise<void>;

const onCommand = {
  "/reinstall": openCommand,
  "/change-os": openCommand,
  "/reinstall-status": statusCommand,
} satisfies Record<(typeof commands)[number]["command"], OnCommand>;

const onSubmission: Readonly<Record<string, OnSubmission>> = {
  [formId]: submitForm,
  [passwordId]: submitPassword,
  [denyId]: submitDenial,
};

const inForm: ReadonlySet<string> = new Set(Object.values(fields));

export function app(tools: CommandTools): Dispatch {
  return async (payload, reply) => {
    const kind = kindOf(payload);
    if (kind === "command") return command(tools, payload, reply);
    if (kind === "block_actions") return action(tools, payload, reply);
    if (kind === "view_submission") return submission(tools, payload, reply);
    if (kind === "block_suggestion") return suggestion(tools, payload, reply);
    if (kind === "shortcut" || kind === "message_action") return shortcut(tools, payload, reply);
    // Views that were closed and kinds that this version does not know need no answer but the ack.
    return reply();
  };
}

function kindOf(payload: unknown): string {
  if (typeof payload !== "object" || payload === null) return "unknown";
  if ("type" in payload && typeof payload.type === "string") return payload.type;
  return "command" in payload ? "command" : "unknown";
}

async function command(tools: CommandTools, payload: unknown, reply: Reply): Promise<void> {
  const read = Command.safeParse(payload);
  if (!read.success) return malformed(tools, "command", reply);
  const handler = Object.entries(onCommand).find(([name]) => name === read.data.command)?.[1];
  if (handler === undefined) {
    const known = commands.map(({ command: name }) => `\`${name}\``).join(", ");
    return reply({ response_type: "ephemeral", text: `I do not know this command. I know ${known}.` });
  }
  await handler(tools, read.data, reply);
}

async function action(tools: CommandTools, payload: unknown, reply: Reply): Promise<void> {
  const read = Action.safeParse(payload);
  if (!read.success) return malformed(tools, "action", reply);
  const id = read.data.actions[0]?.action_id ?? "";
  const ofForm = inForm.has(id) || id === pressed.abandonAnew;
  if (ofForm && read.data.view?.callback_id === formId) return formPressed(tools, read.data, reply);
  if (isButton(id)) return buttonPressed(tools, read.data, reply);
  // A button of another version of the bot: its request, if there is one, is redrawn by its own turn.
  return buttonPressed(tools, read.data, reply);
}

async function submission(tools: CommandTools, payload: unknown, reply: Reply): Promise<void> {
  const read = Submission.safeParse(payload);
  const known = read.success && Object.hasOwn(onSubmission, read.data.view.callback_id);
  const handler = known ? onSubmission[read.data.view.callback_id] : undefined;
  if (!read.success || handler === undefined) return malformed(tools, "submission", reply);
  await handler(tools, read.data, reply);
}

async function suggestion(tools: CommandTools, payload: unknown, reply: Reply): Promise<void> {
  const read = Suggestion.safeParse(payload);
  if (!read.success) return reply({ options: [] });
  await suggest(tools, read.data, reply);
}

async function shortcut(tools: CommandTools, payload: unknown, reply: Reply): Promise<void> {
  const read = Shortcut.safeParse(payload);
  const known = read.success && shortcuts.some(({ callback }) => callback === read.data.callback_id);
  if (!read.success || !known) return malformed(tools, "shortcut", reply);
  await shortcutUsed(tools, read.data, reply);
}

/** What cannot be read changes nothing and crashes nothing. */
async function malformed(tools: CommandTools, kind: string, reply: Reply): Promise<void> {
  tools.log.warn("a payload could not be read", { kind });
  await reply();
}
