/** The buttons of messages: each press becomes one durable change, or one sentence to the person who pressed. */
import { hash } from "node:crypto";
import { type Decision, decide, type Policy, type Refused, same, type Verdict } from "../flows/decide.ts";
import { backupImage, madeNow } from "../flows/steps.ts";
import { boundTo } from "../flows/tools.ts";
import { standing } from "../people.ts";
import type { Person, Request } from "../request.ts";
import { isSlackError, type Reply, type View } from "../seams.ts";
import { type Pressed, pressed, readValue } from "../views/buttons.ts";
import { denyView, detailsView, passwordView, sayView, seen } from "../views/details.ts";
import type { Asked } from "../views/formmeta.ts";
import { serverValue } from "../views/formmeta.ts";
import { refusedWords } from "../views/refused.ts";
import { openForm } from "./open.ts";
import { type Action, personOf } from "./payload.ts";
import type { CommandTools } from "./tools.ts";

interface Press {
  tools: CommandTools;
  action: Action;
  by: Person;
  request: Request;
  attempt: number;
  value: string;
}

/** `abandonAnew` stands in the form only, and is answered there. */
const handlers: Readonly<Record<Exclude<Pressed, "abandon-anew">, (press: Press, reply: Reply) => Promise<void>>> = {
  [pressed.approve]: (press, reply) => decideBy(press, reply, approving),
  [pressed.deny]: openDenial,
  [pressed.withdraw]: (press, reply) => decideBy(press, reply, () => ({ verdict: "withdraw" })),
  [pressed.retry]: (press, reply) => decideBy(press, reply, retrying),
  [pressed.abandon]: (press, reply) => decideBy(press, reply, () => ({ verdict: "abandon" })),
  [pressed.cancel]: (press, reply) => decideBy(press, reply, () => ({ verdict: "cancel" })),
  [pressed.change]: changeRequest,
  [pressed.undo]: undoRequest,
  [pressed.ran]: (press, reply) => decideBy(press, reply, () => ({ verdict: "ran" })),
  [pressed.notRun]: (press, reply) => decideBy(press, reply, () => ({ verdict: "not-run" })),
  [pressed.look]: lookAgain,
  [pressed.askAgain]: askAgain,
  [pressed.show]: showPassword,
  [pressed.saved]: (press, reply) => decideBy(press, reply, () => ({ verdict: "saved" })),
  [pressed.details]: showDetails,
};

export function isButton(action: string): action is keyof typeof handlers {
  return Object.hasOwn(handlers, action);
}

export async function buttonPressed(tools: CommandTools, action: Action, reply: Reply): Promise<void> {
  const [first] = action.actions;
  const read = readValue(first?.value ?? "");
  const request = read === null ? null : await tools.store.get(read.id);
  if (first === undefined || read === null || request === null || !isButton(first.action_id)) {
    await reply();
    return whisper(
      tools,
      action,
      "This request is no longer kept here, so this button does nothing. `/reinstall-status` shows what is open.",
    );
  }
  const press = { tools, action, by: personOf(action), request, attempt: read.attempt, value: first.value ?? "" };
  await handlers[first.action_id](press, reply);
}

/** Parse, decide, change (durable), ack, mark due. */
async function decideBy(press: Press, reply: Reply, verdictOf: (press: Press) => Verdict | Refused): Promise<void> {
  const { tools, action } = press;
  const refused = await decided(press, verdictOf(press));
  await reply();
  if (refused !== null) await whisper(tools, action, refused);
}

/** Null when it was decided and stored; else the sentence that says why not. */
export async function decided(
  { tools, by, request, attempt }: Pick<Press, "tools" | "by" | "request" | "attempt">,
  verdict: Verdict | Refused,
): Promise<string | null> {
  const policy = await policyOf(tools, by);
  const outcome = await tools.store.change<{ now: Request; decision: Decision }>((records) => {
    const now = records.get(request.id) ?? request;
    const decision = "refused" in verdict ? verdict : decide(now, attempt, verdict, policy);
    if ("refused" in decision) return { put: [], give: { now, decision } };
    const shown = hash("sha256", seen(now), "hex").slice(0, 32);
    return { put: [decision.next], give: { now, decision }, by: `${by.team}/${by.user}`, rule: tools.rule.name, shown };
  });
  tools.store.due(request.id);
  return "refused" in outcome.decision ? refusedWords(outcome.decision, tools.rule, outcome.now) : null;
}

async function policyOf(tools: CommandTools, by: Person): Promise<Policy> {
  const may = await standing(tools.slack, tools.rule, by);
  return { by, now: tools.clock.now(), ...may };
}

function approving({ tools, request }: Press): Verdict | Refused {
  const cloud = tools.cloudOf(request.order.server);
  return cloud === null ? { refused: "no-account" } : { verdict: "approve", traits: cloud.traits };
}

function retrying({ tools, request }: Press): Verdict | Refused {
  const cloud = tools.cloudOf(request.order.server);
  return cloud === null ? { refused: "no-account" } : { verdict: "retry", traits: cloud.traits };
}

