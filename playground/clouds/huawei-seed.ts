/** The only place that says which servers and images the simulated ECS begins with: an ordinary crowd, and one server for each thing that can be in the way. */
import type { SimSite } from "./huawei-sites.ts";
import { type HuaweiState, type SimImage, type SimServer, uuid } from "./huawei-state.ts";

const dayMs = 86_400_000;

export function seed(site: SimSite, options: { speed: number; now: number }): HuaweiState {
  const images: Record<string, SimImage> = {};
  const servers: Record<string, SimServer> = {};
  for (const [index, region] of site.regions.entries()) {
    for (const image of imagesOf(site, region.name, options.now)) images[image.id] = image;
    const make = maker(site, region.name, images, options.now);
    const wanted = index === 0 ? [...ordinary(site), ...special(), ...crowd(64)] : crowd(12);
    for (const server of wanted.map(make)) servers[server.id] = server;
  }
  const first = site.regions[0]?.name ?? "";
  return {
    speed: options.speed,
    made: 0,
    servers,
    images,
    jobs: {},
    // The second region has none, to show what a person without a key pair is told.
    keyPairs: [
      { name: "oncall-2026", region: first, userId: site.userId },
      { name: "deploy", region: first, userId: site.userId },
      { name: "someone-elses", region: first, userId: "0000000000000000000000000000beef" },
    ],
    armed: [],
  };
}

interface Wish {
  name: string;
  about?: string;
  image?: string;
  with?: Partial<SimServer>;
}

function ordinary(site: SimSite): Wish[] {
  const data = (n: number) => ({ id: uuid(`${site.id}/data/${n}`), sizeGb: 100 * n, type: "SAS" });
  return [
    { name: "shop-01", with: { publicIp: "203.0.113.17", dataDisks: [data(1), data(2)] }, about: "two data disks" },
    { name: "db-01", with: { status: "SHUTOFF" }, about: "stopped" },
    { name: "win-01", image: "Windows Server 2019 Standard 64bit", about: "Windows" },
    { name: "sles-01", image: "SUSE Enterprise Linux 15 SP5 64bit", about: "billed OS: SUSE" },
    { name: "rhel-01", image: "Red Hat Enterprise Linux 9.4 64bit", about: "billed OS: Red Hat" },
    { name: "ora-01", image: "Oracle Linux Server release 8.6 64bit", about: "billed OS: Oracle" },
    {
      name: "win-deh-01",
      image: "Windows Server 2019 Standard 64bit",
      with: { dedicatedHost: true },
      about: "Windows on a dedicated host",
    },
    { name: "lvm-01", image: "CentOS 7.9 64bit", with: { dataDisks: [data(3)] }, about: "Linux with LVM data disk" },
    { name: "prepaid-01", with: { charging: "1" }, about: "prepaid" },
    { name: "own-image-01", image: "golden-web-2026", about: "private image" },
    { name: "legacy-01", image: "legacy-appliance", about: "image without Cloud-Init" },
  ];
}

/** One server for each refusal and each wait, and for what is easily lost. */
function special(): Wish[] {
  return [
    { name: "diskless-01", about: "no system disk attached", with: { status: "SHUTOFF", systemDisk: null } },
    { name: "hpc-01", about: "H2 flavour", with: { flavor: "h2.3xlarge.10", vcpus: 16, ramMb: 131_072 } },
    { name: "locked-01", about: "locked", with: { locked: true } },
    { name: "spot-01", about: "spot instance", with: { charging: "2" } },
    {
      name: "orphan-01",
      about: "its private image is gone",
      with: { imageId: uuid("image/deleted"), imageName: "golden-web-2019", imageType: "private" },
    },
    { name: "half-01", about: "its private image is not active", image: "golden-db-broken" },
    {
      name: "arm-01",
      about: "flavour and most images do not match",
      image: "Ubuntu 22.04 server 64bit with ARM",
      with: { flavor: "kc1.large.2" },
    },
    {
      name: "tiny-01",
      about: "too little memory for many images",
      with: { flavor: "s3.small.1", vcpus: 1, ramMb: 512 },
    },
    {
      name: "failed-01",
      about: "reinstallation failed",
      with: { status: "ERROR", fault: { message: "Failed to reinstall the OS of the ECS.", code: "500" } },
    },
    {
      name: "failed-02",
      about: "failed to change the OS",
      with: { status: "ERROR", fault: { message: "Failed to change the OS of the ECS.", code: "500" } },
    },
    { name: "busy-01", about: "another operation runs", with: { status: "REBUILD", task: "rebuilding" } },
    { name: "new-01", about: "still being created", with: { status: "BUILD", task: "spawning" } },
    { name: "resized-01", about: "a resize waits for its confirmation", with: { status: "VERIFY_RESIZE" } },
    { name: "frozen-01", about: "frozen", with: { status: "SHUTOFF", frozen: true } },
    { name: "odd-01", about: "state unknown", with: { status: "UNKNOWN" } },
    {
      name: "rhel-own-01",
      about: "billed OS with an own licence",
      image: "Red Hat Enterprise Linux 9.4 64bit",
      with: { byol: true },
    },
    { name: "vault-01", about: "private image of a billed OS", image: "golden-db-2026" },
    {
      name: "vault-own-01",
      about: "private image of a billed OS, with an own licence",
      image: "golden-db-2026",
      with: { byol: true },
    },
  ];
}

