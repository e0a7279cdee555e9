/** The only place that remembers which edits Slack took since the record was last stored. An edit may be made twice without harm, so it is no change of its own: it is stored with the next one, and a restart edits at most once what stands already. */
import type { Post, Request } from "./request.ts";

export interface Shown {
  /** Slack shows the picture of this digest in this message now. */
  took(id: string, key: string, digest: string): void;
  /** The messages of a record with what they show now. */
  posts(request: Request): readonly Post[];
  /** What is stored of this message holds again. */
  forget(id: string, key: string): void;
  /** The request is put away. */
  forgetAll(id: string): void;
}

export function shownEdits(): Shown {
  const digests = new Map<string, Map<string, string>>();
  return {
    took(id, key, digest) {
      const known = digests.get(id) ?? new Map<string, string>();
      digests.set(id, known.set(key, digest));
    },
    posts({ id, posts }) {
      const known = digests.get(id);
      if (known === undefined || known.size === 0) return posts;
      return posts.map((post) => {
        const digest = known.get(post.key) ?? post.digest;
        return digest === post.digest ? post : { ...post, digest };
      });
    },
    forget: (id, key) => void digests.get(id)?.delete(key),
    forgetAll: (id) => void digests.delete(id),
  };
}
