/** The only place that draws the card: the message in the channel that asks, then becomes the board, then says how it ended. */
import type { Traits } from "../clouds/cloud.ts";
import { mayCancel } from "../flows/decide.ts";
import { mustPutBack } from "../flows/steps.ts";
import { cut, shortName } from "../line.ts";
import type { Of, Request, Started } from "../request.ts";
import type { Block } from "../seams.ts";
import { actions, type Button, context, limits, section } from "./blocks.ts";
import {
  approve,
  askAgain,
  cancel,
  change,
  deny,
  details,
  failedButtons,
  undo,
  unsureButtons,
  withdraw,
} from "./buttons.ts";
import { failureLines } from "./failure.ts";
import { growthWords } from "./grown.ts";
import type { Picture } from "./picture.ts";
import { readyAt } from "./probe.ts";
import { stepLines, usualLine } from "./steps.ts";
import { code, outside, people, person, time } from "./text.ts";
import {
  backupLine,
  erasedNothing,
  imageLine,
  loginLine,
  madeBackup,
  said,
  serverName,
  stopLine,
  systemDisk,
  took,
  whereLine,
} from "./words.ts";

interface Drawing {
  /** The first line: verb, server and loss. */
  head: string;
  lines: readonly string[];
  buttons: readonly Button[];
  /** Said small, below the buttons. */
  foot?: string;
  urgency: Picture["urgency"];
}

export function card(request: Request, traits: Traits): Picture {
  const { head, lines, buttons, foot, urgency } = draw(request, traits);
  const shown = lines.filter((line) => line !== "");
  const blocks: Block[] = [section(head)];
  if (shown.length > 0) blocks.push(section(shown.join("\n")));
  if (buttons.length > 0) blocks.push(actions(buttons));
  if (foot !== undefined && foot !== "") blocks.push(context(foot));
  const text = cut([head, ...shown, ...(foot ? [foot] : [])].join("\n"), limits.messageText);
  return { key: "card", thread: false, broadcast: false, text, blocks, urgency };
}

function draw(request: Request, traits: Traits): Drawing {
  switch (request.status) {
    case "pending":
      return pending(request, traits);
    case "running":
      return running(request, traits);
    case "failed":
      return failed(request, traits);
    case "unsure":
      return unsure(request, traits);
    case "done":
      return done(request, traits);
    case "denied":
      return over(request, traits, `🚫 *Denied: ${serverName(request)} is not reinstalled.* Nothing was done.`, [
        `Denied by ${person(request.endedBy)} at ${time(request.endedAt)}: “${outside(request.why, 500)}”`,
      ]);
    case "expired":
      return over(
        request,
        traits,
        `⌛ *Expired: nobody decided on ${serverName(request)} until ${time(request.expiresAt)}.* Nothing was done.`,
      );
    case "withdrawn":
      return over(request, traits, `↩️ *Withdrawn: ${serverName(request)} is not reinstalled.* Nothing was done.`, [
        `Withdrawn by ${person(request.endedBy)} at ${time(request.endedAt)}.`,
      ]);
    case "replaced":
      return over(
        request,
        traits,
        `🔁 *Replaced: this request for ${serverName(request)} was changed.* Nothing was done.`,
        [
          `${person(request.endedBy)} changed it at ${time(request.endedAt)}; the new request is ${code(request.replacedBy)} and needs its own approval.`,
        ],
      );
    case "abandoned":
      return abandoned(request, traits);
  }
}

function pending(request: Of<"pending">, traits: Traits): Drawing {
  return {
    head: `⚠️ *Reinstall ${serverName(request)}?* ${systemDisk(request)} will be erased for good.`,
    lines: [
      whereLine(request, traits),
      `*Image* ${imageLine(request)} · *Login* ${loginLine(request.order.login)}${growthWords(request)}`,
      [backupLine(request), stopLine(request, traits)].filter((part) => part !== "").join(" · "),
      labelled("What stays", said(request, ["survives", "stays"]), 250),
      labelled("Changes", said(request, ["changes"]), 480),
      labelled("Note", said(request, ["warning"]), 420),
      labelled("Price", said(request, ["price"]), 250),
      why(request),
      `${people(request.approvers)} can decide until ${time(request.expiresAt)}.`,
    ],
    buttons: [approve(request), deny(request), change(request), withdraw(request), details(request)],
    urgency: "approval",
  };
}

function running(request: Of<"running">, traits: Traits): Drawing {
  const sent = request.attempts.some(({ steps }) =>
    steps.some(({ id, signedAt }) => id === "reinstall" && signedAt !== undefined),
  );
  return {
    head: `🔄 *Reinstalling ${serverName(request)}* · ${systemDisk(request)} ${sent ? "is being erased" : "will be erased"} · ${approvedBy(request)}`,
    lines: [
      whereLine(request, traits),
      `*Image* ${imageLine(request)}${growthWords(request)}`,
      ...stepLines(request, traits),
      usualLine(request, traits),
    ],
    buttons: [...(mayCancel(request) ? [cancel(request)] : []), details(request)],
    foot: why(request),
    urgency: "progress",
  };
}

