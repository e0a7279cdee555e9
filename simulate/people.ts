/** The only place where people act: they ask, look at what Slack shows them, and press what stands there, some of them wrongly. */
import type { Block, View } from "../src/seams.ts";
import { pressed } from "../src/views/buttons.ts";
import { denyFields } from "../src/views/details.ts";
import { formId } from "../src/views/form.ts";
import { fields } from "../src/views/formfields.ts";
import { type Asked, serverValue, writeMeta } from "../src/views/formmeta.ts";
import { passwordFields, passwordId } from "../src/views/passwordpage.ts";
import type { FlowPlan } from "./plan.ts";
import { channel, type Message, type PersonWord, people, team } from "./slack.ts";
import type { World } from "./world.ts";

export interface Flow {
  plan: FlowPlan;
  id: string;
  server: string;
  cloud: number;
  /** asking until the form was taken; none when it was refused for good. */
  is: "waiting" | "asking" | "asked" | "none";
  /** How often somebody acted on it. */
  acts: number;
  since: { unsure: number | null; word: number };
  ticking: boolean;
}

/** One payload that a person waits for an answer to. */
export interface Delivery {
  person: string;
  request: string;
  acked: boolean;
}

const letters = "abcdefghijklmnopqrstuvwxyz234567";
const reason = "root fs corrupt after a failed kernel upgrade";
const patienceMs = 3_000;

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
    return this.flows.every((flow) => flow.is === "asked" || flow.is === "none");
  }

  /** A message of this request came or changed: somebody will look at it. */
  saw(request: string): void {
    const flow = this.flows.find(({ id }) => id === request);
    if (flow === undefined || flow.ticking) return;
    flow.ticking = true;
    const { time, dice } = this.#world;
    time.in(dice.whole(2_000, dice.pick([10_000, 90_000])), null, () => this.#look(flow));
  }

  #flow(plan: FlowPlan): Flow {
    const { dice, clouds } = this.#world;
    const at = this.#world.plan.flows.length === 1 ? 0 : plan.cloud;
    const servers = clouds[at]?.sim.servers ?? [];
    return {
      plan,
      id: `r${Array.from({ length: 10 }, () => letters[dice.whole(0, 31)]).join("")}`,
      server: servers[plan.server] ?? "",
      cloud: at,
      is: "waiting",
      acts: 0,
      since: { unsure: null, word: 0 },
      ticking: false,
    };
  }

  /** Hands the form in, and again until somebody takes it or says why not. */
  #ask(flow: Flow): void {
    if (flow.is === "asked" || flow.is === "none") return;
    flow.is = "asking";
    const { time, dice } = this.#world;
    const by = people[flow.plan.requester];
    const again = () => time.in(dice.whole(5_000, 40_000), null, () => this.#ask(flow));
    const submission = {
      type: "view_submission",
      user: { id: by, team_id: team },
      team: { id: team },
      view: this.#form(flow),
    };
    this.#deliver(by, flow.id, submission, (body) => {
      if (body === null) return void again();
      if (body["response_action"] === "clear") {
        if (flow.is === "asking") flow.is = "asked";
        return;
      }
      const says = JSON.stringify(body["errors"] ?? body);
      this.#world.rules.shown(says);
      this.#world.say(() => `the form says: ${says}`);
      const later =
        /not answer|not available|try again|cannot be re|could not be|just now|trouble|busy|in progress/i.test(says);
      if (later) again();
      else if (flow.is === "asking") flow.is = this.#world.durable.get(flow.id) === undefined ? "none" : "asked";
    });
  }

  #form(flow: Flow): object {
    const { sim } = this.#world.clouds[flow.cloud] ?? this.#world.firstCloud();
    const { plan, id } = flow;
    const meta = { id, channel, asks: plan.image };
    const asked: Asked = {
      server: serverValue({ account: sim.account.name, region: sim.account.regions[0] ?? "", id: flow.server }),
      imageChoice: plan.image,
      ...(plan.image === "other" ? { image: sim.otherImage } : {}),
      login: plan.login,
      ...(plan.login === "key-pair" ? { keyPair: sim.keyPair } : {}),
      backup: plan.backup,
      reason,
    };
    const view = { id: "V0", hash: "1" };
    if (plan.login === "typed") {
      const values = { [passwordFields.block]: { [passwordFields.password]: text(this.#world.canary) } };
      return { ...view, callback_id: passwordId, private_metadata: writeMeta({ meta, asked }), state: { values } };
    }
    const values = {
      server: { [fields.server]: option(asked.server) },
      choice: { [fields.imageChoice]: option(asked.imageChoice) },
      image: { [fields.image]: option(asked.image) },
      login: { [fields.login]: option(asked.login) },
      key: { [fields.keyPair]: option(asked.keyPair) },
      backup: { [fields.backup]: option(plan.backup) },
      reason: { [fields.reason]: text(reason) },
    };
    return { ...view, callback_id: formId, private_metadata: writeMeta(meta), state: { values } };
  }

  /** Somebody looks at the newest message with buttons, and does what people do. */
  #look(flow: Flow): void {
    const world = this.#world;
    const { dice, time } = world;
    flow.ticking = false;
    if (world.over()) return;
    const messages = world.slack.messages.filter(({ request }) => request === flow.id);
    for (const message of messages.filter(({ blocks }) => buttons(blocks).length > 0)) this.#consider(flow, message);
    const open = world.durable.hot.get(flow.id);
    if (open === undefined) return;
    flow.ticking = true;
    const usual = world.faultsOver() ? 90_000 : 45_000;
    time.in(dice.whole(usual / 3, usual * 3), null, () => this.#look(flow));
  }

  #consider(flow: Flow, message: Message): void {
    const { dice } = this.#world;
    const has = (action: string) => buttons(message.blocks).some((button) => button.action === action);
    if (has(pressed.approve)) this.#decide(flow, message);
    else if (has(pressed.retry) || has(pressed.abandon)) this.#afterFailure(flow, message, has(pressed.retry));
    else if (has(pressed.ran)) this.#settle(flow, message);
    else if (has(pressed.show) && dice.chance(0.3)) {
      const who = dice.pick(["engineer", flow.plan.requester, "outsider"] as const);
      this.#press(flow, who, message, dice.pick([pressed.show, pressed.show, pressed.saved]));
    }
    if (dice.chance(0.1)) this.#meddle(flow, message);
  }

  /** Any button by anybody, on this picture or on an older one. */
  #meddle(flow: Flow, message: Message): void {
    const { dice } = this.#world;
    const blocks = dice.chance(0.5) ? message.blocks : dice.pick([...message.before, message.blocks]);
    const there = buttons(blocks).filter(({ action }) => action !== pressed.askAgain && action !== pressed.details);
    if (there.length === 0) return;
    const { action, value } = dice.pick(there);
    // Nobody but an approver may settle, and this one is to see that.
    const who =
      action === pressed.ran || action === pressed.notRun
        ? "outsider"
        : dice.pick(["outsider", flow.plan.requester] as const);
    if (who !== "outsider" && (action === pressed.retry || action === pressed.withdraw)) return;
    this.#press(flow, who, message, action, value);
  }

  #decide(flow: Flow, message: Message): void {
    const { dice } = this.#world;
    const other = flow.plan.requester === "approver" ? "second" : dice.pick(["approver", "second"] as const);
    const approve = (who: PersonWord) => this.#press(flow, who, message, pressed.approve);
    switch (flow.plan.decides) {
      case "approve":
        return approve(other);
      case "approve twice":
        approve(other);
        return approve(other);
      case "both approve":
        approve("approver");
        return approve("second");
      case "own approval first":
        approve(flow.plan.requester);
        if (flow.acts > 3) approve(other);
        return;
      case "deny":
        return this.#deny(flow, message, other);
      case "withdraw":
        return this.#press(flow, flow.plan.requester, message, pressed.withdraw);
      case "race":
        this.#press(flow, flow.plan.requester, message, pressed.withdraw);
        this.#deny(flow, message, other);
        return approve(other);
      case "nobody":
        return;
    }
  }

  #deny(flow: Flow, message: Message, who: PersonWord): void {
    const world = this.#world;
    this.#press(flow, who, message, pressed.deny);
    world.time.in(3_000, null, () => {
      const view: View | null = world.slack.viewOf(people[who]);
      if (view?.callback_id !== "deny") return;
      world.slack.close(people[who]);
      const values = { why: { [denyFields.why]: text("not now") } };
      const handed = { id: "V1", hash: "1", callback_id: view.callback_id, state: { values } };
      // Whoever has two requests before them hands in the form that is on top.
      const about = String(view["private_metadata"]).split(".")[0] ?? "";
      this.#deliver(people[who], about, {
        type: "view_submission",
        user: { id: people[who], team_id: team },
        team: { id: team },
        view: { ...handed, private_metadata: String(view["private_metadata"]) },
      });
    });
  }

  #afterFailure(flow: Flow, message: Message, mayRetry: boolean): void {
    const { dice } = this.#world;
    const who = dice.pick([flow.plan.requester, "approver", "second"] as const);
    const wish = flow.plan.afterFailure;
    if (wish === "nobody") return;
    if (wish === "retry" && mayRetry) this.#press(flow, who, message, pressed.retry);
    else if (!mayRetry || wish === "abandon") this.#press(flow, who, message, pressed.abandon);
  }

  /** An approver goes to the console, looks, and says what is so; some say what is not. */
  #settle(flow: Flow, message: Message): void {
    const world = this.#world;
    flow.since.unsure ??= world.time.now;
    // Time to look, and time to see what came of the last word.
    if (world.time.now - flow.since.unsure < 8 * 60_000 || world.time.now - flow.since.word < 6 * 60_000) return;
    const who = flow.plan.requester === "approver" ? "second" : world.dice.pick(["approver", "second"] as const);
    const cloud = world.clouds[flow.cloud] ?? world.firstCloud();
    const truth = cloud.truth(flow.server);
    const last = cloud.sent.findLast(({ request }) => request === flow.id);
    const contradicted = /does not fit/.test(message.text);
    const waited = world.time.now - flow.since.unsure > 40 * 60_000;
    if (last?.fate === "taken" && truth?.ended === false && !waited) return;
    flow.since.word = world.time.now;
    const errs = flow.plan.errs && cloud.sim.of.onlyPeopleSettle !== true && !contradicted;
    const ran = (last?.fate === "taken") !== errs || contradicted || waited;
    this.#press(flow, who, message, ran ? pressed.ran : pressed.notRun);
    if (world.dice.chance(0.2)) this.#press(flow, flow.plan.requester, message, pressed.ran);
  }

  #press(flow: Flow, who: PersonWord, message: Message, action: string, value?: string): void {
    flow.acts += 1;
    const world = this.#world;
    const user = people[who];
    const shown = value ?? buttons(message.blocks).find((button) => button.action === action)?.value;
    if (shown === undefined) return;
    const trigger = world.slack.trigger(user, world.time.now);
    const thread = message.threadTs === undefined ? {} : { thread_ts: message.threadTs };
    this.#deliver(user, flow.id, {
      type: "block_actions",
      user: { id: user, team_id: team },
      team: { id: team },
      trigger_id: trigger,
      channel: { id: message.channel },
      message: { ts: message.ts, ...thread },
      actions: [{ type: "button", action_id: action, block_id: "b", value: shown }],
    });
    world.say(() => `${who} presses ${action}`);
  }

  /** Slack hands a payload to the bot, if it can; `answered` gets the body, or null when none came within Slack's patience. */
  #deliver(
    person: string,
    request: string,
    payload: object,
    answered: (body: Readonly<Record<string, unknown>> | null) => void = () => {},
  ): void {
    const world = this.#world;
    let answer: Readonly<Record<string, unknown>> | undefined;
    world.time.in(patienceMs, null, () => answered(answer ?? null));
    if (world.gapUntil > world.time.now) return world.count("socket gap");
    if (world.strikes("delivery missing")) return;
    const copies = world.strikes("delivery twice") ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const late = world.strikes("delivery late") ? world.dice.whole(100, 6_000) : world.dice.whole(0, 50);
      world.time.in(late, null, () => {
        const bot = world.serving();
        if (bot === null) return;
        const delivery: Delivery = { person, request, acked: false };
        this.deliveries.push(delivery);
        world.time.in(0, bot, () => {
          void bot.dispatch(payload, async (body) => {
            delivery.acked = true;
            answer ??= body ?? {};
          });
        });
      });
    }
  }
}

function option(value: string | undefined): object {
  return { type: "static_select", selected_option: value === undefined ? null : { value } };
}

function text(value: string): object {
  return { type: "plain_text_input", value };
}

interface Button {
  action: string;
  value: string;
}

export function buttons(blocks: readonly Block[]): readonly Button[] {
  return blocks
    .filter(({ type }) => type === "actions")
    .flatMap((block) => block["elements"] as { action_id?: string; value?: string }[])
    .flatMap(({ action_id, value }) => (action_id && value ? [{ action: action_id, value }] : []));
}
