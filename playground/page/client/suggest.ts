/** The only place that finds the options of a select menu: filtered here, or asked of the bot as one types. */
import { useEffect, useState } from "preact/hooks";
import type { PageAnswer } from "../contract.ts";
import { usePlace } from "./context.ts";
import type { ElementProps } from "./elements.tsx";
import { type Bag, bags, num, str, words } from "./read.ts";

export interface Group {
  label: string;
  options: readonly Bag[];
}

interface Offered {
  groups: readonly Group[];
  /** What stands below the list: that nothing fits, that it is being looked up, that more letters are needed. */
  says: string;
  /** Whether these are the options for what is typed, not yet the ones for what was typed before. */
  ready: boolean;
}

/** Slack waits a moment after the last key before it asks. */
const debounceMs = 200;
/** Slack's own default for `min_query_length`. */
const minQueryDefault = 3;

export function useOptions(props: ElementProps, open: boolean, typed: string): Offered {
  const external = props.element.type === "external_select";
  const asked = useAsked(props, open && external, typed);
  return external ? asked : filtered(props.element, typed);
}

function filtered(element: Bag, typed: string): Offered {
  const groups = groupsOf(element.options, element.option_groups)
    .map((group) => ({ ...group, options: group.options.filter((option) => fits(option, typed)) }))
    .filter((group) => group.options.length > 0);
  return { groups, says: groups.length === 0 ? "No results" : "", ready: true };
}

function fits(option: Bag, typed: string): boolean {
  return `${words(option.text)} ${words(option.description)}`.toLowerCase().includes(typed.trim().toLowerCase());
}

export function groupsOf(options: unknown, groups: unknown): readonly Group[] {
  const named = bags(groups).map((group) => ({ label: words(group.label), options: bags(group.options) }));
  const bare = bags(options);
  return bare.length > 0 ? [{ label: "", options: bare }, ...named] : named;
}

function useAsked({ element, blockId }: ElementProps, wanted: boolean, typed: string): Offered {
  const place = usePlace();
  const [answer, setAnswer] = useState<Answered>({ typed: null, groups: [], says: "" });
  const least = num(element.min_query_length) ?? minQueryDefault;
  const short = typed.trim().length < least;
  const suggest = place.suggest;
  const actionId = str(element.action_id);
  useEffect(() => {
    if (!wanted || short || suggest === null) return;
    let late = false;
    const timer = setTimeout(
      async () => {
        const said = await suggest(blockId, actionId, typed);
        if (!late) setAnswer({ typed, ...answered(said) });
      },
      typed === "" ? 0 : debounceMs,
    );
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [wanted, short, typed, blockId, actionId]);
  if (short) return { groups: [], says: `Type at least ${least} letter${least === 1 ? "" : "s"}`, ready: true };
  const { groups, says } = answer;
  const ready = answer.typed === typed;
  return { groups, says: !ready && groups.length === 0 ? "Loading…" : says, ready };
}

/** The latest answer, and for which text it was given. */
interface Answered {
  typed: string | null;
  groups: readonly Group[];
  says: string;
}

function answered(said: PageAnswer): Omit<Answered, "typed"> {
  if (!said.ok) return { groups: [], says: said.says };
  const groups = groupsOf(said.options, said.optionGroups).filter((group) => group.options.length > 0);
  return { groups, says: groups.length === 0 ? "No results" : "" };
}
