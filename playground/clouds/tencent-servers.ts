/** The only place that lists the servers of simulated Tencent Cloud at its start: one for each thing that can be in the way, then the ordinary ones. */
import { imageNamed, publicImage } from "./tencent-images.ts";
import {
  type CvmDisk,
  type CvmImage,
  type CvmInstance,
  type CvmKeyPair,
  type CvmLatest,
  durations,
  hexOf,
  idOf,
  uuidOf,
} from "./tencent-state.ts";

/** Regions that the API answers for; servers stand in the first three only. */
export const regions: readonly string[] = (
  "ap-guangzhou ap-hongkong ap-shanghai ap-beijing ap-chengdu ap-chongqing ap-nanjing ap-singapore ap-bangkok " +
  "ap-jakarta ap-seoul ap-tokyo na-siliconvalley na-ashburn eu-frankfurt sa-saopaulo"
).split(" ");

export const allKeyPairs: readonly CvmKeyPair[] = [
  { id: "skey-b4vakk62", name: "oncall-2026", region: "ap-guangzhou" },
  { id: "skey-7n3q0d5m", name: "oncall-2025", region: "ap-guangzhou" },
  { id: "skey-x2lw84ht", name: "deploy_bot", region: "ap-guangzhou" },
  { id: "skey-hk0c91ye", name: "oncall-hk", region: "ap-hongkong" },
  { id: "skey-sh6u25rp", name: "oncall-sh", region: "ap-shanghai" },
];

const centos79 = "CentOS 7.9 64bit";
const ubuntu2204 = "Ubuntu Server 22.04 LTS 64bit";
const windows2019 = "Windows Server 2019 DataCenter 64bit English";

type Known = Partial<CvmInstance> & { name: string; dataGb?: readonly number[]; open?: boolean; ownImage?: string };

/** `about` says what a server is there to show. */
const special: readonly Known[] = [
  { name: "web-01", id: "ins-r8hr2upy", about: "", osName: centos79, dataGb: [100, 200], open: true },
  {
    name: "batch-spot-01",
    about: "spot instance: cannot be reinstalled",
    charge: "SPOTPAID",
    osName: ubuntu2204,
  },
  {
    name: "report-night-01",
    about: "stopped without charge: must be started first",
    state: "STOPPED",
    charge: "POSTPAID_BY_HOUR",
    stopCharging: "STOP_CHARGING",
  },
  { name: "legacy-shop-01", about: "expired: restricted", state: "STOPPED", restrict: "EXPIRED" },
  { name: "old-demo-01", about: "isolated, to be destroyed", state: "SHUTDOWN", restrict: "PROTECTIVELY_ISOLATED" },
  { name: "build-07", about: "another operation runs for long", dataGb: [500] },
  {
    name: "crm-02",
    about: "its last reinstall failed: may be reinstalled again",
    state: "STOPPED",
    reinstallFailed: true,
  },
  { name: "billing-03", about: "its image was deleted", imageId: "img-gone0000", osName: "CentOS 7.6 64bit" },
  {
    name: "erp-01",
    about: "own licence (BYOL): only BYOL images fit",
    licence: "BYOL",
    osName: windows2019,
    ownImage: "erp-windows-byol",
  },
  {
    name: "archive-01",
    about: "old 20 GB local system disk: no change between Linux and Windows",
    type: "S1.SMALL2",
    osName: "CentOS 7.2 64bit",
    systemDisk: { id: "disk-l0calarc", type: "LOCAL_BASIC", sizeGb: 20 },
  },
  { name: "auth-02", about: "in rescue mode", state: "RESCUE_MODE" },
  { name: '<!channel> *x* & "', about: "a hostile name, no tags", tags: [], hostName: "x" },
  { name: "standby-01", about: "stopped, otherwise ordinary", state: "STOPPED", charge: "PREPAID", dataGb: [100] },
  { name: "stubborn-01", about: "does not listen to a soft stop", ignoresSoftStop: true },
  { name: "win-01", about: "Windows", osName: windows2019, dataGb: [200], open: true },
  { name: "arm-01", about: "ARM processor", type: "SR1.MEDIUM4", osName: "Ubuntu Server 22.04 LTS 64bit (ARM64)" },
  {
    name: "hk-web-01",
    about: "Hong Kong: no change between Linux and Windows",
    region: "ap-hongkong",
    osName: ubuntu2204,
    open: true,
  },
  { name: "hk-win-01", about: "Hong Kong, Windows", region: "ap-hongkong", osName: windows2019, open: true },
  {
    name: "cache-01",
    about: "the same name stands in two regions",
    region: "ap-shanghai",
    osName: "Debian 12.5 64bit",
  },
];

/** At the end of the list, so that the others keep their addresses. */
const moreSpecial: readonly Known[] = [
  { name: "retired-01", about: "is being released", state: "TERMINATING" },
  { name: "stillborn-01", about: "was never created", state: "LAUNCH_FAILED" },
  { name: "moving-01", about: "is being moved to another host", state: "SERVICE_LIVE_MIGRATE" },
  {
    name: "archive-02",
    about: "local system disk of 50 GB: may change between Linux and Windows",
    type: "S1.SMALL2",
    osName: "CentOS 7.2 64bit",
    systemDisk: { id: "disk-l0cal050", type: "LOCAL_BASIC", sizeGb: 50 },
  },
  { name: "odd-01", about: "a state that is in no document", state: "HIBERNATING" },
];

