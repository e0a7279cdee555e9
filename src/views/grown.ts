/** The only place that tells of a system disk that grows: on the card, in the dialog, and what to do when the system does not use its new size. */
import { growsTo } from "../clouds/growth.ts";
import type { Of, Request } from "../request.ts";
import { code } from "./text.ts";

/** From and to, in GB; null where the disk keeps its size. */
function growth({ order, drawn }: Request): { fromGb: number; toGb: number } | null {
  const toGb = growsTo(order, drawn);
  return toGb === null ? null : { fromGb: drawn.systemDisk?.sizeGb ?? 0, toGb };
}

/** " · *Disk* 50 → 100 GB", behind image and login. */
export function growthWords(request: Request): string {
  const grows = growth(request);
  return grows === null ? "" : ` · *Disk* ${grows.fromGb} → ${grows.toGb} GB`;
}

/** For the question before Approve: " The disk grows to 100 GB." */
export function growthQuestion(request: Request): string {
  const grows = growth(request);
  return grows === null ? "" : ` The disk grows to ${grows.toGb} GB.`;
}

/** In the last message. Most images grow into their disk at the first start by themselves; no document promises it. */
export function grownLines(request: Of<"done">): readonly string[] {
  const grows = growth(request);
  const disk = request.found.systemDisk;
  if (grows === null || disk === undefined) return [];
  const how = request.order.image.os.family === "windows" ? windows : linux;
  return [`*System disk* ${code(disk.id)} has ${disk.sizeGb} GB now, before it had ${grows.fromGb}. ${how}`];
}

// https://cloudinit.readthedocs.io/en/latest/reference/modules.html#growpart
const linux = `If ${code("df -h /")} shows less, find partition and file system with ${code("lsblk -f")}, then ${code("sudo growpart /dev/<DISK> <NUMBER>")} and ${code("sudo resize2fs /dev/<PARTITION>")}, for XFS ${code("sudo xfs_growfs /")}.`;
// https://learn.microsoft.com/windows-server/storage/disk-management/extend-a-basic-volume
const windows = `If drive C: shows less, open Disk Management (${code("diskmgmt.msc")}), right-click C:, *Extend Volume*.`;
