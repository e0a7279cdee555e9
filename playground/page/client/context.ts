/** The only place that says what every component may ask of the page around it. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageAct, PageAnswer, PageState } from "../contract.ts";
import type { Entries } from "./entries.ts";
import type { Bag } from "./read.ts";

export interface Page {
  state: PageState;
  channel: string;
  act(act: PageAct): Promise<PageAnswer>;
  /** Shows a confirm object; true when the person goes on. */
  confirm(dialog: Bag): Promise<boolean>;
  /** Puts a text into the composer and the caret behind it. */
  compose(text: string): void;
}

/** Where an element stands: in a message or in the open form. */
export interface Place {
  entries: Entries;
  errors: Readonly<Record<string, string>>;
  busy: boolean;
  /** Stores an entry and, when `action` is given, tells the bot. */
  enter(blockId: string, actionId: string, value: Bag, action?: Bag): void;
  press(action: Bag): Promise<void>;
  /** Null where nothing can be looked up. */
  suggest: ((blockId: string, actionId: string, value: string) => Promise<PageAnswer>) | null;
}

export const PageContext = createContext<Page | null>(null);
export const PlaceContext = createContext<Place | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error("a component stands outside the page");
  return page;
}

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === null) throw new Error("an element stands outside a message or form");
  return place;
}
