/** The only place for how data disks come back after a reinstall: a recipe for each pair of systems, as data. */
import type { Os } from "../clouds/cloud.ts";
import type { Of, Request } from "../request.ts";
import type { Block } from "../seams.ts";
import { section } from "./blocks.ts";
import { code, escaped } from "./text.ts";

export interface Remount {
  /** Enough for an ordinary disk: lines for the last message. */
  short: readonly string[];
  /** For the rest, behind "Details": a title, a sentence or two, and commands to copy. */
  rest: readonly { title: string; says: string; commands?: readonly string[] }[];
}

type Family = Os["family"];
type Pair = `${Family} to ${Family}`;

/** Null where there is no data disk. */
export function remountOf(request: Of<"done">): Remount | null {
  if (request.found.dataDisks.length === 0) return null;
  const { drawn, order, found } = request;
  const to = order.image.os.family === "unknown" ? found.os.family : order.image.os.family;
  const from = order.image.same && drawn.os.family === "unknown" ? to : drawn.os.family;
  return recipes[`${from} to ${to}`] ?? unknownFrom(to);
}

/** What the modal behind "Details" says of data disks; nothing for a request that is not done or has none. */
export function remountSections(request: Request): readonly Block[] {
  const remount = request.status === "done" ? remountOf(request) : null;
  if (remount === null) return [];
  return [
    section(["*Mount the data disks again*", ...remount.short].join("\n")),
    ...remount.rest.map(({ title, says, commands = [] }) =>
      section([`*${title}* ${says}`, ...(commands.length === 0 ? [] : [block(commands)])].join("\n")),
    ),
  ];
}

/** The old system could not be read, so the file systems on the disks are not known: both recipes, and what tells them apart. */
function unknownFrom(to: Family): Remount {
  const short = `What is on them depends on the old system, which is not known. Under Linux ${code("lsblk -f")} shows it, under Windows Disk Management (${code("diskmgmt.msc")}). Never initialize, format or partition them: that erases.`;
  const rest = (["linux", "windows"] as const).flatMap((from) => {
    const recipe = recipes[`${from} to ${to}`];
    const title = from === "linux" ? "If the old system was Linux:" : "If it was Windows:";
    return recipe === undefined ? [] : [{ title, says: recipe.short.join(" ") }];
  });
  return { short: [short], rest };
}

function block(commands: readonly string[]): string {
  return `\`\`\`${commands.map((line) => escaped(line)).join("\n")}\`\`\``;
}

const linuxToLinux: Remount = {
  short: [
    `${code("lsblk -f")} shows their names and UUIDs. Then ${code("sudo mkdir -p /mnt/data && sudo mount UUID=<UUID> /mnt/data")}`,
    `and, so that it stays, a line in ${code("/etc/fstab")}: ${code("UUID=<UUID> /mnt/data <TYPE> defaults,nofail 0 2")}. Never format or partition them: that erases.`,
  ],
  rest: [
    {
      title: "Step by step.",
      says: "Take the UUID rather than a name such as vdb, which may be another disk after the next start. With nofail the server starts even when a disk is missing.",
      commands: [
        "lsblk -o NAME,SIZE,FSTYPE,LABEL,UUID,MOUNTPOINT",
        "sudo blkid",
        "sudo mkdir -p /mnt/data",
        "sudo mount UUID=<UUID> /mnt/data",
        "echo 'UUID=<UUID> /mnt/data <TYPE> defaults,nofail 0 2' | sudo tee -a /etc/fstab",
        "sudo findmnt --verify",
        "sudo mount -a",
      ],
    },
    {
      title: "LVM",
      says: `(type ${code("LVM2_member")}): the volumes are there once their group is active.`,
      commands: [
        "sudo vgs || sudo vgscan",
        "sudo vgchange -ay",
        "sudo lvs",
        "sudo mount /dev/<GROUP>/<VOLUME> /mnt/data",
      ],
    },
    {
      title: "LVM that is not found",
      says: "on RHEL 9 and its like, which use listed disks only:",
      commands: ["sudo vgimportdevices -a"],
    },
    {
      title: "Software RAID",
      says: `(type ${code("linux_raid_member")}):`,
      commands: ["sudo mdadm --assemble --scan", "cat /proc/mdstat"],
    },
    {
      title: "Owners.",
      says: "Files keep their numbers, and a new system may give the same numbers to other users.",
      commands: ["ls -ln /mnt/data"],
    },
  ],
};

