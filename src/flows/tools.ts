/** The only place that says what a flow is handed. */
import type { Cloud, ServerRef } from "../clouds/cloud.ts";
import type { Person } from "../request.ts";
import type { Bound, Sealer } from "../seal.ts";
import type { Clock, Log, Probe, Random } from "../seams.ts";
import type { Store } from "../storeport.ts";

export interface FlowTools {
  clock: Clock;
  random: Random;
  store: Store;
  sealer: Sealer;
  log: Log;
  /** The account's cloud; null when the config no longer names it. */
  cloudOf(ref: ServerRef): Cloud | null;
  probe: Probe;
  /** On which of its addresses a reinstalled server's port is tried, by the account's configuration. */
  probeFrom(ref: ServerRef): "off" | "public" | "private";
  /** How often a running operation is looked at. */
  pollMs: number;
}

export function boundTo(request: {
  id: string;
  askedBy: Person;
  order: { server: ServerRef; image: { id: string } };
}): Bound {
  const { cloud, site, region, id } = request.order.server;
  return {
    request: request.id,
    server: [cloud, site, region, id].join("/"),
    image: request.order.image.id,
    requester: `${request.askedBy.team}/${request.askedBy.user}`,
  };
}
