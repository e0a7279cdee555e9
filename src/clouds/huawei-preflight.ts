/** The only place that says what makes a reinstall on ECS impossible or needs a wait: a row each. */
import { shortName } from "../line.ts";
import type { Image, KeyPair, Notice, Order, Server } from "./cloud.ts";
import { mismatch, unusable } from "./huawei-image.ts";
import { imageHintSays, licencesOf, noKeyPairSays } from "./huawei-login.ts";
import type { Site } from "./huawei-sites.ts";
import { keyPairRemade } from "./key-pairs.ts";

/** What is known when the rows are read. Before there is an order, `order` and `image` are null. */
export interface Case {
  site: Site;
  server: Server;
  order: Order | null;
  image: Image | null;
  /** Whether EVS would make one more disk; null when the key may not ask. */
  quotaLeft: boolean | null;
  /** Null when they were not asked for. */
  keyPairs: readonly KeyPair[] | null;
  /** Why a key pair cannot be used for this order, by the configuration. */
  keyPairRefused: string | null;
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

export const preflight: readonly Row[] = [
  {
    kind: "refused",
    at: "server",
    code: "gone",
    says: ({ server, site }) => when(server.power === "gone", `${site.traits.title} has no such server any more.`),
  },
  {
    kind: "wait",
    at: "server",
    code: "unknown",
    says: ({ server }) =>
      when(server.power === "unknown", `The cloud shows the state as ${server.state}: wait until it is clear again.`),
  },
  {
    kind: "wait",
    at: "server",
    code: "resize",
    says: (of) =>
      when(
        fact(of, "status") === "VERIFY_RESIZE",
        "A resize waits to be confirmed or reverted in the console. Do that first.",
      ),
  },
  {
    kind: "wait",
    at: "server",
    code: "busy",
    says: (of) =>
      when(
        of.server.power === "busy" && fact(of, "status") !== "VERIFY_RESIZE",
        `Another operation is going on (${of.server.state}). Wait until it has ended.`,
      ),
  },
  {
    kind: "refused",
    at: "disk",
    code: "no-system-disk",
    says: ({ server }) =>
      when(
        server.systemDisk === undefined && ["running", "stopped", "broken"].includes(server.power),
        "No system disk is attached. Attach one in the console and ask again.",
      ),
  },
  {
    kind: "refused",
    at: "server",
    code: "h2",
    says: (of) =>
      when(
        fact(of, "flavor").startsWith("h2."),
        `H2 servers (${fact(of, "flavor")}) can have their OS neither reinstalled nor changed.`,
      ),
  },
  {
    kind: "refused",
    at: "server",
    code: "locked",
    says: (of) => when(fact(of, "locked") === "true", "The server is locked. Whoever locked it must unlock it first."),
  },
  {
    kind: "refused",
    at: "server",
    code: "spot",
    says: (of) =>
      when(
        fact(of, "chargingMode") === "2",
        "This is a spot instance; its OS cannot be changed. Release it and create a new one.",
      ),
  },
  {
    kind: "refused",
    at: "server",
    code: "frozen",
    says: (of) =>
      when(fact(of, "frozen") === "true", "The server is frozen, usually for an unpaid bill. Settle that first."),
  },
  {
    kind: "refused",
    at: "disk",
    code: "evs-quota",
    says: ({ quotaLeft }) =>
      when(
        quotaLeft === false,
        "The EVS disk quota is used up, and a reinstall makes a new system disk before the old one goes. Ask for more quota, or delete a disk.",
      ),
  },
  {
    kind: "warning",
    at: "disk",
    code: "evs-quota-unknown",
    says: ({ quotaLeft }) =>
      when(quotaLeft === null, "The EVS disk quota could not be read (right evs:quotas:get). It must be more than 0."),
  },
  {
    kind: "warning",
    at: "server",
    code: "failed-before",
    says: (of) =>
      when(
        of.server.power === "broken",
        "The cloud shows ERROR, as after a failed reinstall or change of the OS. Then it may be tried once more; after any other error the cloud will refuse.",
      ),
  },
];

/** Rows that need an order. */
export const orderRows: readonly Row[] = [
  {
    kind: "refused",
    at: "image",
    code: "image-gone",
    says: ({ order, image }) => {
      if (!order || image) return null;
      return order.image.same
        ? "The image this server was made from no longer exists, so it cannot be reinstalled with it. Choose another image."
        : "This image cannot be found in this region. Choose another image.";
    },
  },
  {
    kind: "warning",
    at: "image",
    code: "image-hint",
    says: ({ order, image }) => when(order !== null && image === null, imageHintSays),
  },
  {
    kind: "refused",
    at: "image",
    code: "image-mismatch",
    says: ({ image, server }) => (image ? mismatch(image, server) : null),
  },
  {
    kind: "refused",
    at: "image",
    code: "image-unusable",
    says: ({ image, server }) => (image && !mismatch(image, server) ? unusable(image, server) : null),
  },
  {
    kind: "refused",
    at: "login",
    code: "key-pair-only",
    says: ({ order, site }) => (order && order.login.kind !== "key-pair" ? site.keyPairsOnly : null),
  },
  {
    kind: "refused",
    at: "login",
    code: "login-not-here",
    says: ({ order }) =>
      when(
        order !== null && (order.login.kind === "keep-image" || order.login.kind === "provider"),
        "ECS resets the login at every reinstall: choose a key pair or a password.",
      ),
  },
  {
    kind: "refused",
    at: "login",
    code: "no-key-pair",
    says: ({ order, keyPairs }) => when(order?.login.kind === "key-pair" && keyPairs?.length === 0, noKeyPairSays),
  },
  {
    kind: "refused",
    at: "login",
    code: "key-pair-gone",
    says: ({ order, keyPairs }) => {
      const login = order?.login;
      if (login?.kind !== "key-pair" || !keyPairs || keyPairs.length === 0) return null;
      return when(
        !keyPairs.some(({ id }) => id === login.id),
        `The key pair ${shortName(login.name, login.id)} does not exist here any more. Choose another.`,
      );
    },
  },
  {
    kind: "refused",
    at: "login",
    code: "key-pair-remade",
    says: ({ order, keyPairs }) => keyPairRemade(order?.login, keyPairs),
  },
  {
    kind: "refused",
    at: "login",
    code: "no-user-id",
    says: ({ order, keyPairRefused }) => (order?.login.kind === "key-pair" ? keyPairRefused : null),
  },
  {
    kind: "refused",
    at: "licence",
    code: "byol",
    says: ({ order, server, image }) => {
      if (order?.licence !== "byol") return null;
      const isSame = order.image.id === server.image.id;
      if (licencesOf((image ?? order.image).os, server, isSame).includes("byol")) return null;
      return "An own licence can be brought only for SUSE Linux Enterprise Server, Oracle Enterprise Linux, Red Hat Enterprise Linux, and for Windows Server on a dedicated host.";
    },
  },
];
