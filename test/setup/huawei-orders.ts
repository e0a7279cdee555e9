/** Sends orders as the flow does, for tests. */
import type { Answer, Look, Receipt } from "../../src/clouds/cloud.ts";
import type { Secret } from "../../src/secret.ts";
import type { HuaweiWorld } from "./huawei-world.ts";

export function receiptOf(answer: Answer): Receipt {
  if (!("accepted" in answer)) throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  return answer.accepted;
}

/** Sends the reinstall of a server as the flow does: read just before, signed with that time. */
export async function sendReinstall(
  world: HuaweiWorld,
  name: string,
  more: Parameters<HuaweiWorld["order"]>[1] = {},
  secret?: Secret,
) {
  const before = await world.read(name);
  const act = world.reinstall(await world.order(before, more), secret);
  const answer = await world.cloud.send(act, before, world.now).catch(() => "nobody knows" as const);
  const look = async (): Promise<Look> => {
    const receipt = answer !== "nobody knows" && "accepted" in answer ? answer.accepted : null;
    return world.cloud.look(act, before, await world.read(name), receipt);
  };
  return { before, act, answer, look };
}

export const orders = (world: HuaweiWorld) => world.sent.filter((each) => each.method === "POST");