/** Names from a number to a number, two digits; what they run; data disks; whether they have a public IP. */
const ordinary: readonly (readonly [string, number, number, string, Partial<Known>])[] = [
  ["web", 2, 36, centos79, { dataGb: [100], open: true }],
  ["api", 1, 24, ubuntu2204, { open: true }],
  ["worker", 1, 24, ubuntu2204, {}],
  ["db", 1, 12, "TencentOS Server 3.1 (TK4)", { dataGb: [500, 500], type: "M5.LARGE32", cpu: 4, memoryGb: 32 }],
  ["cache", 1, 10, "Debian 12.5 64bit", { type: "M5.MEDIUM16", memoryGb: 16 }],
  ["mq", 1, 6, "Rocky Linux 9.4 64bit", { dataGb: [200] }],
  ["ci-runner", 1, 10, "Ubuntu Server 24.04 LTS 64bit", { type: "C5.LARGE8", cpu: 4, memoryGb: 8 }],
  ["log", 1, 4, centos79, { dataGb: [1000] }],
  ["win-app", 1, 8, "Windows Server 2022 DataCenter 64bit English", { dataGb: [100] }],
  ["ad", 1, 2, windows2019, {}],
  ["hk-web", 2, 6, ubuntu2204, { region: "ap-hongkong", open: true }],
  ["sh-report", 1, 6, centos79, { region: "ap-shanghai" }],
  ["sh-win", 1, 2, windows2019, { region: "ap-shanghai" }],
];

export function allServers(world: { images: readonly CvmImage[]; speed: number; now: number }): readonly CvmInstance[] {
  const many = ordinary.flatMap(([stem, from, to, osName, more]) =>
    Array.from({ length: to - from + 1 }, (_, index) => {
      const name = `${stem}-${String(from + index).padStart(2, "0")}`;
      return { ...more, name, osName } satisfies Known;
    }),
  );
  return [...special, ...many, ...moreSpecial].map((known, index) =>
    withPast(server(known, index, world.images), world),
  );
}

function server(known: Known, index: number, images: readonly CvmImage[]): CvmInstance {
  const { dataGb = [], open = false, ownImage, ...more } = known;
  const region = known.region ?? "ap-guangzhou";
  const lot = hexOf(`server/${region}/${known.name}`);
  const osName = known.osName ?? centos79;
  return {
    id: idOf("ins", lot),
    about: "",
    zone: `${region}-${region === "ap-guangzhou" ? (index % 2 === 0 ? 6 : 7) : 2}`,
    type: "SA5.MEDIUM4",
    cpu: 2,
    memoryGb: 4,
    uuid: uuidOf(lot),
    hostName: known.name,
    state: "RUNNING",
    restrict: "NORMAL",
    charge: index % 3 === 0 ? "PREPAID" : "POSTPAID_BY_HOUR",
    stopCharging: "NOT_APPLICABLE",
    licence: "TencentCloud",
    systemDisk: disk(lot, "system", "CLOUD_BSSD", osName.startsWith("Windows") ? 100 : 50),
    dataDisks: dataGb.map((sizeGb, at) => disk(lot, `data${at}`, "CLOUD_PREMIUM", sizeGb)),
    privateIp: `10.0.${Math.floor(index / 200)}.${(index % 200) + 10}`,
    publicIp: open ? publicIp(index) : "",
    keyIds: osName.startsWith("Windows") || region !== "ap-guangzhou" ? [] : ["skey-7n3q0d5m"],
    tags: [
      { Key: "team", Value: known.name.startsWith("db") ? "data" : "platform" },
      { Key: "env", Value: "prod" },
    ],
    createdAt: `2025-${String((index % 12) + 1).padStart(2, "0")}-14T06:00:00Z`,
    latest: null,
    task: null,
    reinstallFailed: false,
    ignoresSoftStop: false,
    password: "",
    reinstalls: 0,
    ...more,
    region,
    osName,
    imageId: known.imageId ?? (ownImage ? imageNamed(images, ownImage) : publicImage(images, osName)).id,
  };
}

/** The addresses that are set aside for documentation. https://www.rfc-editor.org/rfc/rfc5737 */
function publicIp(index: number): string {
  return index < 200 ? `203.0.113.${index + 7}` : `198.51.100.${index - 200 + 7}`;
}

function disk(lot: string, which: string, type: string, sizeGb: number): CvmDisk {
  return { id: idOf("disk", hexOf(`${lot}/${which}`)), type, sizeGb };
}

/** What was done to the servers before the start: an old operation that went well, a failed reinstall, one that still runs. */
function withPast(instance: CvmInstance, { speed, now }: { speed: number; now: number }): CvmInstance {
  const requestId = uuidOf(hexOf(`past/${instance.id}`));
  const past = (operation: string, state: CvmLatest["state"], message = ""): CvmInstance => ({
    ...instance,
    latest: { operation, state, requestId, message },
  });
  if (instance.reinstallFailed) return past("ResetInstance", "FAILED", "Failed to reinstall the system.");
  if (instance.name === "build-07") {
    const doneAt = now + durations.resize / speed;
    const times = { acceptedAt: now - 60_000, shownAt: now - 60_000, doneAt, endsAt: doneAt };
    const task = { operation: "ResizeInstanceDisks", requestId, ...times, phases: [], effect: {}, message: "" };
    return { ...instance, task: { ...task, outcome: "SUCCESS" } };
  }
  if (instance.state === "STOPPED") return past("StopInstances", "SUCCESS");
  if (/0[1357]$/.test(instance.name) && instance.name !== "web-01") return past("RebootInstances", "SUCCESS");
  return /0[246]$/.test(instance.name) ? past("ResetInstance", "SUCCESS") : instance;
}
