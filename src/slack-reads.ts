/** The only place that reads people, groups, channels and our own messages from Slack, and remembers them for a minute. */
import * as z from "zod";
import { type Clock, type Member, type Slack, SlackBusy, SlackUnclear } from "./seams.ts";

/** Metadata of our messages: any member can read it, so it holds ids only. */
export const eventType = "reinstall_request";

/** One call of the Web API; throws busy, refused or unclear. */
export type Call = <T>(method: string, fields: Readonly<Record<string, unknown>>, answer: z.ZodType<T>) => Promise<T>;

export interface Self {
  team: string;
  user: string;
  bot: string | null;
  enterprise: string | null;
}

const freshMs = 60_000;
/** `usergroups.users.list` allows about 20 calls a minute; while Slack throttles us, members read this long ago still count. */
const staleMs = 180_000;
const rememberedMax = 1_000;
/** Our clock and Slack's may differ. */
const skewMs = 60_000;
const findPagesMax = 5;
const findPageSize = 200;

export function slackReads(given: {
  interactive: Call;
  background: Call;
  self: Self;
  clock: Clock;
}): Pick<Slack, "find" | "person" | "group" | "channel"> {
  const { interactive, background, self, clock } = given;
  const people = remembering<Member>(clock);
  const groups = remembering<readonly string[]>(clock);
  // Whoever is told to invite the bot does so and tries again at once; a channel that would refuse is read anew.
  const channels = remembering<Awaited<ReturnType<Slack["channel"]>>>(clock, ({ member }) => member);
  return {
    find: (where) => findOwn(background, self, where),
    person: (user) =>
      people(user, 0, async () => member((await interactive("users.info", { user }, UserAnswer)).user, self)),
    group: (id) =>
      groups(
        id,
        staleMs,
        async () => (await interactive("usergroups.users.list", { usergroup: id }, GroupAnswer)).users,
      ),
    channel: (id) => channels(id, 0, async () => channelFacts(interactive, id)),
  };
}

type FindWhere = Parameters<Slack["find"]>[0];

/** Gives up loudly rather than say "none" without having seen all: on "none" the message is posted again. */
async function findOwn(call: Call, self: Self, where: FindWhere): Promise<string | null> {
  const method = where.threadTs === undefined ? "conversations.history" : "conversations.replies";
  const fields = {
    channel: where.channel,
    ts: where.threadTs,
    oldest: (Math.max(where.since - skewMs, 0) / 1_000).toFixed(6),
    inclusive: true,
    include_all_metadata: true,
    limit: findPageSize,
  };
  let cursor: string | undefined;
  for (let page = 0; page < findPagesMax; page += 1) {
    const answer = await call(method, { ...fields, cursor }, MessagesAnswer);
    const ours = answer.messages.filter((message) => isOurs(message, self) && bears(message, where));
    const first = ours.map((message) => message.ts).sort()[0];
    if (first !== undefined) return first;
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return null;
  }
  throw new SlackUnclear(`Too many messages in ${where.channel} to find our own`);
}

type Message = z.infer<typeof Message>;

/** Anyone may post a message with our metadata, so the author decides. */
function isOurs(message: Message, self: Self): boolean {
  return message.user === self.user || (self.bot !== null && message.bot_id === self.bot);
}

function bears(message: Message, where: FindWhere): boolean {
  const metadata = message.metadata;
  if (metadata?.event_type !== eventType) return false;
  return metadata.event_payload?.["request"] === where.request && metadata.event_payload["key"] === where.key;
}

function member(user: z.infer<typeof User>, self: Self): Member {
  const sameTeam = user.team_id === self.team;
  const sameOrganisation = self.enterprise !== null && user.enterprise_user?.enterprise_id === self.enterprise;
  return {
    user: user.id,
    team: user.team_id ?? "",
    name: user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || user.id,
    guest: user.is_restricted === true || user.is_ultra_restricted === true || user.is_invited_user === true,
    // Slack leaves `is_stranger` false for outside people who share a channel with us, so the team decides.
    external: user.is_stranger === true || !(sameTeam || sameOrganisation),
    gone: user.deleted === true,
    bot: user.is_bot === true || user.id === "USLACKBOT",
  };
}

async function channelFacts(call: Call, id: string): ReturnType<Slack["channel"]> {
  // Reading a direct message needs another scope, and its id says all we ask.
  if (id.startsWith("D"))
    return { name: "direct message", member: false, external: false, archived: false, direct: true };
  const { channel } = await call("conversations.info", { channel: id }, ChannelAnswer);
  return {
    name: channel.name ?? channel.id,
    member: channel.is_member === true,
    external: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
    archived: channel.is_archived === true,
    direct: channel.is_im === true || channel.is_mpim === true,
  };
}

/** Gives what was read within a minute; while Slack throttles us, what is at most `staleMs` old, and otherwise its error. */
function remembering<T>(clock: Clock, lasts: (value: T) => boolean = () => true) {
  const known = new Map<string, { value: T; readAt: number }>();
  const reading = new Map<string, Promise<T>>();
  /** Whoever asks while it is being read waits for that reading: Slack would count each of them. */
  const once = (key: string, read: () => Promise<T>): Promise<T> => {
    const under = reading.get(key) ?? read().finally(() => reading.delete(key));
    reading.set(key, under);
    return under;
  };
  return async (key: string, staleForMs: number, read: () => Promise<T>): Promise<T> => {
    const old = known.get(key);
    const age = old === undefined ? Number.POSITIVE_INFINITY : clock.mono() - old.readAt;
    if (old !== undefined && age < freshMs) return old.value;
    try {
      const value = await once(key, read);
      known.delete(key);
      if (lasts(value)) known.set(key, { value, readAt: clock.mono() });
      for (const oldest of known.keys()) if (known.size > rememberedMax) known.delete(oldest);
      return value;
    } catch (error) {
      if (old !== undefined && age < staleForMs && error instanceof SlackBusy) return old.value;
      throw error;
    }
  };
}

const User = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_invited_user: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  enterprise_user: z.object({ enterprise_id: z.string().optional() }).optional(),
});
const UserAnswer = z.object({ user: User });
const GroupAnswer = z.object({ users: z.array(z.string()) });
const Message = z.object({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  metadata: z
    .object({ event_type: z.string().optional(), event_payload: z.record(z.string(), z.unknown()).optional() })
    .optional()
    .catch(undefined),
});
const MessagesAnswer = z.object({
  messages: z.array(Message),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const ChannelAnswer = z.object({
  channel: z.object({
    id: z.string(),
    name: z.string().optional(),
    is_member: z.boolean().optional(),
    is_archived: z.boolean().optional(),
    is_im: z.boolean().optional(),
    is_mpim: z.boolean().optional(),
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
  }),
});
