/** The only place that reads servers of ECS with their EVS disks: many in few calls, and what a list left out one by one. */
import { CloudDown, onlyFirst, type Server, type ServerRef, type Use } from "./cloud.ts";
import type { Ecs } from "./huawei-call.ts";
import { explain } from "./huawei-errors.ts";
import { goneServer, isTemporary, powerOf, serverFrom, type Volumes } from "./huawei-server.ts";
import { readable, ServerAnswer, ServersAnswer, VolumesAnswer, WireServer, WireVolume } from "./huawei-wire.ts";
import type { Remembered } from "./remembered.ts";
import { percentEncoded } from "./wire-id.ts";

type RefOf = (region: string, id: string) => ServerRef;
type ReadAt = () => number;

/** The page limit is always sent: 25 would be the default. More than 200 a page is advised against. */
const serverPage = 200;
const serverPagesMax = 100;
/** EVS takes no more ids in one call. */
const volumeIdsMax = 60;

export async function serversOf(
  ecs: Ecs,
  refOf: RefOf,
  readAt: ReadAt,
): Promise<{ found: readonly Server[]; unread: readonly string[] }> {
  const regions = ecs.account.regions;
  const read = await Promise.allSettled(regions.map((region) => serversIn(ecs, refOf, readAt, region)));
  const found = read.flatMap((each) => (each.status === "fulfilled" ? each.value.found : []));
  const unread = read.flatMap((each, n) => {
    const says = each.status === "rejected" ? saysOf(each.reason) : each.value.unread;
    return says === null ? [] : [`${regions[n]}: ${says}`];
  });
  return { found, unread };
}

function saysOf(reason: unknown): string {
  if (reason instanceof CloudDown) return reason.says;
  throw reason;
}

/** The temporary servers of running reinstalls are left out: nobody may touch them. */
async function serversIn(
  ecs: Ecs,
  refOf: RefOf,
  readAt: ReadAt,
  region: string,
): Promise<{ found: Server[]; unread: string | null }> {
  const wires: WireServer[] = [];
  let cut = true;
  for (let page = 1; cut && page <= serverPagesMax; page += 1) {
    const query = { limit: String(serverPage), offset: String(page) };
    const { servers } = await ecs.ask({ service: "ecs", region, path: listPath, query }, ServersAnswer);
    wires.push(...readable(WireServer, servers));
    cut = servers.length >= serverPage;
  }
  // A server that is made or deleted meanwhile moves the others to another page, where they come again.
  const unique = new Map(wires.map((wire) => [wire.id, wire]));
  const ids = new Set(unique.keys());
  const kept = [...unique.values()].filter((wire) => !isTemporary(wire, ids));
  const volumes = await volumesOf(ecs, region, kept);
  const found = kept.map((wire) => serverFrom(wire, volumes, refOf(region, wire.id), readAt()));
  return { found, unread: cut ? onlyFirst(serverPage * serverPagesMax) : null };
}

/** `offset` is the number of the page. https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/apis_recommended/lifecycle_management/querying_details_about_ecss.html */
const listPath = "/v1/{project}/cloudservers/detail";

/** What a reading is for, and the id, as one key of a batch. */
export function wishFor(id: string, use: Use = "decide"): string {
  return `${use}/${id}`;
}

function idOf(wish: string): string {
  return wish.slice(wish.indexOf("/") + 1);
}

/** One reading of each server answers every wish for it. An id that the list leaves out is asked for by itself: only "not found" means gone. */
export async function serversById(
  ecs: Ecs,
  known: Remembered<WireVolume>,
  refOf: RefOf,
  readAt: ReadAt,
  region: string,
  wishes: readonly string[],
): Promise<Map<string, Server | Error>> {
  const ids = [...new Set(wishes.map(idOf))];
  const query = { limit: "1000", offset: "1", server_id: ids.join(",") };
  const { servers } = await ecs.ask({ service: "ecs", region, path: listPath, query }, ServersAnswer);
  const listed = readable(WireServer, servers).filter((wire) => ids.includes(wire.id));
  const missing = ids.filter((id) => !listed.some((wire) => wire.id === id));
  const singly = await Promise.all(missing.map((id) => oneById(ecs, region, id)));
  const wires = [...listed, ...singly.filter((each): each is WireServer => each !== null && !(each instanceof Error))];
  const volumes = await volumesFor(ecs, known, region, wires, (id) => wishes.includes(wishFor(id)));
  const found = new Map<string, Server | Error>();
  for (const [n, id] of missing.entries()) {
    const one = singly[n];
    found.set(id, one instanceof Error ? one : goneServer(refOf(region, id), readAt()));
  }
  for (const wire of wires) found.set(wire.id, readingOf(wire, volumes, refOf(region, wire.id), readAt()));
  return new Map(
    wishes.flatMap((wish) => {
      const one = found.get(idOf(wish));
      return one === undefined ? [] : [[wish, one]];
    }),
  );
}

