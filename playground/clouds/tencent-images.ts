/** The only place that lists the images of simulated Tencent Cloud at its start. */
import { type CvmImage, hexOf, idOf } from "./tencent-state.ts";

/** Platform, size in GB, and the names by which the console lists its public images. */
const publicImages: readonly (readonly [platform: string, sizeGb: number, names: string])[] = [
  ["TencentOS", 20, "TencentOS Server 2.4|TencentOS Server 2.4 (TK4)|TencentOS Server 3.1 (TK4)|TencentOS Server 3.2"],
  ["TencentOS", 20, "TencentOS Server 3.3|TencentOS Server 4|TencentOS Server 4 for AI"],
  ["CentOS", 20, "CentOS 6.8 64bit|CentOS 6.9 64bit|CentOS 6.10 64bit|CentOS 7.2 64bit|CentOS 7.3 64bit"],
  [
    "CentOS",
    20,
    "CentOS 7.4 64bit|CentOS 7.5 64bit|CentOS 7.6 64bit|CentOS 7.7 64bit|CentOS 7.8 64bit|CentOS 7.9 64bit",
  ],
  ["CentOS", 20, "CentOS 8.0 64bit|CentOS 8.2 64bit|CentOS 8.4 64bit|CentOS 8.5 64bit"],
  ["CentOS Stream", 20, "CentOS Stream 8 64bit|CentOS Stream 9 64bit"],
  ["Ubuntu", 20, "Ubuntu Server 14.04.1 LTS 64bit|Ubuntu Server 16.04.1 LTS 64bit|Ubuntu Server 18.04.1 LTS 64bit"],
  ["Ubuntu", 20, "Ubuntu Server 20.04 LTS 64bit|Ubuntu Server 22.04 LTS 64bit|Ubuntu Server 24.04 LTS 64bit"],
  [
    "Debian",
    20,
    "Debian 8.2 64bit|Debian 8.11 64bit|Debian 9.0 64bit|Debian 9.13 64bit|Debian 10.2 64bit|Debian 10.11 64bit",
  ],
  ["Debian", 20, "Debian 11.1 64bit|Debian 11.4 64bit|Debian 12.0 64bit|Debian 12.5 64bit|Debian 13.0 64bit"],
  ["Fedora", 20, "Fedora 36 64bit|Fedora 37 64bit|Fedora 38 64bit|Fedora 39 64bit|Fedora 40 64bit|Fedora 41 64bit"],
  [
    "OpenSUSE",
    20,
    "openSUSE Leap 15.1 64bit|openSUSE Leap 15.3 64bit|openSUSE Leap 15.4 64bit|openSUSE Leap 15.6 64bit",
  ],
  [
    "AlmaLinux",
    20,
    "AlmaLinux 8.5 64bit|AlmaLinux 8.7 64bit|AlmaLinux 8.10 64bit|AlmaLinux 9.0 64bit|AlmaLinux 9.4 64bit",
  ],
  [
    "Rocky Linux",
    20,
    "Rocky Linux 8.5 64bit|Rocky Linux 8.6 64bit|Rocky Linux 8.10 64bit|Rocky Linux 9.0 64bit|Rocky Linux 9.4 64bit",
  ],
  ["OpenCloudOS", 20, "OpenCloudOS 7|OpenCloudOS 8.5|OpenCloudOS 8.6|OpenCloudOS 8.10|OpenCloudOS 9.0|OpenCloudOS 9.2"],
  ["FreeBSD", 20, "FreeBSD 12.3 64bit|FreeBSD 12.4 64bit|FreeBSD 13.0 64bit|FreeBSD 13.1 64bit|FreeBSD 14.0 64bit"],
  ["CoreOS", 20, "Fedora CoreOS 38 64bit|Fedora CoreOS 39 64bit"],
  [
    "RedHat",
    20,
    "Red Hat Enterprise Linux 7.9 64bit|Red Hat Enterprise Linux 8.8 64bit|Red Hat Enterprise Linux 9.2 64bit",
  ],
  ["Windows", 50, "Windows Server 2012 R2 DataCenter 64bit English|Windows Server 2012 R2 DataCenter 64bit Chinese"],
  ["Windows", 50, "Windows Server 2016 DataCenter 64bit English|Windows Server 2016 DataCenter 64bit Chinese"],
  ["Windows", 50, "Windows Server 2019 DataCenter 64bit English|Windows Server 2019 DataCenter 64bit Chinese"],
  ["Windows", 50, "Windows Server 2022 DataCenter 64bit English|Windows Server 2022 DataCenter 64bit Chinese"],
  ["Windows", 50, "Windows Server 2025 DataCenter 64bit English|Windows Server 2025 DataCenter 64bit Chinese"],
];

const armImages: readonly (readonly [platform: string, osName: string])[] = [
  ["TencentOS", "TencentOS Server 3.1 (TK4) ARM64"],
  ["TencentOS", "TencentOS Server 4 ARM64"],
  ["Ubuntu", "Ubuntu Server 20.04 LTS 64bit (ARM64)"],
  ["Ubuntu", "Ubuntu Server 22.04 LTS 64bit (ARM64)"],
  ["CentOS", "CentOS 7.9 64bit (ARM64)"],
  ["OpenCloudOS", "OpenCloudOS 9.0 ARM64"],
];

/** Systems past their end of life, which the console marks as such. */
const deprecatedNames = /^(CentOS 6|CentOS 8|Debian 8|Ubuntu Server 14|FreeBSD 12|Windows Server 2012)/;

