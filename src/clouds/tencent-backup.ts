/** The only place where custom images of Tencent Cloud servers are made and found again. https://www.tencentcloud.com/document/product/213/33250 (CreateImage) */
import * as z from "zod";
import { NotSent } from "../seams.ts";
import type { Backups, Made } from "./backups.ts";
import type { Answer, Server } from "./cloud.ts";
import { answerOf } from "./tencent-answers.ts";
import type { Cvm } from "./tencent-call.ts";
import { ImagePage } from "./tencent-wire.ts";

const Quota = z.object({ ImageNumQuota: z.number() });
const Found = z.object({ ImageId: z.string(), ImageName: z.string().nullish(), ImageState: z.string().nullish() });

export function tencentBackups(cvm: Cvm): Backups {
  return {
    room: (server) => room(cvm, server),
    make: (server, name, at) => make(cvm, server, name, at),
    find: (server, name) => find(cvm, server, name),
  };
}

/** DescribeImageQuota counts custom images in the region. */
async function room(cvm: Cvm, { ref: { region } }: Server): Promise<string | null> {
  const filters = { Filters: [{ Name: "image-type", Values: ["PRIVATE_IMAGE"] }], Offset: 0, Limit: 1 };
  const [{ ImageNumQuota: most }, { TotalCount: used }] = await Promise.all([
    cvm.read(region, "DescribeImageQuota", {}, Quota),
    cvm.read(region, "DescribeImages", filters, ImagePage),
  ]);
  if (used < most) return null;
  return `The quota of custom images in ${region} is used up (${used} of ${most}). Delete one in the console, or choose another backup.`;
}

/** The server is stopped already, so nothing in memory is missing in the image; no data disk is taken in. */
async function make(cvm: Cvm, server: Server, name: string, at: number): Promise<Answer> {
  const params = { InstanceId: server.ref.id, ImageName: name, ImageDescription: "Made before a reinstall" };
  try {
    return answerOf({ kind: "named", act: "backup" }, await cvm.act(server.ref.region, "CreateImage", params, at));
  } catch (cause) {
    if (!(cause instanceof NotSent)) throw cause;
    return {
      notSent: {
        code: "not-connected",
        requestId: "",
        says: "Tencent Cloud could not be reached, so nothing was sent.",
      },
    };
  }
}

/** The filter on names is a fuzzy one, so the name is compared once more; other accounts share images under names of their choice. */
async function find(cvm: Cvm, { ref: { region } }: Server, name: string): Promise<Made> {
  const filters = {
    Filters: [
      { Name: "image-name", Values: [name] },
      { Name: "image-type", Values: ["PRIVATE_IMAGE"] },
    ],
    Offset: 0,
    Limit: 100,
  };
  const { ImageSet } = await cvm.read(region, "DescribeImages", filters, ImagePage);
  const all = (ImageSet ?? []).flatMap((entry) => Found.safeParse(entry).data ?? []);
  const mine = all.find((image) => image.ImageName === name);
  if (mine === undefined) return { is: "none" };
  const image = { id: mine.ImageId, name };
  if (mine.ImageState === "NORMAL") return { is: "done", image };
  if (mine.ImageState === "CREATEFAILED" || mine.ImageState === "IMPORTFAILED") {
    const says = "Tencent Cloud could not make the custom image.";
    return { is: "failed", refusal: { code: mine.ImageState, requestId: "", says } };
  }
  return { is: "working", says: `image ${mine.ImageId} is ${mine.ImageState ?? "being made"}` };
}
