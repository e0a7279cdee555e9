/** The only place where people reach the bot: they hand in the form, look at what Slack shows them, and what they press gets there, or does not. */
import type { View } from "../src/seams.ts";
import { pressed } from "../src/views/buttons.ts";
import { denyFields, denyId } from "../src/views/details.ts";
import { formWish, passwordWish, shownWish, textValue, type Wish } from "./form.ts";
import { buttons, opensForm, type Press, reactions } from "./habits.ts";
import type { FlowPlan } from "./plan.ts";
import type { BotProcess } from "./process.ts";
import { type Message, people, team } from "./slack.ts";
import type { World } from "./world.ts";

/** One wish and what has become of it. */
export interface Flow {
  plan: FlowPlan;
  /** The request that it is about now. */
  id: string;
  server: string;
  cloud: number;
  /** asking until the form was taken; none when it was refused for good. */
  is: "waiting" | "asking" | "asked" | "none";
  /** How often somebody pressed something. */
  acts: number;
  unsureAt: number | null;
  wordAt: number;
  looking: boolean;
  /** Whether its requester still waits for a button by which to ask anew. */
  anew: "wanted" | "asked" | "over";
  /** How often nothing was found to press after the end. */
  looksInVain: number;
}

/** One payload that a person waits for an answer to. */
export interface Delivery {
  person: string;
  /** The requests that it is about: of a form that takes the place of a request both. */
  about: readonly string[];
  acked: boolean;
  /** The answer said something itself. */
  isTold: boolean;
  /** The button that was pressed. */
  action: string | null;
  /** When it reached this process. */
  at: number;
  bot: BotProcess;
}

/** The form for the reason was handed in. */
export const deniesWithReason = "deny-reason";

type Body = Readonly<Record<string, unknown>>;

const letters = "abcdefghijklmnopqrstuvwxyz234567";
const patienceMs = 3_000;
/** So often somebody looks for a button when all is over. */
const looksMax = 4;
/** Sentences after which trying again may help. */
const later = /not answer|not available|try again|cannot be re|could not be|just now|trouble|busy|in progress/i;

export class People {
  readonly flows: Flow[];
  readonly deliveries: Delivery[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.flows = world.plan.flows.map((plan) => this.#flow(plan));
  }

  begin(): void {
    for (const flow of this.flows) this.#world.time.in(flow.plan.asksAfterMs, null, () => this.#ask(flow));
  }

  /** Nobody wants anything any more. */
  done(): boolean {
    return this.flows.every(({ is, anew }) => is === "none" || (is === "asked" && anew !== "wanted"));
  }

  /** A message of this request came or changed: somebody will look at it. */
  saw(request: string): void {
    const flow = this.flows.find(({ id }) => id === request);
    if (flow === undefined || flow.looking) return;
    flow.looking = true;
    const { time, dice, plan } = this.#world;
    time.in(plan.keenMs ?? dice.whole(2_000, dice.pick([10_000, 90_000])), null, () => this.#look(flow));
  }

  #flow(plan: FlowPlan): Flow {
    const { dice, clouds } = this.#world;
    const cloud = this.#world.plan.flows.length === 1 ? 0 : plan.cloud;
    return {
      plan,
      id: `r${Array.from({ length: 10 }, () => letters[dice.whole(0, 31)]).join("")}`,
      server: clouds[cloud]?.sim.servers[plan.server] ?? "",
      cloud,
      is: "waiting",
      acts: 0,
      unsureAt: null,
      wordAt: 0,
      looking: false,
      anew: plan.anew === "never" ? "over" : "wanted",
      looksInVain: 0,
    };
  }

  #ask(flow: Flow): void {
    if (flow.is !== "waiting") return;
    const { sim } = this.#world.clouds[flow.cloud] ?? this.#world.firstCloud();
    this.#handIn(flow, formWish(flow, sim, people[flow.plan.requester], this.#world.canary));
  }

