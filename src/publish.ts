/** The only place that turns records into messages: what is not yet shown as the record says is posted or edited, and nothing else. */
import type { Traits } from "./clouds/cloud.ts";
import type { Draw, Drawn } from "./drawings.ts";
import type { Pace } from "./pace.ts";
import type { Post, Request } from "./request.ts";
import { type Clock, type Log, type Slack, SlackBusy, SlackRefused, SlackUnclear } from "./seams.ts";
import { channelOf, intentOf, ofNoPicture, type Shown } from "./shown.ts";
import type { Store } from "./storeport.ts";
import type { Picture } from "./views/picture.ts";

export interface PublishTools {
  clock: Clock;
  slack: Slack;
  /** One that stores with each change what is shown and what is to be posted. */
  store: Store;
  pace: Pace;
  log: Log;
  shown: Shown;
}

const order = { final: 0, approval: 1, reply: 2, progress: 3 } as const;
/** Refusals after which the same message is posted anew: it is no longer there to be edited. */
const lost: ReadonlySet<string> = new Set(["message_not_found", "cant_update_message", "edit_window_closed"]);

/**
 * Shows the next thing that the record says and Slack does not. Null when all of it is shown, 0 when something was
 * shown (read the record anew), else the milliseconds after which to come back. It never throws for Slack's sake.
 */
export async function publish(
  tools: PublishTools,
  request: Request,
  traits: Traits,
  draw: Draw,
): Promise<number | null> {
  let again: number | null = null;
  const posts = tools.shown.posts(request);
  const stands = posts.find((one) => one.key === "card")?.ts;
  const root = stands === undefined ? undefined : (request.threadTs ?? stands);
  // Replies have nowhere to go before their card, so until it stands only what is not in the thread is shown.
  const all = draw(request, traits).filter(({ picture }) => !picture.thread || root !== undefined);
  for (const drawn of sorted(all)) {
    const post = posts.find((one) => one.key === drawn.picture.key);
    if (post?.digest === drawn.digest && (post.ts !== undefined || post.gaveUp !== undefined)) continue;
    const wait = await show(tools, request, drawn, post, root);
    if (wait !== null) again = again === null ? wait : Math.min(again, wait);
    else return 0;
  }
  return again;
}

function sorted(all: readonly Drawn[]): readonly Drawn[] {
  return [...all].sort((a, b) => order[a.picture.urgency] - order[b.picture.urgency]);
}

/** Null when something was shown (so the record is read anew), else how long to wait. */
async function show(
  tools: PublishTools,
  request: Request,
  drawn: Drawn,
  post: Post | undefined,
  root: string | undefined,
): Promise<number | null> {
  const { clock, pace } = tools;
  const { picture } = drawn;
  const how = post?.ts === undefined ? "post" : "edit";
  const wait = pace.wait(how, channelOf(picture, request), picture.urgency, clock.now(), request.id);
  if (wait > 0) return wait;
  try {
    if (post?.ts !== undefined) return await edit(tools, request, drawn, { ...post, ts: post.ts });
    return await postOnce(tools, request, drawn, post, threadOf(picture, request, root));
  } catch (cause) {
    return troubled(tools, request, drawn, post, cause);
  }
}

function threadOf(picture: Picture, request: Request, root: string | undefined): string | undefined {
  if (picture.direct !== undefined) return undefined;
  return picture.thread ? root : request.threadTs;
}

async function edit(
  tools: PublishTools,
  request: Request,
  { picture: { text, blocks, key }, digest }: Drawn,
  post: Post & { ts: string },
): Promise<null> {
  tools.shown.sends(request.id, key);
  await tools.slack.edit({ channel: post.channel, ts: post.ts, text, blocks });
  tools.pace.resume();
  tools.shown.took(request.id, key, digest);
  return null;
}

/** The intent is stored first. An intent that may have been sent, without a time stamp, means that nobody knows: look before posting again. */
async function postOnce(
  tools: PublishTools,
  request: Request,
  { picture, digest }: Drawn,
  post: Post | undefined,
  threadTs: string | undefined,
): Promise<null> {
  const { slack, clock, shown } = tools;
  const { key, text, blocks, broadcast } = picture;
  const channel = post?.channel ?? channelOf(picture, request);
  const isIntended = post !== undefined && post.gaveUp === undefined;
  const isUntried = isIntended && shown.isUntried(request.id, key);
  if (isIntended && !isUntried) {
    const ts = await found(tools, { channel, threadTs, since: post.intentAt, request: request.id, key });
    if (ts !== null) {
      shown.stands(request.id, { ...post, ts, digest: ofNoPicture });
      return null;
    }
  }
  const intent = { ...intentOf(request, picture, clock.now()), channel };
  if (!isUntried) await note(tools, request.id, key, intent);
  shown.sends(request.id, key);
  const posted = await slack.post({ channel, threadTs, broadcast, text, blocks, request: request.id, key });
  tools.pace.resume();
  shown.stands(request.id, { ...intent, digest, channel: posted.channel, ts: posted.ts });
  return null;
}

/** Without the scope to read the channel nobody can look: then a message twice is better than none. */
async function found(tools: PublishTools, where: Parameters<Slack["find"]>[0]): Promise<string | null> {
  try {
    return await tools.slack.find(where);
  } catch (cause) {
    if (cause instanceof SlackRefused) return null;
    throw cause;
  }
}

async function troubled(
  tools: PublishTools,
  request: Request,
  { picture, digest }: Drawn,
  post: Post | undefined,
  cause: unknown,
): Promise<number | null> {
  const { clock, pace, log } = tools;
  const now = clock.now();
  if (cause instanceof SlackBusy || cause instanceof SlackUnclear) {
    pace.pause(now, cause instanceof SlackBusy ? cause.retryAfterMs : undefined);
    log.warn("slack did not take a message; it is tried again", { request: request.id, key: picture.key });
    return pace.wait("edit", "", "final", now, request.id);
  }
  if (!(cause instanceof SlackRefused)) throw cause;
  log.warn("slack refused a message", { request: request.id, key: picture.key, code: cause.code });
  const before = post ?? intentOf(request, picture, now);
  // A message that stands keeps its place: it only could not be edited now.
  const again = post?.ts !== undefined && lost.has(cause.code);
  await note(tools, request.id, picture.key, again ? null : { ...before, digest, gaveUp: cause.code });
  return null;
}

/** Writes down what became of one message, whatever the record says by now. Null forgets the post. */
async function note(tools: PublishTools, id: string, key: string, post: Post | null): Promise<void> {
  tools.shown.forget(id, key);
  await tools.store.change((records) => {
    const current = records.get(id);
    if (current === null) return { put: [], give: undefined };
    const others = current.posts.filter((one) => one.key !== key);
    const posts = post === null ? others : [...others, post];
    return { put: [{ ...current, revision: current.revision + 1, posts }], give: undefined, by: "bot" };
  });
}

/** Writes down where messages stand, when no other change does so at once. */
export async function keepShown(tools: PublishTools, request: Request): Promise<void> {
  if (!tools.shown.isAhead(request)) return;
  await tools.store.change((records) => {
    const current = records.get(request.id);
    const put = current === null ? [] : [{ ...current, revision: current.revision + 1 }];
    return { put, give: undefined, by: "bot" };
  });
}
