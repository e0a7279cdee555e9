/** The only place that draws interactive elements. https://docs.slack.dev/reference/block-kit/block-elements */
import { useRef, useState } from "preact/hooks";
import { Choices } from "./choices.tsx";
import { usePage, usePlace } from "./context.ts";
import { plainWords } from "./emoji.ts";
import { safeUrl } from "./mrkdwn.ts";
import { type Bag, bag, has, num, str, words } from "./read.ts";
import { Select } from "./select.tsx";

/** How an input block ties its label, hint and error to the element inside. */
export interface Labelled {
  id?: string;
  /** For elements that stand alone: what a screen reader calls them. */
  name?: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  required?: boolean;
  /** Whether a change is told to the bot at once. */
  dispatches: boolean;
}

export interface ElementProps {
  element: Bag;
  blockId: string;
  labelled: Labelled;
}

/** An element outside an input block: it always dispatches. */
export function Element({ element, blockId, label }: { element: Bag; blockId: string; label: string }) {
  const name = words(element.placeholder) || label || str(element.action_id);
  return <Control element={element} blockId={blockId} labelled={{ name, dispatches: true }} />;
}

export function Control(props: ElementProps) {
  switch (props.element.type) {
    case "button":
      return <Button {...props} />;
    case "static_select":
    case "external_select":
      return <Select {...props} />;
    case "radio_buttons":
    case "checkboxes":
      return <Choices {...props} />;
    case "conversations_select":
      return <ConversationSelect {...props} />;
    case "plain_text_input":
    case "number_input":
      return <TextInput {...props} />;
    case "datepicker":
      return <DatePicker {...props} />;
    case "image":
      return <img class="accessory-image" src={str(props.element.image_url)} alt={str(props.element.alt_text)} />;
    default:
      return <span class="unknown-block">This stand-in does not draw “{str(props.element.type)}” elements.</span>;
  }
}

/** Reads an entry and changes it, asking first where the element has a confirm dialog. */
export function useEntry({ element, blockId, labelled }: ElementProps): [Bag, (next: Bag) => Promise<void>] {
  const page = usePage();
  const place = usePlace();
  const actionId = str(element.action_id);
  const enter = async (next: Bag) => {
    if (has(element.confirm) && !(await page.confirm(bag(element.confirm)))) return;
    const action = { ...next, action_id: actionId, block_id: blockId };
    place.enter(blockId, actionId, next, labelled.dispatches ? action : undefined);
  };
  return [place.entries[blockId]?.[actionId] ?? {}, enter];
}

/** Channels the viewer sees; those shared with others are left out where the bot asks for that. */
function ConversationSelect(props: ElementProps) {
  const { state } = usePage();
  const [value, enter] = useEntry(props);
  const { labelled } = props;
  const choose = (id: string) => enter({ type: "conversations_select", selected_conversation: id === "" ? null : id });
  return (
    <select
      id={labelled.id}
      class="native-select"
      aria-label={labelled.name}
      aria-describedby={labelled.describedBy}
      aria-invalid={labelled.invalid}
      aria-required={labelled.required}
      value={str(value.selected_conversation)}
      onChange={(event) => void choose(event.currentTarget.value)}
    >
      <option value="">Choose a channel</option>
      {state.channels.map((channel) => (
        <option key={channel.id} value={channel.id}>
          #{channel.name}
        </option>
      ))}
    </select>
  );
}

function Button({ element, blockId }: ElementProps) {
  const page = usePage();
  const place = usePlace();
  const [waiting, setWaiting] = useState(false);
  const press = async () => {
    if (waiting) return;
    if (has(element.confirm) && !(await page.confirm(bag(element.confirm)))) return;
    const url = safeUrl(str(element.url));
    if (url !== undefined) window.open(url, "_blank", "noreferrer");
    setWaiting(true);
    const { type, action_id, value, text } = element;
    await place.press({ type, action_id, block_id: blockId, text, ...(has(value) ? { value } : {}) });
    setWaiting(false);
  };
  const style = element.style === "primary" || element.style === "danger" ? ` button-${element.style}` : "";
  return (
    <button
      type="button"
      class={`button${style}`}
      aria-label={str(element.accessibility_label) || undefined}
      aria-busy={waiting}
      onClick={press}
    >
      {plainWords(element.text)}
    </button>
  );
}

function TextInput(props: ElementProps) {
  const { element, blockId, labelled } = props;
  const place = usePlace();
  const actionId = str(element.action_id);
  const on = bag(element.dispatch_action_config).trigger_actions_on;
  const triggers: readonly unknown[] = Array.isArray(on) ? on : ["on_enter_pressed"];
  const value = str(place.entries[blockId]?.[actionId]?.value);
  const enter = (typed: string, dispatch: boolean) => {
    const next = { type: str(element.type), value: typed === "" ? null : typed };
    const action = { ...next, action_id: actionId, block_id: blockId };
    place.enter(blockId, actionId, next, dispatch && labelled.dispatches ? action : undefined);
  };
  const shared = {
    id: labelled.id,
    value,
    placeholder: words(element.placeholder) || undefined,
    maxLength: num(element.max_length),
    "aria-label": labelled.name,
    "aria-describedby": labelled.describedBy,
    "aria-invalid": labelled.invalid,
    "aria-required": labelled.required,
    autocomplete: "off",
    spellcheck: false,
    "data-autofocus": element.focus_on_load === true,
  } as const;
  const typed = (text: string) => enter(text, triggers.includes("on_character_entered"));
  if (element.multiline === true) {
    return <textarea class="input" rows={3} {...shared} onInput={(event) => typed(event.currentTarget.value)} />;
  }
  return (
    <input
      class="input"
      type="text"
      inputMode={element.type === "number_input" ? "numeric" : undefined}
      {...shared}
      onInput={(event) => typed(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && triggers.includes("on_enter_pressed")) enter(event.currentTarget.value, true);
      }}
    />
  );
}

function DatePicker(props: ElementProps) {
  const [value, enter] = useEntry(props);
  const input = useRef<HTMLInputElement>(null);
  const { labelled } = props;
  return (
    <input
      class="input"
      type="date"
      ref={input}
      id={labelled.id}
      value={str(value.selected_date)}
      aria-label={labelled.name}
      aria-describedby={labelled.describedBy}
      aria-invalid={labelled.invalid}
      onChange={(event) => void enter({ type: "datepicker", selected_date: event.currentTarget.value || null })}
    />
  );
}
