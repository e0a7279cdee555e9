/** What a real workspace would not show: the bot's process, and the clouds behind it with their faults. */
import { useState } from "preact/hooks";
import type { PageState } from "../contract.ts";
import { usePage } from "./context.ts";
import { Faults } from "./faults.tsx";
import { Servers } from "./servers.tsx";

export function Panel({ open }: { open: boolean }) {
  const { state } = usePage();
  return (
    <aside class={open ? "panel panel-open" : "panel"} aria-label="Behind the scenes">
      <h2 class="panel-title">Behind the scenes</h2>
      <Bot bot={state.bot} />
      <Faults state={state} />
      <Servers clouds={state.clouds} />
    </aside>
  );
}

const botSays: Readonly<Record<PageState["bot"]["state"], string>> = {
  running: "running",
  starting: "starting…",
  stopped: "stopped, restarts in a moment",
  absent: "not started here: start it by hand",
};

function Bot({ bot }: { bot: PageState["bot"] }) {
  const page = usePage();
  const [trouble, setTrouble] = useState("");
  const kill = async () => {
    const answer = await page.act({ do: "kill-bot" });
    setTrouble(answer.ok ? "" : answer.says);
  };
  return (
    <section class="card" aria-labelledby="bot-title">
      <div class="card-head">
        <h3 id="bot-title">The bot</h3>
        <span class={`state state-${bot.state}`} role="status">
          {botSays[bot.state]}
        </span>
      </div>
      <div class="card-row">
        <button
          type="button"
          class="button button-danger-quiet"
          disabled={bot.state !== "running"}
          onClick={() => void kill()}
        >
          Kill the bot
        </button>
        <span class="quiet">
          {bot.kills === 0
            ? "It is restarted and carries on."
            : `killed ${times(bot.kills)}, started ${times(bot.starts)}`}
        </span>
      </div>
      {trouble !== "" && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
