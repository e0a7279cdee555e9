/** The only place that lets a test speak as a person: things are named by what is written on them. */
import type { PageAnswer, PageMessage, PageModal } from "../page/contract.ts";
import { Drafts } from "./drafts.ts";
import { type Found, findElement, findOption, optionsOf, plainOf, visibleText } from "./reading.ts";
import { type Fields, isFields } from "./rules.ts";
import type { Values } from "./state.ts";
import { blocksOf, entryField } from "./views.ts";
import type { Workspace } from "./workspace.ts";

/** A message as it was when it was read. A later press on it is a press on that picture. */
export type Seen = PageMessage & { channel: string };
/** Where something is pressed: on a message, or in the open modal. */
export type Where = Seen | "modal";

export function person(workspace: Workspace, user: string): PersonHandle {
  return new PersonHandle(workspace, user);
}

export class PersonHandle {
  readonly #workspace: Workspace;
  readonly user: string;
  readonly #drafts = new Drafts();

  constructor(workspace: Workspace, user: string) {
    this.#workspace = workspace;
    this.user = user;
    workspace.onChange(() => this.#drafts.forgetGone(this.modal()));
  }

  // What the person sees.

  /** Messages of a channel, by its name or id: of the channel itself, oldest first, without threads. */
  messages(channel: string): readonly Seen[] {
    return this.#all(channel).filter((message) => !message.threadTs || message.broadcast);
  }

  /** The replies below a message. */
  thread(parent: Seen | string): readonly Seen[] {
    const ts = typeof parent === "string" ? parent : (parent.threadTs ?? parent.ts);
    const state = this.#workspace.state(this.user);
    return state.channels.flatMap(({ id }) => this.#all(id)).filter((message) => message.threadTs === ts);
  }

  /** What only this person sees, in the channel and in its threads. */
  ephemerals(channel: string): readonly Seen[] {
    return this.#all(channel).filter((message) => message.ephemeral);
  }

  /** The last message of a channel, ephemeral ones too. */
  latest(channel: string): Seen {
    const last = this.messages(channel).at(-1);
    if (!last) throw new Error(`there is no message in ${channel}`);
    return last;
  }

  modal(): PageModal | null {
    return this.#workspace.state(this.user).modal;
  }

  /** Title and all texts of the open modal, a line each; empty when none is open. */
  modalText(): string {
    const view = this.modal()?.view;
    return view ? [plainOf(view["title"]), visibleText(blocksOf(view)), plainOf(view["submit"])].join("\n") : "";
  }

  /** Field errors of the last submission, by the label of the field. */
  errors(): Readonly<Record<string, string>> {
    const modal = this.modal();
    const labels = blocksOf(modal?.view ?? {}).map((block) => [String(block["block_id"]), plainOf(block["label"])]);
    const named = new Map(labels.map(([id, label]) => [id, label] as const));
    return Object.fromEntries(Object.entries(modal?.errors ?? {}).map(([id, says]) => [named.get(id) || id, says]));
  }

  /** What stands in a field now: text, option text, or texts. */
  entry(label: string): unknown {
    const { block, element } = this.#find("modal", label);
    const entry = this.#values()[String(block["block_id"])]?.[String(element["action_id"])];
    const value = entry?.[entryField(String(element["type"])) ?? ""];
    if (Array.isArray(value)) return value.map((each) => (isFields(each) ? plainOf(each["text"]) : each));
    return isFields(value) && isFields(value["text"]) ? plainOf(value["text"]) : value;
  }

  /** Texts of the options a field or menu shows without asking. */
  options(label: string, where: Where = "modal"): readonly string[] {
    return optionsOf(this.#find(where, label).element).map((option) => plainOf(option["text"]));
  }

  /** The question that a press must pass first; null when there is none. */
  confirmation(where: Where, label: string): { title: string; text: string; confirm: string; deny: string } | null {
    const asked = this.#find(where, label).element["confirm"];
    if (!isFields(asked)) return null;
    const part = (name: string) => plainOf(asked[name]);
    return { title: part("title"), text: part("text"), confirm: part("confirm"), deny: part("deny") };
  }

  // What the person does.

  say(channel: string, text: string, thread?: Seen): Promise<PageAnswer> {
    const threadTs = thread ? { threadTs: thread.threadTs ?? thread.ts } : {};
    return this.#workspace.act({ do: "say", user: this.user, channel: this.#channel(channel), text, ...threadTs });
  }

  command(channel: string, text: string): Promise<PageAnswer> {
    return this.#workspace.act({ do: "command", user: this.user, channel: this.#channel(channel), text });
  }

  /** Presses a button (and says yes to its question), on a message or in the modal. */
  press(where: Where, label: string): Promise<PageAnswer> {
    const found = this.#find(where, label);
    const { text, value } = found.element;
    return this.#send(where, found, { text, ...(value === undefined ? {} : { value }) });
  }

  /** Types into a field of the modal. Fields that tell the app about each character do. */
  async type(label: string, text: string): Promise<PageAnswer> {
    const found = this.#find("modal", label);
    this.#enter(found, text);
    const config = found.element["dispatch_action_config"];
    const on = isFields(config) ? config["trigger_actions_on"] : [];
    const tells = found.block["dispatch_action"] === true && Array.isArray(on) && on.includes("on_character_entered");
    return tells ? this.#send("modal", found, { value: text }) : { ok: true };
  }

  /** Chooses an option of a select, menu or radio group by its text; several of a multi-select. Typeahead fields are searched for it. */
  async choose(label: string, wanted: string | readonly string[], where: Where = "modal"): Promise<PageAnswer> {
    const found = this.#find(where, label);
    const type = String(found.element["type"]);
    const texts = typeof wanted === "string" ? [wanted] : wanted;
    const chosen: unknown[] = [];
    for (const text of texts) chosen.push(await this.#option(found, label, text));
    return this.#put(where, found, type.startsWith("multi_") || type === "checkboxes" ? chosen : chosen[0]);
  }

  tick(label: string, option?: string, where: Where = "modal"): Promise<PageAnswer> {
    return this.#mark(label, option, where, true);
  }

  untick(label: string, option?: string, where: Where = "modal"): Promise<PageAnswer> {
    return this.#mark(label, option, where, false);
  }

  /** The options a typeahead field offers for a text. */
  async suggest(label: string, text: string): Promise<readonly Fields[]> {
    const { options, optionGroups } = await this.#asked(label, text);
    return optionsOf({ options, option_groups: optionGroups });
  }

  /** The headings under which it offers them. */
  async suggestedUnder(label: string, text: string): Promise<readonly string[]> {
    const { optionGroups } = await this.#asked(label, text);
    return (optionGroups ?? []).filter(isFields).map((group) => plainOf(group["label"]));
  }

  async #asked(label: string, text: string) {
    const { block, element } = this.#find("modal", label);
    const answer = await this.#workspace.act({
      do: "suggest",
      user: this.user,
      view: this.modal()?.viewId ?? "",
      blockId: String(block["block_id"]),
      actionId: String(element["action_id"]),
      value: text,
      values: this.#values(),
    });
    if (!answer.ok) throw new Error(answer.says);
    return answer;
  }

  /** From the shortcuts menu, or on a message from its menu, by the shortcut's name. */
  shortcut(name: string, on?: Seen): Promise<PageAnswer> {
    const known = this.#workspace.state(this.user).shortcuts.find((each) => each.name === name);
    if (!known) throw new Error(`there is no shortcut ${name}`);
    const where = on ? { on: { message: on.ts, channel: on.channel } } : {};
    return this.#workspace.act({ do: "shortcut", user: this.user, callback: known.callback, ...where });
  }

  submit(): Promise<PageAnswer> {
    const view = this.modal()?.viewId ?? "";
    return this.#workspace.act({ do: "submit", user: this.user, view, values: this.#values() });
  }

  /** Cancel: this view. */
  cancel(): Promise<PageAnswer> {
    return this.#close(false);
  }

  /** ✕: all of them. */
  dismiss(): Promise<PageAnswer> {
    return this.#close(true);
  }

  #close(all: boolean): Promise<PageAnswer> {
    return this.#workspace.act({ do: "close", user: this.user, view: this.modal()?.viewId ?? "", all });
  }

