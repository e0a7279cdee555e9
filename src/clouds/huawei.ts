/** Huawei Cloud and Open Telekom Cloud, Elastic Cloud Server: one adapter, two sites. The same order as every cloud's file: account, cloud, servers, images, key pairs, notices, acts. */
import type { Secret } from "../secret.ts";
import { batches } from "./batch.ts";
import type {
  Act,
  Answer,
  Cloud,
  CloudTools,
  Image,
  ImageKind,
  KeyPair,
  Notice,
  Order,
  Server,
  ServerRef,
} from "./cloud.ts";
import { sendTo } from "./huawei-act.ts";
import { huaweiBackups } from "./huawei-backup.ts";
import { caller, type Ecs } from "./huawei-call.ts";
import { card } from "./huawei-card.ts";
import { imageFrom, imageQuery, listed } from "./huawei-image.ts";
import { choicesOf, keyPairRefused } from "./huawei-login.ts";
import { jobKeptMs, lookAt } from "./huawei-look.ts";
import { type Case, orderRows, preflight, told } from "./huawei-preflight.ts";
import { serversById, serversOf, wishFor } from "./huawei-read.ts";
import { type SiteName, sites } from "./huawei-sites.ts";
import {
  ImagesAnswer,
  type Job,
  KeyPairsAnswer,
  QuotaAnswer,
  readable,
  WireImage,
  WireKeyPair,
  type WireVolume,
} from "./huawei-wire.ts";
import { withFingerprint } from "./key-pairs.ts";
import { calledAs, perReading } from "./per-reading.ts";
import { remembered } from "./remembered.ts";

export interface HuaweiAccount {
  name: string;
  cloud: "huawei";
  site: SiteName;
  regions: readonly string[];
  /** The project of each region. */
  projects: Readonly<Record<string, string>>;
  /** The IAM user to whom the key pairs belong. */
  userId?: string | undefined;
  /** AK. */
  id: string;
  /** SK. */
  secret: Secret;
  /** One address for every service and region, in place of the site's own. */
  endpoint?: string | undefined;
  /** Images without Cloud-Init: they go by the v1 paths. */
  noCloudInitImages?: readonly string[];
}

const batchLimits = { windowMs: 50, idsMax: 60, timeoutMs: 15_000 };
const imagesMax = 100;
const imagePage = 500;
const imagePagesMax = 5;

type Asks = Pick<Cloud, "image" | "keyPairs"> & { hasQuotaLeft(server: Server): Promise<boolean | null> };

export function huawei(account: HuaweiAccount, tools: CloudTools): Cloud {
  const ecs = caller(account, tools);
  const refOf = (region: string, id: string): ServerRef => ({
    cloud: "huawei",
    site: account.site,
    account: account.name,
    region,
    id,
  });
  const readAt = () => tools.clock.now();
  const known = remembered<WireVolume>(tools.clock);
  const running = remembered<Job>(tools.clock, jobKeptMs);
  const read = batches(tools.clock, batchLimits, (region, wishes) =>
    serversById(ecs, known, refOf, readAt, region, wishes),
  );
  const asks: Asks = {
    image: perReading(tools.clock, (server, id: string) => image(ecs, server, id)),
    keyPairs: perReading(tools.clock, (server) => keyPairs(ecs, server)),
    hasQuotaLeft: perReading(tools.clock, (server) => hasQuotaLeft(ecs, server)),
  };
  return {
    traits: sites[account.site].traits,
    backups: huaweiBackups(ecs),
    looksLikeId: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text.trim()),
    servers: () => serversOf(ecs, refOf, readAt),
    server: async (ref, use) => calledAs(ref, await read(ref.region, wishFor(ref.id, use))),
    images: (server, kind, text) => images(ecs, server, kind, text),
    image: asks.image,
    keyPairs: asks.keyPairs,
    choices: (server, chosen) => choicesOf(account, server, chosen),
    refusals: async (server) => told(preflight, await caseOf(account, asks, server, null)),
    notices: (order, server) => notices(account, asks, order, server),
    send: (act: Act, server: Server, at: number): Promise<Answer> => sendTo(ecs, act, server, at),
    look: (act, before, now, receipt) => lookAt(ecs, running, act, before, now, receipt),
  };
}

