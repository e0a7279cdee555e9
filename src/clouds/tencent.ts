/** Tencent Cloud CVM, API 2017-03-12. Every cloud's file keeps this order: account, cloud, traits, servers, images, key pairs, send. */

import { readName } from "../line.ts";
import { NotSent } from "../seams.ts";
import type { Secret } from "../secret.ts";
import { batches } from "./batch.ts";
import {
  type Act,
  type Answer,
  type Cloud,
  CloudDown,
  type CloudTools,
  type KeyPair,
  type Server,
  type ServerRef,
  type Traits,
} from "./cloud.ts";
import { growsTo } from "./growth.ts";
import { calledAs, perReading } from "./per-reading.ts";
import { answerOf } from "./tencent-answers.ts";
import { tencentBackups } from "./tencent-backup.ts";
import { type Cvm, caller, Unclear } from "./tencent-call.ts";
import { card } from "./tencent-card.ts";
import { growthBilling } from "./tencent-growth.ts";
import { image, images } from "./tencent-images.ts";
import { choicesOf, loginSettings } from "./tencent-login.ts";
import { lookAt } from "./tencent-look.ts";
import { allPages, found, type Page, pageMax } from "./tencent-pages.ts";
import { preflight } from "./tencent-preflight.ts";
import { priceNotices } from "./tencent-price.ts";
import { told } from "./tencent-rows.ts";
import { sites, type TencentSite } from "./tencent-sites.ts";
import { goneServer, Instance, InstancePage, KeyPairPage, serverFrom, WireKeyPair } from "./tencent-wire.ts";

export interface TencentAccount {
  name: string;
  cloud: "tencent";
  site: TencentSite;
  regions: readonly string[];
  /** SecretId. */
  id: string;
  /** SecretKey. */
  secret: Secret;
  /** One address for every region, in place of the site's own. */
  endpoint?: string | undefined;
  /** Shut the server down before the reinstall, though Tencent Cloud does not ask for it. */
  stopFirst?: boolean | undefined;
}

const batchLimits = { windowMs: 50, idsMax: pageMax, timeoutMs: 30_000 };

export function tencent(account: TencentAccount, tools: CloudTools): Cloud {
  const cvm = caller(account, tools);
  const traits = traitsOf(account);
  const refOf: RefOf = (region, id) => ({ cloud: "tencent", site: account.site, account: account.name, region, id });
  const read = batches(tools.clock, batchLimits, (region, ids) => serversById(cvm, refOf, region, ids));
  const imageFor = perReading(tools.clock, (server, id: string) => image(cvm, server, id));
  return {
    traits,
    backups: tencentBackups(cvm),
    looksLikeId: (text) => /^ins-[a-z0-9]{8}$/.test(text.trim()),
    servers: () => servers(cvm, refOf, account.regions),
    server: async (ref) => calledAs(ref, await read(ref.region, ref.id)),
    images: (server, kind, text) => images(cvm, server, kind, text),
    image: imageFor,
    keyPairs: perReading(tools.clock, (server) => keyPairs(cvm, server)),
    choices: choicesOf,
    refusals: async (server) => told(preflight, { server, order: null, image: null }),
    async notices(order, server, hurryMs) {
      const [chosen, prices] = await Promise.all([
        server.power === "gone" ? null : imageFor(server, order.image.id),
        priceNotices(cvm, { order, server, currency: sites[account.site].currency, hurryMs }),
      ]);
      const given = { server, order, image: chosen };
      const said = told([...preflight, ...card], given);
      // What is refused anyway is not refused twice.
      return said.some(({ kind }) => kind === "refused") ? said : [...said, ...prices, ...told(growthBilling, given)];
    },
    send: (act, server, at) => send(cvm, act, server, at),
    look: (act, before, now, receipt) => lookAt(cvm, traits, act, before, now, receipt),
  };
}

type RefOf = (region: string, id: string) => ServerRef;

function traitsOf(account: TencentAccount): Traits {
  const minuteMs = 60_000;
  return {
    title: "Tencent Cloud",
    // A running server is taken as it is. Shutting it down first lets it flush its data disks, which the reinstall itself does not promise.
    wipeFrom: account.stopFirst ? ["stopped", "broken"] : ["running", "stopped", "broken"],
    stopFrom: account.stopFirst ? ["running"] : [],
    wipeEnds: "running",
    // From a running server the image may lack what is still in memory, so it is stopped first.
    backupFrom: ["stopped"],
    hardStop: true,
    // AuthFailure.SignatureExpire: a call is taken up to 5 minutes from its signing time.
    lateMs: 5 * minuteMs,
    // The latest operation was seen to lag by some 10 s; a minute leaves room.
    lagMs: minuteMs,
    patienceMs: {
      busy: 15 * minuteMs,
      stop: 3 * minuteMs,
      hardStop: 3 * minuteMs,
      start: 5 * minuteMs,
      backup: 60 * minuteMs,
      reinstall: 60 * minuteMs,
    },
    usually: "Tencent Cloud's documents give no time for a reinstall.",
    support: sites[account.site].support,
    lostPassword: {
      says: "Reset it in the console: More, Password/Key, Reset Password. A running server is forced off for that.",
      url: sites[account.site].lostPasswordUrl,
    },
  };
}

