/** The only place that names the providers: an account of the config in, its cloud out. */
import type { Cloud, CloudTools, Traits } from "./cloud.ts";
import { type HuaweiAccount, huawei } from "./huawei.ts";
import { type JdcloudAccount, jdcloud } from "./jdcloud.ts";
import { type TencentAccount, tencent } from "./tencent.ts";

export type CloudAccount = (TencentAccount | HuaweiAccount | JdcloudAccount) & { probe?: ProbeFrom };
/** On which address of a reinstalled server its port is tried. */
export type ProbeFrom = "off" | "public" | "private";

export interface OpenAccount {
  name: string;
  regions: readonly string[];
  site: string;
  /** The provider's word in the config and in a server's ref. */
  word: string;
  cloud: Cloud;
  probe: ProbeFrom;
}

export function openAccount(account: CloudAccount, tools: CloudTools): OpenAccount {
  const { name, regions, site, cloud: word, probe = "off" } = account;
  return { name, regions, site, word, cloud: cloudOf(account, tools), probe };
}

function cloudOf(account: CloudAccount, tools: CloudTools): Cloud {
  switch (account.cloud) {
    case "tencent":
      return tencent(account, tools);
    case "huawei":
      return huawei(account, tools);
    case "jdcloud":
      return jdcloud(account, tools);
  }
}

/** For requests whose account has left the config: they are still shown, and nothing is sent for them. */
export function traitsOfNobody(word: string): Traits {
  return {
    title: word,
    wipeFrom: [],
    stopFrom: [],
    wipeEnds: "running",
    backupFrom: [],
    hardStop: false,
    lateMs: null,
    lagMs: 0,
    patienceMs: { busy: 0, stop: 0, hardStop: 0, start: 0, backup: 0, reinstall: 0 },
    usually: "",
    support: { name: "the provider's support", url: "" },
    lostPassword: { says: "Reset it in the provider's console.", url: "" },
  };
}