function failed(request: Of<"failed">, traits: Traits): Drawing {
  const [head = "", ...lines] = failureLines(request, traits);
  return {
    head,
    lines: [...lines, whereLine(request, traits), ...stepLines(request, traits)],
    buttons: [...failedButtons(request), details(request)],
    foot: why(request),
    urgency: "final",
  };
}

function unsure(request: Of<"unsure">, traits: Traits): Drawing {
  return {
    head: `❓ *I do not know whether ${serverName(request)} was reinstalled.* I will not send it again.`,
    lines: [
      whereLine(request, traits),
      ...unsureLines(request),
      `${people(request.approvers)}, look in the console of ${traits.title} and settle it. I keep looking too.`,
    ],
    buttons: [...unsureButtons(request), details(request)],
    foot: why(request),
    urgency: "final",
  };
}

/** What was sent when, and what was seen since. */
export function unsureLines(request: Of<"unsure">): readonly string[] {
  const sent = request.attempts.at(-1)?.steps.find((step) => step.id === "reinstall")?.signedAt;
  return [
    ...(sent === undefined ? [] : [`The order was sent at ${time(sent)}.`]),
    ...request.evidence.map((line) => `• ${outside(line, 300)}`),
    ...[madeBackup(request)].filter((line) => line !== ""),
    ...(mustPutBack(request) ? ["The bot had stopped the server; it stays stopped until this is settled."] : []),
    ...(request.answer === undefined ? [] : [`*${outside(request.answer, 300)}*`]),
  ];
}

function done(request: Of<"done">, traits: Traits): Drawing {
  const settled = request.settledBy === undefined ? "" : ` · settled by ${person(request.settledBy)}`;
  const disk = request.found.systemDisk;
  const lasted = took(request, readyAt(request));
  return {
    head: `✅ *${serverName(request)} was reinstalled.* ${outside(shortName(request.order.image.name, request.order.image.id, 100))} · ${outside(request.found.state)}${settled}`,
    lines: [
      whereLine(request, traits),
      `${lasted === null ? "Done" : `Took ${lasted}, done`} at ${time(request.endedAt)}. ${disk === undefined ? "" : `System disk now: ${code(disk.id)} (${disk.sizeGb} GB).`}`,
      ...stepLines(request, traits),
    ],
    buttons: [details(request)],
    foot: `${approvedBy(request)} · ${why(request)}`,
    urgency: "final",
  };
}

function abandoned(request: Of<"abandoned">, traits: Traits): Drawing {
  const [head = "", ...lines] = failureLines(request, traits);
  const failure = request.attempts.at(-1)?.failure;
  const by =
    failure?.cancelledBy !== undefined
      ? `${person(failure.cancelledBy)} cancelled it, so`
      : request.endedBy === undefined
        ? "Nobody pressed Retry in time, so"
        : `${person(request.endedBy)} abandoned it, so`;
  return {
    head,
    lines: [...lines, `${by} this request is closed (${time(request.endedAt)}).`, whereLine(request, traits)],
    buttons: [...undoOf(request), askAgain(request), details(request)],
    foot: why(request),
    urgency: "final",
  };
}

/** Where nothing was erased there is nothing to go back from. */
function undoOf(request: Of<"abandoned">): readonly Button[] {
  return madeBackup(request) === "" || erasedNothing(request.attempts) ? [] : [undo(request)];
}

function over(request: Request, traits: Traits, head: string, lines: readonly string[] = []): Drawing {
  return {
    head,
    lines: [...lines, whereLine(request, traits)],
    buttons: [askAgain(request), details(request)],
    foot: why(request),
    urgency: "final",
  };
}

/** As many whole sentences as fit, the first in any case, so that the buttons stay in sight; Details holds them all. */
function labelled(label: string, sentences: readonly string[], max: number): string {
  if (sentences.length === 0) return "";
  const room = sentences.filter((_, at) => at === 0 || sentences.slice(0, at + 1).join(" ").length <= max);
  const rest = sentences.length - room.length;
  return [`*${label}*`, ...room, ...(rest === 0 ? [] : [`_${rest} more under Details._`])].join(" ");
}

function why(request: Request): string {
  return `*Why* “${outside(request.reason, 500)}” — asked by ${person(request.askedBy)}`;
}

function approvedBy(request: Started): string {
  const first = request.approvals[0];
  return first === undefined ? "" : `approved by ${person(first.by)} at ${time(first.at)}`;
}