function crowd(count: number): Wish[] {
  return Array.from({ length: count }, (_, n) => ({
    name: `node-${String(n + 1).padStart(3, "0")}`,
    with: n % 9 === 8 ? { status: "SHUTOFF" as const } : {},
  }));
}

const usual = {
  status: "ACTIVE",
  task: null,
  fault: null,
  flavor: "s3.large.2",
  vcpus: 2,
  ramMb: 4096,
  charging: "0",
  locked: false,
  frozen: false,
  dedicatedHost: false,
  byol: false,
  dataDisks: [],
  publicIp: "",
  keyName: "oncall-2026",
  password: "",
  reinstalls: 0,
} as const satisfies Partial<SimServer>;

function maker(site: SimSite, region: string, images: Record<string, SimImage>, now: number) {
  return (wish: Wish, n: number): SimServer => {
    const name = wish.image ?? "Ubuntu 22.04 server 64bit";
    const image = Object.values(images).find((each) => each.region === region && each.name === name);
    if (!image) throw new Error(`no simulated image ${name}`);
    const key = `${site.id}/${region}/${n}`;
    return {
      id: uuid(`server/${key}`),
      name: wish.name,
      region,
      about: wish.about ?? "",
      ...usual,
      imageId: image.id,
      imageName: image.name,
      imageType: image.type,
      osType: image.osType,
      platform: image.platform,
      systemDisk: { id: uuid(`volume/${key}`), sizeGb: 40, type: "SSD" },
      ip: `192.168.${Math.floor(n / 200) + 1}.${(n % 200) + 10}`,
      mac: `fa:16:3e:00:${hexByte(n >> 8)}:${hexByte(n)}`,
      hostname: wish.name,
      createdAt: now - 90 * dayMs,
      launchedAt: now - 90 * dayMs,
      updatedAt: now - 7 * dayMs,
      ...wish.with,
    };
  };
}

function hexByte(n: number): string {
  return (n & 255).toString(16).padStart(2, "0");
}

type ImageWish = readonly [name: string, platform: string, more?: Partial<SimImage>];

const gold: readonly ImageWish[] = [
  ["Ubuntu 22.04 server 64bit", "Ubuntu"],
  ["Ubuntu 24.04 server 64bit", "Ubuntu"],
  ["Ubuntu 22.04 server 64bit with ARM", "Ubuntu", { arm: true }],
  ["Debian 12.5 64bit", "Debian"],
  ["CentOS 7.9 64bit", "CentOS"],
  ["SUSE Enterprise Linux 15 SP5 64bit", "SUSE"],
  ["OpenSUSE 15.5 64bit", "OpenSUSE"],
  ["Red Hat Enterprise Linux 9.4 64bit", "Red Hat"],
  ["Oracle Linux Server release 8.6 64bit", "Oracle Linux"],
  ["Big Data Edition 64bit", "EulerOS", { minDiskGb: 100, minRamMb: 16_384 }],
  ["Windows Server 2019 Standard 64bit", "Windows", { osType: "Windows", minRamMb: 2048 }],
  ["Windows Server 2022 Datacenter 64bit", "Windows", { osType: "Windows", minRamMb: 2048, minDiskGb: 60 }],
];

const own: readonly ImageWish[] = [
  ["golden-web-2026", "Ubuntu"],
  ["golden-db-broken", "CentOS", { status: "killed" }],
  ["golden-next", "Debian", { status: "saving" }],
  ["legacy-appliance", "Other", { cloudInit: false }],
  ["golden-db-2026", "Red Hat", { osVersion: "Red Hat Enterprise Linux 9.4 64bit" }],
];

function imagesOf(site: SimSite, region: string, now: number): SimImage[] {
  const many = Array.from({ length: 110 }, (_, n): ImageWish => [`EulerOS 2.${n} 64bit`, "EulerOS"]);
  const groups: readonly (readonly [SimImage["type"], readonly ImageWish[]])[] = [
    ["gold", [...gold, ...many]],
    ["private", own],
    ["shared", [["team-base-2026", "Ubuntu"]]],
    ["market", [["Market LAMP on Ubuntu 22.04", "Ubuntu"]]],
  ];
  return groups
    .filter(([type]) => site.imageTypes.includes(type))
    .flatMap(([type, wishes]) =>
      wishes.map(([name, platform, more], n) => ({
        id: uuid(`image/${site.id}/${region}/${type}/${n}`),
        region,
        name,
        type,
        status: "active" as const,
        osType: "Linux" as const,
        platform,
        minDiskGb: 40,
        minRamMb: name.startsWith("Ubuntu 22.04") ? 0 : 1024,
        arm: false,
        cloudInit: true,
        createdAt: now - (200 + n) * dayMs,
        ...more,
      })),
    );
}
