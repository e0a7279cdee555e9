/** What simulated JD Cloud holds at the start: about fifty servers, one for each refusal and warning, images of every source, key pairs. Data only. */
import { begin, hexOf, type JdDisk, type JdImage, type JdVm } from "./jdcloud-state.ts";

const home = "cn-north-1";
export const jdcloudRegions = [home, "cn-south-1", "cn-east-2"] as const;

type Seed = Partial<Omit<JdVm, "systemDisk">> & { name: string; about?: string; disk?: Partial<JdDisk> | null };

/** Ordinary fields come from `vmOf`; a row says only what is special. */
const special: readonly Seed[] = [
  { name: "jd-web-01", publicIp: "203.0.113.61", dataDisks: [dataDisk("jd-web-01")] },
  { name: "jd-web-02", status: "stopped", about: "stopped" },
  { name: "jd-db-01", dataDisks: [dataDisk("jd-db-01"), dataDisk("jd-db-01-b")], about: "two data disks" },
  { name: "jd-local-01", disk: local(), imageId: "img-ubuntu2004l", about: "local system disk" },
  { name: "jd-local-02", disk: local(), imageId: "img-ubuntu2004l", status: "stopped", about: "local disk, stopped" },
  { name: "jd-resizing", status: "stopped", about: "resizing for long" },
  { name: "jd-error", status: "error", about: "state error" },
  { name: "jd-pending", status: "pending", about: "never gets past pending" },
  { name: "jd-orphan", imageId: "img-deleted0001", about: "its private image was deleted" },
  { name: "jd-orphan-stopped", imageId: "img-deleted0001", status: "stopped", about: "stopped, private image deleted" },
  { name: "jd-from-private", imageId: "img-private0001", about: "made from a private image" },
  { name: "jd-mismatch", imageId: "img-privlocal01", about: "cloud disk, image only for local disks" },
  { name: "jd-encrypted", disk: { encrypted: true }, imageId: "img-privcrypt01", about: "encrypted system disk" },
  { name: "jd-encrypted-plain", disk: { encrypted: true }, about: "encrypted disk, image is not" },
  { name: "jd-overdue", charge: { mode: "postpaid_by_duration", status: "overdue" }, about: "account overdue" },
  {
    ...{ name: "jd-arrear", charge: { mode: "prepaid_by_duration", status: "arrear" }, status: "stopped" },
    about: "in arrears, stopped",
  },
  { name: "jd-stop-charging", chargeOnStopped: "stopCharging", about: "stopping normally gives its CPU away" },
  { name: "jd-dedicated", dedicatedHostId: "host-h67j4k20p0", about: "on a dedicated host" },
  { name: "jd-prepaid", charge: { mode: "prepaid_by_duration", status: "normal" }, about: "prepaid" },
  {
    ...{ name: "jd-win-01", imageId: "img-win2022c", instanceType: "g.n3.large", publicIp: "203.0.113.62" },
    ...{ disk: { sizeGb: 80 }, imageCharged: true, about: "Windows" },
  },
  { name: "jd-win-02", imageId: "img-win2022c", status: "stopped", disk: { sizeGb: 80 }, about: "Windows, stopped" },
  { name: "jd-diskless", disk: null, status: "stopped", about: "no system disk attached" },
  { name: "jd-detaching", disk: { mount: "detaching" }, status: "stopped", about: "system disk is being detached" },
  { name: "jd-gpu-01", instanceType: "p.n1p40.large", about: "type that some images exclude" },
  { name: "jd-offline-image", imageId: "img-centos6c", about: "its image is offline" },
  { name: "jd-small-disk", disk: { sizeGb: 30 }, about: "disk smaller than some images" },
  { name: "jd-big-disk", disk: { sizeGb: 200 }, about: "disk bigger than the images" },
  { name: '<!channel> *jd* & "web" `rm -rf`', about: "hostile name" },
  { name: "测试服务器-01", about: "name outside ASCII" },
];

const ordinary: readonly Seed[] = Array.from({ length: 24 }, (_, at) => ({
  name: `jd-app-${String(at + 1).padStart(2, "0")}`,
  status: at % 6 === 5 ? "stopped" : "running",
  imageId: at % 3 === 2 ? "img-centos79c" : "img-ubuntu2204c",
}));

const elsewhere: readonly Seed[] = [
  { name: "jd-south-01", region: "cn-south-1" },
  { name: "jd-south-02", region: "cn-south-1", status: "stopped" },
  { name: "jd-east-01", region: "cn-east-2" },
];

