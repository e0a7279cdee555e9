/** The playground's own voice above the channel: what this is, and what to do next. */
import type { ComponentChildren } from "preact";
import type { PageState } from "../contract.ts";
import { usePage } from "./context.ts";
import { approversOf, askersOf, firstCommand, homeChannel, otherApprover, stageOf, standingOf } from "./guide.ts";

interface CalloutProps {
  switchTo(user: string): void;
  goTo(channel: string): void;
}

export function Callout({ switchTo, goTo }: CalloutProps) {
  const page = usePage();
  const { state } = page;
  const home = homeChannel(state);
  const stage = stageOf(state.messages[home?.id ?? ""] ?? []);
  const standing = standingOf(state);
  const begin = (text: string) => {
    if (home !== undefined) goTo(home.id);
    page.compose(text);
  };
  // Whoever may not ask is not told to, except to see how that is refused.
  if (standing !== "may-ask" && (stage === "start" || stage === "done" || stage === "closed"))
    return <MayNot standing={standing} begin={() => begin(firstCommand)} switchTo={switchTo} />;
  return (
    <aside class="callout" aria-label="What to do next">
      <div class="callout-text" aria-live="polite">
        {stage === "start" && <Start home={home?.name ?? ""} />}
        {stage === "asked" && <Asked state={state} />}
        {stage === "running" && (
          <p>
            <strong>The bot is reinstalling it</strong>
            {state.speed === 1 ? "" : `, ${state.speed} times as fast as a real cloud`}. Watch the card, or kill the bot
            in the panel: it is restarted and carries on.
          </p>
        )}
        {stage === "done" && (
          <p>
            <strong>That was a whole reinstall.</strong> Next: break something in the panel, then ask again.
          </p>
        )}
        {stage === "failed" && (
          <p>
            <strong>It failed, and the card says why.</strong> Whoever asked, or an approver, can press Retry or
            Abandon.
          </p>
        )}
        {stage === "unsure" && (
          <p>
            <strong>The bot cannot know whether it happened</strong>, so it does not send the order again: an approver
            must settle it on the card.
          </p>
        )}
        {stage === "closed" && (
          <p>
            <strong>That request is closed.</strong> Type <code>{firstCommand}</code> to ask again.
          </p>
        )}
      </div>
      <div class="callout-do">
        {(stage === "start" || stage === "closed") && <Do act={() => begin(firstCommand)}>Write it for me</Do>}
        {stage === "done" && <Do act={() => begin(firstCommand)}>Ask for another</Do>}
        {(stage === "asked" || stage === "unsure") && <Switch state={state} switchTo={switchTo} />}
      </div>
    </aside>
  );
}

const whyNot = {
  refused: "may not ask for a reinstall, so the bot will say no.",
  "reads-only": "is of another company: Slack offers them no commands here. They can only read.",
  gone: "has left: Slack shows a deactivated account nothing and takes nothing from it.",
} as const;

interface MayNotProps {
  standing: keyof typeof whyNot;
  begin(): void;
  switchTo(user: string): void;
}

function MayNot({ standing, begin, switchTo }: MayNotProps) {
  const { state } = usePage();
  const me = state.users.find((user) => user.id === state.me)?.name ?? "This person";
  const asker = askersOf(state)[0];
  return (
    <aside class="callout" aria-label="What to do next">
      <div class="callout-text" aria-live="polite">
        <p>
          <strong>
            {me} {whyNot[standing]}
          </strong>{" "}
          Somebody on call may ask.
        </p>
      </div>
      <div class="callout-do">
        {standing === "refused" && (
          <Do act={begin} quiet>
            See it refused
          </Do>
        )}
        {asker !== undefined && <Do act={() => switchTo(asker.id)}>Switch to {asker.name}</Do>}
      </div>
    </aside>
  );
}

function Start({ home }: { home: string }) {
  return (
    <p>
      <strong>
        This is a stand-in for Slack, with a pretend cloud behind it, to try a bot that reinstalls servers.
      </strong>{" "}
      Type <code>{firstCommand}</code> in <b>#{home}</b> and press Enter.
    </p>
  );
}

function Asked({ state }: { state: PageState }) {
  const approver = approversOf(state).some((user) => user.id === state.me);
  if (approver) {
    return (
      <p>
        <strong>You can approve now:</strong> press “Approve and reinstall” on the card. What you asked for yourself,
        somebody else must approve.
      </p>
    );
  }
  return (
    <p>
      <strong>Asked. Nothing is erased until another person approves.</strong> Become an approver, then press “Approve
      and reinstall” on the card.
    </p>
  );
}

function Switch({ state, switchTo }: { state: PageState; switchTo(user: string): void }) {
  const other = otherApprover(state);
  if (other === undefined) return null;
  const quiet = approversOf(state).some((user) => user.id === state.me);
  return (
    <Do act={() => switchTo(other.id)} quiet={quiet}>
      Switch to {other.name}
    </Do>
  );
}

function Do({ act, quiet = false, children }: { act(): void; quiet?: boolean; children: ComponentChildren }) {
  return (
    <button type="button" class={quiet ? "button" : "button button-guide"} onClick={act}>
      {children}
    </button>
  );
}
