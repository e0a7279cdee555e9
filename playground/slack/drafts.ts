/** The only place that keeps what a person entered and has not sent yet. Entries go when their element does, as in Slack's client. */
import type { PageModal } from "../page/contract.ts";
import { type Fields, isFields } from "./rules.ts";
import type { Values } from "./state.ts";
import { defaults, entryField } from "./views.ts";

export class Drafts {
  readonly #byView = new Map<string, Values>();

  enter(modal: PageModal, block: Fields, element: Fields, value: unknown): void {
    const type = String(element["type"]);
    const [blockId, actionId] = [String(block["block_id"]), String(element["action_id"])];
    const draft = this.#byView.get(modal.viewId) ?? {};
    const entry = { type, [entryField(type) ?? "value"]: value === "" ? null : value };
    this.#byView.set(modal.viewId, { ...draft, [blockId]: { ...draft[blockId], [actionId]: entry } });
  }

  /** What Slack holds already, with what was entered since. */
  values(modal: PageModal | null): Values {
    if (!modal) return {};
    const sent = isFields(modal.view["state"]) ? (modal.view["state"]["values"] as Values) : {};
    const draft = this.#byView.get(modal.viewId) ?? {};
    return Object.fromEntries(Object.entries(sent).map(([id, block]) => [id, { ...block, ...draft[id] }]));
  }

  /** To be called at every change of the view. */
  forgetGone(modal: PageModal | null): void {
    const draft = modal && this.#byView.get(modal.viewId);
    if (!modal || !draft) return;
    const there = defaults(modal.view);
    const keep = Object.entries(draft).map(([id, block]) => {
      const entries = Object.entries(block).filter(
        ([action, entry]) => there[id]?.[action]?.["type"] === entry["type"],
      );
      return [id, Object.fromEntries(entries)] as const;
    });
    this.#byView.set(modal.viewId, Object.fromEntries(keep));
  }
}
