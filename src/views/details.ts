/** The only place for the views behind a message: details, the reason for a denial, the generated password. */
import type { Notice, Traits } from "../clouds/cloud.ts";
import { cut } from "../line.ts";
import type { Request } from "../request.ts";
import type { View } from "../seams.ts";
import type { Secret } from "../secret.ts";
import { input, limits, plain, section } from "./blocks.ts";
import { ticket } from "./failure.ts";
import { growthWords } from "./grown.ts";
import { statusWords } from "./refused.ts";
import { remountSections } from "./remount.ts";
import { stepLines } from "./steps.ts";
import { code, outside, person, time } from "./text.ts";
import { imageLine, loginLine, plainDisk, plainName, serverName, stopDetails, whereLine } from "./words.ts";

const groups: readonly { title: string; kinds: readonly Notice["kind"][] }[] = [
  { title: "Lost", kinds: ["destroyed"] },
  { title: "Kept", kinds: ["survives", "stays"] },
  { title: "Changes", kinds: ["changes"] },
  { title: "Note", kinds: ["warning", "wait"] },
  { title: "Price", kinds: ["price"] },
];

/** Everything that is known of a request, for whoever may see its card. Never a secret. */
export function detailsView(request: Request, traits: Traits): View {
  const lists = groups.flatMap(({ title, kinds }) => {
    const lines = request.notices
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ says }) => `• ${outside(says, 400)}`);
    return lines.length === 0 ? [] : [section(`*${title}*\n${lines.join("\n")}`)];
  });
  return modal("details", `Request ${request.id}`, [
    section(detailLines(request, traits).join("\n")),
    ...remountSections(request),
    ...lists,
  ]);
}

/** The same for `/reinstall-status`. */
export function detailLines(request: Request, traits: Traits): readonly string[] {
  const approvals = request.approvals.map(({ by, at, rule }) => `${person(by)} at ${time(at)} (rule ${outside(rule)})`);
  return [
    `${serverName(request)} is *${statusWords[request.status]}* · request ${code(request.id)}`,
    whereLine(request, traits),
    `*Image* ${imageLine(request)} · ${code(request.order.image.id)}`,
    `*Login* ${loginLine(request.order.login)}${growthWords(request)}`,
    ...stopDetails(request, traits),
    ...dataDisks(request),
    ...(request.order.licence === undefined
      ? []
      : [`*Licence* ${request.order.licence === "byol" ? "bring your own" : "from the system"}`]),
    `*Asked* by ${person(request.askedBy)} at ${time(request.askedAt)}: “${outside(request.reason, 500)}”`,
    ...(approvals.length === 0 ? [] : [`*Approved* by ${approvals.join(", ")}`]),
    ...("attempts" in request ? stepLines(request, traits) : []),
    ...(request.status === "failed" || request.status === "abandoned"
      ? [`\`\`\`${ticket(request, traits)}\`\`\``]
      : []),
  ];
}

function dataDisks({ drawn }: Request): readonly string[] {
  const named = drawn.dataDisks.map(({ id, sizeGb }) => `${code(id)} (${sizeGb} GB)`);
  return named.length === 0 ? [] : [`*Data disks* ${named.join(", ")}`];
}

export const denyId = "deny";
export const denyFields = { block: "why", why: "why" } as const;

export function denyView(request: Request, value: string): View {
  return {
    ...modal(denyId, "Deny", [
      section(
        `Deny the reinstall of ${serverName(request)}, asked by ${person(request.askedBy)}. Nothing will be done.`,
      ),
      input({
        block: denyFields.block,
        label: "Why",
        hint: "The requester reads it.",
        element: { type: "plain_text_input", action_id: denyFields.why, multiline: true, max_length: 500 },
      }),
    ]),
    private_metadata: value,
    submit: plain("Deny", limits.modalTitle),
    close: plain("Back", limits.modalTitle),
  };
}

/** No inputs, no actions, no close event: nothing on it is ever sent back. */
export function passwordView(request: Request, secret: Secret): View {
  const user = "user" in request.order.login ? request.order.login.user : "";
  return modal("shown", "Password", [
    section(`Password for ${code(user)} on ${serverName(request)}:`),
    { type: "section", text: plain(secret.open(), 200) },
    section("Save it in your password manager now, then press *I have saved it* below the message in the thread."),
  ]);
}

/** A short word to one person, where a modal is already open or has to be. */
export function sayView(title: string, says: string): View {
  return modal("said", title, [section(says)]);
}

function modal(id: string, title: string, blocks: View["blocks"]): View {
  return {
    type: "modal",
    callback_id: id,
    title: plain(title, limits.modalTitle),
    close: plain("Close", limits.modalTitle),
    blocks,
  };
}

/** What an approver saw when deciding: goes into the audit as a digest. */
export function seen(request: Request): string {
  const { image, login, diskGb } = request.order;
  const size = diskGb === undefined ? "" : `|${diskGb}`;
  return cut(`${plainName(request)}|${plainDisk(request)}|${image.id}|${login.kind}${size}`, 500);
}
