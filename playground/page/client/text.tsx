/** The only place that draws text objects: plain text, mrkdwn, and the parts of rich text that look the same. */
import type { ComponentChildren } from "preact";
import { usePage } from "./context.ts";
import { showDate } from "./dates.ts";
import { plainWords } from "./emoji.ts";
import { type Chunk, type Inline, parseMrkdwn, safeUrl } from "./mrkdwn.ts";
import { bag, str } from "./read.ts";

/** A text object, either kind. */
export function Text({ of }: { of: unknown }) {
  const object = bag(of);
  if (object.type === "mrkdwn") return <Mrkdwn text={str(object.text)} />;
  return <span class="plain">{plainWords(object)}</span>;
}

export function Mrkdwn({ text }: { text: string }) {
  return (
    <>
      {parseMrkdwn(text).map((chunk, at) => (
        <ChunkView key={at} chunk={chunk} />
      ))}
    </>
  );
}

function ChunkView({ chunk }: { chunk: Chunk }) {
  if (chunk.is === "code") return <pre class="code-block">{chunk.text}</pre>;
  if (chunk.is === "quote") {
    return (
      <blockquote>
        <Inlines of={chunk.of} />
      </blockquote>
    );
  }
  return (
    <span class="paragraph">
      <Inlines of={chunk.of} />
    </span>
  );
}

export function Inlines({ of }: { of: readonly Inline[] }) {
  return (
    <>
      {of.map((inline, at) => (
        <InlineView key={at} inline={inline} />
      ))}
    </>
  );
}

function InlineView({ inline }: { inline: Inline }): ComponentChildren {
  switch (inline.is) {
    case "text":
      return inline.text;
    case "bold":
      return (
        <strong>
          <Inlines of={inline.of} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Inlines of={inline.of} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Inlines of={inline.of} />
        </s>
      );
    case "code":
      return <code>{inline.text}</code>;
    case "link":
      return <Link url={inline.url}>{inline.label || inline.url}</Link>;
    case "user":
      return <UserName id={inline.id} label={inline.label} />;
    case "group":
      return <GroupName id={inline.id} label={inline.label} />;
    case "channel":
      return <ChannelName id={inline.id} label={inline.label} />;
    case "date":
      return <DateText seconds={inline.seconds} format={inline.format} url={inline.url} fallback={inline.fallback} />;
    case "everyone":
      return <span class="mention mine">{inline.word}</span>;
  }
}

export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  const href = safeUrl(url);
  if (href === undefined) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

export function UserName({ id, label }: { id: string; label?: string | undefined }) {
  const { state } = usePage();
  const name =
    state.users.find((user) => user.id === id)?.name ?? (id === state.botUser.id ? state.botUser.name : label || id);
  return <span class={id === state.me ? "mention mine" : "mention"}>@{name}</span>;
}

export function GroupName({ id, label }: { id: string; label?: string | undefined }) {
  const { state } = usePage();
  const group = state.groups.find((one) => one.id === id);
  const handle = group?.handle ?? (label || id);
  const mine = group?.users.includes(state.me) === true;
  return <span class={mine ? "mention mine" : "mention"}>@{handle.replace(/^@/, "")}</span>;
}

export function ChannelName({ id, label }: { id: string; label?: string | undefined }) {
  const { state } = usePage();
  return <span class="mention">#{state.channels.find((one) => one.id === id)?.name ?? (label || id)}</span>;
}

export function DateText(props: { seconds: number; format: string; url?: string; fallback: string }) {
  const { state } = usePage();
  const shown = Number.isFinite(props.seconds)
    ? showDate(props.format, props.seconds, { now: state.now })
    : props.fallback;
  const time = (
    <time
      dateTime={Number.isFinite(props.seconds) ? new Date(props.seconds * 1000).toISOString() : ""}
      title={props.fallback}
    >
      {shown}
    </time>
  );
  return props.url ? <Link url={props.url}>{time}</Link> : time;
}
