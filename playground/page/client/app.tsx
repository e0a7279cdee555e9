/** The page as a whole: who one is, where one looks, and what lies on top. */
import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { PageAnswer, PageState } from "../contract.ts";
import { Callout } from "./callout.tsx";
import { Log } from "./channel.tsx";
import { Composer } from "./composer.tsx";
import { Confirm } from "./confirm.tsx";
import { type Connection, sendAct, useConnection } from "./connection.ts";
import { type Page, PageContext } from "./context.ts";
import type { Drafts } from "./drafts.ts";
import { homeChannel, signOf } from "./guide.ts";
import { Modal } from "./modal.tsx";
import { Panel } from "./panel.tsx";
import type { Bag } from "./read.ts";
import { Sidebar } from "./sidebar.tsx";

export function App() {
  const connection = useConnection();
  if (connection.state === null) {
    return (
      <p class="waiting">
        {connection.live ? "Opening the playground…" : "The playground does not answer. Is it running?"}
      </p>
    );
  }
  return <Workspace state={connection.state} connection={connection} />;
}

interface Asking {
  dialog: Bag;
  answer(yes: boolean): void;
}

function Workspace({ state, connection }: { state: PageState; connection: Connection }) {
  const [chosen, setChosen] = useState("");
  const [given, setGiven] = useState({ text: "", at: 0 });
  const [asking, setAsking] = useState<Asking | null>(null);
  const [drawer, setDrawer] = useState<"none" | "side" | "panel">("none");
  const drafts = useRef<Drafts>(new Map());
  if (state.modal === null) drafts.current.delete(state.me);
  const channel = state.channels.some((one) => one.id === chosen) ? chosen : (homeChannel(state)?.id ?? "");
  const confirm = useCallback(
    (dialog: Bag) =>
      new Promise<boolean>((resolve) => {
        const answer = (yes: boolean) => {
          setAsking(null);
          resolve(yes);
        };
        setAsking({ dialog, answer });
      }),
    [],
  );
  const compose = useCallback((text: string) => setGiven(({ at }) => ({ text, at: at + 1 })), []);
  const page = useMemo<Page>(
    () => ({ state, channel, act: sendAct, confirm, compose }),
    [state, channel, confirm, compose],
  );
  const goTo = (next: string) => {
    setChosen(next);
    setDrawer("none");
  };
  const switchTo = (user: string) => {
    connection.switchTo(user);
    setDrawer("none");
  };
  return (
    <PageContext.Provider value={page}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes a drawer wherever the focus is in it */}
      <div class="app" onKeyDown={(event) => event.key === "Escape" && setDrawer("none")}>
        <Sidebar open={drawer === "side"} person={connection.user || state.me} switchTo={switchTo} goTo={goTo} />
        <main class="main">
          <TopBar state={state} channel={channel} drawer={drawer} onDrawer={setDrawer} live={connection.live} />
          <Callout switchTo={switchTo} goTo={goTo} />
          {channel === "" ? (
            <p class="waiting">There is nothing here for this account.</p>
          ) : (
            <>
              <Log />
              <ChannelComposer state={state} channel={channel} given={given} />
            </>
          )}
        </main>
        <Panel open={drawer === "panel"} />
        {drawer !== "none" && (
          <button type="button" class="veil" aria-label="Close the drawer" onClick={() => setDrawer("none")} />
        )}
      </div>
      {state.modal !== null && <Modal key={state.me} modal={state.modal} drafts={drafts.current} />}
      {asking !== null && <Confirm dialog={asking.dialog} onAnswer={asking.answer} />}
    </PageContext.Provider>
  );
}

interface TopBarProps {
  state: PageState;
  channel: string;
  drawer: "none" | "side" | "panel";
  onDrawer(drawer: "none" | "side" | "panel"): void;
  live: boolean;
}

function TopBar({ state, channel, drawer, onDrawer, live }: TopBarProps) {
  const me = state.users.find((user) => user.id === state.me);
  const toggle = (which: "side" | "panel") => () => onDrawer(drawer === which ? "none" : which);
  return (
    <header class="topbar">
      <button
        type="button"
        class="icon-button only-phone"
        aria-label="Channels and people"
        aria-expanded={drawer === "side"}
        onClick={toggle("side")}
      >
        ☰
      </button>
      <h1>
        {channel !== "" && signOf(channel)} {state.channels.find((one) => one.id === channel)?.name}
      </h1>
      <span class="you">
        You are <strong>{me?.name}</strong>
        <span class="you-title">, {me?.title}</span>
      </span>
      {!live && (
        <span class="offline" role="alert">
          Connection lost, trying again…
        </span>
      )}
      <button
        type="button"
        class="button button-small only-narrow"
        aria-expanded={drawer === "panel"}
        onClick={toggle("panel")}
      >
        Clouds
      </button>
    </header>
  );
}

interface ChannelComposerProps {
  state: PageState;
  channel: string;
  given: { text: string; at: number };
}

/** What Slack keeps behind the plus of its message field: shortcuts that need no message. */
function Shortcuts({ state }: { state: PageState }) {
  const offered = state.shortcuts.filter(({ type }) => type === "global");
  if (offered.length === 0) return null;
  return (
    <section class="shortcuts" aria-label="Shortcuts">
      {offered.map(({ name, callback }) => (
        <button
          type="button"
          class="button"
          key={callback}
          onClick={() => void sendAct({ do: "shortcut", user: state.me, callback })}
        >
          ⚡ {name}
        </button>
      ))}
    </section>
  );
}

function ChannelComposer({ state, channel, given }: ChannelComposerProps) {
  const name = state.channels.find((one) => one.id === channel)?.name ?? "";
  const send = (text: string): Promise<PageAnswer> =>
    text.startsWith("/")
      ? sendAct({ do: "command", user: state.me, channel, text })
      : sendAct({ do: "say", user: state.me, channel, text });
  return (
    <>
      <Shortcuts state={state} />
      <Composer
        id="composer"
        label={`Message #${name}`}
        placeholder="Message, or / for commands"
        commands={state.commands}
        given={given}
        onSend={send}
      />
    </>
  );
}
