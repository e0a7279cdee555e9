/** The adapter on top of the simulated Tencent Cloud's core, without a network and at a time of the test's own. */
import { simCredentials } from "../playground/clouds/sim.ts";
import { type TencentState, tencentSim } from "../playground/clouds/tencent.ts";
import type { Act, Answer, Cloud, Image, Login, Receipt, Server } from "../src/clouds/cloud.ts";
import { tencent } from "../src/clouds/tencent.ts";
import type { Exchange } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";
import { seeded, silentLog, startMs, testClock } from "./tencent-samples.ts";

export const minutes = 60_000;
export const web01 = "ins-r8hr2upy";
export const keyPair: Login = { kind: "key-pair", id: "skey-b4vakk62", name: "oncall-2026" };

export interface Simulated {
  clock: ReturnType<typeof testClock>;
  state: TencentState;
  cloud: Cloud;
  read(id: string): Promise<Server>;
  named(name: string): Promise<Server>;
  imageNamed(server: Server, text: string): Promise<Image>;
  /** The act of reinstalling the server with the first image that fits the text. */
  reinstall(server: Server, text?: string, login?: Login, secret?: Secret): Promise<Extract<Act, { kind: "once" }>>;
}

const account = {
  name: "prod",
  cloud: "tencent",
  site: "mainland",
  regions: ["ap-guangzhou", "ap-hongkong", "ap-shanghai"],
  id: simCredentials.id,
  secret: new Secret(simCredentials.secret),
  endpoint: "http://127.0.0.1:8123",
} as const;

export function simulated(): Simulated {
  const clock = testClock();
  const exchange: Exchange = async ({ method, headers, body }) => {
    const [next, reply] = tencentSim.handle(world.state, { method, path: "/", headers, body }, clock.nowMs);
    world.state = next;
    if (reply.how !== "answer") throw new Error("socket hang up");
    return reply;
  };
  const cloud = tencent(account, { clock, random: seeded("adapter"), exchange, log: silentLog });
  const imageNamed: Simulated["imageNamed"] = async (server, text) =>
    the((await cloud.images(server, "public", text)).found[0]);
  const world: Simulated = {
    clock,
    state: tencentSim.start({ speed: 1, now: startMs }),
    cloud,
    read: (id) => cloud.server({ cloud: "tencent", site: "mainland", account: "prod", region: "ap-guangzhou", id }),
    named: async (name) => the((await cloud.servers()).found.find((each) => each.name === name)),
    imageNamed,
    async reinstall(server, text = "Ubuntu 22.04 LTS", login = keyPair, secret) {
      const { id, name, kind, os } = await imageNamed(server, text);
      const order = { server: server.ref, image: { id, name, kind, os, same: false }, login };
      const kept = secret === undefined ? {} : { secret };
      return { kind: "once", act: "reinstall", id: "r1/1/reinstall", order, ...kept };
    },
  };
  return world;
}

export function receiptOf(answer: Answer): Receipt | null {
  return "accepted" in answer ? answer.accepted : null;
}

export function the<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("There is none.");
  return value;
}
