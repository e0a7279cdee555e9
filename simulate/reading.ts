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
  const bytes = payload.toString("latin1");
  const at = bytes.indexOf(records);
  if (at < 0) return { ...(JSON.parse(read(bytes)) as object), audit: [], archive: [], put: [] };
  const about = JSON.parse(`${read(bytes.slice(0, at))}}`) as Pick<Frame, "n" | "audit" | "archive">;
  return { ...about, put: about.audit.length === 1 ? [single(bytes, at)] : several(read(bytes)) };
}

/** A frame is kept as its bytes, each as one character, which costs next to nothing; whoever reads a part of it decodes that part. */
function read(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** One line tells of one record, and most frames hold no more. */
function single(bytes: string, at: number): Stored {
  if (!bytes.endsWith(end)) throw new Error("a frame ends in the middle");
  return stored(bytes.slice(at + records.length, -end.length));
}

function several(text: string): readonly Stored[] {
  const { put } = JSON.parse(text) as { put: readonly Request[] };
  return put.map((request) => {
    let text: string | null = null;
    return {
      id: request.id,
      revision: request.revision,
      status: request.status,
      holds(characters) {
        text ??= JSON.stringify(request);
        return text.includes(characters);
      },
      posts: () => request.posts,
      steps: () => ("attempts" in request ? request.attempts.flatMap(({ steps }) => steps) : []),
      wrapped: () => request.secret?.sealed.wrapped,
      whole: () => request,
    };
  });
}

function stored(bytes: string): Stored {
  const found = longer.exec(bytes);
  const short = found === null ? bytes : `${bytes.slice(0, bytes.lastIndexOf(",", found.index))}}`;
  const { id, revision, status } = JSON.parse(short) as Pick<Stored, "id" | "revision" | "status">;
  let whole: Request | null = null;
  return {
    id,
    revision,
    status,
    holds: (characters) => bytes.includes(bytesOf(characters)),
    posts: () => postsIn(bytes),
    steps: () => stepsIn(bytes),
    wrapped: () => wrappedIn(bytes),
    whole() {
      whole ??= JSON.parse(read(bytes)) as Request;
      return whole;
    },
  };
}

const secret = ',"secret":{"sealed":{';

function wrappedIn(bytes: string): string | undefined {
  const at = bytes.indexOf(secret);
  return at < 0 ? undefined : /^[^}]*"wrapped":"([^"]*)"/.exec(bytes.slice(at + secret.length))?.[1];
}

const posts = ',"posts":';

/** In what is written down of a post no value has a bracket. */
function postsIn(bytes: string): readonly Post[] {
  const from = bytes.indexOf(posts) + posts.length;
  return JSON.parse(read(bytes.slice(from, bytes.indexOf("]", from) + 1))) as readonly Post[];
}

/** A step begins with these two, and nothing else in a record does. */
const step = /\{"id":"([a-z-]+)","state":"(todo|acting|waiting|done|skipped|failed)"/g;

function stepsIn(bytes: string): readonly StepSeen[] {
  const from = bytes.indexOf(',"attempts":');
  if (from < 0) return [];
  return [...bytes.slice(from).matchAll(step)].map(([, id = "", state = ""]) => ({ id, state }));
}
