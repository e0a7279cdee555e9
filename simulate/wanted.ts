/** The only place that reads what an order on the wire asks for, whichever words the provider has for it. */
import type { SimRequest } from "../playground/clouds/sim.ts";
import type { Login } from "./plan.ts";

/** Without an image the server keeps its own, without a size its disk. */
export interface Wanted {
  server: string;
  image: string | null;
  /** A password on the wire may be a generated or a typed one. */
  login: Exclude<Login, "generated" | "typed"> | "password";
  keyPair: string | null;
  sizeGb: number | null;
}

interface TencentOrder {
  InstanceId: string;
  ImageId?: string;
  LoginSettings?: { KeyIds?: readonly string[]; Password?: string; KeepImageLogin?: string };
  SystemDisk?: { DiskSize?: number };
}
interface HuaweiOrder {
  imageid?: string;
  keyname?: string;
}
interface JdcloudOrder {
  imageId?: string;
  keyNames?: readonly string[];
}

const readers = { tencent, huawei, jdcloud } as const;

/** `cloud` is the word of the configuration. */
export function wantedBy(cloud: string, request: SimRequest): Wanted {
  return readers[cloud as keyof typeof readers](request);
}

function tencent({ body }: SimRequest): Wanted {
  const { InstanceId: server, ImageId, LoginSettings = {}, SystemDisk } = JSON.parse(body) as TencentOrder;
  const { KeyIds = [], Password, KeepImageLogin } = LoginSettings;
  const [keyPair = null] = KeyIds;
  const asked = { server, image: ImageId ?? null, keyPair, sizeGb: SystemDisk?.DiskSize ?? null };
  if (keyPair !== null) return { ...asked, login: "key-pair" };
  if (Password !== undefined) return { ...asked, login: "password" };
  return { ...asked, login: KeepImageLogin === undefined ? "provider" : "keep-image" };
}

function huawei({ path, body }: SimRequest): Wanted {
  const [, server = ""] = /cloudservers\/([^/]+)\/(?:reinstallos|changeos)/.exec(path) ?? [];
  const [order = {}] = Object.values(JSON.parse(body) as Record<string, HuaweiOrder>);
  const { imageid = null, keyname: keyPair = null } = order;
  return { server, image: imageid, keyPair, login: keyPair === null ? "password" : "key-pair", sizeGb: null };
}

function jdcloud({ path, body }: SimRequest): Wanted {
  const [, server = ""] = /instances\/([^/:]+):rebuildInstance/.exec(decodeURIComponent(path)) ?? [];
  const { imageId = null, keyNames = [] } = JSON.parse(body) as JdcloudOrder;
  const [keyPair = null] = keyNames;
  return { server, image: imageId, keyPair, login: keyPair === null ? "password" : "key-pair", sizeGb: null };
}
