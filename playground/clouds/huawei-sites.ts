/** The only place where the two simulated sites differ. */
import { hexId } from "./huawei-state.ts";

export interface SimSite {
  id: "huawei" | "otc";
  title: string;
  regions: readonly { name: string; project: string }[];
  /** The IAM user to whom the access key and the key pairs belong. */
  userId: string;
  /** Whether a running server is refused even with `mode: withStopServer`. */
  mustBeStopped: boolean;
  /** Whether `adminpass` is a parameter here. */
  passwords: boolean;
  imageTypes: readonly ("gold" | "private" | "shared" | "market")[];
}

function region(name: string): { name: string; project: string } {
  return { name, project: hexId(`project/${name}`) };
}

export const huaweiSite: SimSite = {
  id: "huawei",
  title: "Huawei Cloud (simulated)",
  regions: [region("ap-southeast-3"), region("cn-north-4")],
  userId: hexId("user/huawei"),
  mustBeStopped: false,
  passwords: true,
  imageTypes: ["gold", "private", "shared", "market"],
};

export const otcSite: SimSite = {
  id: "otc",
  title: "Open Telekom Cloud (simulated)",
  regions: [region("eu-de"), region("eu-nl")],
  userId: hexId("user/otc"),
  mustBeStopped: true,
  passwords: false,
  imageTypes: ["gold", "private", "shared"],
};