  /** Enters, and tells the app where the element does so: anywhere but in an input block that keeps quiet. */
  async #put(where: Where, found: Found, value: unknown): Promise<PageAnswer> {
    if (where === "modal") this.#enter(found, value);
    const quiet = found.block["type"] === "input" && found.block["dispatch_action"] !== true;
    const type = String(found.element["type"]);
    const field = type === "overflow" ? "selected_option" : (entryField(type) ?? "value");
    return quiet ? { ok: true } : this.#send(where, found, { [field]: value });
  }

  async #mark(label: string, option: string | undefined, where: Where, on: boolean): Promise<PageAnswer> {
    const found = this.#find(where, label);
    const options = optionsOf(found.element);
    const meant = option === undefined && options.length === 1 ? options[0] : findOption(options, option ?? label);
    const entry = this.#values()[String(found.block["block_id"])]?.[String(found.element["action_id"])];
    const before = Array.isArray(entry?.["selected_options"]) ? entry["selected_options"].filter(isFields) : [];
    const others = before.filter((each) => each["value"] !== meant?.["value"]);
    return this.#put(where, found, on ? [...others, meant] : others);
  }

  async #option(found: Found, label: string, text: string): Promise<unknown> {
    const type = String(found.element["type"]);
    if (type.includes("external_select")) return findOption(await this.suggest(label, text), text);
    const shown = optionsOf(found.element);
    return shown.length > 0 ? findOption(shown, text) : text;
  }

  #send(where: Where, found: Found, more: Fields): Promise<PageAnswer> {
    const { type, action_id } = found.element;
    const action = { type, action_id, block_id: found.block["block_id"], ...more };
    if (where !== "modal")
      return this.#workspace.act({
        do: "press",
        user: this.user,
        in: { message: where.ts, channel: where.channel },
        action,
      });
    const view = this.modal()?.viewId ?? "";
    return this.#workspace.act({ do: "press", user: this.user, in: { view }, action, values: this.#values() });
  }

  #find(where: Where, label: string): Found {
    return findElement(where === "modal" ? blocksOf(this.modal()?.view ?? {}) : where.blocks, label);
  }

  #enter({ block, element }: Found, value: unknown): void {
    const modal = this.modal();
    if (modal) this.#drafts.enter(modal, block, element, value);
  }

  #values(): Values {
    return this.#drafts.values(this.modal());
  }

  #all(channel: string): readonly Seen[] {
    const id = this.#channel(channel);
    return (this.#workspace.state(this.user).messages[id] ?? []).map((message) => ({ ...message, channel: id }));
  }

  /** "#ops", "ops" or the id. */
  #channel(name: string): string {
    const wanted = name.replace(/^#/, "");
    const channels = this.#workspace.state(this.user).channels;
    return channels.find((each) => each.name === wanted || each.id === wanted)?.id ?? name;
  }
}
