/** The simulated ECS behind HTTP, and the official SDK as its client. */
import { createRequire } from "node:module";
import { type HuaweiSim, huaweiSim, otcSim } from "../../playground/clouds/huawei.ts";
import type { HuaweiState } from "../../playground/clouds/huawei-state.ts";
import { type CloudShell, cloudShell } from "../../playground/clouds/shell.ts";
import { simCredentials } from "../../playground/clouds/sim.ts";

const load = createRequire(import.meta.url);
const { BasicCredentials } = load("@huaweicloud/huaweicloud-sdk-core");
const { DefaultHttpClient } = load("@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient");
const { HcClient } = load("@huaweicloud/huaweicloud-sdk-core/HcClient");
const { EcsClient } = load("@huaweicloud/huaweicloud-sdk-ecs");

/** Fast enough that the longest job ends well within the 15 minutes for which the SDK's signature, made by the real clock, is good. */
const speed = 60;

/** A simulated site behind HTTP, whose clock stands still until the test puts it forward. */
export class World {
  later = 0;
  address = "";
  readonly #began = Date.now();
  readonly sim: HuaweiSim;
  readonly shell: CloudShell<HuaweiState>;
  constructor(sim: HuaweiSim) {
    this.sim = sim;
    this.shell = cloudShell(sim, { clock: { now: () => this.#began + this.later }, speed });
  }
  get state(): HuaweiState {
    return this.shell.state();
  }
  async open(): Promise<void> {
    this.address = await this.shell.listen();
  }
  close(): Promise<void> {
    return this.shell.close();
  }
  /** `ms` of the cloud's own time. */
  pass(ms: number): void {
    this.later += ms / speed;
  }
  id(name: string): string {
    const found = Object.values(this.state.servers).find((server) => server.name === name);
    if (!found) throw new Error(`no server ${name}`);
    return found.id;
  }
  image(name: string): string {
    const region = this.sim.site.regions[0]?.name;
    const found = Object.values(this.state.images).find((image) => image.name === name && image.region === region);
    if (!found) throw new Error(`no image ${name}`);
    return found.id;
  }
  arm(fault: string): void {
    this.shell.arm(fault, true);
  }
}

/** The official client with its printing loggers silenced: they would print the body of a failed call, password included. */
export function sdk(world: World, secret: string = simCredentials.secret) {
  const logger = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} };
  return clientWith({ logger }, world, secret);
}

/** The same as it comes. */
export function talkingSdk(world: World, secret: string) {
  return clientWith({}, world, secret);
}

function clientWith(more: object, world: World, secret: string) {
  const http = new DefaultHttpClient({ ...more, axiosRequestConfig: { timeout: 5_000, maxRedirects: 0 } }, [
    world.address,
  ]);
  const credential = new BasicCredentials()
    .withAk(simCredentials.id)
    .withSk(secret)
    .withProjectId(world.sim.site.regions[0]?.project);
  return new EcsClient(new HcClient(http, {}).withCredential(credential).withEndpoints([world.address]));
}

export async function outcome(call: Promise<{ httpStatusCode?: number; job_id?: string }>): Promise<string> {
  try {
    const answer = await call;
    return answer.job_id ? "accepted" : `${answer.httpStatusCode} without a job`;
  } catch (error) {
    const failure = error as { httpStatusCode?: number; errorCode?: string; message?: string };
    return `${failure.httpStatusCode ?? "no answer"} ${failure.errorCode ?? ""}`.trim();
  }
}

export function reinstall(world: World, name: string, body: Record<string, unknown>) {
  return sdk(world).reinstallServerWithCloudInit({ server_id: world.id(name), body: { "os-reinstall": body } });
}
export function change(world: World, name: string, body: Record<string, unknown>) {
  return sdk(world).changeServerOsWithCloudInit({ server_id: world.id(name), body: { "os-change": body } });
}
export const withKey = { keyname: "oncall-2026", userid: huaweiSim.site.userId, mode: "withStopServer" };
export const withOtcKey = { keyname: "oncall-2026", userid: otcSim.site.userId };