/** Of a server at rest EVS knows the system disk; one that it leaves out would be shown, and sealed, with a size of 0. */
function readingOf(wire: WireServer, volumes: Volumes, ref: ServerRef, readAt: number): Server | Error {
  const server = serverFrom(wire, volumes, ref, readAt);
  const { systemDisk, power } = server;
  const isAtRest = power === "running" || power === "stopped";
  if (!isAtRest || systemDisk === undefined || volumes.has(systemDisk.id)) return server;
  return new CloudDown("The cloud does not show the system disk of this server just now.", "no-volume");
}

async function oneById(ecs: Ecs, region: string, id: string): Promise<WireServer | Error | null> {
  const path = `/v1/{project}/cloudservers/${percentEncoded(id)}`;
  try {
    const asked = await ecs.tryAsk({ service: "ecs", region, path }, ServerAnswer);
    if ("body" in asked) return asked.body.server.id === id ? asked.body.server : anotherServer();
    if (asked.status === 404 && /^(Ecs\.0114|Ecs\.0614|itemNotFound)$/.test(asked.code)) return null;
    return new CloudDown(explain(asked.code, "").says, asked.code);
  } catch (error) {
    return error instanceof Error ? error : new Error("unreadable", { cause: error });
  }
}

function anotherServer(): CloudDown {
  return new CloudDown("The answer is not about the server that was asked for.", "unexpected-answer");
}

/** While the cloud works on a server, and while an operation is only watched, nothing is decided by the size of its disks, and it is looked at again and again: what EVS told of them lately will do. */
async function volumesFor(
  ecs: Ecs,
  known: Remembered<WireVolume>,
  region: string,
  wires: readonly WireServer[],
  decides: (id: string) => boolean,
): Promise<Volumes> {
  const volumes = new Map<string, WireVolume>();
  const asked: WireServer[] = [];
  for (const wire of wires) {
    const ids = volumeIds(wire);
    const told = ids.flatMap((id) => known.get(id) ?? []);
    const mayBeOld = powerOf(wire) === "busy" || !decides(wire.id);
    if (!mayBeOld || told.length < ids.length) asked.push(wire);
    else for (const volume of told) volumes.set(volume.id, volume);
  }
  for (const [id, volume] of await volumesOf(ecs, region, asked)) {
    volumes.set(id, volume);
    known.set(id, volume);
  }
  return volumes;
}

function volumeIds(wire: WireServer): string[] {
  return wire["os-extended-volumes:volumes_attached"].map((each) => each.id);
}

/** Sizes and types are known to EVS only; a disk that it does not know (it comes and goes during a reinstall) has size 0. */
async function volumesOf(ecs: Ecs, region: string, wires: readonly WireServer[]): Promise<Volumes> {
  const ids = wires.flatMap(volumeIds);
  const chunks = Array.from({ length: Math.ceil(ids.length / volumeIdsMax) }, (_, n) =>
    ids.slice(n * volumeIdsMax, (n + 1) * volumeIdsMax),
  );
  const path = "/v2/{project}/cloudvolumes/detail";
  const found = new Map<string, WireVolume>();
  for (const chunk of chunks) {
    const query = { ids: `[${chunk.map((id) => `'${id}'`).join(",")}]` };
    const { volumes } = await ecs.ask({ service: "evs", region, path, query }, VolumesAnswer);
    for (const volume of readable(WireVolume, volumes)) found.set(volume.id, volume);
  }
  return found;
}
