/** The only place that draws the open form and sends what stands in it. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PageModal } from "../contract.ts";
import { Blocks } from "./blocks.tsx";
import { type Page, type Place, PlaceContext, usePage } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { type Draft, type Drafts, useDraft } from "./drafts.ts";
import { plainWords } from "./emoji.ts";
import { type Entries, missing, withEntry } from "./entries.ts";
import { type Bag, has } from "./read.ts";

export function Modal({ modal, drafts }: { modal: PageModal; drafts: Drafts }) {
  const page = usePage();
  const draft = useDraft(drafts, page.state.me, modal);
  const { place, submit, close, trouble } = useForm(page, modal, draft);
  const body = useRef<HTMLDivElement>(null);
  const id = useId();
  const view: Bag = modal.view;
  const wrong = Object.keys(place.errors).join();
  useEffect(() => {
    if (wrong !== "") body.current?.querySelector<HTMLElement>(":is(input,textarea)[aria-invalid=true]")?.focus();
  }, [wrong]);
  return (
    <Dialog class="dialog modal" role="dialog" labelledBy={id} step={modal.viewId} onEscape={() => close(false)}>
      <header class="modal-head">
        <h2 class="dialog-title" id={id}>
          {plainWords(view.title)}
        </h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={() => close(true)}>
          ✕
        </button>
      </header>
      <div class="modal-body" ref={body} aria-busy={place.busy}>
        <PlaceContext.Provider value={place}>
          {/* A new view starts from nothing; an update of the same one keeps its nodes. */}
          <div key={modal.viewId}>
            <Blocks blocks={view.blocks} />
          </div>
        </PlaceContext.Provider>
      </div>
      <footer class="modal-foot">
        <p class="trouble" role="alert">
          {trouble}
        </p>
        <div class="dialog-buttons">
          <button type="button" class="button" data-first={!has(view.submit)} onClick={() => close(false)}>
            {plainWords(view.close) || (modal.depth > 0 ? "Back" : has(view.submit) ? "Cancel" : "Close")}
          </button>
          {has(view.submit) && (
            <button type="button" class="button button-primary" aria-busy={place.busy} onClick={() => void submit()}>
              {plainWords(view.submit)}
            </button>
          )}
        </div>
      </footer>
    </Dialog>
  );
}

function useForm(page: Page, modal: PageModal, draft: Draft) {
  const user = page.state.me;
  const { viewId, view } = modal;
  const [busy, setBusy] = useState(false);
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({});
  const [trouble, setTrouble] = useState("");
  useLayoutEffect(() => {
    setOwn({});
    setTrouble("");
  }, [viewId]);
  async function send(action: Bag, values: Entries): Promise<void> {
    const answer = await page.act({ do: "press", user, in: { view: viewId }, action, values });
    setTrouble(answer.ok ? "" : answer.says);
  }
  async function submit(): Promise<void> {
    if (busy) return;
    const todo = missing(view, draft.read());
    setOwn(todo);
    if (Object.keys(todo).length > 0) return;
    setBusy(true);
    const answer = await page.act({ do: "submit", user, view: viewId, values: draft.read() });
    setBusy(false);
    setTrouble(answer.ok ? "" : answer.says);
  }
  const place: Place = {
    entries: draft.read(),
    errors: { ...modal.errors, ...own },
    busy,
    enter(blockId, actionId, value, action) {
      const next = withEntry(draft.read(), blockId, actionId, value);
      draft.write(next);
      setOwn(({ [blockId]: _fixed, ...others }) => others);
      if (action !== undefined) void send(action, next);
    },
    press: (action) => send(action, draft.read()),
    suggest: (blockId, actionId, value) =>
      page.act({ do: "suggest", user, view: viewId, actionId, blockId, value, values: draft.read() }),
  };
  const close = (all: boolean) => void page.act({ do: "close", user, view: viewId, all });
  return { place, submit, close, trouble };
}
