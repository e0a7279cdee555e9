/** The only place where the simulated IMS makes a private image of an ECS, and counts them. */

import type { Call } from "./huawei.ts";
import { isArmed, strikes } from "./huawei-faults.ts";
import { type HuaweiState, type SimImage, uuid } from "./huawei-state.ts";
import { begin } from "./huawei-time.ts";
import type { Turn } from "./huawei-wipe.ts";
import { reply, serviceError } from "./huawei-wire.ts";
import type { SimReply } from "./sim.ts";

const quotaMost = 20;

export function makeImage(state: HuaweiState, { region, body, now }: Call): Turn {
  const wish = wishOf(body);
  const wrong = (code: string, says: string): Turn => [state, serviceError(state, 400, code, says)];
  if (!wish) return wrong("IMG.0001", "The request message format is invalid.");
  const server = state.servers[wish.server];
  if (!server || server.region !== region) return wrong("IMG.0005", "The ECS does not exist.");
  if (server.task !== null) return wrong("IMG.0010", "The ECS has in-progress tasks.");
  if (server.status !== "SHUTOFF") return wrong("IMG.0008", "The ECS is not in stopped state.");
  if (!server.systemDisk) return wrong("IMG.0119", "The VM does not have a system disk.");
  const mine = privates(state, region);
  if (mine.some((image) => image.name === wish.name)) return wrong("IMG.0009", "The image name already exists.");
  if (mine.length >= quotaMost)
    return wrong("IMG.0015", "The number of private images has reached the maximum allowed.");
  const [drawn, fails] = strikes(state, "image-fails");
  const model = state.images[server.imageId];
  const image: SimImage = {
    id: uuid(`image/${wish.name}/${state.made}`),
    region,
    name: wish.name,
    type: "private",
    status: "saving",
    osType: server.osType,
    platform: server.platform,
    minDiskGb: server.systemDisk.sizeGb,
    minRamMb: 0,
    arm: model?.arm ?? false,
    cloudInit: model?.cloudInit ?? true,
    createdAt: now,
  };
  const fail = fails ? { code: "IMG.0014", reason: "An exception occurred when the task was executed." } : null;
  const held = { ...drawn, images: { ...drawn.images, [image.id]: image } };
  const [next, job] = begin(held, server, { kind: "image", imageId: image.id }, now, { fail });
  return [next, reply(next, 200, { job_id: job.id })];
}

export function imageQuota(state: HuaweiState, { region }: Call): SimReply {
  const used = privates(state, region).length;
  const resources = [{ type: "image", used, quota: isArmed(state, "image-quota") ? 0 : quotaMost, min: 1, max: 1000 }];
  return reply(state, 200, { quotas: { resources } });
}

function privates(state: HuaweiState, region: string): readonly SimImage[] {
  return Object.values(state.images).filter((image) => image.region === region && image.type === "private");
}

function wishOf(body: string): { name: string; server: string } | null {
  try {
    const given = JSON.parse(body) as { name?: unknown; instance_id?: unknown };
    const { name, instance_id: server } = given;
    return typeof name === "string" && name.length > 0 && name.length <= 128 && typeof server === "string"
      ? { name, server }
      : null;
  } catch {
    return null;
  }
}
