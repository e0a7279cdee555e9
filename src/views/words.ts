/** The only place for the sentences that card, board, replies and dialogs share: what is erased, from which image to which, how one logs in afterwards. */
import type { Login, Notice, Traits } from "../clouds/cloud.ts";
import { backupImage, backupImages, type MadeImage, planSteps } from "../flows/steps.ts";
import { shortName } from "../line.ts";
import type { Attempt, Failure, Request, Started } from "../request.ts";
import { code, outside, span } from "./text.ts";

export function serverName(request: Request): string {
  return code(plainName(request));
}

/** Unformatted, for dialogs and labels, which take plain text only. */
export function plainName(request: Request): string {
  return shortName(request.drawn.name, request.order.server.id);
}

/** "System disk `disk-8x1k2` (50 GB)". */
export function systemDisk(request: Request): string {
  const disk = request.drawn.systemDisk;
  return disk === undefined
    ? "The system disk"
    : `System disk ${code(disk.id || "system disk", 60)} (${disk.sizeGb} GB)`;
}

export function plainDisk(request: Request): string {
  const disk = request.drawn.systemDisk;
  return disk === undefined ? "the system disk" : `system disk ${disk.id} (${disk.sizeGb} GB)`;
}

/** "Tencent Cloud · prod · ap-guangzhou · `ins-r8hr2upy`". */
export function whereLine(request: Request, traits: Traits): string {
  const { account, region, id } = request.order.server;
  return [traits.title, outside(account), outside(region), code(id)].join(" · ");
}

export function imageLine(request: Request): string {
  const { image } = request.order;
  const to = outside(shortName(image.name, image.id, 80));
  if (image.same) return `${to} again (the same image)`;
  const { drawn } = request;
  return `${outside(shortName(drawn.image.name, drawn.os.name || drawn.image.id, 80))} → ${to}`;
}

export function loginLine(login: Login): string {
  switch (login.kind) {
    case "key-pair":
      return `key pair ${code(login.name, 60)}`;
    case "generated":
      return `a generated password for ${code(login.user)}, shown to the requester only`;
    case "typed":
      return `a password for ${code(login.user)}, typed by the requester`;
    case "keep-image":
      return "the image's own user and password";
    case "provider":
      return "a new password, made and sent by the cloud";
  }
}

export function backupLine(request: Request): string {
  const { backup } = request.order;
  if (backup === undefined) return "";
  if (backup.kind === "image") return "*Backup* a custom image is made first; if that fails, nothing is erased";
  if (backup.kind === "have") return `*Backup* there is one already: “${outside(backup.where, 200)}”`;
  return "*Backup* none: the requester says there is nothing to keep";
}

/** The image that was made first, once it is ready; nothing while there is none. */
export function madeBackup(request: Started): string {
  const image = backupImage(request);
  return image === null ? "" : `*Backup* ${imageNamed(image)}: the server as it was before.`;
}

/** Images of earlier tries: they stay in the account, and somebody must know. */
export function olderBackups(request: Started): string {
  const older = backupImages(request).slice(0, -1).map(imageNamed);
  return older.length === 0 ? "" : ` The first try made one too: ${older.join(", ")}.`;
}

function imageNamed({ id, name }: MadeImage): string {
  return `${code(id)} (${code(name)})`;
}

/** What stopping may come to is said before anybody approves it: in few words on the card, whole under Details. */
export function stopLine(request: Request, traits: Traits): string {
  if (!willStop(request, traits)) return "";
  return `*Stop* softly${traits.hardStop ? `, hard after ${span(traits.patienceMs.stop)}` : " only: no hard stop here"}`;
}

export function stopDetails(request: Request, traits: Traits): readonly string[] {
  if (!willStop(request, traits)) return [];
  const then = traits.hardStop
    ? "it is switched off hard, which loses what it has not saved"
    : "nothing is erased and a person must stop it, as there is no hard stop here";
  return [`*Stop* The server is shut down first; if it still runs after ${span(traits.patienceMs.stop)}, ${then}.`];
}

function willStop({ status, drawn, order }: Request, traits: Traits): boolean {
  return status === "pending" && drawn.power === "running" && planSteps(traits, order).includes("stop");
}

/** Sentences of these kinds, in the cloud's order. Image, login and a disk that grows have words of their own. */
const ownWords: ReadonlySet<string> = new Set(["image", "login", "disk-grows"]);

export function said(request: Request, kinds: readonly Notice["kind"][]): readonly string[] {
  return request.notices
    .filter((notice) => kinds.includes(notice.kind) && !ownWords.has(notice.code))
    .map((notice) => outside(notice.says, 300));
}

/** What is known of the system disk after all attempts: that the last one erased nothing does not undo the one before. */
export function erasedWords(attempts: readonly Attempt[]): string {
  const all = attempts.map((attempt) => attempt.failure?.erased);
  if (all.includes("likely")) return "Take the system disk as erased.";
  if (all.includes("unknown")) return "It is not known whether the system disk was erased.";
  return "Nothing was erased.";
}

export function erasedNothing(attempts: readonly Attempt[]): boolean {
  return attempts.every(({ failure }) => failure === undefined || failure.erased === "nothing");
}

/** "(`Code`, request `7f2a…`)", or nothing when there is neither. */
export function evidenceOf(failure: Pick<Failure, "code" | "requestId">): string {
  const parts = [
    ...(failure.code === "" ? [] : [code(failure.code, 80)]),
    ...(failure.requestId === "" ? [] : [`request ${code(failure.requestId, 80)}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** How long the whole thing took, from approval to the end; null when the clock was set back in between, as nobody knows then. */
export function took(request: Started, end: number): string | null {
  const ms = end - (request.attempts[0]?.startedAt ?? end);
  return ms < 0 ? null : span(ms);
}
