/** The only place that says in plain words why the store does not start or cannot go on. */
import { Locked } from "./seams.ts";

/** The store refuses to start; the message says what is wrong (`what`) and what to do. */
export class StoreRefused extends Error {
  override name = "StoreRefused";
  readonly what: string;
  constructor(what: string, advice = "", cause?: unknown) {
    super(advice === "" ? what : `${what} ${advice}`, { cause });
    this.what = what;
  }
}

const whatToDo =
  "Nothing was changed. Run `npm run store -- check` to see all that is wrong, then either put back a backup of the whole data directory or run `npm run store -- repair`.";

/** Something is damaged or missing. */
export function damaged(what: string, cause?: unknown): StoreRefused {
  return new StoreRefused(what, whatToDo, cause);
}

/** What `repair` says instead of naming itself. */
export const beyondRepair = [
  "That is more than `repair` can mend, and nothing was changed. Put back a backup of the whole data directory.",
  "If there is none, move the directory away, keep it (the audit trail is in it), and start the bot: it begins with an empty store.",
  "Every open request is then lost. The bot no longer watches what it ordered, and a server may still be in the middle of its reinstall: before anybody asks for a server anew, look at it in the cloud's console.",
].join(" ");

/** Errors of the disk become a sentence; ours are sentences already. */
export function refusal(doing: string, error: unknown): unknown {
  if (error instanceof Locked || error instanceof StoreRefused || codeOf(error) === "") return error;
  return new StoreRefused(diskSaid(doing, error), "", error);
}

const codes: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Free some space on it, then start the bot again",
  EDQUOT: "the disk quota is used up. Free some space or raise the quota, then start the bot again",
  EFBIG:
    "a file would grow larger than this process or this disk allows. Raise the limit (`ulimit -f`, `LimitFSIZE=` of the service), then start the bot again",
  EROFS: "the disk is mounted read-only. Mount it for writing (after checking why it is not), then start the bot again",
  EACCES: "this user may not use the data directory. Give it to the user the bot runs as, then start the bot again",
  EPERM: "this user may not use the data directory. Give it to the user the bot runs as, then start the bot again",
  EIO: "the disk reports an input/output error. Check the disk (kernel log, SMART, the cloud's console) before starting the bot again",
  EMFILE: "too many files are open. Raise the limit of open files, then start the bot again",
  ENOTDIR: "the data directory is not a directory, or lies below a file. Name another one in REINSTALL_DATA",
  EISDIR:
    "something else stands where one of its files should be (a directory, a pipe, a device). Look at what was put there and move it away",
  ENOENT:
    "something is not there: the data directory, or what its path leads to. Put it back, or name another one in REINSTALL_DATA",
  EEXIST: "the path of the data directory is a link that leads nowhere. Name another one in REINSTALL_DATA",
  ELOOP: "the path of the data directory is a link that leads back to itself. Name another one in REINSTALL_DATA",
  ENAMETOOLONG: "the path of the data directory is too long. Name another one in REINSTALL_DATA",
};

/** `doing` completes "The store could not …". */
export function diskSaid(doing: string, error: unknown): string {
  const code = codeOf(error);
  if (code === "") return `The store could not ${doing}, for a reason that does not come from the disk.`;
  const why = codes[code] ?? "the disk failed in a way the bot does not know. Check it before starting the bot again";
  return `The store could not ${doing}: ${why} (${code})${placeOf(error)}.`;
}

/** Often one file alone is the matter, such as one that was written by another user. */
function placeOf(error: unknown): string {
  return error instanceof Error && "path" in error && typeof error.path === "string" ? ` at ${error.path}` : "";
}

/** A failed write may still be on the disk, so nothing is said of what became of the change in hand. */
export function stopped(error: unknown): string {
  return `${diskSaid("save a change", error)} The bot stops here rather than go on with what may not be stored: everything acknowledged is stored; what was just being saved may or may not be.`;
}

export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
