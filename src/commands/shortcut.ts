/** The same form from elsewhere: the shortcuts menu, which asks for the channel, and a message's menu, whose thread becomes the place of the card. */
import type { Reply } from "../seams.ts";
import { openForm } from "./open.ts";
import { personOf, type Shortcut } from "./payload.ts";
import type { CommandTools } from "./tools.ts";

export async function shortcutUsed(tools: CommandTools, shortcut: Shortcut, reply: Reply): Promise<void> {
  await reply();
  const { message, channel, trigger_id: trigger } = shortcut;
  const thread = message === null || message === undefined ? undefined : (message.thread_ts ?? message.ts);
  await openForm(tools, {
    by: personOf(shortcut),
    channel: channel?.id ?? "",
    thread,
    trigger,
    asks: "same",
    text: "",
  });
}
