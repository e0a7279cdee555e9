/** Presses and typing inside the form: it is drawn anew for what was chosen, and keeps what still applies. */
import type { Candidate } from "../inventory.ts";
import { cut } from "../line.ts";
import type { Reply } from "../seams.ts";
import { limits, option } from "../views/blocks.ts";
import { pressed as buttons, readValue } from "../views/buttons.ts";
import { form, serverOption } from "../views/form.ts";
import { fields } from "../views/formfields.ts";
import { type Asked, readAsked, readMeta, serverValue } from "../views/formmeta.ts";
import { decided } from "./buttons.ts";
import { imageOptions } from "./images.ts";
import { filled } from "./open.ts";
import { type Action, entered, personOf, type Suggestion } from "./payload.ts";
import type { CommandTools } from "./tools.ts";

/** Slack waits 3 seconds for suggestions. */
const suggestMs = 2300;

export async function formPressed(tools: CommandTools, action: Action, reply: Reply): Promise<void> {
  await reply();
  const { view } = action;
  if (view === null || view === undefined) return;
  const meta = readMeta(view.private_metadata);
  const pressed = action.actions[0]?.action_id;
  const refused = pressed === buttons.abandonAnew ? await abandon(tools, action) : null;
  const before = readAsked(meta, entered(view));
  const asked = pressed === fields.server ? ofServerOnly(before) : before;
  const notes = tools.inventory.unread();
  await tools.redraw(view, async () =>
    form(await filled(tools, meta, asked, refused === null ? notes : [refused, ...notes])),
  );
}

/** Another server: of what was answered about the one before, only what may be offered there too still applies. The reason does, and Slack keeps it. */
function ofServerOnly({ server, imageChoice, disk, login, keyPair, reason }: Asked): Asked {
  return {
    imageChoice,
    ...(server === undefined ? {} : { server }),
    ...(disk === undefined ? {} : { disk }),
    ...(login === undefined ? {} : { login }),
    ...(keyPair === undefined ? {} : { keyPair }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Null when the failed request is closed; else the sentence that says why not. */
async function abandon(tools: CommandTools, action: Action): Promise<string | null> {
  const read = readValue(action.actions[0]?.value ?? "");
  const request = read === null ? null : await tools.store.get(read.id);
  if (read === null || request === null) return "That request is no longer kept here.";
  return decided({ tools, by: personOf(action), request, attempt: read.attempt }, { verdict: "abandon" });
}

/** A server as an option; an id that no list holds is offered as it was typed. */
export function candidateOption(candidate: Candidate): Record<string, unknown> {
  const value = serverValue(candidate);
  if (candidate.server !== null) return serverOption(candidate.server, value);
  const about = cut(`as typed · ${candidate.region} · ${candidate.account}`, limits.optionText);
  return option({ text: candidate.id, value, description: about });
}

export async function suggest(tools: CommandTools, suggestion: Suggestion, reply: Reply): Promise<void> {
  if (suggestion.action_id === fields.server) return reply(await serverOptions(tools, suggestion.value));
  if (suggestion.action_id !== fields.image) return reply({ options: [] });
  const server = suggestion.block_id.slice(suggestion.block_id.indexOf(":") + 1);
  await reply(await imageOptions(tools, server, suggestion.value));
}

async function serverOptions(tools: CommandTools, text: string): Promise<Record<string, unknown>> {
  await tools.inventory.ready(suggestMs);
  const { found } = tools.inventory.find(text, limits.options);
  return { options: found.map(candidateOption) };
}
