/** The only place that lists the messages of a request: which there are, in which order they matter, who is told. Pure: the record in, pictures out. */
import type { Traits } from "../clouds/cloud.ts";
import type { Post, Request } from "../request.ts";
import type { Block } from "../seams.ts";
import { section } from "./blocks.ts";
import { card } from "./card.ts";
import { invite } from "./help.ts";
import { replies } from "./replies.ts";
import { code } from "./text.ts";
import { serverName } from "./words.ts";

/** One message. `once` ones are never edited; the rest follow the record. */
export interface Picture {
  /** "card", or the name of a thread reply; a promise on disk. */
  key: string;
  thread: boolean;
  /** To this person directly, because the channel cannot be written to. */
  direct?: string;
  broadcast: boolean;
  text: string;
  blocks: readonly Block[];
  /** Lower is shown first. */
  urgency: "final" | "approval" | "reply" | "progress";
}

/** Whether the pictures of both are the same, as they show the same. Parts of a record are values: what changed is another one. */
export function showAlike(one: Request, other: Request): boolean {
  if (one === other) return true;
  const names = Object.keys(one) as (keyof Request)[];
  if (names.length !== Object.keys(other).length) return false;
  for (const name of names) if (!shownApart.has(name) && one[name] !== other[name]) return false;
  return one.posts === other.posts || JSON.stringify(shownPosts(one)) === JSON.stringify(shownPosts(other));
}
const shownApart: ReadonlySet<keyof Request> = new Set(["revision", "posts"] as const);

/** Drawn from what is shown of a record, so that nothing else can slip into a picture. */
export function pictures(given: Request, traits: Traits): readonly Picture[] {
  const request = shownOf(given);
  const root = request.posts.find((post) => post.key === "card");
  if (root?.gaveUp !== undefined && root.ts === undefined && !("attempts" in request)) {
    return [unposted(request, root.gaveUp)];
  }
  // In somebody's thread the card would be missed by the channel, so it is shown there too.
  const asked = { ...card(request, traits), broadcast: request.threadTs !== undefined };
  const said = replies(request, traits);
  return [asked, ...said, ...said.flatMap((picture) => toldDirectly(request, picture))];
}

/** The record without what no picture shows: its revision, and of its posts everything but which of them bear on others. */
function shownOf(request: Request): Request {
  return { ...request, revision: 1, posts: shownPosts(request) };
}

function shownPosts({ posts }: Request): Post[] {
  const bearing = posts.filter(({ key, gaveUp }) => gaveUp !== undefined || bears.test(key));
  return bearing.map((post) => ({ ...post, digest: "", intentAt: 0, ...(post.ts === undefined ? {} : { ts: "" }) }));
}
const bears = /^(?:unsure\.|password$)/;

/** An end that the channel does not take (archived, the bot thrown out) is told to the requester directly. */
function toldDirectly(request: Request, picture: Picture): readonly Picture[] {
  const post = request.posts.find(({ key }) => key === picture.key);
  const lost = picture.urgency === "final" && post?.gaveUp !== undefined && post.ts === undefined;
  if (!lost) return [];
  return [{ ...picture, key: `${picture.key}.direct`, thread: false, broadcast: false, direct: request.askedBy.user }];
}

/** Nobody can approve what nobody sees, so the requester is told at once. */
function unposted(request: Request, error: string): Picture {
  const text = [
    `⚠️ *The request to reinstall ${serverName(request)} could not be posted* in <#${request.channel}>, so nobody can approve it (${code(error)}).`,
    `Nothing was done. Type ${code(invite)} in that channel, then ask again with \`/reinstall\`.`,
  ].join("\n");
  const direct = request.askedBy.user;
  return { key: "unposted", thread: false, direct, broadcast: false, text, blocks: [section(text)], urgency: "final" };
}
