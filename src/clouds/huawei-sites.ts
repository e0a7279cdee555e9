/** The only place where Huawei Cloud and Open Telekom Cloud differ: hosts, rules and habits of each site as data. */
import type { ImageKind, Traits } from "./cloud.ts";

export type SiteName = "huawei" | "otc";
export type Service = "ecs" | "ims" | "evs";

export interface Site {
  traits: Traits;
  /** Address of a service in a region. */
  host(service: Service, region: string): string;
  imageKinds: readonly ImageKind[];
  /** Why no login but a key pair is taken here; null where passwords are. */
  keyPairsOnly: string | null;
  /** Sent as `mode`: stops a running server by itself. */
  mode: "withStopServer" | null;
}

const minuteMs = 60_000;

const common = {
  wipeEnds: "running",
  /** IMG.0008 refuses an image of an ECS that is not stopped. */
  backupFrom: ["stopped"],
  hardStop: true,
  /** The gateway refuses what was signed more than 15 minutes before. */
  lateMs: 15 * minuteMs,
  lagMs: 5 * minuteMs,
  patienceMs: {
    busy: 30 * minuteMs,
    stop: 5 * minuteMs,
    hardStop: 5 * minuteMs,
    start: 10 * minuteMs,
    backup: 60 * minuteMs,
    reinstall: 60 * minuteMs,
  },
  usually: "It takes 10 to 20 minutes.",
} as const satisfies Partial<Traits>;

/**
 * Endpoints: https://developer.huaweicloud.com/intl/en-us/endpoint and https://docs.otc.t-systems.com/regions-and-endpoints/index.html
 * A running server is taken with `mode: withStopServer` by https://support.huaweicloud.com/eu/api-ecs/ecs_02_0201.html;
 * the documents of Open Telekom Cloud say "stopped, or OS reinstallation has failed".
 */
export const sites: Readonly<Record<SiteName, Site>> = {
  huawei: {
    traits: {
      ...common,
      title: "Huawei Cloud",
      wipeFrom: ["running", "stopped", "broken"],
      stopFrom: [],
      support: {
        name: "Huawei Cloud customer service",
        url: "https://console-intl.huaweicloud.com/ticket/",
      },
      lostPassword: {
        says: "Set a new one in the console with Reset Password, where the image has the plug-in for it.",
        url: "https://support.huaweicloud.com/eu/usermanual-ecs/ecs_03_0401.html",
      },
    },
    host: (service, region) => `https://${service}.${region}.myhuaweicloud.com`,
    imageKinds: ["public", "private", "shared", "market"],
    keyPairsOnly: null,
    mode: "withStopServer",
  },
  otc: {
    traits: {
      ...common,
      title: "Open Telekom Cloud",
      wipeFrom: ["stopped", "broken"],
      stopFrom: ["running"],
      support: {
        name: "Open Telekom Cloud customer service",
        url: "https://www.open-telekom-cloud.com/en/support",
      },
      lostPassword: {
        says: "On Linux log in with the key pair and set a new one; on Windows get it in the console (Get Password) with the key pair.",
        url: "https://docs.otc.t-systems.com/en-us/usermanual/ecs/en-us_topic_0035643949.html",
      },
    },
    host: (service, region) => `https://${service}.${region}.otc.t-systems.com`,
    imageKinds: ["public", "private", "shared"],
    keyPairsOnly: "Open Telekom Cloud takes a key pair only: its reinstall has no password.",
    mode: null,
  },
};