/** There is no total: a page that is not full is the last, counting what could not be read. A next page begins after the last one that could. */
async function images(
  ecs: Ecs,
  server: Server,
  kind: ImageKind,
  text: string,
): Promise<{ found: readonly Image[]; more: boolean }> {
  const all: Image[] = [];
  let marker = "";
  for (let page = 1; page <= imagePagesMax; page += 1) {
    const query = { ...imageQuery(kind), limit: String(imagePage), ...(marker === "" ? {} : { marker }) };
    const { wires, given } = await imagesBy(ecs, server, query);
    all.push(...wires.map((wire) => imageFrom(wire, server)));
    if (given < imagePage) return listed(all, text, imagesMax);
    const last = wires.at(-1);
    if (last === undefined) break;
    marker = last.id;
  }
  return { ...listed(all, text, imagesMax), more: true };
}

/** Shared images are found only when asked for as such. */
async function image(ecs: Ecs, server: Server, id: string): Promise<Image | null> {
  if (id === "") return null;
  for (const query of [{ id }, { ...imageQuery("shared"), id }]) {
    const wire = (await imagesBy(ecs, server, query)).wires.find((each) => each.id === id);
    if (wire) return imageFrom(wire, server);
  }
  return null;
}

/** https://docs.otc.t-systems.com/image-management-service/api-ref/ims_apis/image_management/querying_images.html */
async function imagesBy(
  ecs: Ecs,
  server: Server,
  query: Readonly<Record<string, string>>,
): Promise<{ wires: WireImage[]; given: number }> {
  const path = { service: "ims", region: server.ref.region, path: "/v2/cloudimages", query } as const;
  const { images: entries } = await ecs.ask(path, ImagesAnswer);
  return { wires: readable(WireImage, entries), given: entries.length };
}

/** https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/openstack_nova_apis/key_and_password_management/querying_ssh_key_pairs.html */
async function keyPairs(ecs: Ecs, server: Server): Promise<readonly KeyPair[]> {
  const path = { service: "ecs", region: server.ref.region, path: "/v2.1/{project}/os-keypairs" } as const;
  const { keypairs } = await ecs.ask(path, KeyPairsAnswer);
  return readable(WireKeyPair, keypairs).map(({ keypair: { name, fingerprint } }) =>
    withFingerprint({ id: name, name }, fingerprint),
  );
}

async function notices(account: HuaweiAccount, asks: Asks, order: Order, server: Server): Promise<readonly Notice[]> {
  const rows = server.power === "gone" ? preflight : [...preflight, ...orderRows, ...card];
  return told(rows, await caseOf(account, asks, server, order));
}

async function caseOf(account: HuaweiAccount, asks: Asks, server: Server, order: Order | null): Promise<Case> {
  const isGone = server.power === "gone";
  const wantsKey = order?.login.kind === "key-pair" && !isGone;
  const [chosen, quotaLeft, pairs] = await Promise.all([
    order && !isGone ? asks.image(server, order.image.id) : null,
    isGone ? true : asks.hasQuotaLeft(server),
    wantsKey ? asks.keyPairs(server) : null,
  ]);
  return {
    site: sites[account.site],
    server,
    order,
    image: chosen,
    quotaLeft,
    keyPairs: pairs,
    keyPairRefused: keyPairRefused(account, order?.image.id === server.image.id),
  };
}

/** https://docs.otc.t-systems.com/elastic-volume-service/api-ref/openstack_cinder_api_v3/tenant_quotas/querying_details_of_tenant_quotas.html */
async function hasQuotaLeft(ecs: Ecs, server: Server): Promise<boolean | null> {
  const path = "/v3/{project}/os-quota-sets/{project}";
  const where = { service: "evs", region: server.ref.region, path, query: { usage: "True" } } as const;
  const asked = await ecs.tryAsk(where, QuotaAnswer);
  if (!("body" in asked)) return null;
  const { volumes, gigabytes } = asked.body.quota_set;
  return [volumes, gigabytes].every((each) => each.limit === -1 || each.in_use + each.reserved < each.limit);
}
