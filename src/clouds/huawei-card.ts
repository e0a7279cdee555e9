/** The only place that says what a reinstall on ECS destroys, changes and leaves: the rows of the card. https://docs.otc.t-systems.com/elastic-cloud-server/umn/instances/managing_ecs_os/changing_the_os.html */
import { shortName } from "../line.ts";
import type { Order, Server } from "./cloud.ts";
import { licencesOf } from "./huawei-login.ts";
import type { Case, Row } from "./huawei-preflight.ts";

/** Every row but the conditional ones is on every card. */
export const card: readonly Row[] = [
  {
    kind: "destroyed",
    at: "disk",
    code: "system-disk",
    says: ({ server }) =>
      server.systemDisk
        ? `System disk ${server.systemDisk.id}${sizeOf(server)} is deleted with everything on it; all its partitions are lost for good.`
        : null,
  },
  {
    kind: "changes",
    at: "image",
    code: "image",
    says: ({ server, order }) =>
      order && !order.image.same
        ? `Image ${shortName(server.image.name, server.image.id)} → ${shortName(order.image.name, order.image.id)}.`
        : null,
  },
  {
    kind: "stays",
    at: "image",
    code: "image",
    says: ({ order }) =>
      order?.image.same ? `The same image again: ${shortName(order.image.name, order.image.id)}.` : null,
  },
  { kind: "changes", at: "licence", code: "licence", says: (of) => (licenceChanges(of) ? newLicence(of) : null) },
  // Repeated at the end, when it is needed.
  { kind: "changes", at: "login", code: "get-in", says: howToGetIn },
  {
    kind: "changes",
    at: "disk",
    code: "new-disk",
    says: () => "The system disk is a new one: another id, same type, maybe another size; the old one is deleted.",
  },
  { kind: "changes", at: "disk", code: "disk-size", says: newSize },
  {
    kind: "survives",
    at: "disk",
    code: "data-disks",
    says: ({ server }) =>
      server.dataDisks.length === 0
        ? null
        : `${count(server.dataDisks.length, "data disk")} kept; mount ${server.dataDisks.length === 1 ? "it" : "them"} again afterwards.`,
  },
  {
    kind: "stays",
    at: "server",
    code: "addresses",
    says: () => "IP and MAC addresses stay.",
  },
  {
    kind: "changes",
    at: "server",
    code: "dns-hostname",
    says: () => "DNS settings and host name are reset.",
  },
  {
    kind: "changes",
    at: "server",
    code: "redeploy",
    says: () => "Deploy the service environment again.",
  },
  {
    kind: "changes",
    at: "server",
    code: "starts",
    says: ({ server }) =>
      server.power === "stopped"
        ? "It is stopped now, and starts automatically afterwards."
        : "It is stopped for this, and starts automatically afterwards.",
  },
  { kind: "warning", at: "image", code: "recommended-images", says: unknownSource },
  { kind: "warning", at: "image", code: "windows-to-linux", says: windowsToLinux },
  { kind: "warning", at: "image", code: "linux-to-windows", says: linuxToWindows },
  {
    kind: "warning",
    at: "image",
    code: "lvm",
    says: (of) =>
      goesTo(of, "linux", "windows") ? "LVM partitions made under Linux may be unusable under Windows." : null,
  },
  {
    kind: "warning",
    at: "server",
    code: "temporary",
    says: () =>
      "A temporary ECS shows meanwhile and goes away by itself: do not touch it, nor the server until some minutes after.",
  },
  {
    kind: "warning",
    at: "server",
    code: "takes",
    says: ({ site }) => site.traits.usually,
  },
  {
    kind: "price",
    at: "server",
    code: "prepaid",
    says: ({ server, order }) =>
      server.facts["chargingMode"] === "1" && order && !order.image.same
        ? "The server is prepaid: if the other image costs more, the difference is paid automatically."
        : null,
  },
  { kind: "stays", at: "licence", code: "licence", says: (of) => (licenceChanges(of) ? null : chosenLicence(of)) },
];

const licences = { system: "used from the system (billed by the cloud)", byol: "your own (BYOL)" } as const;

function licenceChanges(of: Case): boolean {
  return of.order !== null && of.order.licence !== presentLicence(of);
}

/** None where the OS has none to choose. Of a private image only the image itself tells, which is read when it is taken again. */
function presentLicence({ order, server }: Case): Order["licence"] {
  if (server.facts["licence"] === "byol") return "byol";
  const isBilled = order?.image.same || licencesOf(server.os, server, true).length > 0;
  return order?.licence && isBilled ? "system" : undefined;
}

function chosenLicence({ order }: Case): string | null {
  return order?.licence ? `Licence: ${licences[order.licence]}.` : null;
}

function newLicence(of: Case): string | null {
  const before = presentLicence(of);
  if (before === undefined) return chosenLicence(of);
  const after = of.order?.licence ? licences[of.order.licence] : "none to choose for the new system";
  return `Licence: ${licences[before]} → ${after}.`;
}

function sizeOf(server: Server): string {
  return server.systemDisk && server.systemDisk.sizeGb > 0 ? ` (${server.systemDisk.sizeGb} GB)` : "";
}

function newSize({ server, image }: Case): string | null {
  const nowGb = server.systemDisk?.sizeGb ?? 0;
  const leastGb = image?.minDiskGb ?? 0;
  if (nowGb === 0 || leastGb <= nowGb) return null;
  return `The image asks for at least ${leastGb} GB, so the system disk grows from ${nowGb} GB, and its price with it.`;
}

function howToGetIn({ order, image, server }: Case): string | null {
  if (!order) return null;
  const os = (image ?? order.image).os.family === "unknown" ? server.os : (image ?? order.image).os;
  const user = os.family === "windows" ? "Administrator" : "root";
  const isKey = order.login.kind === "key-pair";
  if (isKey && os.family === "windows") {
    return `The password is reset: 5 to 10 minutes after the start get the one of ${user} in the console (Get Password) with the private key of ${keyOf(order.login)}.`;
  }
  if (isKey) return `The password is reset: log in as ${user} with key pair ${keyOf(order.login)}, then set a new one.`;
  return `The password of ${user} is reset to the new one.`;
}

function keyOf(login: { kind: string; name?: string }): string {
  return shortName(login.name ?? "", "");
}

function goesTo({ server, order }: Case, from: "linux" | "windows", to: "linux" | "windows"): boolean {
  return order !== null && server.os.family === from && order.image.os.family === to;
}

/** The documents of these sites recommend none; of an image from elsewhere only that is said, and what it asks for. */
function unknownSource({ order, image }: Case): string | null {
  const kind = (image ?? order?.image)?.kind;
  if (kind === "shared")
    return "The image is shared by another account: take it only if you know and trust that account.";
  if (kind === "market") return "The image is from the marketplace: take it only if you know and trust who made it.";
  return null;
}

function windowsToLinux(of: Case): string | null {
  if (!goesTo(of, "windows", "linux")) return null;
  return "From Windows to Linux: NTFS data disks need a tool such as NTFS-3G to be read and written.";
}

function linuxToWindows(of: Case): string | null {
  if (!goesTo(of, "linux", "windows")) return null;
  return "The cloud advises against changing Linux to Windows. Data disks in ext3 or ext4 need a tool such as Ext2Read or Ext2Fsd.";
}

function count(n: number, what: string): string {
  return n === 1 ? `1 ${what} is` : `${n} ${what}s are`;
}