/** At the end of the list, so that the others keep their addresses. */
const moreSpecial: readonly Seed[] = [
  { name: "jd-detached", disk: { mount: "detached" }, status: "stopped", about: "system disk was detached" },
  { name: "jd-attach-failed", disk: { mount: "error_attach" }, status: "stopped", about: "attaching its disk failed" },
  { name: "jd-detach-failed", disk: { mount: "error_detach" }, status: "stopped", about: "detaching its disk failed" },
  { name: "jd-suspended", status: "suspended", about: "a state that is in no document" },
  {
    ...{ name: "jd-unpaid-maybe", charge: { mode: "postpaid_by_duration", status: "" }, status: "stopped" },
    about: "not said whether it is paid for",
  },
  {
    ...{ name: "jd-damaged", status: "stopped", hostname: "emergency-mode", keyNames: [] },
    about: "its system no longer boots",
  },
  { name: "jd-idle", chargeOnStopped: "stopCharging", status: "stopped", about: "stopped, its CPU given away" },
];

/** The first server of the list has the id of the vendor's samples. */
export function startServers({ speed, now }: { speed: number; now: number }): readonly JdVm[] {
  return [...special, ...ordinary, ...elsewhere, ...moreSpecial].map((seed, at) => {
    const vm = vmOf(
      seed,
      at,
      images.find((known) => known.id === (seed.imageId ?? "img-ubuntu2204c")),
    );
    return seed.name === "jd-resizing" ? begin(vm, "resizing", now, speed, { status: "stopped" }) : vm;
  });
}

function vmOf({ disk, ...seed }: Seed, at: number, image: ImageSeed | undefined): JdVm {
  const id = at === 0 ? "i-eumm12d6" : `i-${hexOf(`server ${seed.name}`, 10)}`;
  const osType = image?.osType ?? "linux";
  return {
    ...{ id, hostname: /^[a-z0-9-]+$/.test(seed.name) ? seed.name : "vm", region: home, about: "", status: "running" },
    ...{ task: null, instanceType: "g.n2.medium", imageId: "img-ubuntu2204c", osType, imageCharged: false },
    osVersion: image?.osVersion ?? "7.9",
    platform: image?.platform ?? "CentOS",
    // As made from its image: a rebuild with the same image then leaves no trace on the disk.
    systemDisk: disk === null ? null : { ...cloudDisk(`system ${id}`), snapshotId: snapshotOf(seed.imageId), ...disk },
    dataDisks: [],
    privateIp: `10.0.${1 + (at >> 7)}.${10 + (at % 128)}`,
    publicIp: "",
    keyNames: osType === "linux" ? ["oncall-2026"] : [],
    charge: { mode: "postpaid_by_duration", status: "normal" },
    chargeOnStopped: "keepCharging",
    dedicatedHostId: "",
    tags: { team: at % 2 === 0 ? "shop" : "search" },
    launchTime: "2026-06-01 02:00:00",
    ...{ password: "", rebuilds: 0, operation: "" },
    ...seed,
  };
}

function cloudDisk(text: string): JdDisk {
  const id = `vol-${hexOf(text, 10)}`;
  const createTime = "2026-06-01 01:58:00";
  return {
    category: "cloud",
    id,
    type: "ssd.gp1",
    sizeGb: 40,
    encrypted: false,
    snapshotId: "",
    createTime,
    mount: "attached",
  };
}

function snapshotOf(imageId = "img-ubuntu2204c"): string {
  return `snapshot-${imageId.slice(4)}`;
}

function dataDisk(text: string): JdDisk {
  return { ...cloudDisk(`data ${text}`), type: "hdd.std1", sizeGb: 100 };
}

function local(): Partial<JdDisk> {
  return { category: "local", id: "", type: "premium-hdd", snapshotId: "", createTime: "" };
}

type ImageSeed = Pick<JdImage, "id" | "name"> & Partial<JdImage>;
const ubuntu = { platform: "Ubuntu", osVersion: "22.04", loginName: "root" } as const;
const windows = { platform: "Windows Server", osType: "windows", loginName: "administrator", sizeGb: 40 } as const;
const mine = { source: "private", ...ubuntu } as const;
const market = { source: "thirdparty", platform: "CentOS", osVersion: "7.9" } as const;

