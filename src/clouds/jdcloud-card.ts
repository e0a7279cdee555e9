/** The only place that says what a rebuild at JD Cloud destroys, keeps and changes: the rows of the card. Nothing is said of IP addresses, because JD Cloud says nothing of them. https://docs.jdcloud.com/cn/virtual-machines/rebuild-instance */
import { shortName } from "../line.ts";
import type { ImageKind } from "./cloud.ts";
import type { Case, Row } from "./jdcloud-preflight.ts";

/** Every row but the conditional ones is on every card. */
export const card: readonly Row[] = [
  {
    kind: "destroyed",
    at: "disk",
    code: "system-disk",
    says: ({ server }) => {
      const disk = server.systemDisk;
      if (disk === undefined) return null;
      const name = disk.kind === "local" ? `The local system disk (${disk.id}` : `System disk ${disk.id} (`;
      return `${name}${disk.kind === "local" ? ", " : ""}${disk.sizeGb} GB) will be erased for good.`;
    },
  },
  {
    kind: "survives",
    at: "disk",
    code: "data-disks",
    says: ({ server: { dataDisks } }) => {
      if (dataDisks.length === 0) return null;
      const names = dataDisks.map((disk) => disk.id).join(", ");
      return dataDisks.length === 1
        ? `1 data disk is kept (${names}); the new system must be made to recognise it again.`
        : `${dataDisks.length} data disks are kept (${names}); the new system must be made to recognise them again.`;
    },
  },
  {
    kind: "changes",
    at: "image",
    code: "image",
    says: ({ server, order }) =>
      order === null
        ? null
        : order.image.same
          ? `The image stays ${shortName(order.image.name, order.image.id)}; its system is as new.`
          : `Image: ${shortName(server.image.name, server.image.id)} → ${shortName(order.image.name, order.image.id)}.`,
  },
  { kind: "changes", at: "login", code: "login", says: loginChange },
  {
    kind: "changes",
    at: "login",
    code: "password-off",
    says: ({ order }) =>
      order?.login.kind === "key-pair" ? "Password login is off, until a password is set in the console." : null,
  },
  {
    kind: "changes",
    at: "server",
    code: "host-key",
    says: ({ order }) => (order?.image.os.family === "linux" ? "The SSH host key becomes a new one." : null),
  },
  { kind: "changes", at: "server", code: "host-name", says: hostNameChange },
  {
    kind: "changes",
    at: "server",
    code: "stops",
    says: ({ server }) =>
      server.power !== "running"
        ? null
        : server.facts["dedicated"] === "yes"
          ? "The server is stopped first, and started again afterwards."
          : "The server is stopped first, with charging kept so that its CPU and memory are not given away, and started again afterwards.",
  },
  {
    kind: "changes",
    at: "server",
    code: "starts",
    says: ({ server }) =>
      server.power === "stopped"
        ? "The server is stopped now; it is started after the rebuild, which JD Cloud leaves stopped."
        : null,
  },
  {
    kind: "warning",
    at: "image",
    code: "recommended-images",
    // JD Cloud's documents recommend none, so only where the image comes from is said, and what that asks for.
    says: ({ order, image }) => unknownSource[(image ?? order?.image)?.kind ?? "public"],
  },
  {
    kind: "warning",
    at: "server",
    code: "no-stock",
    says: ({ server }) =>
      server.power === "stopped" && server.facts["chargeOnStopped"] === "stopCharging"
        ? "The server was stopped without charging, so its CPU and memory may be given away: the start can fail for lack of stock."
        : null,
  },
  {
    kind: "warning",
    at: "disk",
    code: "disk-differs",
    says: ({ server, image }) =>
      server.systemDisk && image && image.minDiskGb > 0 && image.minDiskGb < server.systemDisk.sizeGb
        ? `The system disk (${server.systemDisk.sizeGb} GB) is bigger than the image's (${image.minDiskGb} GB). JD Cloud's documents contradict each other on that, so it may refuse.`
        : null,
  },
  {
    kind: "warning",
    at: "image",
    code: "keep-image",
    // Of the image it has already, an order does not know the kind.
    says: ({ order, image }) =>
      (image ?? order?.image)?.kind === "private"
        ? "Keep this private image: once it is deleted, the server cannot be rebuilt from it again."
        : null,
  },
  {
    kind: "price",
    at: "image",
    code: "image-charge",
    says: ({ image }) =>
      image?.facts["charged"] === "yes" ? "JD Cloud charges for this image while it is used." : null,
  },
];

const unknownSource: Readonly<Record<ImageKind, string | null>> = {
  public: null,
  private: null,
  shared: "The image is shared by another account: take it only if you know and trust that account.",
  market: "The image is from the marketplace: take it only if you know and trust who made it.",
};

function loginChange({ order }: Case): string | null {
  switch (order?.login.kind) {
    case "key-pair":
      return `Login: key pair ${shortName(order.login.name, order.login.id)}, in place of every key and password now set.`;
    case "generated":
      return `Login: ${order.login.user} with a generated password, in place of every key and password now set.`;
    case "typed":
      return `Login: ${order.login.user} with the password typed, in place of every key and password now set.`;
    default:
      return null;
  }
}

/** JD Cloud makes the host name anew from the server's name when none is given. https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance */
function hostNameChange({ server, marks }: Case): string | null {
  if (marks) return "The host name gets a short ending of this request, by which the rebuild is known to be ours.";
  const name = server.facts["hostname"] ?? "";
  return name === "" || name === server.name
    ? null
    : `The host name ${shortName(name, "")} becomes one made from the server's name.`;
}
