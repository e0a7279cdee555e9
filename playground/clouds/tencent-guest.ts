/** The only place that says which system stands behind a public address of simulated Tencent Cloud, whatever the API shows yet. */
import type { Guest } from "../doors.ts";
import { isWindows, pictureAt, type TencentState } from "./tencent-state.ts";

export function guestAt(state: TencentState, address: string, now: number): Guest | null {
  const found = Object.values(state.servers).find(({ publicIp }) => publicIp === address);
  if (found === undefined) return null;
  const server = pictureAt(found, now, "truth");
  const system = `${server.id}/${server.reinstalls}`;
  return { system, up: server.state === "RUNNING", windows: isWindows(server) };
}
