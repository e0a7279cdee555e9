/** The only place that turns IMS images into images as a form offers them, and says which of them this server cannot take. */
import { readName, searchable } from "../line.ts";
import type { Image, ImageKind, Os, Server } from "./cloud.ts";
import type { WireImage } from "./huawei-wire.ts";

/** How each kind is asked for. https://docs.otc.t-systems.com/image-management-service/api-ref/ims_apis/image_management/querying_images.html */
export function imageQuery(kind: ImageKind): Record<string, string> {
  return { ...queries[kind], virtual_env_type: "FusionCompute", __isregistered: "true" };
}

const queries: Readonly<Record<ImageKind, Readonly<Record<string, string>>>> = {
  public: { __imagetype: "gold", visibility: "public", protected: "true", status: "active" },
  private: { __imagetype: "private", owner: "{project}" },
  shared: { __imagetype: "shared", visibility: "shared", member_status: "accepted" },
  market: { __imagetype: "market", status: "active" },
};

export function imageFrom(wire: WireImage, server: Server): Image {
  const image = {
    id: wire.id,
    name: readName(wire.name),
    kind: kinds[wire.__imagetype] ?? (wire.visibility === "public" ? "public" : "private"),
    os: osOf(wire),
    minDiskGb: wire.min_disk,
    createdAt: wire.created_at,
    facts: { status: wire.status, minRamMb: String(wire.min_ram), arm: String(wire.__support_arm === "true") },
  } satisfies Image;
  const why = unusable(image, server);
  return why ? { ...image, unusable: why } : image;
}

const kinds: Readonly<Record<string, ImageKind>> = {
  gold: "public",
  private: "private",
  shared: "shared",
  market: "market",
};

/** Why this image cannot be put on this server now. */
export function unusable(image: Image, server: Server): string | null {
  if (image.facts["status"] !== "active") {
    return `The image is not active (${image.facts["status"] || "state unknown"}): wait until it is, or choose another.`;
  }
  return mismatch(image, server);
}

/** Kunpeng flavours (k…) run Arm images only. https://support.huaweicloud.com/intl/en-us/productdesc-ecs/ecs_01_0045.html */
const armFlavor = /^k/;

export function mismatch(image: Image, server: Server): string | null {
  const flavor = server.facts["flavor"] ?? "";
  const ramMb = Number(server.facts["ramMb"]);
  const needsMb = Number(image.facts["minRamMb"]);
  const isArm = image.facts["arm"] === "true";
  if (isArm && flavor !== "" && !armFlavor.test(flavor)) {
    return `This is an Arm image and the flavour ${flavor} is not: choose an x86 image.`;
  }
  // Of private images the mark may be missing, so there only the cloud itself can say no.
  if (!isArm && image.kind === "public" && armFlavor.test(flavor)) {
    return `The flavour ${flavor} is an Arm one and this image is not: choose an Arm image.`;
  }
  if (ramMb > 0 && needsMb > ramMb) {
    return `The image needs ${needsMb} MB of memory, the flavour ${flavor} has ${ramMb} MB: choose another image.`;
  }
  return null;
}

function osOf(wire: WireImage): Os {
  const type = wire.__os_type.toLowerCase();
  const family = type === "linux" || type === "windows" ? type : "unknown";
  const version = readName(wire.__os_version) || readName(wire.name);
  const isNamed = version.toLowerCase().includes(wire.__platform.toLowerCase());
  return { family, name: isNamed ? version : `${wire.__platform} ${version}` };
}

/** Usable ones first, then as the cloud gave them. */
export function listed(
  images: readonly Image[],
  text: string,
  max: number,
): { found: readonly Image[]; more: boolean } {
  const wanted = searchable(text);
  const fitting = images.filter((each) =>
    [each.name, each.id, each.os.name].some((one) => searchable(one).includes(wanted)),
  );
  const sorted = [...fitting.filter((each) => !each.unusable), ...fitting.filter((each) => each.unusable)];
  return { found: sorted.slice(0, max), more: sorted.length > max };
}
