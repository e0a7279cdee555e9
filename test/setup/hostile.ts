/** The only place that names the things of a simulated account as an enemy would, before the bot reads them. */
import type { HuaweiState } from "../../playground/clouds/huawei-state.ts";
import type { JdcloudState } from "../../playground/clouds/jdcloud-state.ts";
import type { TencentState } from "../../playground/clouds/tencent-state.ts";
import { groupIds, userIds } from "../../playground/slack/people.ts";
import { limits } from "../../src/views/blocks.ts";
import type { CloudCase } from "./cases.ts";
import type { Story } from "./story.ts";

export interface Naming {
  says: string;
  /** The name, with an ordinary word in it that tells it from others. */
  of(word: string): string;
  /** What a person types who read that name. */
  typed(word: string): string;
}

const long = 10_000;
const filler = '<&>`*_~😀"'.repeat(long);

export const namings: readonly Naming[] = [
  {
    says: "calls for everybody",
    of: (word) =>
      `<!channel> ${word} <!here|here> <!everyone> <@${userIds.guest}> <!subteam^${groupIds.oncall}> <#C0RANDOM> @channel @here`,
    typed: (word) => word,
  },
  {
    says: "format what stands around them",
    of: (word) => `\`\`\`*${word}*\`_i_ ~s~ <https://evil.example|console> https://evil.example :rotating_light: & " '`,
    typed: (word) => word,
  },
  {
    says: "hold control characters and line breaks",
    of: (word) => `\u202e${word}\u0000two\u001b[31m\u2028three\u2029\r\nfour\u200b\u2066\ufeff\ud83d`,
    typed: (word) => `${word} two`,
  },
  {
    says: "are 10,000 characters long",
    of: (word) => `${word} ${filler}`.slice(0, long),
    typed: (word) => word,
  },
];

/** Every name that people give: of the server, its host, its tags, an image of the account, the key pair. */
export interface Names {
  server: string;
  image: string;
  keyPair: string;
  tag: string;
}

/** An image of the account's own that fits the ordinary server. */
const ownImages: Readonly<Record<string, string>> = {
  tencent: "web-golden-2026-11",
  huawei: "golden-web-2026",
  jdcloud: "golden-web-2026-05",
};

export interface Renamed {
  server: string;
  image: string;
  /** Whether this cloud lets people name a key pair at will. */
  keyPair: boolean;
}

/** Gives the ordinary server, the key pair that stories use and one image of the account these names; tells the ids by which they are found again. */
export function rename(now: Story, of: CloudCase, names: Names): Renamed {
  const cloud = now.cloud(of.account.name);
  const { state, ...renamed } = renamedState(of, cloud.state(), names, now.clock.now());
  cloud.arrange(() => state);
  return renamed;
}

/** The same of a state by itself. */
export function renamedState(of: CloudCase, state: unknown, names: Names, now: number): Renamed & { state: unknown } {
  const server = of.sim.panel(state, now).find(({ name }) => name === of.server)?.id;
  const own = ownImages[of.account.cloud];
  const change = renamings[of.account.cloud];
  if (server === undefined || own === undefined || change === undefined)
    throw new Error(`${of.title} has nothing to name`);
  const [next, image] = change(state, { server, own, keyPair: of.keyPair }, names);
  return { state: next, server, image, keyPair: of.account.cloud !== "jdcloud" };
}

interface Which {
  server: string;
  own: string;
  keyPair: string;
}
type Renaming = (state: unknown, which: Which, names: Names) => readonly [unknown, string];

const renamings: Readonly<Record<string, Renaming>> = { tencent, huawei, jdcloud };

function tencent(given: unknown, which: Which, names: Names): readonly [unknown, string] {
  const state = given as TencentState;
  const server = existing(state.servers[which.server]);
  const image = existing(state.images.find(({ name }) => name === which.own));
  const tags = [{ Key: names.tag, Value: names.tag }];
  const next: TencentState = {
    ...state,
    servers: { ...state.servers, [server.id]: { ...server, name: names.server, tags } },
    images: state.images.map((one) => (one.id === image.id ? { ...one, name: names.image } : one)),
    keyPairs: state.keyPairs.map((one) => (one.name === which.keyPair ? { ...one, name: names.keyPair } : one)),
  };
  return [next, image.id];
}

function huawei(given: unknown, which: Which, names: Names): readonly [unknown, string] {
  const state = given as HuaweiState;
  const server = existing(state.servers[which.server]);
  const image = existing(
    Object.values(state.images).find(({ name, region }) => name === which.own && region === server.region),
  );
  const named = { ...server, name: names.server, about: names.tag, hostname: names.tag, imageName: names.image };
  const next: HuaweiState = {
    ...state,
    servers: { ...state.servers, [server.id]: named },
    images: { ...state.images, [image.id]: { ...image, name: names.image } },
    keyPairs: state.keyPairs.map((one) => (one.name === which.keyPair ? { ...one, name: asId(names.keyPair) } : one)),
  };
  return [next, image.id];
}

/** Its key pairs have names of letters, digits and two signs only. */
function jdcloud(given: unknown, which: Which, names: Names): readonly [unknown, string] {
  const state = given as JdcloudState;
  const server = existing(state.servers[which.server]);
  const image = existing(state.images.find(({ name, region }) => name === which.own && region === server.region));
  const named = { ...server, name: names.server, hostname: names.tag, tags: { [names.tag]: names.tag } };
  const next: JdcloudState = {
    ...state,
    servers: { ...state.servers, [server.id]: named },
    images: state.images.map((one) =>
      one.id === image.id && one.region === image.region ? { ...one, name: names.image } : one,
    ),
  };
  return [next, image.id];
}

/** Where the name is all that a key pair has, it is also what Slack carries back: as long as that may be, and whole characters. */
function asId(name: string): string {
  return name
    .replaceAll(/\p{Surrogate}/gu, "")
    .slice(0, limits.optionValue)
    .replace(/[\ud800-\udbff]$/, "");
}

function existing<T>(one: T | undefined): T {
  if (one === undefined) throw new Error("the simulated account has no such thing");
  return one;
}
