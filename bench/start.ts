/** The only place that measures how long a start takes: the built bot and a bare Bolt app, bundled alike, against the simulated Slack, in turns. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { botEnvironment, writeConfig } from "../playground/botconfig.ts";
import { cloudShell } from "../playground/clouds/shell.ts";
import { SlackShell } from "../playground/slack/shell.ts";
import { realClock } from "../src/real.ts";
import { median } from "./report.ts";
import { bundles, type Stage } from "./stage.ts";
import { clouds } from "./world.ts";

/** Milliseconds from the process's start to its connection with Slack. */
export interface Starts {
  bare: number;
  ours: number;
  ratio: number;
}

export async function measureStarts(stage: Stage, folder: string, times: number): Promise<Starts> {
  const clock = realClock();
  const slack = new SlackShell({ clock });
  const cloud = cloudShell<unknown>(clouds.tencent.sim, { clock, speed: 60 });
  const { url } = await slack.listen();
  const endpoint = await cloud.listen();
  const home = join(folder, "start");
  mkdirSync(join(home, "data"), { recursive: true });
  const config = writeConfig(home, [{ ...clouds.tencent.account, endpoint }]);
  const env = botEnvironment({ folder: home, config, slackUrl: url });
  const bare: number[] = [];
  const ours: number[] = [];
  // The first of each only warms the file system's cache.
  for (let n = 0; n <= times; n += 1) {
    unlimited(slack);
    const one = await startOnce(stage, bundles.bare, env, /^ready /);
    const other = await startOnce(stage, bundles.bot, env, /"the bot is ready"/);
    if (n === 0) continue;
    bare.push(one);
    ours.push(other);
  }
  await slack.close();
  await cloud.close();
  const ratio = median(ours.map((ms, n) => ms / (bare[n] ?? ms)));
  return { bare: median(bare), ours: median(ours), ratio };
}

async function startOnce(stage: Stage, bundle: string, env: Record<string, string>, ready: RegExp): Promise<number> {
  const { ms, end } = await stage.ready(bundle, env, ready);
  await end();
  return ms;
}

/** Slack allows few connections a minute; what is measured here is not how long one waits for that. */
function unlimited(slack: SlackShell): void {
  slack.arrange(({ buckets: { "apps.connections.open": _old, "auth.test": _older, ...buckets }, ...state }) => ({
    ...state,
    buckets,
  }));
}
