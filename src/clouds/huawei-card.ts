/** The only place that says what a reinstall on ECS destroys, changes and leaves: the rows of the card. https://docs.otc.t-systems.com/elastic-cloud-server/umn/instances/managing_ecs_os/changing_the_os.html */
import type { Server } from "./cloud.ts";
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
        ? `Image ${server.image.name || server.image.id} → ${order.image.name || order.image.id}.`
        : null,
  },
  {
    kind: "stays",
    at: "image",
    code: "image",
    says: ({ order }) => (order?.image.same ? `The same image again: ${order.image.name || order.image.id}.` : null),
  },
  {
    kind: "changes",
    at: "disk",
    code: "new-disk",
    says: () =>
      "A new system disk is made from the image, so the system disk gets another id. Its type stays as it is.",
  },
  { kind: "changes", at: "disk", code: "disk-size", says: newSize },
  {
    kind: "survives",
    at: "disk",
    code: "data-disks",
    says: ({ server }) =>
      server.dataDisks.length === 0
        ? null
        : `${count(server.dataDisks.length, "data disk")} kept: ${server.dataDisks.map((disk) => disk.id).join(", ")}. They must be mounted again.`,
  },
  {
    kind: "stays",
    at: "server",
    code: "addresses",
    says: ({ server }) => {
      const all = [...server.ips.public, ...server.ips.private];
      return `IP addresses${all.length === 0 ? "" : ` (${all.join(", ")})`} and MAC address stay.`;
    },
  },
  {
    kind: "changes",
    at: "server",
    code: "dns-hostname",
    says: () => "DNS settings and host name are reset and must be set again.",
  },
  {
    kind: "changes",
    at: "server",
    code: "redeploy",
    says: () => "The environment of the services must be deployed again.",
  },
  {
    kind: "changes",
    at: "server",
    code: "starts",
    says: ({ server }) =>
      server.power === "stopped"
        ? "The server is started automatically afterwards, though it is stopped now."
        : "The server is stopped for it, and started automatically afterwards.",
  },
  { kind: "changes", at: "login", code: "login", says: howToGetIn },
  {
    kind: "warning",
    at: "server",
    code: "temporary",
    says: () => "While it runs the console shows a temporary ECS, which goes away by itself. Do not touch it.",
  },
  {
    kind: "warning",
    at: "server",
    code: "takes",
    says: ({ site }) => `It takes ${site.traits.usually}. Leave the server alone meanwhile and for some minutes after.`,
  },
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
    kind: "price",
    at: "server",
    code: "prepaid",
    says: ({ server, order }) =>
      server.facts["chargingMode"] === "1" && order && !order.image.same
        ? "The server is prepaid: if the other image costs more, the difference is paid automatically."
        : null,
  },
  {
    kind: "changes",
    at: "licence",
    code: "licence",
    says: ({ order }) => (order?.licence ? `Licence: ${licences[order.licence]}.` : null),
  },
];

const licences = { system: "used from the system (billed by the cloud)", byol: "your own (BYOL)" } as const;

function sizeOf(server: Server): string {
  return server.systemDisk && server.systemDisk.sizeGb > 0 ? ` (${server.systemDisk.sizeGb} GB)` : "";
}

function newSize({ server, image }: Case): string | null {
  const nowGb = server.systemDisk?.sizeGb ?? 0;
  const leastGb = image?.minDiskGb ?? 0;
  if (nowGb > 0 && leastGb > nowGb) {
    return `The image asks for at least ${leastGb} GB, so the system disk grows from ${nowGb} GB; the price of the disk with it.`;
  }
  return "The size of the system disk may change if the image prescribes one.";
}

function howToGetIn({ order, image, server }: Case): string | null {
  if (!order) return null;
  const os = (image ?? order.image).os.family === "unknown" ? server.os : (image ?? order.image).os;
  const user = os.family === "windows" ? "Administrator" : "root";
  const isKey = order.login.kind === "key-pair";
  const reset = "The password is reset.";
  if (isKey && os.family === "windows") {
    return `${reset} Get the new one of ${user} in the console ("Get Password") with the private key of ${keyOf(order.login)}, 5 to 10 minutes after the start.`;
  }
  if (isKey) return `${reset} Log in as ${user} with the key pair ${keyOf(order.login)} and set a new password.`;
  return `${reset} Log in as ${user} with the new password.`;
}

function keyOf(login: { kind: string; name?: string }): string {
  return login.name ?? "";
}

function goesTo({ server, order }: Case, from: "linux" | "windows", to: "linux" | "windows"): boolean {
  return order !== null && server.os.family === from && order.image.os.family === to;
}

function windowsToLinux(of: Case): string | null {
  if (!goesTo(of, "windows", "linux")) return null;
  return "From Windows to Linux: to read NTFS data disks, install an NTFS tool such as NTFS-3G.";
}

function linuxToWindows(of: Case): string | null {
  if (!goesTo(of, "linux", "windows")) return null;
  return "From Linux to Windows is advised against by the cloud. To read ext3 or ext4 data disks, install a tool such as Ext2Read or Ext2Fsd.";
}

function count(n: number, what: string): string {
  return n === 1 ? `1 ${what} is` : `${n} ${what}s are`;
}
