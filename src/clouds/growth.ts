/** The only place that says what a growing system disk is, for every cloud: which sizes a form may offer, and when an order makes the disk bigger. */
import type { Order, Server } from "./cloud.ts";

/** Sizes in GB, as all clouds here call what are GiB. `must`: the image needs more than there is. Or why the disk keeps its size. */
export type DiskGrowth = { presentGb: number; leastGb: number; mostGb: number; must: boolean } | { refused: string };

/** The size asked for, when it is more than the server's disk has; null otherwise. At a second try the disk may have grown already. */
export function growsTo(order: Order | null, server: Server): number | null {
  const sizeGb = order?.diskGb ?? 0;
  return server.systemDisk !== undefined && sizeGb > server.systemDisk.sizeGb ? sizeGb : null;
}