const images: readonly ImageSeed[] = [
  { id: "img-ubuntu2204c", name: "Ubuntu 22.04 64-bit", ...ubuntu },
  { id: "img-ubuntu2404c", name: "Ubuntu 24.04 64-bit", ...ubuntu, osVersion: "24.04" },
  { id: "img-ubuntu2004l", name: "Ubuntu 20.04 64-bit", ...ubuntu, osVersion: "20.04", rootDevice: "localDisk" },
  { id: "img-ubuntu2204l", name: "Ubuntu 22.04 64-bit", ...ubuntu, rootDevice: "localDisk" },
  { id: "img-ubuntu2204a", name: "Ubuntu 22.04 64-bit ARM", ...ubuntu, architecture: "arm64" },
  { id: "img-centos79c", name: "CentOS 7.9 64-bit" },
  { id: "img-centos79l", name: "CentOS 7.9 64-bit", rootDevice: "localDisk" },
  { id: "img-centos6c", name: "CentOS 6.10 64-bit", osVersion: "6.10", offline: true },
  {
    ...{ id: "img-rocky9c", name: "Rocky Linux 9.4 64-bit", platform: "Other Linux", osVersion: "9.4" },
    constraint: { type: "excludes", instanceTypes: ["p.n1p40.large"] },
  },
  { id: "img-win2022c", name: "Windows Server 2022 Datacenter 64-bit", ...windows, osVersion: "2022", charged: true },
  { id: "img-win2019c", name: "Windows Server 2019 Datacenter 64-bit", ...windows, osVersion: "2019", charged: true },
  { id: "img-win2019l", name: "Windows Server 2019 64-bit", ...windows, osVersion: "2019", rootDevice: "localDisk" },
  { id: "img-market-lamp", name: "LAMP stack on CentOS 7.9", ...market, charged: true },
  { id: "img-market-gitlab", name: "GitLab CE on CentOS 7.9", ...market, sizeGb: 60 },
  {
    ...{ id: "img-market-gpu", name: "CUDA 12 on CentOS 7.9", ...market },
    constraint: { type: "includes", instanceTypes: ["p.n1p40.large", "p.n1v100.large"] },
  },
  { id: "img-market-old", name: "Discontinued panel on CentOS 7.9", ...market, offline: true },
  { id: "img-private0001", name: "golden-web-2026-05", ...mine },
  { id: "img-privlocal01", name: "golden-local-2024", ...mine, rootDevice: "localDisk" },
  { id: "img-privcrypt01", name: "golden-encrypted", ...mine, encrypted: true },
  { id: "img-privpending", name: "being-made", ...mine, status: "pending" },
  { id: "img-priverror01", name: "failed-import", ...mine, status: "error" },
  { id: "img-privbig0001", name: "golden-big", ...mine, sizeGb: 100 },
  { id: "img-shared00001", name: "base-from-platform-team", ...mine, source: "shared" },
  { id: "img-shared00002", name: "base-being-copied", ...mine, source: "shared", status: "pending" },
  { id: "img-community01", name: "community-debian-12", ...mine, source: "community", platform: "Other Linux" },
];

/** More official images, so that a list has more than one page. */
const more: readonly ImageSeed[] = Array.from({ length: 24 }, (_, at) => ({
  id: `img-opensuse${String(at).padStart(2, "0")}c`,
  name: `openSUSE Leap 15.${at % 7} build ${at + 1}`,
  platform: "Other Linux",
  osVersion: `15.${at % 7}`,
}));

export function startImages(): readonly JdImage[] {
  return jdcloudRegions.flatMap((region) =>
    [...images, ...more].map(
      (seed): JdImage => ({
        ...{ region, platform: "CentOS", osVersion: "7.9", osType: "linux", architecture: "x86_64", sizeGb: 40 },
        ...{ source: "public", status: "ready", readyAt: 0, rootDevice: "cloudDisk", offline: false, encrypted: false },
        ...{ loginName: "root", charged: false, createTime: "2026-02-11 06:00:00", constraint: null },
        ...seed,
      }),
    ),
  );
}

export function startKeyPairs(): readonly { region: string; name: string; fingerprint: string }[] {
  return jdcloudRegions.flatMap((region) =>
    [...Array(12).keys()]
      .map((at) => `team-key-${at + 1}`)
      .concat(["oncall-2026", "break-glass"])
      .map((name) => ({ region, name, fingerprint: fingerprintOf(name) })),
  );
}

/** MD5 in pairs, as RFC 4716 writes it. */
function fingerprintOf(name: string): string {
  return (hexOf(`key ${name}`, 32).match(/../g) ?? []).join(":");
}
