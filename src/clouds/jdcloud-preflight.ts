/** The only place that says what makes a rebuild at JD Cloud impossible or needs a wait: a row each. https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance */
import { shortName } from "../line.ts";
import type { Image, KeyPair, Notice, Order, Server } from "./cloud.ts";
import { deletedImage, misfit } from "./jdcloud-images.ts";
import { isKeyPairName, loginsFor } from "./jdcloud-login.ts";
import { keyPairRemade } from "./key-pairs.ts";

/** What is known when the rows are read. */
export interface Case {
  server: Server;
  /** Null before there is an order. */
  order: Order | null;
  /** The image ordered, or before that the server's own; null when JD Cloud has none with that id, undefined when it was not asked. */
  image: Image | null | undefined;
  /** Those that exist; null when none was asked for. */
  keyPairs: readonly KeyPair[] | null;
  /** The host name to be set as a mark, where the config opts in, without its changing end. */
  marks: boolean;
}

/** `says` is null when the row does not apply. */
export interface Row {
  kind: Notice["kind"];
  at: Notice["at"];
  code: string;
  says(of: Case): string | null;
}

export function told(rows: readonly Row[], of: Case): readonly Notice[] {
  return rows.flatMap((row) => {
    const says = row.says(of);
    return says === null ? [] : [{ kind: row.kind, at: row.at, code: row.code, says }];
  });
}

const fact = (of: Case, name: string): string => of.server.facts[name] ?? "";
const when = (applies: boolean, says: string): string | null => (applies ? says : null);

/** What the server itself says, before there is an order. */
export const preflight: readonly Row[] = [
  {
    kind: "refused",
    at: "server",
    code: "gone",
    says: ({ server }) => when(server.power === "gone", "JD Cloud has no such server (any more)."),
  },
  {
    kind: "wait",
    at: "server",
    code: "busy",
    says: ({ server }) =>
      when(
        server.power === "busy",
        `JD Cloud is still working on the server (${server.state}). Wait until that has ended.`,
      ),
  },
  {
    kind: "wait",
    at: "server",
    code: "unknown-state",
    says: ({ server }) =>
      when(
        server.power === "unknown",
        `JD Cloud reports a state I do not know (${server.state || "none"}). Wait, or look in the console.`,
      ),
  },
  {
    kind: "refused",
    at: "server",
    code: "error",
    says: ({ server }) =>
      when(
        server.power === "broken",
        "The server is in state error. JD Cloud rebuilds only a stopped server and offers no way out of error: open a ticket with JD Cloud.",
      ),
  },
  {
    kind: "refused",
    at: "server",
    code: "charge",
    says: (of) => {
      const status = fact(of, "chargeStatus");
      if (status === "normal" || status === "") return null;
      const what = status === "overdue" ? "overdue" : status === "arrear" ? "in arrears" : status;
      return `The server is ${what}, and JD Cloud would not start it again. Settle the bill first.`;
    },
  },
  {
    kind: "warning",
    at: "server",
    code: "charge-unknown",
    says: (of) =>
      when(
        isSettled(of.server) && fact(of, "chargeStatus") === "",
        "JD Cloud does not say whether this server is paid for. One that is not will not be started again.",
      ),
  },
  {
    kind: "refused",
    at: "disk",
    code: "no-system-disk",
    says: ({ server }) =>
      when(
        server.systemDisk === undefined && isSettled(server),
        "No system disk is attached. Attach one in the console, then ask again.",
      ),
  },
  {
    kind: "wait",
    at: "disk",
    code: "disk-moving",
    says: (of) =>
      when(
        /^(at|de)taching$/.test(fact(of, "mount")),
        `The system disk is ${fact(of, "mount")}. Wait until that has ended.`,
      ),
  },
  {
    kind: "refused",
    at: "disk",
    code: "disk-mount",
    says: (of) =>
      when(
        /^(detached|error_)/.test(fact(of, "mount")),
        `The system disk is not properly attached (${fact(of, "mount")}). Attach it in the console, then ask again.`,
      ),
  },
];

/** Rows that need an order. */
export const orderRows: readonly Row[] = [
  {
    kind: "refused",
    at: "image",
    code: "image-gone",
    says: ({ order, image }) =>
      order === null || image !== null ? null : order.image.same ? deletedImage : missingImage,
  },
  {
    kind: "refused",
    at: "image",
    code: "image-misfit",
    says: ({ order, image, server }) => (order && image ? (misfit(image, server)?.says ?? null) : null),
  },
  {
    kind: "refused",
    at: "login",
    code: "login-kind",
    says: ({ order, image }) => {
      if (order === null) return null;
      const known = loginsFor((image ?? order.image).os.family).find((login) => login.kind === order.login.kind);
      return known === undefined
        ? "JD Cloud has no such way to log in. Choose a password, or a key pair on Linux."
        : (known.refused ?? null);
    },
  },
  {
    kind: "refused",
    at: "login",
    code: "key-pair-name",
    says: ({ order }) =>
      order?.login.kind === "key-pair" && !isKeyPairName(order.login.id)
        ? "This is no name of a key pair: JD Cloud allows letters, digits, “_” and “-”, at most 32 of them."
        : null,
  },
  {
    kind: "refused",
    at: "login",
    code: "key-pair-gone",
    says: ({ order, keyPairs }) => {
      const login = order?.login;
      if (login?.kind !== "key-pair" || keyPairs === null || keyPairs.some(({ id }) => id === login.id)) return null;
      return `The key pair ${shortName(login.name, login.id)} does not exist in this region (any more). Choose another.`;
    },
  },
  {
    kind: "refused",
    at: "login",
    code: "key-pair-remade",
    says: ({ order, keyPairs }) => keyPairRemade(order?.login, keyPairs),
  },
];

const missingImage = "JD Cloud has no such image in this region (any more). Choose another image.";

function isSettled(server: Server): boolean {
  return server.power === "running" || server.power === "stopped";
}
