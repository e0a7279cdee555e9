/** The only place that draws a message, with its blocks and its thread. */
import { useRef, useState } from "preact/hooks";
import type { PageMessage, PageState } from "../contract.ts";
import { Avatar } from "./avatar.tsx";
import { Blocks } from "./blocks.tsx";
import { Composer } from "./composer.tsx";
import { type Place, PlaceContext, usePage } from "./context.ts";
import { clockTime } from "./dates.ts";
import { type Entries, seed, withEntry } from "./entries.ts";
import { type Bag, bags } from "./read.ts";
import { Mrkdwn } from "./text.tsx";

export function Message({ message, replies }: { message: PageMessage; replies: readonly PageMessage[] }) {
  return (
    <article
      class={message.ephemeral ? "message message-ephemeral" : "message"}
      aria-label={titleOf(message, usePage().state)}
    >
      <Avatar id={message.from} bot={message.bot} />
      <div class="message-main">
        <Head message={message} />
        {message.ephemeral && <p class="only-you">👁 Only visible to you</p>}
        {message.broadcast && <p class="only-you">replied to a thread</p>}
        <Body message={message} />
        {replies.length > 0 && <Thread parent={message} replies={replies} />}
      </div>
    </article>
  );
}

function nameOf(message: PageMessage, state: PageState): string {
  if (message.from === state.botUser.id) return state.botUser.name;
  return state.users.find((user) => user.id === message.from)?.name ?? message.from;
}

function titleOf(message: PageMessage, state: PageState): string {
  return `${nameOf(message, state)} at ${clockTime(message.ts, { now: state.now })}`;
}

function Head({ message }: { message: PageMessage }) {
  const { state } = usePage();
  return (
    <header class="message-head">
      <strong>{nameOf(message, state)}</strong>
      {message.bot && <span class="app-badge">APP</span>}
      <time>{clockTime(message.ts, { now: state.now })}</time>
      {message.ephemeral !== true && <MessageMenu message={message} />}
    </header>
  );
}

/** What apps offer on any message, as in Slack's own menu of a message. */
function MessageMenu({ message }: { message: PageMessage }) {
  const page = usePage();
  const offered = page.state.shortcuts.filter(({ type }) => type === "message");
  const menu = useRef<HTMLDetailsElement>(null);
  if (offered.length === 0) return null;
  const use = (callback: string) => {
    if (menu.current !== null) menu.current.open = false;
    const on = { message: message.ts, channel: page.channel };
    void page.act({ do: "shortcut", user: page.state.me, callback, on });
  };
  return (
    <details class="message-menu" ref={menu}>
      <summary aria-label="More actions">⋯</summary>
      {offered.map(({ name, callback }) => (
        <button type="button" class="button" key={callback} onClick={() => use(callback)}>
          {name}
        </button>
      ))}
    </details>
  );
}

function Body({ message }: { message: PageMessage }) {
  const page = usePage();
  const [entries, setEntries] = useState<Entries>({});
  const [trouble, setTrouble] = useState("");
  const shown = seed({ blocks: message.blocks }, entries);
  const press = async (action: Bag) => {
    const where = { message: message.ts, channel: page.channel };
    const answer = await page.act({ do: "press", user: page.state.me, in: where, action });
    setTrouble(answer.ok ? "" : answer.says);
  };
  const place: Place = {
    entries: shown,
    errors: {},
    busy: false,
    enter(blockId, actionId, value, action) {
      setEntries(withEntry(shown, blockId, actionId, value));
      if (action !== undefined) void press(action);
    },
    press,
    suggest: null,
  };
  return (
    <PlaceContext.Provider value={place}>
      <div class="message-body">
        {bags(message.blocks).length > 0 ? <Blocks blocks={message.blocks} /> : <Mrkdwn text={message.text} />}
        {trouble !== "" && (
          <p class="trouble" role="alert">
            {trouble}
          </p>
        )}
      </div>
    </PlaceContext.Provider>
  );
}

function Thread({ parent, replies }: { parent: PageMessage; replies: readonly PageMessage[] }) {
  const page = usePage();
  const [open, setOpen] = useState(true);
  const [replying, setReplying] = useState(false);
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  const say = (text: string) => {
    if (text.startsWith("/")) {
      return Promise.resolve({
        ok: false as const,
        says: "Slack does not take an app's slash commands in threads. Use the channel's own field.",
      });
    }
    return page.act({ do: "say", user: page.state.me, channel: page.channel, text, threadTs: parent.ts });
  };
  return (
    <section class="thread" aria-label="Thread">
      <button type="button" class="thread-count" aria-expanded={open} onClick={() => setOpen(!open)}>
        {count}
      </button>
      {open && (
        <div class="replies">
          {replies.map((reply) => (
            <article
              class={reply.ephemeral ? "reply message-ephemeral" : "reply"}
              key={reply.ts}
              aria-label={titleOf(reply, page.state)}
            >
              <Avatar id={reply.from} bot={reply.bot} small />
              <div class="message-main">
                <Head message={reply} />
                {reply.ephemeral && <p class="only-you">👁 Only visible to you</p>}
                <Body message={reply} />
              </div>
            </article>
          ))}
          {replying ? (
            <Composer label="Reply in the thread" placeholder="Reply…" commands={[]} onSend={say} focused />
          ) : (
            <button type="button" class="link-button" onClick={() => setReplying(true)}>
              Reply
            </button>
          )}
        </div>
      )}
    </section>
  );
}
