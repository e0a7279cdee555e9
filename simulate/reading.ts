/** The only place that reads a stored frame. Who asks what of a record is read at once is answered by its first bytes; the rest is read when somebody asks for it. */
import type { Post, Request } from "../src/request.ts";

/** A record as it lies on the disk. */
export interface Stored {
  id: string;
  revision: number;
  status: string;
  /** Whether these very characters stand in it. */
  holds(text: string): boolean;
  posts(): readonly Post[];
  /** The steps of all attempts, in the order in which they were planned. */
  steps(): readonly StepSeen[];
  /** The wrapped key of the password that it holds. */
  wrapped(): string | undefined;
  whole(): Request;
}

export interface StepSeen {
  id: string;
  state: string;
}

export interface Frame {
  /** Which change it holds; the first frame of a log holds none. */
  n?: number;
  audit: readonly string[];
  archive: readonly string[];
  put: readonly Stored[];
}

/** In a value every quotation mark is escaped, so this can stand nowhere but between the lines and the records. */
const records = ',"put":[';
const end = "]}";
/** Names have no backslashes, so the first quotation mark with none before it that a list or an object follows ends the name of a longer field; short fields stand before all of them. */
const longer = /[^\\]":[[{]/;

export function readFrame(payload: Buffer): Frame {
  const text = payload.toString();
  const at = text.indexOf(records);
  if (at < 0) return { ...(JSON.parse(text) as object), audit: [], archive: [], put: [] };
  const about = JSON.parse(`${text.slice(0, at)}}`) as Pick<Frame, "n" | "audit" | "archive">;
  return { ...about, put: about.audit.length === 1 ? [single(text, at)] : several(text) };
}

/** One line tells of one record, and most frames hold no more. */
function single(text: string, at: number): Stored {
  if (!text.endsWith(end)) throw new Error("a frame ends in the middle");
  return stored(text.slice(at + records.length, -end.length));
}

function several(text: string): readonly Stored[] {
  const { put } = JSON.parse(text) as { put: readonly Request[] };
  return put.map((request) => ({
    id: request.id,
    revision: request.revision,
    status: request.status,
    holds: (characters) => JSON.stringify(request).includes(characters),
    posts: () => request.posts,
    steps: () => ("attempts" in request ? request.attempts.flatMap(({ steps }) => steps) : []),
    wrapped: () => request.secret?.sealed.wrapped,
    whole: () => request,
  }));
}

function stored(text: string): Stored {
  const found = longer.exec(text);
  const short = found === null ? text : `${text.slice(0, text.lastIndexOf(",", found.index))}}`;
  const { id, revision, status } = JSON.parse(short) as Pick<Stored, "id" | "revision" | "status">;
  let whole: Request | null = null;
  return {
    id,
    revision,
    status,
    holds: (characters) => text.includes(characters),
    posts: () => postsIn(text),
    steps: () => stepsIn(text),
    wrapped: () => /,"secret":\{"sealed":\{[^}]*"wrapped":"([^"]*)"/.exec(text)?.[1],
    whole() {
      whole ??= JSON.parse(text) as Request;
      return whole;
    },
  };
}

const posts = ',"posts":';

/** In what is written down of a post no value has a bracket. */
function postsIn(text: string): readonly Post[] {
  const from = text.indexOf(posts) + posts.length;
  return JSON.parse(text.slice(from, text.indexOf("]", from) + 1)) as readonly Post[];
}

/** A step begins with these two, and nothing else in a record does. */
const step = /\{"id":"([a-z-]+)","state":"(todo|acting|waiting|done|skipped|failed)"/g;

function stepsIn(text: string): readonly StepSeen[] {
  const from = text.indexOf(',"attempts":');
  if (from < 0) return [];
  return [...text.slice(from).matchAll(step)].map(([, id = "", state = ""]) => ({ id, state }));
}
