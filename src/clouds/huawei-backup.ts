/** The only place where private images of ECSs are made and found again, at IMS. https://docs.otc.t-systems.com/image-management-service/api-ref/ims_apis/image_management/creating_an_image.html */
import * as z from "zod";
import type { Backups, Made } from "./backups.ts";
import type { Answer, Receipt, Server } from "./cloud.ts";
import { answerOf } from "./huawei-answers.ts";
import { type Ecs, projectOf } from "./huawei-call.ts";
import { explain } from "./huawei-errors.ts";

const Quota = z.object({
  quotas: z.object({ resources: z.array(z.object({ type: z.string(), used: z.number(), quota: z.number() })) }),
});
const Images = z.object({ images: z.array(z.unknown()) });
const Found = z.object({ id: z.string(), name: z.string(), status: z.string() });
const Job = z.object({ status: z.string(), error_code: z.string().nullish(), fail_reason: z.string().nullish() });

export function huaweiBackups(ecs: Ecs): Backups {
  return {
    room: (server) => room(ecs, server),
    make: (server, name, at) => make(ecs, server, name, at),
    find: (server, name, receipt) => find(ecs, server, name, receipt),
  };
}

async function room(ecs: Ecs, { ref: { region } }: Server): Promise<string | null> {
  const { quotas } = await ecs.ask({ service: "ims", region, path: "/v1/cloudimages/quota" }, Quota);
  const quota = quotas.resources.find(({ type }) => type === "image");
  if (quota === undefined || quota.used < quota.quota) return null;
  return `The quota of private images in ${region} is used up (${quota.used} of ${quota.quota}). Delete one in the console, or choose another backup.`;
}

/** IMG.0008: the ECS must be stopped. */
function make(ecs: Ecs, server: Server, name: string, at: number): Promise<Answer> {
  const { region, id } = server.ref;
  const body = { name, instance_id: id, description: "Made before a reinstall" };
  const jobPath = `/v1/${projectOf(ecs.account, region)}/jobs/{job}`;
  return answerOf(ecs.act({ service: "ims", region, path: "/v2/cloudimages/action" }, body, at), jobPath);
}

/** The image by its name; where there is none yet, what its job says. */
async function find(ecs: Ecs, server: Server, name: string, receipt: Receipt | null): Promise<Made> {
  const { region } = server.ref;
  const query = { __imagetype: "private", owner: "{project}", name, limit: "10" };
  const { images } = await ecs.ask({ service: "ims", region, path: "/v2/cloudimages", query }, Images);
  const mine = images.flatMap((entry) => Found.safeParse(entry).data ?? []).find((image) => image.name === name);
  if (mine?.status === "active") return { is: "done", image: { id: mine.id, name } };
  if (mine?.status === "killed" || mine?.status === "deleted") return failed(mine.status, "");
  if (mine !== undefined) return { is: "working", says: `image ${mine.id} is ${mine.status}` };
  const path = receipt?.facts["job"];
  if (path === undefined) return { is: "none" };
  const job = await ecs.tryAsk({ service: "ims", region, path }, Job);
  if (!("body" in job)) return { is: "none" };
  if (job.body.status === "FAIL") return failed(job.body.error_code ?? "FAIL", receipt?.id ?? "");
  return { is: "working" };
}

function failed(code: string, requestId: string): Made {
  const known = explain(code, "").says;
  return { is: "failed", refusal: { code, requestId, says: `The private image could not be made. ${known}` } };
}
