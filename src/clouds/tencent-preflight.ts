/** The only place that says what Tencent Cloud refuses beforehand, row by row. What the card then says is in `tencent-card.ts`. */
import type { Image, Server } from "./cloud.ts";
import { growthRefusals } from "./tencent-growth.ts";
import { ownLoginRefused } from "./tencent-login.ts";
import { crossSystem, nameOf, type Row, told } from "./tencent-rows.ts";
import { allowsCrossSystem } from "./tencent-sites.ts";

/** Why this image cannot be taken for this server: the first refusal that the image brings with it. */
export function unusable(server: Server, image: Image): string | undefined {
  const without = new Set(told(preflight, { server, order: null, image: null }).map((notice) => notice.code));
  const refusals = told(preflight, { server, order: null, image }).filter((notice) => notice.kind === "refused");
  return refusals.find((notice) => !without.has(notice.code))?.says;
}

const reinstalling = "https://www.tencentcloud.com/document/product/213/4933";
const resetInstance = "https://www.tencentcloud.com/document/product/213/33242";
const instanceFields = "https://www.tencentcloud.com/document/api/213/15753#Instance";
const imageFields = "https://www.tencentcloud.com/document/api/213/15753#Image";

export const preflight: readonly Row[] = [
  {
    code: "gone",
    kind: "refused",
    at: "server",
    source: resetInstance,
    when: ({ server }) => server.power === "gone",
    says: ({ server }) =>
      `Tencent Cloud has no server ${server.ref.id} in ${server.ref.region} of this account. Check id and region.`,
  },
  {
    code: "spot",
    kind: "refused",
    at: "server",
    source: reinstalling,
    when: ({ server }) => server.facts["charge"] === "SPOTPAID",
    says: ({ server }) =>
      `${nameOf(server)} is a spot instance; Tencent Cloud does not reinstall those. Release it and create a new one.`,
  },
  {
    code: "stopped-without-charge",
    kind: "refused",
    at: "server",
    source: resetInstance,
    when: ({ server }) => server.power === "stopped" && server.facts["stopCharging"] === "STOP_CHARGING",
    says: ({ server }) =>
      `${nameOf(server)} was stopped without charges, so its resources are given back. Start it in the console, then ask again.`,
  },
  {
    code: "expired",
    kind: "refused",
    at: "server",
    source: instanceFields,
    when: ({ server }) => server.facts["restrict"] === "EXPIRED",
    says: ({ server }) => `${nameOf(server)} has expired. Renew it in the console, then ask again.`,
  },
  {
    code: "restricted",
    kind: "refused",
    at: "server",
    source: instanceFields,
    when: ({ server }) => !["", "NORMAL", "EXPIRED"].includes(server.facts["restrict"] ?? ""),
    says: ({ server }) =>
      `Tencent Cloud has restricted ${nameOf(server)} (${server.facts["restrict"]}). Lift that in the console, or submit a ticket.`,
  },
  {
    code: "isolated",
    kind: "refused",
    at: "server",
    source: instanceFields,
    when: ({ server }) =>
      server.facts["state"] === "SHUTDOWN" || !["", "NOTISOLATED"].includes(server.facts["isolated"] ?? ""),
    says: ({ server }) =>
      `${nameOf(server)} is isolated and waits to be destroyed. Pay or renew it in the console, then ask again.`,
  },
  {
    code: "terminating",
    kind: "refused",
    at: "server",
    source: resetInstance,
    when: ({ server }) => server.facts["state"] === "TERMINATING",
    says: ({ server }) => `${nameOf(server)} is being released; nothing can be done to it any more.`,
  },
  {
    code: "rescue",
    kind: "refused",
    at: "server",
    source: resetInstance,
    when: ({ server }) => (server.facts["state"] ?? "").includes("RESCUE_MODE"),
    says: ({ server }) =>
      `${nameOf(server)} is in rescue mode. Let it leave rescue mode in the console, then ask again.`,
  },
  {
    code: "launch-failed",
    kind: "refused",
    at: "server",
    source: instanceFields,
    when: ({ server }) => server.facts["state"] === "LAUNCH_FAILED",
    says: ({ server }) => `${nameOf(server)} was never created successfully. Release it and create a new one.`,
  },
  {
    code: "migrating",
    kind: "wait",
    at: "server",
    source: resetInstance,
    when: ({ server }) => (server.facts["state"] ?? "").includes("SERVICE_LIVE_MIGRATE"),
    says: ({ server }) =>
      `Tencent Cloud is moving ${nameOf(server)} to another host. It can be reinstalled when that is over.`,
  },
  {
    code: "busy",
    kind: "wait",
    at: "server",
    source: resetInstance,
    when: ({ server }) => server.power === "busy" && !/RESCUE|MIGRATE|TERMINATING/.test(server.facts["state"] ?? ""),
    says: ({ server }) =>
      `${nameOf(server)} has another operation in progress (${server.state}). It can be reinstalled when that is over.`,
  },
  {
    code: "unknown-state",
    kind: "wait",
    at: "server",
    source: instanceFields,
    when: ({ server }) => server.power === "unknown" && server.facts["state"] !== "LAUNCH_FAILED",
    says: ({ server }) =>
      `Tencent Cloud shows a state I do not know for ${nameOf(server)} (${server.state || "none"}). Look at it in the console.`,
  },
  {
    code: "no-system-disk",
    kind: "refused",
    at: "disk",
    source: instanceFields,
    when: ({ server }) => server.power !== "gone" && server.systemDisk === undefined,
    says: ({ server }) =>
      `Tencent Cloud does not say which system disk ${nameOf(server)} has, so nobody could approve what is erased. Look at it in the console.`,
  },
  {
    code: "reinstall-failed",
    kind: "warning",
    at: "server",
    source: resetInstance,
    when: ({ server }) => server.power === "broken",
    says: ({ server }) =>
      `The last reinstall of ${nameOf(server)} failed. Tencent Cloud takes another one; until then it allows nothing else.`,
  },
  {
    code: "disk-type",
    kind: "warning",
    at: "disk",
    source: resetInstance,
    when: ({ server }) => server.systemDisk !== undefined && !resettableDisks.has(server.systemDisk.type),
    says: ({ server }) =>
      `The documents do not list this system disk's type (${server.systemDisk?.type || "unknown"}) for a reinstall by API; Tencent Cloud may refuse it.`,
  },
  {
    code: "image-gone",
    kind: "refused",
    at: "image",
    source: resetInstance,
    when: ({ order, server, image }) => order !== null && image === null && server.power !== "gone",
    says: ({ order, server }) =>
      `Image ${order?.image.id ?? ""} no longer exists in ${server.ref.region}. Choose another one.`,
  },
  {
    code: "image-state",
    kind: "refused",
    at: "image",
    source: imageFields,
    when: ({ image }) => image !== null && image.facts["state"] !== "NORMAL",
    says: ({ image }) =>
      `The image is not ready (${image?.facts["state"] || "no state"}). Wait until it is NORMAL, or choose another one.`,
  },
  {
    code: "image-unfit",
    kind: "refused",
    at: "image",
    source: "https://www.tencentcloud.com/document/api/213/15715",
    when: ({ image }) => image?.facts["fits"] === "no",
    says: ({ server, image }) =>
      `The image (${image?.facts["architecture"] || "architecture unknown"}) cannot be used on instance type ${server.facts["type"]}. Choose another one.`,
  },
  ...growthRefusals,
  {
    code: "licence",
    kind: "refused",
    at: "image",
    source: resetInstance,
    when: ({ server, image }) => image !== null && server.facts["licence"] !== image.facts["licence"],
    says: ({ server, image }) =>
      `The image's licence (${image?.facts["licence"]}) is not the server's (${server.facts["licence"]}). Choose an image with the server's licence.`,
  },
  {
    code: "cross-system",
    kind: "refused",
    at: "image",
    source: reinstalling,
    when: (given) => crossSystem(given) && !allowsCrossSystem(given.server.ref.region),
    says: ({ server }) =>
      `Between Linux and Windows, Tencent Cloud reinstalls in mainland China only, not in ${server.ref.region}. Choose a ${familyWords(server)} image.`,
  },
  {
    code: "old-local-disk",
    kind: "refused",
    at: "disk",
    source: reinstalling,
    when: (given) =>
      crossSystem(given) && given.server.systemDisk?.kind === "local" && given.server.systemDisk.sizeGb <= 20,
    says: () =>
      "Old local system disks of 20 GB cannot change between Linux and Windows here. Submit a ticket to Tencent Cloud, or choose an image of the same system.",
  },
  {
    code: "key-pair-windows",
    kind: "refused",
    at: "login",
    source: resetInstance,
    when: ({ order, image }) => order?.login.kind === "key-pair" && image?.os.family === "windows",
    says: () => "Windows servers do not take key pairs. Choose a password.",
  },
  {
    code: "no-own-login",
    kind: "refused",
    at: "login",
    source: "https://www.tencentcloud.com/document/api/213/15753#LoginSettings",
    when: ({ order }) => order?.login.kind === "keep-image" && ownLoginRefused(order.image.kind) !== null,
    says: ({ order }) => `${ownLoginRefused(order?.image.kind) ?? ""} Choose another login.`,
  },
  {
    code: "image-deprecated",
    kind: "warning",
    at: "image",
    source: imageFields,
    when: ({ image }) => image?.facts["deprecated"] === "yes",
    says: () => "Tencent Cloud no longer recommends this image.",
  },
];

/** Types that the API document lists for changing the system; the console takes more. */
const resettableDisks: ReadonlySet<string> = new Set(["CLOUD_BASIC", "CLOUD_PREMIUM", "CLOUD_SSD", "CLOUD_BSSD"]);

function familyWords(server: Server): string {
  return server.os.family === "windows" ? "Windows" : "Linux";
}
