/** The only place that knows what Slack shows and the record does not say yet. A message must not stand twice, so it is written down before it is posted: with the very change that brings it about. Where it stands, and which edits Slack took, is stored with the next change; a restart looks for the one and makes the other again. */
import type { Drawn } from "./drawings.ts";
import type { Post, Request } from "./request.ts";
import type { Clock } from "./seams.ts";
import type { Store } from "./storeport.ts";
import type { Picture } from "./views/picture.ts";

export interface Shown {
  /** A change writes down that it is going to be posted. */
  intends(id: string, key: string): void;
  /** It was written down here, and never sent: there is nothing of it in Slack. */
  isUntried(id: string, key: string): boolean;
  /** It may be written down no more: a turn that still knows it so has to write it down itself. */
  drops(id: string, key: string): void;
  /** An edit or a post is on its way: until Slack took one, nobody knows what the message shows. */
  sends(id: string, key: string): void;
  /** Slack shows the picture of this digest in this message now. */
  took(id: string, key: string, digest: string): void;
  /** Slack has this message. */
  stands(id: string, post: Post & { ts: string }): void;
  /** A request changes, for the first time in this process: what was to be shown until then and is not stored as shown, the process before may have edited. */
  meets(id: string, before: Request | null, draw: (request: Request) => readonly Drawn[]): void;
  /** The messages of a record, where they stand and what they show now. */
  posts(request: Request): readonly Post[];
  /** Whether a message stands of which the record does not say where. */
  isAhead(request: Request): boolean;
  /** What is stored of this message holds again. */
  forget(id: string, key: string): void;
  /** The request is put away. */
  forgetAll(id: string): void;
}

/** The digest of a message that shows nobody knows what. */
export const ofNoPicture = "";

type News = Partial<Pick<Post, "digest" | "ts" | "channel">>;

export function shownSince(): Shown {
  const news = new Map<string, Map<string, News>>();
  const untried = new Map<string, Set<string>>();
  const met = new Set<string>();
  function tell(id: string, key: string, more: News): void {
    const ofRequest = news.get(id) ?? new Map<string, News>();
    news.set(id, ofRequest.set(key, { ...ofRequest.get(key), ...more }));
  }
  function posts({ id, posts }: Request): readonly Post[] {
    const ofRequest = news.get(id);
    const isStored = (post: Post): boolean => says(post, ofRequest?.get(post.key));
    if (ofRequest === undefined || posts.every(isStored)) return posts;
    return posts.map((post) => (isStored(post) ? post : { ...post, ...ofRequest.get(post.key) }));
  }
  return {
    intends: (id, key) => void untried.set(id, (untried.get(id) ?? new Set()).add(key)),
    isUntried: (id, key) => untried.get(id)?.has(key) === true,
    drops: (id, key) => void untried.get(id)?.delete(key),
    sends(id, key) {
      untried.get(id)?.delete(key);
      tell(id, key, { digest: ofNoPicture });
    },
    took: (id, key, digest) => tell(id, key, { digest }),
    stands: (id, { key, digest, ts, channel }) => tell(id, key, { digest, ts, channel }),
    meets(id, before, draw) {
      if (met.has(id)) return;
      met.add(id);
      for (const { picture, digest } of before === null ? [] : draw(before)) {
        const post = before?.posts.find(({ key }) => key === picture.key);
        const toldSince = news.get(id)?.has(picture.key) === true;
        if (post !== undefined && post.digest !== digest && !toldSince) tell(id, picture.key, { digest: ofNoPicture });
      }
    },
    posts,
    isAhead: (request) => posts(request).some(({ ts }, n) => ts !== request.posts[n]?.ts),
    forget(id, key) {
      news.get(id)?.delete(key);
      untried.get(id)?.delete(key);
    },
    forgetAll(id) {
      news.delete(id);
      untried.delete(id);
      met.delete(id);
    },
  };
}

function says(post: Post, news: News | undefined): boolean {
  if (news === undefined) return true;
  const { digest = post.digest, ts = post.ts, channel = post.channel } = news;
  return digest === post.digest && ts === post.ts && channel === post.channel;
}

/** The store for all that change records. A change may lead back to a picture that is stored as shown, so what is shown by then is stored in that very change. */
export function storing(
  store: Store,
  shown: Shown,
  draw: (request: Request) => readonly Drawn[],
  clock: Pick<Clock, "now">,
): Store {
  /** What cannot be drawn fails the turn that shows it, never the change. */
  function drawn(request: Request): readonly Drawn[] {
    try {
      return draw(request);
    } catch {
      return [];
    }
  }
  function withShown(wanted: Request, before: Request | null): Request {
    const { id } = wanted;
    shown.meets(id, before, drawn);
    const posts = shown.posts(wanted);
    // Whether what was never sent is still wanted is seen without it.
    const unsent = posts.filter(({ key }) => shown.isUntried(id, key));
    const sent = unsent.length === 0 ? posts : posts.filter((post) => !unsent.includes(post));
    for (const { key } of unsent) shown.drops(id, key);
    const request = sent === wanted.posts ? wanted : { ...wanted, posts: [...sent] };
    const rootStands = sent.some(({ key, ts }) => key === "card" && ts !== undefined);
    const missing = drawn(request).filter(
      ({ picture: { key, thread } }) => (!thread || rootStands) && !sent.some((post) => post.key === key),
    );
    if (missing.length === 0) return request;
    for (const { picture } of missing) shown.intends(id, picture.key);
    return { ...request, posts: [...sent, ...missing.map(({ picture }) => intentOf(request, picture, clock.now()))] };
  }
  return {
    ...store,
    change: (fn) =>
      store.change((records) => {
        const wanted = fn(records);
        return { ...wanted, put: wanted.put.map((request) => withShown(request, records.get(request.id))) };
      }),
  };
}

/** What is written down of a message before it is sent. */
export function intentOf(request: Request, picture: Picture, now: number): Post {
  return { key: picture.key, channel: channelOf(picture, request), digest: ofNoPicture, intentAt: now };
}

export function channelOf(picture: Picture, request: Request): string {
  return picture.direct ?? request.channel;
}
