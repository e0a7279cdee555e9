/** The only place that draws a channel: its messages as a log, and the field below. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PageMessage } from "../contract.ts";
import { usePage } from "./context.ts";
import { Message } from "./message.tsx";

/** Within this many pixels of the end, the log follows what is new. */
const nearEndPx = 80;

export function Log() {
  const { state, channel } = usePage();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const messages = state.messages[channel] ?? [];
  const { roots, replies } = threaded(messages);
  useLayoutEffect(() => {
    if (atEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  });
  useLayoutEffect(() => {
    atEnd.current = true;
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [channel, state.me]);
  const name = state.channels.find((one) => one.id === channel)?.name ?? "";
  return (
    <div
      class="log"
      ref={box}
      role="log"
      aria-label={`Messages in #${name}`}
      aria-relevant="additions"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        atEnd.current = scrollHeight - scrollTop - clientHeight < nearEndPx;
      }}
    >
      <div class="log-inner">
        <p class="channel-start">
          This is the start of <strong>#{name}</strong>.
        </p>
        {roots.map((message) => (
          <Message
            key={`${message.ts}${message.ephemeral ? "e" : ""}`}
            message={message}
            replies={replies.get(message.ts) ?? []}
          />
        ))}
      </div>
    </div>
  );
}

/** Replies stand under their parent; broadcast ones in the channel too. */
export function threaded(messages: readonly PageMessage[]): {
  roots: readonly PageMessage[];
  replies: ReadonlyMap<string, readonly PageMessage[]>;
} {
  const replies = new Map<string, PageMessage[]>();
  const roots: PageMessage[] = [];
  for (const message of messages) {
    const parent = message.threadTs;
    const isReply = parent !== undefined && parent !== message.ts;
    if (isReply) replies.set(parent, [...(replies.get(parent) ?? []), { ...message, broadcast: false }]);
    if (!isReply || message.broadcast === true) roots.push(message);
  }
  return { roots, replies };
}
