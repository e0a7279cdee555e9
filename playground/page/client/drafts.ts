/** The only place that keeps what is typed while a form is open, by person and view, so that switching people or stacking views loses nothing. */
import { useReducer } from "preact/hooks";
import type { PageModal } from "../contract.ts";
import { type Entries, seed } from "./entries.ts";
import { bag } from "./read.ts";

/** person → view → entries; `hash` names the version of the view they were last fitted to. */
export type Drafts = Map<string, Map<string, { hash: string; entries: Entries }>>;

export interface Draft {
  read(): Entries;
  write(entries: Entries): void;
}

export function useDraft(drafts: Drafts, person: string, modal: PageModal): Draft {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const views = drafts.get(person) ?? new Map<string, { hash: string; entries: Entries }>();
  drafts.set(person, views);
  const kept = views.get(modal.viewId);
  if (kept?.hash !== modal.hash) {
    views.set(modal.viewId, { hash: modal.hash, entries: seed(modal.view, kept?.entries ?? lastSent(modal)) });
  }
  return {
    read: () => views.get(modal.viewId)?.entries ?? {},
    write: (entries) => {
      views.set(modal.viewId, { hash: modal.hash, entries });
      redraw(0);
    },
  };
}

/** After the page was loaded again: what the person had entered as far as it was sent. */
function lastSent(modal: PageModal): Entries {
  const values = bag(bag(modal.view.state).values);
  const rows = Object.entries(values).map(([block, row]) => {
    return [block, Object.fromEntries(Object.entries(bag(row)).map(([action, value]) => [action, bag(value)]))];
  });
  return Object.fromEntries(rows);
}
