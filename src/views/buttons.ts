/** The only place for the buttons of messages: their ids (promises to Slack), their words, and when each may stand. A value is `id.attempt` and nothing else. */
import { mayRetry } from "../flows/decide.ts";
import { savesAgain } from "../flows/steps.ts";
import { shortName } from "../line.ts";
import type { Of, Request } from "../request.ts";
import type { Button } from "./blocks.ts";
import { growthQuestion } from "./grown.ts";
import { plainDisk, plainName } from "./words.ts";

export const pressed = {
  approve: "approve",
  deny: "deny",
  withdraw: "withdraw",
  retry: "retry",
  abandon: "abandon",
  cancel: "cancel",
  change: "change",
  ran: "settle-ran",
  notRun: "settle-not-run",
  look: "look-again",
  askAgain: "ask-again",
  show: "show-password",
  saved: "password-saved",
  details: "details",
  undo: "undo",
  abandonAnew: "abandon-anew",
} as const;
export type Pressed = (typeof pressed)[keyof typeof pressed];

/** What a button carries: the request and the attempt that its picture showed. */
export function pressValue(request: Request): string {
  return `${request.id}.${"attempts" in request ? request.attempts.length : 0}`;
}

export function readValue(value: string): { id: string; attempt: number } | null {
  const match = /^(r[a-z2-7]{10})\.(\d{1,3})$/.exec(value);
  return match === null ? null : { id: match[1] ?? "", attempt: Number(match[2]) };
}

export function approve(request: Of<"pending">): Button {
  const os = shortName(request.order.image.name, request.order.image.id);
  const kept = request.notices.some(({ kind }) => kind === "survives") ? " Data disks are kept." : "";
  return {
    action: pressed.approve,
    value: pressValue(request),
    text: "Approve and reinstall",
    label: `Approve: erase the system disk of ${plainName(request)} and reinstall it`,
    style: "danger",
    confirm: {
      title: `Erase and reinstall ${plainName(request)}?`,
      text: `Erase ${plainDisk(request)} of ${plainName(request)} and install ${os}? This cannot be undone.${kept}${growthQuestion(request)}`,
      yes: "Erase and reinstall",
      no: "Not now",
    },
  };
}

/** Until the reinstall is sent. */
export function cancel(request: Of<"running">): Button {
  return {
    action: pressed.cancel,
    value: pressValue(request),
    text: "Cancel",
    label: `Cancel the reinstall of ${plainName(request)} before it is sent`,
    confirm: {
      title: "Cancel the reinstall?",
      text: `Cancel the reinstall of ${plainName(request)}? Nothing is erased yet. A server that the bot stopped is started again.`,
      yes: "Cancel it",
      no: "Go on",
    },
  };
}

/** Closes this request as replaced and asks for a new approval. */
export function change(request: Of<"pending"> | Of<"failed">): Button {
  return {
    action: pressed.change,
    value: pressValue(request),
    text: "Change…",
    label: `Change the request for ${plainName(request)}: it is replaced by a new one`,
  };
}

export function deny(request: Of<"pending">): Button {
  return {
    action: pressed.deny,
    value: pressValue(request),
    text: "Deny…",
    label: `Deny the reinstall of ${plainName(request)}`,
  };
}

export function withdraw(request: Of<"pending">): Button {
  return {
    action: pressed.withdraw,
    value: pressValue(request),
    text: "Withdraw",
    label: `Withdraw the request to reinstall ${plainName(request)}`,
  };
}

export function details(request: Request): Button {
  return {
    action: pressed.details,
    value: pressValue(request),
    text: "Details",
    label: `Details of the request for ${plainName(request)}`,
  };
}

export function askAgain(request: Request): Button {
  return {
    action: pressed.askAgain,
    value: pressValue(request),
    text: "Ask again",
    label: `Ask again to reinstall ${plainName(request)}`,
  };
}

/** Inside the form: closes the failed request and goes on with this one. */
export function abandonAnew(request: Of<"failed">): Button {
  return {
    action: pressed.abandonAnew,
    value: pressValue(request),
    text: "Abandon it and start anew",
    label: `Abandon the failed reinstall of ${plainName(request)} and ask anew`,
  };
}

/** A new request, filled with the image that was made before the disk was erased. */
export function undo(request: Of<"done"> | Of<"abandoned">): Button {
  return {
    action: pressed.undo,
    value: pressValue(request),
    text: "Undo…",
    label: `Undo: ask to reinstall ${plainName(request)} from the image made before`,
  };
}

export function failedButtons(request: Of<"failed">): readonly Button[] {
  const abandon: Button = {
    action: pressed.abandon,
    value: pressValue(request),
    text: "Abandon",
    label: `Abandon the reinstall of ${plainName(request)}`,
  };
  return [...(mayRetry(request) ? [retry(request)] : []), change(request), abandon];
}

function retry(request: Of<"failed">): Button {
  const started = request.attempts.some((one) =>
    one.steps.some(({ id, state }) => id === "reinstall" && state === "done"),
  );
  const last = request.attempts.at(-1);
  const anew = last !== undefined && savesAgain(request, last) ? " A new custom image is made first." : "";
  const text = started
    ? `Start ${plainName(request)} where needed and check it again? Nothing more is erased.`
    : `Try once more to erase ${plainDisk(request)} of ${plainName(request)} and reinstall it?${anew} It is the last time this approval covers.`;
  return {
    action: pressed.retry,
    value: pressValue(request),
    text: "Retry",
    label: `Retry the reinstall of ${plainName(request)}`,
    style: "danger",
    confirm: { title: `Retry ${plainName(request)}?`, text, yes: "Retry", no: "Not now" },
  };
}

export function unsureButtons(request: Of<"unsure">): readonly Button[] {
  const value = pressValue(request);
  const name = plainName(request);
  return [
    {
      action: pressed.ran,
      value,
      text: "It was reinstalled",
      label: `Settle: ${name} was reinstalled by this order`,
      confirm: {
        title: "You saw it in the console?",
        text: `Say that this order did reinstall ${name}. The flow then goes on: start it where needed, check it, and call it done on your word.`,
        yes: "It was reinstalled",
        no: "Not sure",
      },
    },
    {
      action: pressed.notRun,
      value,
      text: "It was not…",
      label: `Settle: ${name} was not reinstalled`,
      confirm: {
        title: "You saw it in the console?",
        text: `Say that this order did not reinstall ${name}. It is checked against the cloud before it counts; then Retry is offered.`,
        yes: "It was not",
        no: "Not sure",
      },
    },
    { action: pressed.look, value, text: "Look again", label: `Look again at ${name}` },
  ];
}
