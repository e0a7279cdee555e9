/** The only place that calls Slack's Web API. It carries what views build and turns every failure into busy, refused or unclear. */
import { WebAPIPlatformError, WebAPIRateLimitedError, WebClient, type WebClientOptions } from "@slack/web-api";
import * as z from "zod";
import { libraryLogger } from "./log.ts";
import { type Clock, type Log, type Slack, SlackBusy, SlackRefused, SlackUnclear } from "./seams.ts";
import type { Secret } from "./secret.ts";
import { type Call, eventType, type Self, slackReads } from "./slack-reads.ts";

/** A trigger dies after 3 seconds and a press waits no longer, so a later answer is of no use. */
const interactiveMs = 2_500;
const backgroundMs = 10_000;

/** Asks Slack who we are, so a wrong token fails here, with its word. */
export async function slackSeam(given: {
  token: Secret;
  apiUrl?: string | undefined;
  clock: Clock;
  log: Log;
}): Promise<Slack> {
  // Two clients: whatever slows one down must never hold up a modal whose trigger is running out.
  const interactive = caller(given, interactiveMs);
  const background = caller(given, backgroundMs);
  const self = await whoAmI(background);
  return {
    self: () => ({ team: self.team, user: self.user }),
    ...messages(background),
    ...modals(interactive),
    ...slackReads({ interactive, background, self, clock: given.clock }),
  };
}

/** Shows Slack a token: what it answers, and the scopes it says the token has, null when it says none. Throws as every call does. */
export async function showToken(
  given: { token: Secret; apiUrl?: string | undefined; log: Log },
  method: "auth.test" | "apps.connections.open",
): Promise<{ team: string; scopes: readonly string[] | null }> {
  const { team = "", response_metadata } = await caller(given, backgroundMs)(method, {}, Shown);
  return { team, scopes: response_metadata?.scopes ?? null };
}

/** The library puts the header x-oauth-scopes into `response_metadata`. */
const Shown = z.object({
  team: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

async function whoAmI(call: Call): Promise<Self> {
  const me = await call("auth.test", {}, Me);
  return { team: me.team_id, user: me.user_id, bot: me.bot_id ?? null, enterprise: me.enterprise_id ?? null };
}

function messages(call: Call): Pick<Slack, "post" | "edit" | "whisper"> {
  return {
    async post({ channel, threadTs, broadcast, text, blocks, request, key }) {
      const fields = {
        ...{ channel, text, blocks, thread_ts: threadTs, unfurl_links: false, unfurl_media: false },
        ...(threadTs !== undefined && broadcast === true ? { reply_broadcast: true } : {}),
        metadata: { event_type: eventType, event_payload: { request, key } },
      };
      return call("chat.postMessage", fields, Posted);
    },
    async edit({ channel, ts, text, blocks }) {
      // Unlike at posting, plain words would be read as mentions unless this is said. https://docs.slack.dev/reference/methods/chat.update
      await call("chat.update", { channel, ts, text, blocks, parse: "none" }, z.object({}));
    },
    async whisper({ channel, user, threadTs, text, blocks }) {
      await call("chat.postEphemeral", { channel, user, text, blocks, thread_ts: threadTs }, z.object({}));
    },
  };
}

function modals(call: Call): Pick<Slack, "open" | "update"> {
  return {
    async open(triggerId, view, how = "open") {
      const method = how === "push" ? "views.push" : "views.open";
      const opened = await call(method, { trigger_id: triggerId, view }, Opened);
      return { viewId: opened.view.id, hash: opened.view.hash };
    },
    async update(which, view, hash) {
      const named = "viewId" in which ? { view_id: which.viewId } : { external_id: which.externalId };
      const shown = await call("views.update", { ...named, view, hash }, Opened);
      return { hash: shown.view.hash };
    },
  };
}

const Me = z.object({
  team_id: z.string(),
  user_id: z.string(),
  bot_id: z.string().optional(),
  enterprise_id: z.string().nullish(),
});
const Posted = z.object({ ts: z.string(), channel: z.string() });
const Opened = z.object({ view: z.object({ id: z.string(), hash: z.string() }) });

function caller(given: { token: Secret; apiUrl?: string | undefined; log: Log }, timeoutMs: number): Call {
  const client = new WebClient(given.token.open(), clientOptions(given, timeoutMs));
  return async (method, fields, answer) => {
    const said = await client.apiCall(method, { ...fields }).catch((error: unknown) => {
      throw slackError(error);
    });
    const read = answer.safeParse(said);
    if (!read.success) throw new SlackUnclear(`Slack's answer to ${method} could not be read`);
    return read.data;
  };
}

/**
 * The library would retry ten times over half an hour, posting twice when an answer is lost, and stop every call while
 * one method is throttled. Repeating is decided where the messages are known, so all of it is off. Always a new object:
 * the libraries write into the one they are given.
 */
export function clientOptions(given: { apiUrl?: string | undefined; log: Log }, timeoutMs: number): WebClientOptions {
  return {
    logger: libraryLogger(given.log),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    ...(given.apiUrl === undefined ? {} : { slackApiUrl: given.apiUrl }),
  };
}

/** Slack says of these that part of it may have happened. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const maybeHappened = new Set([
  "fatal_error",
  "internal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);
const throttled = new Set(["ratelimited", "rate_limited"]);
/** Slack sends no time with the error word, only with status 429. */
const throttledMs = 5_000;

export function slackError(error: unknown): SlackBusy | SlackRefused | SlackUnclear {
  if (error instanceof WebAPIRateLimitedError) return new SlackBusy(error.retryAfter * 1_000);
  if (!(error instanceof WebAPIPlatformError)) return new SlackUnclear("Slack gave no clear answer", { cause: error });
  const code = error.data.error;
  if (throttled.has(code)) return new SlackBusy(throttledMs);
  if (maybeHappened.has(code)) return new SlackUnclear(`Slack answered ${code}`, { cause: error });
  return new SlackRefused(code, error);
}
