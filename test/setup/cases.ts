/** The only place that says with which server, images and logins the stories run on each cloud. */
import type { CloudSim } from "../../playground/clouds/sim.ts";
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
  /** What the channel calls the cloud. */
  called: string;
}

export const tencentCase: CloudCase = {
  title: "Tencent Cloud CVM",
  account: { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] },
  sim: tencentSim,
  server: "web-01",
  otherImage: "Ubuntu Server 22.04",
  called: "Tencent Cloud",
};
