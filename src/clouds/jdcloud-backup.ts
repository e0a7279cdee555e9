/** The only place where private images of JD Cloud servers are made and found again. https://docs.jdcloud.com/cn/virtual-machines/api/createimage */
import * as z from "zod";
import type { Backups, Made } from "./backups.ts";
import type { Answer, Server } from "./cloud.ts";
import { answerOf } from "./jdcloud-answers.ts";
import type { Vm } from "./jdcloud-call.ts";

const Quotas = z.object({
  quotas: z.array(z.object({ resourceType: z.string(), limit: z.number(), used: z.number() })).nullish(),
});
const Images = z.object({ images: z.array(z.unknown()).nullish() });
const Found = z.object({ imageId: z.string(), name: z.string().nullish(), status: z.string().nullish() });

export function jdcloudBackups(vm: Vm): Backups {
  return {
    room: (server) => room(vm, server),
    make: (server, name, at) => make(vm, server, name, at),
    find: (server, name) => find(vm, server, name),
  };
}

/** Five private images a region by default. https://docs.jdcloud.com/cn/virtual-machines/api/describequotas */
async function room(vm: Vm, { ref: { region } }: Server): Promise<string | null> {
  const query = [
    ["filters.1.name", "resourceTypes"],
    ["filters.1.values.1", "image"],
  ] as const;
  const { quotas } = await vm.read(region, ["quotas"], query, Quotas);
  const quota = (quotas ?? []).find(({ resourceType }) => resourceType === "image");
  if (quota === undefined || quota.used < quota.limit) return null;
  return `The quota of private images in ${region} is used up (${quota.used} of ${quota.limit}). Delete one in the console, or choose another backup.`;
}

/** The image takes snapshots of the cloud data disks in too, which is JD Cloud's own default. */
function make(vm: Vm, server: Server, name: string, at: number): Promise<Answer> {
  const body = { name, description: "Made before a rebuild" };
  return answerOf(vm.act(server.ref.region, server.ref.id, "createImage", body, at), "createImage", {});
}

async function find(vm: Vm, { ref: { region } }: Server, name: string): Promise<Made> {
  const query = [
    ["imageSource", "private"],
    ["imageName", name],
    ["pageNumber", "1"],
    ["pageSize", "100"],
  ] as const;
  const { images } = await vm.read(region, ["images"], query, Images);
  const all = (images ?? []).flatMap((entry) => Found.safeParse(entry).data ?? []);
  const mine = all.find((image) => image.name === name);
  if (mine === undefined) return { is: "none" };
  if (mine.status === "ready") return { is: "done", image: { id: mine.imageId, name } };
  if (mine.status === "error" || mine.status === "deleting") {
    return {
      is: "failed",
      refusal: { code: mine.status, requestId: "", says: "JD Cloud could not make the private image." },
    };
  }
  return { is: "working", says: `image ${mine.imageId} is ${mine.status ?? "being made"}` };
}
