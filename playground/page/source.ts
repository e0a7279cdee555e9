/** The only place that puts together what the page shows and does, from Slack, the clouds and the bot behind it. */
import type { Clock } from "../../src/seams.ts";
import type { Bot } from "../bot.ts";
import type { CloudShell } from "../clouds/shell.ts";
import { userIds } from "../slack/people.ts";
import type { Workspace } from "../slack/workspace.ts";
import type { PageAct, PageAnswer, PageState } from "./contract.ts";
import type { PageSource } from "./server.ts";

/** Everything that stands behind the page. */
export interface Behind {
  space: Workspace;
  stands: readonly Panel[];
  bot(): Pick<Bot, "state" | "kill">;
  speed: number;
  clock: Pick<Clock, "now">;
}

/** One simulated cloud as the page sees it: an account's name, what people call it, and its shell. */
export interface Panel {
  account: { name: string };
  title: string;
  shell: CloudShell<unknown>;
}

/** What the page shows and does. */
export function pageSource({ space, stands, bot, speed, clock }: Behind): Omit<PageSource, "onChange"> {
  const state = (user: string): PageState => {
    const wanted = space.state(user);
    const known = wanted.users.some((one) => one.id === user);
    return {
      ...(known ? wanted : space.state(userIds.engineer)),
      clouds: stands.map(({ account, title, shell }) => {
        return { cloud: account.name, title, servers: shell.panel(), faults: shell.faults() };
      }),
      bot: bot().state(),
      now: clock.now(),
      speed,
    };
  };
  const act = async (wanted: PageAct): Promise<PageAnswer> => {
    if (wanted.do === "kill-bot") return bot().kill();
    const shell = "cloud" in wanted ? stands.find(({ account }) => account.name === wanted.cloud)?.shell : undefined;
    if (wanted.do === "console") {
      if (shell === undefined) return { ok: false, says: "There is no such cloud here." };
      shell.console(wanted.server, wanted.what);
      return { ok: true };
    }
    if (wanted.do !== "fault" || shell === undefined) return space.act(wanted);
    shell.arm(wanted.fault, wanted.armed);
    return { ok: true };
  };
  return { state, act };
}
