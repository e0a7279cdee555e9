/** The only place that says what a reinstall at Tencent Cloud destroys, keeps and changes, row by row, each from its document. */
import { shortName } from "../line.ts";
import type { Disk, Login } from "./cloud.ts";
import { growthWords } from "./tencent-growth.ts";
import { sentTo, userOf } from "./tencent-login.ts";
import { type Case, crossSystem, nameOf, type Row } from "./tencent-rows.ts";

const reinstalling = "https://www.tencentcloud.com/document/product/213/4933";
const resetInstance = "https://www.tencentcloud.com/document/product/213/33242";

export const card: readonly Row[] = [
  {
    code: "system-disk",
    kind: "destroyed",
    at: "disk",
    source: reinstalling,
    when: () => true,
    says: ({ server }) => {
      const { id = "", sizeGb = 0 } = server.systemDisk ?? {};
      return `System disk ${id === "" ? "" : `${id} `}(${sizeGb} GB) will be erased for good.`;
    },
  },
  {
    code: "data-disks",
    kind: "survives",
    at: "disk",
    source: reinstalling,
    when: ({ server }) => server.dataDisks.length > 0,
    says: ({ server }) => dataDiskWords(server.dataDisks),
  },
  {
    code: "public-ip",
    kind: "stays",
    at: "server",
    source: reinstalling,
    when: ({ server }) => server.ips.public.length > 0,
    says: ({ server }) => `Public IP ${server.ips.public.join(", ")} does not change.`,
  },
  ...growthWords,
  {
    code: "image",
    kind: "changes",
    at: "image",
    source: resetInstance,
    when: ({ order }) => order !== null && !order.image.same,
    says: ({ server, order }) =>
      `Image ${shortName(server.image.name, server.image.id)} → ${order === null ? "" : shortName(order.image.name, order.image.id)}.`,
  },
  {
    code: "image",
    kind: "stays",
    at: "image",
    source: resetInstance,
    when: ({ order }) => order?.image.same ?? false,
    says: ({ order }) => `The same image again: ${order === null ? "" : shortName(order.image.name, order.image.id)}.`,
  },
  {
    code: "login",
    kind: "changes",
    at: "login",
    source: "https://www.tencentcloud.com/document/api/213/15753#LoginSettings",
    when: ({ order }) => order !== null && !isOthers(order.login),
    says: loginWords,
  },
  {
    // Repeated at the end, when it is needed.
    code: "get-in",
    kind: "changes",
    at: "login",
    source: "https://www.tencentcloud.com/document/api/213/15753#LoginSettings",
    when: ({ order }) => order !== null && isOthers(order.login),
    says: howToGetIn,
  },
  {
    // A new system makes new host keys at its first start: https://man.openbsd.org/ssh-keygen#A
    code: "host-key",
    kind: "changes",
    at: "login",
    source: reinstalling,
    when: ({ image }) => image?.os.family === "linux",
    says: () => "The SSH host key will be a new one.",
  },
  {
    // No text asks for a stopped server, and it comes back running: https://github.com/yunionio/cloudmux pkg/multicloud/qcloud
    code: "comes-back-running",
    kind: "changes",
    at: "server",
    source: resetInstance,
    when: ({ server }) => server.power === "stopped",
    says: ({ server }) => `${nameOf(server)} is stopped now and will be running afterwards.`,
  },
  {
    code: "cross-system-disk",
    kind: "warning",
    at: "disk",
    source: resetInstance,
    when: crossSystem,
    says: () =>
      "Between Linux and Windows the system disk may get another id; its old snapshots may then no longer be rolled back.",
  },
  {
    code: "recommended-images",
    kind: "warning",
    at: "image",
    source: reinstalling,
    when: ({ image }) => image?.kind === "shared" || image?.kind === "market",
    says: ({ image }) =>
      `The image is ${image?.kind === "shared" ? "shared by another account" : "from the marketplace"}. Tencent Cloud recommends its own images or your custom ones.`,
  },
  {
    code: "meanwhile",
    kind: "warning",
    at: "server",
    source: reinstalling,
    when: () => true,
    says: () => "Do not do anything else to the server while it is being reinstalled.",
  },
];

function dataDiskWords(disks: readonly Disk[]): string {
  const ids = disks.map((disk) => disk.id || `a ${disk.sizeGb} GB disk`).join(", ");
  return disks.length === 1
    ? `Data disk ${ids} is kept; mount it again afterwards.`
    : `${disks.length} data disks are kept; mount them again afterwards: ${ids}.`;
}

function loginWords({ order }: Case): string {
  const login = order?.login;
  switch (login?.kind) {
    case "key-pair":
      return `Login with key pair ${shortName(login.name, login.id)}; old passwords and keys are gone.`;
    case "generated":
      return `Login as ${login.user} with a generated password, shown to the requester only; old passwords and keys are gone.`;
    case "typed":
      return `Login as ${login.user} with the password that the requester typed; old passwords and keys are gone.`;
    default:
      return "";
  }
}

/** Logins of which the bot itself knows nothing. */
function isOthers({ kind }: Login): boolean {
  return kind === "keep-image" || kind === "provider";
}

function howToGetIn({ order, server }: Case): string {
  if (order?.login.kind === "keep-image") {
    return "Login is the one stored in the image. The bot does not know it: only who knows the image's user and password (or key) gets in.";
  }
  return `Log in as ${userOf(server, order?.image ?? null)}. ${sentTo}`;
}
