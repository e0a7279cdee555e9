/** The only place for response_urls: five uses within half an hour, in a channel where the bot need not be. */
import type { Reply } from "./api.ts";
import { flagOf, readBody, textOf } from "./arguments.ts";
import { postTextMax, wrongBlocks } from "./limits.ts";
import { app } from "./people.ts";
import { add, remove, replace } from "./posting.ts";
import type { Fields } from "./rules.ts";
import { type Hook, messagesIn, type State } from "./state.ts";

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const usesMax = 5;
const lifeMs = 30 * 60_000;

export function respond(
  state: State,
  id: string,
  sent: { contentType: string; body: string },
  now: number,
): [State, Reply] {
  const hook = state.hooks.find((each) => each.id === id);
  if (!hook || now - hook.at > lifeMs) return [state, plain("expired_url", 404)];
  if (hook.uses >= usesMax) return [state, plain("used_url", 404)];
  const args = readBody(sent.contentType, sent.body);
  const blocks = args["blocks"];
  if (blocks !== undefined && (!Array.isArray(blocks) || wrongBlocks(blocks).length > 0))
    return [state, plain("invalid_blocks", 400)];
  if (!flagOf(args, "delete_original") && !textOf(args, "text") && !Array.isArray(blocks))
    return [state, plain("no_text", 400)];
  return [answerThrough(counted(state, hook, 1), hook, args, now), plain("ok", 200)];
}

/** Does what a response says; also used for the message that acknowledges a command, which uses nothing up. */
export function answerThrough(state: State, hook: Hook, args: Fields, now: number): State {
  const source = messagesIn(state, hook.channel).find((each) => each.ts === hook.source && each.user === app.botUser);
  if (flagOf(args, "delete_original")) return source ? remove(state, hook.channel, source.ts) : state;
  const content = {
    text: (textOf(args, "text") ?? "").slice(0, postTextMax),
    blocks: Array.isArray(args["blocks"]) ? (args["blocks"] as readonly Fields[]) : [],
  };
  if (flagOf(args, "replace_original") && source) return replace(state, hook.channel, { ...source, ...content })[0];
  const open = args["response_type"] === "in_channel";
  const threadTs = textOf(args, "thread_ts");
  const place = { ...(open ? {} : { to: hook.user }), ...(threadTs ? { threadTs } : {}) };
  const [next, message] = add(state, hook.channel, { user: app.botUser, ...content, ...place }, now);
  const hooks = next.hooks.map((each) => (each.id === hook.id ? { ...each, source: each.source ?? message.ts } : each));
  return { ...next, hooks };
}

function counted(state: State, hook: Hook, uses: number): State {
  return { ...state, hooks: state.hooks.map((each) => (each === hook ? { ...each, uses: each.uses + uses } : each)) };
}

function plain(body: string, status: number): Reply {
  return { status, headers: {}, body, how: "answer" };
}