/** https://www.tencentcloud.com/document/product/213/33258 (DescribeInstances), every region at once. */
async function servers(cvm: Cvm, refOf: RefOf, regions: readonly string[]): ReturnType<Cloud["servers"]> {
  const byRegion = await Promise.all(
    regions.map(async (region) => {
      const readAt = cvm.clock.now();
      const all = await allPages((page) => instancePage(cvm, region, page));
      const read = found(Instance, all.items).map((each) => serverFrom(each, refOf(region, each.InstanceId), readAt));
      const unique = [...new Map(read.map((server) => [server.ref.id, server])).values()];
      return { found: unique, unread: all.unread === null ? [] : [`${region}: ${all.unread}`] };
    }),
  );
  return { found: byRegion.flatMap((each) => each.found), unread: byRegion.flatMap((each) => each.unread) };
}

async function instancePage(cvm: Cvm, region: string, page: object): Promise<Page> {
  const { TotalCount, InstanceSet } = await cvm.read(region, "DescribeInstances", page, InstancePage);
  return { total: TotalCount, items: InstanceSet ?? [] };
}

/** Codes that one id among many may bring on all of them. */
const noSuchServer: ReadonlySet<string> = new Set([
  "InvalidInstanceId.NotFound",
  "InvalidInstanceId.Malformed",
  "InvalidParameterValue.InstanceIdMalformed",
]);

/** https://www.tencentcloud.com/document/product/213/33258. The cloud refuses a list for one unknown id in it, so such a list is halved until that id stands alone. */
async function serversById(
  cvm: Cvm,
  refOf: RefOf,
  region: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Server | Error>> {
  const readAt = cvm.clock.now();
  try {
    const page = await instancePage(cvm, region, { InstanceIds: ids, Offset: 0, Limit: pageMax });
    const read = found(Instance, page.items).map((each) => [each.InstanceId, each] as const);
    const strange = page.total !== page.items.length || read.length !== page.items.length || !asked(read, ids);
    return new Map(ids.map((id) => [id, readingOf(new Map(read).get(id), refOf(region, id), readAt, strange)]));
  } catch (error) {
    if (!(error instanceof CloudDown) || !noSuchServer.has(error.code)) throw error;
    const [only = "", ...others] = ids;
    if (others.length === 0) return new Map([[only, goneServer(refOf(region, only), readAt)]]);
    const middle = Math.ceil(ids.length / 2);
    const halves = await Promise.all(
      [ids.slice(0, middle), ids.slice(middle)].map((half) => serversById(cvm, refOf, region, half)),
    );
    return new Map(halves.flatMap((half) => [...half]));
  }
}

/** Whether the answer is only about servers that were asked for. */
function asked(read: readonly (readonly [id: string, instance: Instance])[], ids: readonly string[]): boolean {
  return read.every(([id]) => ids.includes(id));
}

/** A server that the answer leaves out is gone, unless the answer is short of something, or holds what could not be read or was not asked for. */
function readingOf(instance: Instance | undefined, ref: ServerRef, readAt: number, strange: boolean): Server | Error {
  if (instance !== undefined) return serverFrom(instance, ref, readAt);
  if (!strange) return goneServer(ref, readAt);
  return new CloudDown("Tencent Cloud's answer is not as its documents describe it.", "unexpected-answer");
}

/** https://www.tencentcloud.com/document/product/213/33255 (DescribeKeyPairs). An order carries the id, which a pair made anew under the same name does not have. */
async function keyPairs(cvm: Cvm, server: Server): Promise<readonly KeyPair[]> {
  const all = await allPages(async (page) => {
    const { TotalCount, KeyPairSet } = await cvm.read(server.ref.region, "DescribeKeyPairs", page, KeyPairPage);
    return { total: TotalCount, items: KeyPairSet ?? [] };
  });
  if (all.error !== null) throw all.error;
  return found(WireKeyPair, all.items)
    .map((pair) => ({ id: pair.KeyId, name: readName(pair.KeyName) || pair.KeyId }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * ResetInstance https://www.tencentcloud.com/document/product/213/33242, StopInstances …/33237, StartInstances …/33238.
 * The image is always named: what was approved is what is sent.
 */
async function send(cvm: Cvm, act: Act, server: Server, at: number): Promise<Answer> {
  const call = callOf(act, server);
  if ("missing" in call) return { refused: { code: "no-password", requestId: "", says: call.missing } };
  try {
    return answerOf(act, await cvm.act(server.ref.region, call.action, call.params, at));
  } catch (error) {
    if (error instanceof NotSent) {
      const says = "Tencent Cloud could not be reached, so nothing was sent.";
      return { notSent: { code: "not-connected", requestId: "", says } };
    }
    if (error instanceof Unclear) {
      cvm.log.warn("The answer to an act is unclear", {
        server: server.ref.id,
        action: call.action,
        why: error.message,
      });
    }
    throw error;
  }
}

function callOf(act: Act, server: Server): { action: string; params: object } | { missing: string } {
  const { id } = server.ref;
  if (act.act === "start") return { action: "StartInstances", params: { InstanceIds: [id] } };
  if (act.act === "stop") {
    // Without charging, the cloud would take the server's resources back and refuse the reinstall.
    const params = { InstanceIds: [id], StopType: act.hard ? "HARD" : "SOFT", StoppedMode: "KEEP_CHARGING" };
    return { action: "StopInstances", params };
  }
  const login = loginSettings(act.order.login, act.secret);
  if ("missing" in login) return login;
  const LoginSettings = Object.keys(login.settings).length === 0 ? {} : { LoginSettings: login.settings };
  const sizeGb = growsTo(act.order, server);
  const SystemDisk = sizeGb === null ? {} : { SystemDisk: { DiskSize: sizeGb } };
  const params = { InstanceId: id, ImageId: act.order.image.id, ...SystemDisk, ...LoginSettings };
  return { action: "ResetInstance", params };
}
