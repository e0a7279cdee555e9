/** The only place that knows the servers of all accounts: read in the background, so that a form opens at once and a cloud that is down hides nobody else's servers. */

import type { Cloud, Server } from "./clouds/cloud.ts";
import { CloudDown } from "./clouds/cloud.ts";
import { searchable } from "./line.ts";
import type { Clock, Log } from "./seams.ts";

/** A server, or an id typed by hand that no inventory holds. */
export interface Candidate {
  account: string;
  region: string;
  id: string;
  server: Server | null;
}

export interface Inventory {
  /** Servers whose name, id or IP holds the text, best first; a text that could be an id is offered as such where it is not held. */
  find(text: string, max: number): { found: readonly Candidate[]; more: number };
  /** Exactly one meant by the text (id, IP, or name), or those it could mean. */
  meant(text: string): readonly Candidate[];
  /** Accounts and regions that could not be read, or do not answer, as sentences. */
  unread(): readonly string[];
  /** Waits for a first reading, at most so long, and reads anew what is old. */
  ready(maxMs: number): Promise<void>;
  stop(): void;
}

interface Account {
  name: string;
  regions: readonly string[];
  cloud: Cloud;
}
interface Held {
  servers: readonly Server[];
  unread: readonly string[];
  readAt: number | null;
  /** Under way, and since when. */
  reading: { done: Promise<void>; since: number } | null;
}

const freshMs = 60_000;
/** A reading that takes longer is said: what is shown meanwhile may be old. */
const slowMs = 1_500;

export function inventory(accounts: readonly Account[], tools: { clock: Clock; log: Log }): Inventory {
  const held = new Map<string, Held>(
    accounts.map(({ name }) => [name, { servers: [], unread: [], readAt: null, reading: null }]),
  );
  let stopped = false;

  async function read({ name, cloud }: Account): Promise<void> {
    const mine = held.get(name);
    if (mine === undefined || stopped) return;
    try {
      const { found, unread } = await cloud.servers();
      // A region that did not answer keeps the servers last seen there.
      const kept =
        unread.length === 0
          ? []
          : mine.servers.filter((old) => !found.some((one) => one.ref.region === old.ref.region));
      held.set(name, { servers: [...found, ...kept], unread, readAt: tools.clock.mono(), reading: null });
    } catch (cause) {
      const says = cause instanceof CloudDown ? cause.says : `${cloud.traits.title} (${name}) could not be read.`;
      tools.log.warn("an account could not be read", { account: name });
      held.set(name, { ...mine, unread: [says], readAt: tools.clock.mono(), reading: null });
    }
  }

  function refresh(account: Account): void {
    const mine = held.get(account.name);
    if (mine === undefined || mine.reading !== null) return;
    const fresh = mine.readAt !== null && tools.clock.mono() - mine.readAt < freshMs;
    if (fresh) return;
    held.set(account.name, { ...mine, reading: { done: read(account), since: tools.clock.mono() } });
  }

  /** How long this account's first reading may still keep somebody waiting: one that hangs does so once, not at every letter typed. */
  async function firstReading({ name }: Account, maxMs: number): Promise<void> {
    const { readAt = null, reading = null } = held.get(name) ?? {};
    const leftMs = reading === null ? 0 : maxMs - (tools.clock.mono() - reading.since);
    if (readAt !== null || reading === null || leftMs <= 0) return;
    const giveUp = new AbortController();
    await Promise.race([reading.done, tools.clock.after(leftMs, giveUp.signal).catch(() => undefined)]);
    giveUp.abort();
  }

  const all = (): readonly Server[] => [...held.values()].flatMap(({ servers }) => servers);

  return {
    find: (text, max) => find(all(), accounts, text, max),
    meant: (text) => meant(all(), accounts, text),
    unread: () => accounts.flatMap((account) => silence(account, held.get(account.name), tools.clock.mono())),
    async ready(maxMs) {
      accounts.forEach(refresh);
      await Promise.all(accounts.map((account) => firstReading(account, maxMs)));
    },
    stop() {
      stopped = true;
    },
  };
}

/** What to say of an account that was not read, was read in part, or lets one wait. */
function silence({ name, cloud }: Account, mine: Held | undefined, now: number): readonly string[] {
  if (mine === undefined) return [];
  const { readAt, reading, unread } = mine;
  if (unread.length > 0 || reading === null) return unread;
  const called = `${cloud.traits.title} (${name})`;
  if (readAt === null) return [`${called} has not answered yet, so its servers are missing below. An id can be typed.`];
  return now - reading.since < slowMs
    ? []
    : [`${called} has not answered for a while: what is listed of it may be old.`];
}

function find(
  servers: readonly Server[],
  accounts: readonly Account[],
  text: string,
  max: number,
): { found: readonly Candidate[]; more: number } {
  const wanted = searchable(text);
  const ranked = servers
    .map((server) => ({ server, rank: rank(server, wanted) }))
    .filter(({ rank: place }) => place < 9)
    .sort((a, b) => a.rank - b.rank || a.server.name.localeCompare(b.server.name, "en", { numeric: true }));
  const known = ranked.map(({ server }) => candidate(server));
  const typed = typedIds(servers, accounts, text.trim());
  const found = [...typed, ...known];
  return { found: found.slice(0, max), more: Math.max(0, found.length - max) };
}

/** 0 is exact; 9 does not match. */
function rank(server: Server, text: string): number {
  if (text === "") return 5;
  const name = searchable(server.name);
  const ips = [...server.ips.public, ...server.ips.private];
  if (server.ref.id.toLowerCase() === text || name === text || ips.includes(text)) return 0;
  if (name.startsWith(text)) return 1;
  if (name.includes(text)) return 2;
  if (server.ref.id.toLowerCase().includes(text)) return 3;
  return ips.some((ip) => ip.startsWith(text)) ? 4 : 9;
}

function meant(servers: readonly Server[], accounts: readonly Account[], text: string): readonly Candidate[] {
  const wanted = searchable(text);
  if (wanted === "") return [];
  const exact = servers.filter((server) => rank(server, wanted) === 0);
  if (exact.length > 0) return exact.map(candidate);
  const typed = typedIds(servers, accounts, text.trim());
  if (typed.length > 0) return typed;
  return find(servers, [], text, 100).found;
}

/** An id that no reading holds (a new server, or a cloud that is down) is accepted as typed, once for each region it could be in. */
function typedIds(servers: readonly Server[], accounts: readonly Account[], text: string): readonly Candidate[] {
  if (text === "" || servers.some((server) => server.ref.id === text)) return [];
  return accounts
    .filter(({ cloud }) => cloud.looksLikeId(text))
    .flatMap(({ name, regions }) => regions.map((region) => ({ account: name, region, id: text, server: null })));
}

function candidate(server: Server): Candidate {
  return { account: server.ref.account, region: server.ref.region, id: server.ref.id, server };
}