const windowsToWindows: Remount = {
  short: [
    `If they are not there: Disk Management (${code("diskmgmt.msc")}), right-click the disk, *Online*. In PowerShell as administrator: ${code("Get-Disk | Where-Object IsOffline | Set-Disk -IsOffline $false")}`,
    "Never *Initialize* or *Format* them: that erases.",
  ],
  rest: [
    {
      title: "Read-only",
      says: "disks are opened with the second line; drive letters are new and may be set as they were.",
      commands: [
        "Get-Disk | Where-Object IsOffline | Set-Disk -IsOffline $false",
        "Get-Disk | Where-Object IsReadOnly | Set-Disk -IsReadOnly $false",
        "Get-Partition",
        "Set-Partition -DiskNumber 1 -PartitionNumber 2 -NewDriveLetter D",
      ],
    },
    {
      title: "“Foreign”",
      says: "in Disk Management means dynamic disks: right-click, *Import Foreign Disks*, all of them together.",
    },
    {
      title: "Storage Spaces",
      says: "come back like this:",
      commands: [
        "Get-StoragePool -IsPrimordial $false | Set-StoragePool -IsReadOnly $false",
        "Get-VirtualDisk | Connect-VirtualDisk",
      ],
    },
    { title: "BitLocker", says: "asks for the recovery key: the one that the old system kept is gone with it." },
  ],
};

const windowsToLinux: Remount = {
  short: [
    `They hold Windows file systems (NTFS). Install ${code("ntfs-3g")}: ${code("sudo apt install ntfs-3g")}, or from EPEL ${code("sudo dnf install ntfs-3g")}. ${code("lsblk -f")} shows their names and UUIDs.`,
    `Then ${code("sudo mkdir -p /mnt/data && sudo mount -t ntfs-3g UUID=<UUID> /mnt/data")}. Never format or partition them: that erases.`,
  ],
  rest: [
    {
      title: "So that it stays,",
      says: "a line in /etc/fstab; with nofail the server starts even when a disk is missing.",
      commands: ["UUID=<UUID> /mnt/data ntfs-3g defaults,nofail 0 0"],
    },
    {
      title: "Not cleanly closed",
      says: "by Windows: read it first, and copy what is needed, before anything is repaired.",
      commands: ["sudo mount -t ntfs-3g -o ro UUID=<UUID> /mnt/data"],
    },
    {
      title: "Not readable this way:",
      says: "BitLocker, ReFS and Storage Spaces. Attach such a disk to a Windows server in the console and copy from there.",
    },
    { title: "Rights", says: "of Windows files do not carry over; everything belongs to the user who mounts it." },
  ],
};

const linuxToWindows: Remount = {
  short: [
    "They hold Linux file systems, which Windows does not read. It offers to *Initialize* or *Format* them: do not, that erases.",
    "ext3 and ext4 can be read with Ext2Read or Ext2Fsd. ⚠️ LVM, XFS and RAID cannot, and LVM partitions may become unusable under Windows: detach such a disk in the console and attach it to a Linux server.",
  ],
  rest: [
    {
      title: "Read-only first,",
      says: "before any tool touches them, in PowerShell as administrator (take the numbers from the first line):",
      commands: ["Get-Disk", "Set-Disk -Number 1 -IsReadOnly $true", "Set-Disk -Number 1 -IsOffline $false"],
    },
    {
      title: "The safe way:",
      says: "detach the disk in the console, attach it to a Linux server of the same zone, mount it there read-only, and copy over the network.",
      commands: ["lsblk -f", "sudo vgchange -ay", "sudo mount -o ro /dev/<NAME> /mnt/data"],
    },
  ],
};

const recipes: Partial<Readonly<Record<Pair, Remount>>> = {
  "linux to linux": linuxToLinux,
  "windows to windows": windowsToWindows,
  "windows to linux": windowsToLinux,
  "linux to windows": linuxToWindows,
};
