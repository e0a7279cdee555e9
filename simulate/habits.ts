/** The only place that says what people do when they see a message: most of them what they should, some of them not. */
import type { Block } from "../src/seams.ts";
import { pressed } from "../src/views/buttons.ts";
import type { Flow } from "./people.ts";
import type { FlowPlan } from "./plan.ts";
import type { Message, PersonWord } from "./slack.ts";
import type { World } from "./world.ts";

/** A button to be pressed; `value` where it is not the one that stands there now. */
export interface Press {
  who: PersonWord;
  action: string;
  value?: string;
}

/** An approver takes so long to look in the console, and then waits so long to see what came of a word. */
const lookMs = 8 * 60_000;
const wordMs = 6 * 60_000;
/** After this a person settles it, whatever is still going on. */
const settleMs = 40 * 60_000;

export function reactions(world: World, flow: Flow, message: Message): readonly Press[] {
  const { dice } = world;
  const usual = usually(world, flow, message);
  return dice.chance(world.plan.meddling) ? [...usual, ...meddling(world, flow, message)] : usual;
}

function usually(world: World, flow: Flow, message: Message): readonly Press[] {
  const there = new Set(buttons(message.blocks).map(({ action }) => action));
  const anew = flow.anew === "wanted" && flow.is === "asked" ? anewBy[flow.plan.anew] : undefined;
  const isTime = flow.plan.anew !== "change what failed" || there.has(pressed.abandon);
  if (anew !== undefined && there.has(anew) && isTime) {
    const meanwhile =
      world.dice.chance(world.plan.meddling * 2) && there.has(pressed.approve) ? deciding(world, flow) : [];
    return [{ who: flow.plan.requester, action: anew }, ...meanwhile];
  }
  if (there.has(pressed.approve)) return deciding(world, flow);
  if (there.has(pressed.cancel) && flow.plan.cancels && flow.anew !== "asked")
    return [{ who: flow.plan.requester, action: pressed.cancel }];
  if (there.has(pressed.abandon)) return afterFailure(world, flow, there.has(pressed.retry));
  if (there.has(pressed.look) && world.dice.chance(0.05)) return [{ who: "outsider", action: pressed.look }];
  if (there.has(pressed.ran)) return settling(world, flow, message);
  if (there.has(pressed.show) && world.dice.chance(0.3)) {
    const who = world.dice.pick(["engineer", flow.plan.requester, "outsider"] as const);
    return [{ who, action: world.dice.pick([pressed.show, pressed.show, pressed.saved]) }];
  }
  if (there.has(pressed.details) && world.dice.chance(0.02)) return [{ who: "outsider", action: pressed.details }];
  return [];
}

/** By which button each asks anew. */
const anewBy: Readonly<Record<FlowPlan["anew"], string | undefined>> = {
  never: undefined,
  change: pressed.change,
  "change what failed": pressed.change,
  "ask again": pressed.askAgain,
  undo: pressed.undo,
};

function deciding({ dice }: World, { plan, acts, anew }: Flow): readonly Press[] {
  const other = plan.requester === "approver" ? "second" : dice.pick(["approver", "second"] as const);
  const approve = (who: PersonWord): Press => ({ who, action: pressed.approve });
  const deny: Press = { who: other, action: pressed.deny };
  const withdraw: Press = { who: plan.requester, action: pressed.withdraw };
  switch (anew === "asked" ? "approve" : plan.decides) {
    case "approve":
      return [approve(other)];
    case "approve twice":
      return [approve(other), approve(other)];
    case "both approve":
      return [approve("approver"), approve("second")];
    case "own approval first":
      return acts > 3 ? [approve(plan.requester), approve(other)] : [approve(plan.requester)];
    case "deny":
      return [deny];
    case "withdraw":
      return [withdraw];
    case "race":
      return [withdraw, deny, approve(other)];
    case "nobody":
      return [];
  }
}

function afterFailure({ dice }: World, { plan }: Flow, mayRetry: boolean): readonly Press[] {
  const who = dice.pick([plan.requester, "approver", "second"] as const);
  if (plan.afterFailure === "nobody") return [];
  return [{ who, action: mayRetry && plan.afterFailure === "retry" ? pressed.retry : pressed.abandon }];
}

/** An approver goes to the console, looks, and says what is so; some say what is not. */
function settling(world: World, flow: Flow, message: Message): readonly Press[] {
  const { now } = world.time;
  flow.unsureAt ??= now;
  if (now - flow.unsureAt < lookMs || now - flow.wordAt < wordMs) return [];
  const cloud = world.clouds[flow.cloud] ?? world.firstCloud();
  const taken = cloud.sent.findLast(({ request }) => request === flow.id)?.fate === "taken";
  const contradicted = /does not fit/.test(message.text);
  const waited = now - flow.unsureAt > settleMs;
  if (taken && cloud.truth(flow.server)?.ended === false && !waited) return [];
  flow.wordAt = now;
  // Where the cloud shows nothing by which a word could be checked, nobody is taken to err.
  const errs = flow.plan.errs && cloud.sim.of.onlyPeopleSettle !== true && !contradicted;
  const ran = taken !== errs || contradicted || waited;
  const who = flow.plan.requester === "approver" ? "second" : world.dice.pick(["approver", "second"] as const);
  const word: Press = { who, action: ran ? pressed.ran : pressed.notRun };
  return world.dice.chance(0.2) ? [word, { who: flow.plan.requester, action: pressed.ran }] : [word];
}

/** What nobody but the right one may press, by the wrong one; and by anybody on a picture of before. */
function meddling({ dice }: World, { plan }: Flow, message: Message): readonly Press[] {
  const blocks = dice.chance(0.5) ? message.blocks : dice.pick([...message.before, message.blocks]);
  const there = buttons(blocks).filter(({ action }) => !opensForm.has(action));
  if (there.length === 0) return [];
  const { action, value } = dice.pick(there);
  const who = settles.has(action) ? "outsider" : dice.pick(["outsider", plan.requester] as const);
  return [{ who, action, value }];
}

/** After these a form stands on the screen of whoever pressed. */
export const opensForm: ReadonlySet<string> = new Set([pressed.askAgain, pressed.change, pressed.undo]);
const settles: ReadonlySet<string> = new Set([pressed.ran, pressed.notRun]);

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
