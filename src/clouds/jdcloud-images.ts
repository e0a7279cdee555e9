/** The only place that says which image fits which server: the rules JD Cloud's documents name, each with its sentence. */
import type { Image, Server } from "./cloud.ts";
import type { Constraints } from "./jdcloud-wire.ts";

interface ImageRule {
  code: string;
  broken(image: Image, server: Server): boolean;
  says(image: Image, server: Server): string;
}

const fact = (thing: Image | Server, name: string): string => thing.facts[name] ?? "";

/** https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance, in the order in which they are said. */
export const imageRules: readonly ImageRule[] = [
  {
    code: "image-status",
    broken: (image) => fact(image, "status") !== "ready",
    says: (image) =>
      `The image is ${fact(image, "status") || "in a state that JD Cloud does not name"}, not ready. Choose another.`,
  },
  {
    code: "image-offline",
    broken: (image) => fact(image, "offline") === "yes",
    says: () => "JD Cloud has taken this image offline: no server can be made from it any more. Choose another.",
  },
  {
    code: "image-cloud-only",
    broken: (image, server) => server.systemDisk?.kind === "local" && fact(image, "disk") === "cloudDisk",
    says: () =>
      "This image needs a cloud system disk, and the server has a local one. Choose an image for local disks.",
  },
  {
    code: "image-local-only",
    broken: (image, server) => server.systemDisk?.kind === "cloud" && fact(image, "disk") === "localDisk",
    says: () =>
      "This image is only for local system disks, and the server has a cloud disk. Choose an image for cloud disks.",
  },
  {
    code: "image-too-big",
    broken: (image, server) => server.systemDisk !== undefined && server.systemDisk.sizeGb < image.minDiskGb,
    says: (image, server) =>
      `The image needs ${image.minDiskGb} GB, the system disk has ${server.systemDisk?.sizeGb ?? 0} GB, and a rebuild cannot resize it. Choose a smaller image.`,
  },
  {
    code: "image-encryption",
    broken: (image, server) =>
      server.systemDisk?.kind === "cloud" && fact(image, "encrypted") !== fact(server, "encrypted"),
    says: (image) =>
      fact(image, "encrypted") === "yes"
        ? "The image is encrypted and the system disk is not; JD Cloud asks that they agree. Choose another image."
        : "The system disk is encrypted and the image is not; JD Cloud asks that they agree. Choose another image.",
  },
  {
    code: "image-architecture",
    broken: (image, server) => differs(fact(image, "architecture"), fact(server, "architecture")),
    says: (image, server) =>
      `The image is for ${fact(image, "architecture")}, the server is ${fact(server, "architecture")}. Choose another image.`,
  },
  {
    code: "image-instance-type",
    broken: (image) => fact(image, "constrained") === "yes",
    says: (_image, server) =>
      `This image does not support the instance type ${fact(server, "type")}. Choose another image.`,
  },
];

/** The first rule that this image breaks on this server, or null. */
export function misfit(image: Image, server: Server): { code: string; says: string } | null {
  const rule = imageRules.find((one) => one.broken(image, server));
  return rule === undefined ? null : { code: rule.code, says: rule.says(image, server) };
}

/** As the form shows it: with the reason why it cannot be taken here. */
export function fitted(image: Image, server: Server): Image {
  const wrong = misfit(image, server);
  return wrong === null ? image : { ...image, unusable: wrong.says };
}

export const deletedImage =
  "The private image this server was made from has been deleted, so it cannot be put back as it was made. Choose another image.";

/** What the form can say of the same image without another call. */
export function withImage(server: Server, found: Image | null | undefined): Server {
  if (found === undefined) return server;
  const refused = found === null ? deletedImage : (misfit(found, server)?.says ?? "");
  return { ...server, facts: { ...server.facts, imageRefused: refused } };
}

/** Only official and market images are limited to certain instance types, or kept from them. */
export function constrained(image: Image, server: Server, { imageConstraints }: Constraints): Image {
  const limit = imageConstraints?.imageInstanceTypeConstraint;
  const listed = limit?.instanceTypes?.includes(fact(server, "type")) ?? false;
  const out = limit?.constraintsType === "excludes" ? listed : limit?.constraintsType === "includes" ? !listed : false;
  return { ...image, facts: { ...image.facts, constrained: out ? "yes" : "no" } };
}

function differs(one: string, other: string): boolean {
  return one !== "" && other !== "" && one !== other;
}
