/** The only place that says in plain words why the store does not start or cannot go on. */

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
  ENOTDIR: "the data directory is not a directory. Name another one, then start the bot again",
};

/** `doing` completes "The store could not …". */
export function diskSaid(doing: string, error: unknown): string {
  const code = codeOf(error);
  if (code === "") return `The store could not ${doing}, for a reason that does not come from the disk.`;
  const why = codes[code] ?? "the disk failed in a way the bot does not know. Check it before starting the bot again";
  return `The store could not ${doing}: ${why} (${code}).`;
}

/** A failed write may still be on the disk, so nothing is said of what became of the change in hand. */
export function stopped(error: unknown): string {
  return `${diskSaid("save a change", error)} The bot stops here rather than go on with what may not be stored: everything acknowledged is stored; what was just being saved may or may not be.`;
}

export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