  /** Hands a form in, and again until somebody takes it or says why not. */
  #handIn(flow: Flow, wish: Wish): void {
    flow.is = "asking";
    const about = [...new Set([flow.id, wish.id])];
    this.#deliver(people[flow.plan.requester], about, wish.payload, (body) => this.#answered(flow, wish, body));
  }

  #answered(flow: Flow, wish: Wish, body: Body | null): void {
    const { time, dice, durable, rules } = this.#world;
    const again = (next = wish) => time.in(dice.whole(5_000, 40_000), null, () => this.#handIn(flow, next));
    if (flow.is !== "asking") return;
    if (body === null) {
      again();
      return;
    }
    if (body["response_action"] === "clear") {
      if (durable.get(wish.id) === undefined) this.#world.broken("the form was taken, and nothing of it is stored");
      this.#taken(flow, wish);
      return;
    }
    if (body["response_action"] === "push") {
      const page = body["view"] as { private_metadata: unknown };
      again(passwordWish(page, wish.id, people[flow.plan.requester], this.#world.canary));
      return;
    }
    const says = JSON.stringify(body["errors"] ?? body);
    rules.shown(says);
    this.#world.say(() => `the form says: ${says}`);
    if (later.test(says)) again();
    else if (durable.get(wish.id) !== undefined) this.#taken(flow, wish);
    else if (durable.get(flow.id) === undefined) flow.is = "none";
    else Object.assign(flow, { is: "asked", anew: "over" });
  }

  #taken(flow: Flow, wish: Wish): void {
    flow.is = "asked";
    if (wish.id === flow.id) return;
    Object.assign(flow, { id: wish.id, anew: "asked", unsureAt: null });
    this.saw(wish.id);
  }

  /** The form that a press opened goes back as it stands; where it did not open, or is not filled yet, somebody presses again. */
  #handInShown(flow: Flow): void {
    const user = people[flow.plan.requester];
    const { slack } = this.#world;
    const wish = shownWish(slack.viewOf(user), flow, user);
    if (wish === null || flow.is !== "asked" || flow.anew !== "wanted") return;
    slack.close(user);
    this.#handIn(flow, wish);
  }

  /** Somebody looks at what stands in the thread, and looks again as long as the request is open. */
  #look(flow: Flow): void {
    const world = this.#world;
    const { dice, time } = world;
    flow.looking = false;
    if (world.over()) return;
    for (const message of world.slack.messages) {
      if (message.request !== flow.id || buttons(message.blocks).length === 0) continue;
      for (const press of reactions(world, flow, message)) this.#press(flow, message, press);
    }
    if (!world.durable.hot.has(flow.id) && !this.#stillWants(flow)) return;
    flow.looking = true;
    const usualMs = world.faultsOver() ? 90_000 : 45_000;
    time.in(world.plan.keenMs ?? dice.whole(usualMs / 3, usualMs * 3), null, () => this.#look(flow));
  }

  #stillWants(flow: Flow): boolean {
    if (flow.anew !== "wanted") return false;
    flow.looksInVain += 1;
    if (flow.looksInVain > looksMax) flow.anew = "over";
    return flow.anew === "wanted";
  }

  #press(flow: Flow, message: Message, { who, action, value }: Press): void {
    flow.acts += 1;
    const world = this.#world;
    const user = people[who];
    const carried = value ?? buttons(message.blocks).find((button) => button.action === action)?.value;
    if (carried === undefined) return;
    const trigger_id = world.slack.trigger(user, world.time.now);
    world.say(() => `${who} presses ${action}`);
    this.#deliver(user, [flow.id], {
      ...from("block_actions", user),
      trigger_id,
      channel: { id: message.channel },
      message: { ts: message.ts, ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }) },
      actions: [{ type: "button", action_id: action, block_id: "b", value: carried }],
    });
    if (opensForm.has(action)) world.time.in(world.dice.whole(3_000, 12_000), null, () => this.#handInShown(flow));
    if (action === pressed.deny) world.time.in(patienceMs, null, () => this.#giveReason(user));
  }

  /** Whoever has two requests before them hands in the form that is on top. */
  #giveReason(user: string): void {
    const { slack } = this.#world;
    const view: View | null = slack.viewOf(user);
    if (view?.callback_id !== denyId) return;
    slack.close(user);
    const meta = String(view["private_metadata"]);
    const state = { values: { [denyFields.block]: { [denyFields.why]: textValue("not now") } } };
    const handed = { id: "V1", hash: "1", callback_id: view.callback_id, private_metadata: meta, state };
    this.#deliver(user, [meta.split(".")[0] ?? ""], { ...from("view_submission", user), view: handed });
  }

  /** Slack hands a payload to the bot, if it can; `answered` gets the body, or null when none came within Slack's patience. */
  #deliver(
    person: string,
    about: readonly string[],
    payload: object,
    answered: (body: Body | null) => void = () => {},
  ): void {
    const world = this.#world;
    const answer: { body: Body | null } = { body: null };
    world.time.in(patienceMs, null, () => answered(answer.body));
    if (world.gapUntil > world.time.now) {
      world.count("socket gap");
      return;
    }
    if (world.strikes("delivery missing")) return;
    const { actions, view } = payload as { actions?: readonly { action_id: string }[]; view?: { callback_id: string } };
    const action = actions?.[0]?.action_id ?? (view?.callback_id === denyId ? deniesWithReason : null);
    const copies = world.strikes("delivery twice") ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const lateMs = world.strikes("delivery late") ? world.dice.whole(100, 6_000) : world.dice.whole(0, 50);
      world.time.in(lateMs, null, () => this.#arrive({ person, about, action }, payload, answer));
    }
  }

  #arrive(given: Pick<Delivery, "person" | "about" | "action">, payload: object, answer: { body: Body | null }): void {
    const bot = this.#world.serving();
    if (bot === null) return;
    const delivery: Delivery = { ...given, acked: false, isTold: false, at: this.#world.time.now, bot };
    this.deliveries.push(delivery);
    this.#world.time.in(0, bot, () => {
      void bot.dispatch(payload, async (body) => {
        const isTold = body?.["response_action"] === "update" || body?.["response_action"] === "errors";
        Object.assign(delivery, { acked: true, isTold });
        answer.body ??= body ?? {};
      });
    });
  }
}

export function from(type: string, user: string): object {
  return { type, user: { id: user, team_id: team }, team: { id: team } };
}
