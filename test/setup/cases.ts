/** The only place that says with which server, images and logins the stories run on each cloud. */
import type { CloudSim, SimRequest } from "../../playground/clouds/sim.ts";
import { tencentSim } from "../../playground/clouds/tencent.ts";

export interface CloudCase {
  title: string;
  account: { name: string; cloud: string; site: string; regions: readonly string[] };
  // biome-ignore lint/suspicious/noExplicitAny: a core's state is its own affair; the shell only carries it.
  sim: CloudSim<any>;
  /** An ordinary running Linux server with data disks. */
  server: string;
  /** Another image of the same kind of system, by a text that the typeahead finds. */
  otherImage: string;
  keyPair: string;
  /** The login that a story uses when it does not matter. */
  login: "key pair" | "generated";
  /** Which logins this cloud offers for that server. */
  logins: readonly ("key pair" | "generated" | "typed")[];
  /** What the channel calls the cloud. */
  called: string;
  /** Whether a request on the wire is this act. */
  is(act: "reinstall" | "stop" | "start" | "read", request: SimRequest): boolean;
  /** Names of the panel's switches for what can go wrong. */
  faults: Readonly<Record<FaultKind, string>>;
  /** The provider does not say how long it takes a late order, so only a person may settle. */
  onlyPeopleSettle?: boolean;
  running: string;
  stopped: string;
}

export type FaultKind = "refused" | "fails" | "hangs" | "throttled" | "lost" | "neverArrives" | "stale" | "down";

const tencentActions = {
  reinstall: "ResetInstance",
  stop: "StopInstances",
  start: "StartInstances",
  read: "DescribeInstances",
} as const;

export const tencentCase: CloudCase = {
  title: "Tencent Cloud CVM",
  account: { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] },
  sim: tencentSim,
  server: "web-01",
  otherImage: "Ubuntu Server 22.04",
  keyPair: "oncall-2026",
  login: "key pair",
  logins: ["key pair", "generated", "typed"],
  called: "Tencent Cloud",
  is: (act, { headers }) => headers["x-tc-action"] === tencentActions[act],
  faults: {
    refused: "reset-refused",
    fails: "reset-fails",
    hangs: "reset-hangs",
    throttled: "reset-throttled",
    lost: "reset-answer-lost",
    neverArrives: "reset-never-arrives",
    stale: "reset-stale",
    down: "down",
  },
  running: "RUNNING",
  stopped: "STOPPED",
};

/** Every cloud that the stories run on. */
export const cases: readonly CloudCase[] = [tencentCase];
