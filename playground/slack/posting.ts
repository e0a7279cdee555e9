/** The only place that adds to, changes or takes from what a channel shows. */
import type { Fields } from "./rules.ts";
import { fresh, type Message, messagesIn, nextTs, type State } from "./state.ts";

/** Puts a message at the end of a channel. */
export function add(state: State, channel: string, message: Omit<Message, "ts">, now: number): [State, Message] {
  const [stamped, ts] = nextTs(state, now);
  const [named, blocks] = withBlockIds(stamped, message.blocks);
  const whole = { ...message, ts, blocks };
  return [{ ...named, messages: { ...named.messages, [channel]: [...messagesIn(named, channel), whole] } }, whole];
}

/** Puts another message in the place of the one with the same ts. */
export function replace(state: State, channel: string, message: Message): [State, Message] {
  const [named, blocks] = withBlockIds(state, message.blocks);
  const whole = { ...message, blocks };
  const messages = messagesIn(named, channel).map((each) => (each.ts === message.ts ? whole : each));
  return [{ ...named, messages: { ...named.messages, [channel]: messages } }, whole];
}

export function remove(state: State, channel: string, ts: string): State {
  const messages = messagesIn(state, channel).filter((each) => each.ts !== ts);
  return { ...state, messages: { ...state.messages, [channel]: messages } };
}

/** Slack names every block and every element that was sent without a name. */
export function withBlockIds(state: State, blocks: readonly Fields[]): [State, readonly Fields[]] {
  let next = state;
  const id = () => {
    const [after, count] = fresh(next);
    next = after;
    return `made${count.toString(36)}`;
  };
  const named = blocks.map((block) => nameElements({ ...block, block_id: block["block_id"] ?? id() }, id));
  return [next, named];
}

function nameElements(block: Fields, id: () => string): Fields {
  const named = (each: unknown): unknown => {
    const element = each as Fields;
    const passive = ["image", "mrkdwn", "plain_text"].includes(String(element["type"]));
    return passive || element["action_id"] ? element : { ...element, action_id: id() };
  };
  if (block["type"] === "actions") return { ...block, elements: (block["elements"] as readonly unknown[]).map(named) };
  if (block["type"] === "section" && block["accessory"]) return { ...block, accessory: named(block["accessory"]) };
  if (block["type"] === "input") return { ...block, element: named(block["element"]) };
  return block;
}