/** Who may not deny is told at once, not after writing a reason. */
async function openDenial(press: Press, reply: Reply): Promise<void> {
  const { tools, action, request, value, by } = press;
  const policy = await policyOf(tools, by);
  const decision = decide(request, press.attempt, { verdict: "deny", why: "" }, policy);
  await reply();
  if ("refused" in decision) return whisper(tools, action, refusedWords(decision, tools.rule, request));
  await openOrWhisper(tools, action, denyView(request, value));
}

async function lookAgain({ tools, action, request }: Press, reply: Reply): Promise<void> {
  await reply();
  if (request.status !== "unsure") {
    return whisper(tools, action, refusedWords({ refused: "decided" }, tools.rule, request));
  }
  tools.store.due(request.id);
  await whisper(tools, action, "Looking now. What I find is shown on the card.");
}

async function showDetails({ tools, action, request }: Press, reply: Reply): Promise<void> {
  await reply();
  await openOrWhisper(tools, action, detailsView(request, tools.traitsOf(request)));
}

/** For the requester alone; anybody else is told so. A second showing within the hour is allowed, because phones die. */
async function showPassword({ tools, action, request, by }: Press, reply: Reply): Promise<void> {
  await reply();
  if (!same(request.askedBy, by)) {
    return whisper(tools, action, refusedWords({ refused: "not-requester" }, tools.rule, request));
  }
  const { secret } = request;
  if (secret === undefined || secret.kind !== "generated" || (secret.showUntil ?? 0) <= tools.clock.now()) {
    return whisper(
      tools,
      action,
      "The password is no longer kept here. Reset it in the cloud's console if you need a new one.",
    );
  }
  await openOrWhisper(tools, action, openPassword(tools, request, secret.sealed));
}

function openPassword(tools: CommandTools, request: Request, sealed: NonNullable<Request["secret"]>["sealed"]) {
  try {
    return passwordView(request, tools.sealer.open(sealed, boundTo(request)));
  } catch {
    return sayView(
      "Password",
      "It was sealed with a key that is no longer configured, so it cannot be opened. Reset the password in the cloud's console.",
    );
  }
}

/** The same wish anew: a new request, a new approval. */
async function askAgain(press: Press, reply: Reply): Promise<void> {
  await reply();
  await formOf(press);
}

/** Whoever may ask may undo: it is a new request with its own approval, filled with the image made before. */
async function undoRequest(press: Press, reply: Reply): Promise<void> {
  const { tools, action, request } = press;
  await reply();
  const image = "attempts" in request ? backupImage(request) : null;
  if (image === null)
    return whisper(tools, action, "No image was made in this request, so there is nothing to go back to.");
  await formOf(press, undefined, {
    imageChoice: "other",
    image: image.id,
    // A disk that grew stays as it is: the image made before fits on it.
    disk: undefined,
    reason: `Undo of ${request.id}: back to the image made before`,
  });
}

/** Only the requester changes a request; handing the form in closes this one as replaced. */
async function changeRequest(press: Press, reply: Reply): Promise<void> {
  const { tools, action, request, by } = press;
  await reply();
  if (!same(request.askedBy, by)) {
    return whisper(tools, action, refusedWords({ refused: "not-requester" }, tools.rule, request));
  }
  if (request.status !== "pending" && request.status !== "failed") {
    return whisper(tools, action, refusedWords({ refused: "decided" }, tools.rule, request));
  }
  await formOf(press, request.id);
}

async function formOf(
  { tools, action, request, by }: Press,
  replaces?: string,
  instead: Partial<Asked> = {},
): Promise<void> {
  const { server, image, login, backup } = request.order;
  const asked: Asked = {
    server: serverValue(server),
    imageChoice: image.same ? "same" : image.id === madeNow ? "made-now" : "other",
    login: login.kind,
    ...(image.same || image.id === madeNow ? {} : { image: image.id }),
    ...(login.kind === "key-pair" ? { keyPair: login.id } : {}),
    ...(request.order.diskGb === undefined ? {} : { disk: String(request.order.diskGb) }),
    ...(request.order.licence === undefined ? {} : { licence: request.order.licence }),
    ...(backup === undefined ? {} : { backup: backup.kind }),
    ...(backup?.kind === "have" ? { where: backup.where } : {}),
    reason: request.reason,
    ...instead,
  };
  const asks = asked.imageChoice === "same" ? ("same" as const) : ("other" as const);
  const { channel, threadTs: thread } = request;
  const replacing = replaces === undefined ? {} : { replaces };
  await openForm(tools, { by, channel, thread, trigger: action.trigger_id, asks, text: "", asked, ...replacing });
}

/** A press that opens something is answered even when Slack does not open it. */
async function openOrWhisper(tools: CommandTools, action: Action, view: View): Promise<void> {
  try {
    await tools.slack.open(action.trigger_id, view);
  } catch (cause) {
    if (!isSlackError(cause)) throw cause;
    await whisper(tools, action, "Slack did not open it just now. Nothing was changed; press again in a moment.");
  }
}

/** To the person who pressed, where they pressed. */
export async function whisper(tools: CommandTools, action: Action, text: string): Promise<void> {
  const channel = action.channel?.id;
  if (channel === undefined) return;
  const threadTs = action.message?.thread_ts ?? undefined;
  await tools.slack.whisper({ channel, user: action.user.id, threadTs, text });
}
