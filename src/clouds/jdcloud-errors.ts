/** The only place that knows JD Cloud's errors: what each means for an order, and the sentence people read. */

/** look: it may have taken, or an order of ours may be what is in the way. already: what was asked for is so. */
export type JdClass = "refused" | "not-sent" | "look" | "already";

export interface JdError {
  /** The HTTP status, also as JD Cloud repeats it in the body. */
  code: number;
  status: string;
  message: string;
}

export type JdAction = "stopInstance" | "startInstance" | "rebuildInstance" | "createImage";

interface Row {
  status: string;
  message: RegExp;
  is: JdClass;
  /** Only for these calls; for all when absent. */
  only?: JdAction;
  says: string;
}

const pre = "FAILED_PRECONDITION";
const missing = "NOT_FOUND";

/**
 * One status word stands for many failures, so status and message decide together; the first row that fits counts.
 * {0} is the name in quotes that JD Cloud put into its message.
 * https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance (and stopinstance, startinstance)
 */
export const jdErrors: readonly Row[] = [
  {
    ...{ status: "INVALID_ARGUMENT", message: /^Invalid password/i, is: "refused" },
    says: "JD Cloud does not accept this password. Choose another: 8 to 30 characters, three kinds, none of its forbidden words, no three in a row.",
  },
  {
    ...{ status: pre, message: /^Conflict with underlay task/i, is: "look" },
    says: "JD Cloud says that another task ({0}) is running on this server.",
  },
  {
    ...{
      status: pre,
      message: /^Invalid instance status '?"?(running|starting)\b/i,
      only: "startInstance",
      is: "already",
    },
    says: "The server is already running or starting.",
  },
  {
    ...{
      status: pre,
      message: /^Invalid instance status '?"?(stopped|stopping)\b/i,
      only: "stopInstance",
      is: "already",
    },
    says: "The server is already stopped or stopping.",
  },
  {
    ...{ status: pre, message: /^Invalid instance status '?"?rebuilding\b/i, is: "look" },
    says: "JD Cloud says that the server is being rebuilt already.",
  },
  {
    ...{ status: pre, message: /^Invalid instance status/i, only: "rebuildInstance", is: "refused" },
    says: "JD Cloud rebuilds only a stopped server, and this one is in state {0}. Try again when it is stopped.",
  },
  {
    ...{ status: pre, message: /^Invalid instance status/i, is: "refused" },
    says: "JD Cloud does not do this in the state the server is in ({0}). Look at it in the console.",
  },
  {
    ...{ status: pre, message: /^Please stop the instance first/i, is: "refused" },
    says: "The server is running, and JD Cloud rebuilds only a stopped one. Somebody may have started it; try again.",
  },
  {
    ...{ status: missing, message: /^System disk not found/i, is: "refused" },
    says: "The server has no system disk attached. Attach it in the console, then try again.",
  },
  {
    ...{ status: pre, message: /^Invalid system disk mount state/i, is: "refused" },
    says: "The system disk is not properly attached. Attach it in the console, then try again.",
  },
  {
    ...{ status: missing, message: /^Invalid system disk mount state/i, is: "refused" },
    says: "The system disk is not properly attached. Attach it in the console, then try again.",
  },
  {
    ...{ status: pre, message: /Only support cloud system disk/i, is: "refused" },
    says: "This image needs a cloud system disk, and the server has a local one. Choose an image for local disks.",
  },
  {
    ...{ status: pre, message: /Only support local system disk/i, is: "refused" },
    says: "This image is only for local system disks, and the server has a cloud disk. Choose an image for cloud disks.",
  },
  {
    ...{ status: pre, message: /Doesn't support instanceType/i, is: "refused" },
    says: "This image does not support the instance type {0}. Choose another image.",
  },
  {
    ...{ status: pre, message: /system disk encryption properties/i, is: "refused" },
    says: "Image and system disk must both be encrypted, or both not. Choose an image that fits the disk.",
  },
  {
    ...{ status: pre, message: /^instanceType is not supported when using/i, is: "refused" },
    says: "The instance type of this server cannot be used with this image. Choose another image.",
  },
  {
    ...{ status: "OUT_OF_RANGE", message: /NewSysDiskSizeGB/i, is: "refused" },
    says: "The system disk is smaller than the image needs. Choose a smaller image; a rebuild cannot resize the disk.",
  },
  {
    ...{ status: missing, message: /^Instance .*not found/i, is: "refused" },
    says: "JD Cloud has no server {0} in this region (any more).",
  },
  {
    ...{ status: missing, message: /^Key ?pair .*not found/i, is: "refused" },
    says: "JD Cloud has no key pair {0} in this region (any more). Choose another.",
  },
  {
    ...{ status: missing, message: /^Image .*not found/i, is: "refused" },
    says: "JD Cloud has no image {0} that can be used here (any more). Choose another image.",
  },
  {
    ...{ status: pre, message: /^Invalid charge state/i, is: "refused" },
    says: "The server is overdue or in arrears, so JD Cloud does not start it. Settle the bill, then try again.",
  },
  {
    ...{ status: pre, message: /does not applied to dedicated host/i, is: "refused" },
    says: "On a dedicated host JD Cloud takes no word on charging while stopped. Stop the server in the console, then try again.",
  },
  {
    ...{ status: pre, message: /(keep|stop)Charging|^order not found/i, is: "refused" },
    says: "JD Cloud could not apply the charging mode to this stop. Stop the server in the console, then try again.",
  },
  {
    ...{ status: pre, message: /insufficient|not enough|sold ?out|out of stock|stock/i, is: "refused" },
    says: "JD Cloud has no capacity of this type left in this zone just now. Try again later, or ask JD Cloud by ticket.",
  },
  {
    ...{ status: "QUOTA_EXCEEDED", message: /^/, is: "refused" },
    says: "A quota of the account is used up. Free something or have it raised, then try again.",
  },
  {
    ...{ status: "RATE_LIMIT", message: /^/, is: "not-sent" },
    says: "JD Cloud is being asked too often just now. It did nothing; the same call may be sent again later.",
  },
  {
    ...{ status: "PERMISSION_DENIED", message: /^/, is: "refused" },
    says: "The key of this account may not do that at JD Cloud. An administrator can allow it in IAM.",
  },
  {
    ...{ status: "ACCESS_ERROR", message: /^/, is: "refused" },
    says: "JD Cloud did not accept the key or the signature of this account. An administrator must check the configured key, and the clock.",
  },
  {
    ...{ status: "INTERNAL", message: /^/, is: "look" },
    says: "JD Cloud reports an internal error, which does not tell whether the order took effect.",
  },
  {
    ...{ status: "UNKNOWN", message: /^/, is: "look" },
    says: "JD Cloud says that its service is unavailable for a while, which does not tell whether the order took effect.",
  },
];

/** What an error means for the call it answers. A 5xx never proves that nothing happened, whatever its words. */
export function classify(error: JdError, action: JdAction): { is: JdClass; says: string } {
  const row = rowOf(error, action);
  const is = error.code >= 500 ? "look" : (row?.is ?? byCode(error.code));
  return { is, says: row ? row.says.replace("{0}", quoted(error.message)) : defaultSentence(error) };
}

/** The same for a reading call, where nothing was asked for and nothing can have happened. */
export function readingSentence(error: JdError): string {
  if (error.code >= 500)
    return "JD Cloud's service is not available just now; the same may be asked again in a moment.";
  const row = rowOf(error, null);
  return row ? row.says.replace("{0}", quoted(error.message)) : defaultSentence(error);
}

/** Status and message together are what JD Cloud has for a code. Names that it quotes are left out. */
export function codeOf({ code, status, message }: JdError): string {
  return cut(`${code} ${status}: ${message.replace(/'[^']*'/g, "'…'")}`);
}

export function defaultSentence({ status, message }: JdError): string {
  return `JD Cloud says no: “${cut(message || status || "no reason given")}”.`;
}

function rowOf({ status, message }: JdError, action: JdAction | null): Row | undefined {
  return jdErrors.find(
    (row) => row.status === status && row.message.test(message) && (row.only === undefined || row.only === action),
  );
}

function byCode(code: number): JdClass {
  if (code === 429) return "not-sent";
  return code >= 400 && code < 500 && code !== 408 ? "refused" : "look";
}

/** The name JD Cloud quotes; some pages print the message without the quotes. */
function quoted(message: string): string {
  const inside = /'([^']*)'/.exec(message)?.[1] ?? /(\S+?)\.?$/.exec(message)?.[1] ?? "";
  return cut(inside);
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