const windows2019 = "Windows Server 2019 DataCenter 64bit English";
const centos79 = "CentOS 7.9 64bit";
const ubuntu2204 = "Ubuntu Server 22.04 LTS 64bit";

type Own = Partial<CvmImage> & Pick<CvmImage, "name" | "osName" | "platform">;

const ownImages: readonly Own[] = [
  { name: "web-golden-2026-11", osName: centos79, platform: "CentOS", description: "Base image of the web tier" },
  { name: "web-golden-2026-10", osName: centos79, platform: "CentOS" },
  { name: "web-golden-2026-09", osName: centos79, platform: "CentOS", deprecated: true },
  { name: "api-golden-2026-11", osName: ubuntu2204, platform: "Ubuntu" },
  { name: "api-golden-2026-10", osName: ubuntu2204, platform: "Ubuntu" },
  { name: "db-mysql80-hardened", osName: "TencentOS Server 3.1 (TK4)", platform: "TencentOS", sizeGb: 50 },
  { name: "ci-runner-2026-11", osName: "Ubuntu Server 24.04 LTS 64bit", platform: "Ubuntu", sizeGb: 40 },
  { name: "jumpbox", osName: "Debian 12.5 64bit", platform: "Debian" },
  { name: "ad-controller", osName: windows2019, platform: "Windows", sizeGb: 50 },
  { name: "erp-windows-byol", osName: windows2019, platform: "Windows", sizeGb: 50, licence: "BYOL" },
  { name: "rhel-byol-9", osName: "Red Hat Enterprise Linux 9.2 64bit", platform: "RedHat", licence: "BYOL" },
  { name: "warehouse-full-200g", osName: centos79, platform: "CentOS", sizeGb: 200, description: "Needs 200 GB" },
  { name: "nightly-snapshot-running", osName: centos79, platform: "CentOS", state: "CREATING" },
  { name: "import-in-progress", osName: "Debian 11.4 64bit", platform: "Debian", state: "IMPORTING" },
  { name: "copy-from-shanghai", osName: ubuntu2204, platform: "Ubuntu", state: "SYNCING" },
  { name: "broken-backup-2026-08", osName: centos79, platform: "CentOS", state: "CREATEFAILED" },
  {
    name: "edge-arm",
    osName: "Ubuntu Server 22.04 LTS 64bit (ARM64)",
    platform: "Ubuntu",
    architecture: "arm",
  },
  { name: "<script>alert(1)</script> & <!here>", osName: centos79, platform: "CentOS", description: "A hostile name" },
  { name: "hk-edge-2026-11", osName: ubuntu2204, platform: "Ubuntu", region: "ap-hongkong" },
  { name: "sh-report-2026-11", osName: centos79, platform: "CentOS", region: "ap-shanghai" },
];

const sharedImages: readonly Own[] = [
  { name: "security-baseline-centos", osName: centos79, platform: "CentOS" },
  { name: "security-baseline-ubuntu", osName: ubuntu2204, platform: "Ubuntu" },
  { name: "security-baseline-windows", osName: windows2019, platform: "Windows", sizeGb: 50 },
  { name: "data-science-gpu", osName: ubuntu2204, platform: "Ubuntu", sizeGb: 50 },
  { name: "partner-appliance", osName: "Debian 12.5 64bit", platform: "Debian" },
  { name: "partner-appliance-old", osName: "Debian 9.13 64bit", platform: "Debian", deprecated: true },
];

const marketImages: readonly Own[] = [
  { name: "LAMP stack on CentOS 7.9", osName: centos79, platform: "CentOS", region: "*" },
];

export function allImages(): readonly CvmImage[] {
  const official = publicImages.flatMap(([platform, sizeGb, names]) =>
    names.split("|").map((name) => image({ name, osName: name, platform, sizeGb, type: "PUBLIC_IMAGE", region: "*" })),
  );
  const arm = armImages.map(([platform, osName]) =>
    image({ name: osName, osName, platform, type: "PUBLIC_IMAGE", region: "*", architecture: "arm" }),
  );
  const own = ownImages.map((each) => image({ ...each, type: "PRIVATE_IMAGE" }));
  const shared = sharedImages.map((each) => image({ ...each, type: "SHARED_IMAGE" }));
  const market = marketImages.map((each) => image({ ...each, type: "MARKET_IMAGE" }));
  return [...official, ...arm, ...own, ...shared, ...market];
}

/** The public image of a system, by the name the console shows. */
export function publicImage(images: readonly CvmImage[], osName: string): CvmImage {
  return imageNamed(
    images.filter((each) => each.type === "PUBLIC_IMAGE"),
    osName,
  );
}

export function imageNamed(images: readonly CvmImage[], name: string): CvmImage {
  const found = images.find((each) => each.name === name);
  if (!found) throw new Error(`There is no image ${name}.`);
  return found;
}

function image(known: Own & Pick<CvmImage, "type">): CvmImage {
  return {
    id: idOf("img", hexOf(`${known.type}/${known.name}`)),
    region: "ap-guangzhou",
    architecture: "x86_64",
    sizeGb: 20,
    state: "NORMAL",
    settlesAt: 0,
    licence: "TencentCloud",
    deprecated: deprecatedNames.test(known.name),
    description: "",
    createdAt: "2026-09-01T08:00:00Z",
    ...known,
  };
}
