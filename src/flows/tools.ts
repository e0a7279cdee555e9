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
  /** Milliseconds on the monotonic clock since this was first asked of this process: a wall clock that jumps does not shorten it. */
  watched(key: string): number;
  /** How often a running operation is looked at. */
  pollMs: number;
}

/** More open requests than this are looked at less often, so that what a cloud is asked a minute does not grow with them. */
const oftenMax = 200;

/**
 * Wall time (ms) of the next look, about as many polls away. All flows look at the same moments, so that one call answers for many;
 * at least half a poll away, so that an order has begun to show.
 */
export function nextLook({ store, pollMs }: Pick<FlowTools, "store" | "pollMs">, now: number, polls = 1): number {
  const everyMs = pollMs * Math.max(1, Math.ceil(store.hot().length / oftenMax));
  return (Math.round(now / everyMs) + polls) * everyMs;
}

/** A moment of its own for each, so that those whom a cloud sent away do not all come back at once. */
export function scattered({ random, pollMs }: Pick<FlowTools, "random" | "pollMs">, at: number): number {
  const [high = 0, low = 0] = random(2);
  return at + Math.floor(((high * 256 + low) / 65_536) * pollMs * 2);
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
