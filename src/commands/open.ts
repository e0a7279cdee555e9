/** `/reinstall` and `/change-os`: the form opens at once and is filled as soon as it can be. */

import { clean, cut } from "../line.ts";
import { standing } from "../people.ts";
import { type Person, requestId } from "../request.ts";
import { isSlackError, type Reply, type View } from "../seams.ts";
import { type FormState, form, loading, stopForm } from "../views/form.ts";
import { type Asked, type FormMeta, serverValue } from "../views/formmeta.ts";
import { helpText, invite } from "../views/help.ts";
import { refusedWords } from "../views/refused.ts";
import { candidateOption } from "./form.ts";
import type { Command } from "./payload.ts";
import { readChosen, toDraw } from "./readings.ts";
import type { CommandTools } from "./tools.ts";

/** How long the list of servers may keep a form waiting; a cloud that takes longer is named and filled in later. */
const listMs = 800;

export async function openCommand(tools: CommandTools, command: Command, reply: Reply): Promise<void> {
  const text = command.text.trim();
  if (/^(help|\?|-h|--help)$/i.test(text)) {
    await reply({ response_type: "ephemeral", text: helpText(command.command) });
    return;
  }
  await reply();
  const asks = command.command === "/change-os" ? ("other" as const) : ("same" as const);
  const by = { team: command.team_id, user: command.user_id };
  await openForm(tools, { by, channel: command.channel_id, trigger: command.trigger_id, asks, text });
}

export interface Opening {
  by: Person;
  channel: string;
  trigger: string;
  asks: FormMeta["asks"];
  /** What the person wrote: a name, id or IP; or the value of a server's option. */
  text: string;
  /** Answers to begin with, from an earlier request. */
  asked?: Asked;
  thread?: string | undefined;
  replaces?: string;
}

/** Opens with a loading view within the trigger's 3 seconds, then fills it. */
export async function openForm(tools: CommandTools, opening: Opening): Promise<void> {
  const meta: FormMeta = {
    id: requestId(tools.random),
    channel: opening.channel,
    asks: opening.asks,
    ...(opening.thread === undefined ? {} : { thread: opening.thread }),
    ...(opening.replaces === undefined ? {} : { replaces: opening.replaces }),
  };
  const opened = await openOrSay(tools, opening, loading(meta));
  if (opened === null) return;
  await tools.redraw({ id: opened.viewId, hash: opened.hash }, async () => {
    const stop = await whyNot(tools, opening);
    return stop === null ? form(await firstState(tools, meta, opening)) : stopForm(meta, stop);
  });
}

/** Null when Slack did not open it: then the person is told, as a press without an answer is worse than a refusal. */
async function openOrSay(
  tools: CommandTools,
  opening: Opening,
  view: View,
): Promise<{ viewId: string; hash: string } | null> {
  try {
    return await tools.slack.open(opening.trigger, view);
  } catch (cause) {
    if (!isSlackError(cause)) throw cause;
    const text = "Slack did not open the form just now. Nothing was asked; type the command again in a moment.";
    if (opening.channel !== "") await tools.slack.whisper({ channel: opening.channel, user: opening.by.user, text });
    return null;
  }
}

async function whyNot(tools: CommandTools, { by, channel }: Opening): Promise<string | null> {
  const may = await standing(tools.slack, tools.rule, by);
  if (!may.mayRequest)
    return refusedWords({ refused: "may-not-request", because: may.because.request ?? "not-named" }, tools.rule);
  return channel === "" ? null : whyNotIn(tools, channel);
}

/** Why a card cannot stand in this channel; null when it can. */
export async function whyNotIn(tools: CommandTools, channel: string): Promise<string | null> {
  const where = await tools.slack.channel(channel).catch(() => null);
  if (where?.direct) {
    return "A request needs a channel where an approver sees it. Type the command in your incident channel.";
  }
  if (where === null || !where.member) {
    return `I am not in this channel, so I could not post the request where an approver sees it. Type ${invite} in it, then try again.`;
  }
  if (where.external)
    return "This channel is shared with another organisation, so requests are not posted here. Use an internal channel.";
  if (where.archived) return "This channel is archived. Use one where an approver sees the request.";
  return null;
}

async function firstState(tools: CommandTools, meta: FormMeta, opening: Opening): Promise<FormState> {
  await tools.inventory.ready(listMs);
  const notes = [...tools.inventory.unread()];
  const empty: Asked = { imageChoice: meta.asks };
  if (opening.asked !== undefined) return filled(tools, meta, opening.asked, notes);
  if (opening.text === "") return { meta, asked: empty, chosen: null, notes };
  const meant = tools.inventory.meant(opening.text);
  const [only] = meant;
  if (only !== undefined && meant.length === 1)
    return filled(tools, meta, { ...empty, server: serverValue(only) }, notes);
  const said = cut(clean(opening.text), 60);
  const note =
    meant.length === 0
      ? `No server matches “${said}”. Choose one below, or type its id.`
      : `“${said}” matches ${meant.length} servers. Choose which one below.`;
  const offered = meant.map((candidate) => candidateOption(candidate));
  return { meta, asked: empty, chosen: null, notes: [note, ...notes], offered };
}

export async function filled(
  tools: CommandTools,
  meta: FormMeta,
  entered: Asked,
  notes: readonly string[],
): Promise<FormState> {
  const reading = await readChosen(tools, entered, toDraw);
  if ("says" in reading) {
    return { meta, asked: entered, chosen: null, notes: [reading.says, ...notes] };
  }
  return { meta, asked: reading.asked, chosen: reading.chosen, notes };
}
