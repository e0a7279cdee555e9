/** The only place that remembers which edits Slack took since the record was last stored. An edit may be made twice without harm, so it is no change of its own: it is stored with the next one, and a restart edits at most once what stands already. */
import type { Drawn } from "./drawings.ts";
import type { Post, Request } from "./request.ts";
import type { Store } from "./storeport.ts";

export interface Shown {
  /** An edit is on its way: until Slack took one, nobody knows what the message shows. */
  sends(id: string, key: string): void;
  /** Slack shows the picture of this digest in this message now. */
  took(id: string, key: string, digest: string): void;
  /** A request changes, for the first time in this process: what was to be shown until then and is not stored as shown, the process before may have edited. */
  meets(id: string, before: Request | null, draw: (request: Request) => readonly Drawn[]): void;
  /** The messages of a record with what they show now. */
  posts(request: Request): readonly Post[];
  /** What is stored of this message holds again. */
  forget(id: string, key: string): void;
  /** The request is put away. */
  forgetAll(id: string): void;
}

const ofNoPicture = "";

export function shownEdits(): Shown {
  const digests = new Map<string, Map<string, string>>();
  const met = new Set<string>();
  function took(id: string, key: string, digest: string): void {
    const ofRequest = digests.get(id) ?? new Map<string, string>();
    digests.set(id, ofRequest.set(key, digest));
  }
  return {
    sends: (id, key) => took(id, key, ofNoPicture),
    took,
    meets(id, before, draw) {
      if (met.has(id)) return;
      met.add(id);
      for (const { picture, digest } of before === null ? [] : draw(before)) {
        const post = before?.posts.find(({ key }) => key === picture.key);
        const tookSince = digests.get(id)?.has(picture.key) === true;
        if (post !== undefined && post.digest !== digest && !tookSince) took(id, picture.key, ofNoPicture);
      }
    },
    posts({ id, posts }) {
      const now = digests.get(id);
      const isStored = ({ key, digest }: Post): boolean => (now?.get(key) ?? digest) === digest;
      if (now === undefined || posts.every(isStored)) return posts;
      return posts.map((post) => (isStored(post) ? post : { ...post, digest: now.get(post.key) ?? post.digest }));
    },
    forget: (id, key) => void digests.get(id)?.delete(key),
    forgetAll(id) {
      digests.delete(id);
      met.delete(id);
    },
  };
}

/** The store for all that change records. A change may lead back to a picture that is stored as shown, so what is shown by then is stored in that very change. */
export function storing(store: Store, shown: Shown, draw: (request: Request) => readonly Drawn[]): Store {
  function withShown(request: Request, before: Request | null): Request {
    shown.meets(request.id, before, draw);
    const posts = shown.posts(request);
    return posts === request.posts ? request : { ...request, posts: [...posts] };
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
