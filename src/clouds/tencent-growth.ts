/** The only place that says how the system disk grows with a reinstall at Tencent Cloud: cloud disks only, never smaller, the same type. */
import type { ChosenImage, Server } from "./cloud.ts";
import { type DiskGrowth, growsTo } from "./growth.ts";
import type { Case, Row } from "./tencent-rows.ts";

/**
 * No document names the most that a system disk may have here. Partitions of the usual kind (MBR) end at 2 TB
 * (https://www.tencentcloud.com/document/product/362/31600), so nothing beyond is offered; where a zone or a disk type
 * allows less, the question for the price is refused before anybody approves.
 */
const mostGb = 2048;

/** Nothing for a server without a system disk, or with one of a kind that nobody knows: the safe side is not to offer it. */
export function growthOf(server: Server, image: Partial<ChosenImage> | null): DiskGrowth | undefined {
  const disk = server.systemDisk;
  if (disk === undefined || disk.kind === "unknown") return undefined;
  if (disk.kind === "local") return { refused: "A local system disk keeps its size; only cloud disks can grow." };
  const neededGb = image?.minDiskGb ?? 0;
  const leastGb = Math.max(disk.sizeGb + 1, neededGb);
  if (leastGb > mostGb) return undefined;
  return { presentGb: disk.sizeGb, leastGb, mostGb, must: neededGb > disk.sizeGb };
}

const resetInstance = "https://www.tencentcloud.com/document/product/213/33242";
const reinstalling = "https://www.tencentcloud.com/document/product/213/4933";

/** What is refused beforehand. */
export const growthRefusals: readonly Row[] = [
  {
    code: "image-too-big",
    kind: "refused",
    at: "image",
    source: "https://www.tencentcloud.com/document/api/213/15753#Image",
    when: (given) => needsMore(given) && !offered(given),
    says: ({ server, image }) =>
      `The image needs ${image?.minDiskGb} GB and the system disk has ${server.systemDisk?.sizeGb} GB. Choose a smaller image.`,
  },
  {
    code: "disk-too-small",
    kind: "refused",
    at: "disk",
    source: resetInstance,
    when: (given) =>
      given.order !== null &&
      needsMore(given) &&
      offered(given) &&
      (given.order.diskGb ?? 0) < (given.image?.minDiskGb ?? 0),
    says: ({ server, image }) =>
      `The image needs ${image?.minDiskGb} GB and the system disk has ${server.systemDisk?.sizeGb} GB. Ask for ${image?.minDiskGb} GB or more.`,
  },
  {
    code: "disk-fixed",
    kind: "refused",
    at: "disk",
    source: reinstalling,
    when: (given) => growsTo(given.order, given.server) !== null && !offered(given),
    says: () => "Only a cloud disk can grow with a reinstall, and this system disk is none. Leave its size as it is.",
  },
  {
    code: "disk-shrinks",
    kind: "refused",
    at: "disk",
    source: resetInstance,
    when: ({ server, order }) =>
      order?.diskGb !== undefined && server.systemDisk !== undefined && order.diskGb < server.systemDisk.sizeGb,
    says: ({ server, order }) =>
      `The system disk has ${server.systemDisk?.sizeGb} GB and cannot shrink to ${order?.diskGb} GB. Leave its size as it is, or ask for more.`,
  },
  {
    code: "disk-too-big",
    kind: "refused",
    at: "disk",
    source: "https://www.tencentcloud.com/document/product/362/31600",
    when: (given) => offered(given) && (growsTo(given.order, given.server) ?? 0) > mostGb,
    says: ({ order }) => `${order?.diskGb} GB is more than a system disk takes here. Ask for ${mostGb} GB or less.`,
  },
];

/** What the card says. */
export const growthWords: readonly Row[] = [
  {
    // The order names no size, so nothing is resized and nothing more is charged.
    code: "disk-size",
    kind: "stays",
    at: "disk",
    source: reinstalling,
    when: (given) => given.order !== null && growsTo(given.order, given.server) === null,
    says: () => "The size of the system disk stays, and so does its price.",
  },
  {
    code: "disk-grows",
    kind: "changes",
    at: "disk",
    source: resetInstance,
    when: (given) => growsTo(given.order, given.server) !== null,
    says: ({ server, order }) =>
      `The system disk grows from ${server.systemDisk?.sizeGb} to ${order?.diskGb} GB, of the same type; it cannot shrink again.`,
  },
];

/** What the documents say of the bill; said behind the price itself. */
export const growthBilling: readonly Row[] = [
  {
    code: "disk-billing",
    kind: "price",
    at: "disk",
    source: "https://www.tencentcloud.com/document/product/362/31600",
    when: (given) => growsTo(given.order, given.server) !== null,
    says: ({ server }) =>
      `The bigger disk is charged by the price list of CBS${billing[server.facts["charge"] ?? ""] ?? ""}.`,
  },
];

const billing: Readonly<Record<string, string>> = {
  PREPAID: "; for the rest of the prepaid term the difference is paid at once",
  POSTPAID_BY_HOUR: ", by its new size from then on",
};

function needsMore({ server, image }: Case): boolean {
  return image !== null && server.systemDisk !== undefined && image.minDiskGb > server.systemDisk.sizeGb;
}

function offered({ server, image }: Case): boolean {
  const growth = growthOf(server, image);
  return growth !== undefined && !("refused" in growth);
}
