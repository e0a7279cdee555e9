/** The only place that measures how long a start takes: the built bot, which is compiled at the build, and a bare Bolt app, which is only bundled, against the simulated Slack, in turns. */
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
  const bare: number[] = [];
  const ours: number[] = [];
  // The first of each only warms the file system's cache.
  for (let n = 0; n <= times; n += 1) {
    const one = await startOnce(stage, folder, bundles.bare, /^ready /);
    const other = await startOnce(stage, folder, bundles.bot, /"the bot is ready"/);
    if (n === 0) continue;
    bare.push(one);
    ours.push(other);
  }
  const ratio = median(ours.map((ms, n) => ms / (bare[n] ?? ms)));
  return { bare: median(bare), ours: median(ours), ratio };
}

/** Slack allows few connections a minute, so that each start gets one that knows of no other. */
async function startOnce(stage: Stage, folder: string, bundle: string, ready: RegExp): Promise<number> {
  const clock = realClock();
  const slack = new SlackShell({ clock });
  const cloud = cloudShell<unknown>(clouds.tencent.sim, { clock, speed: 60 });
  const { url } = await slack.listen();
  const home = join(folder, "start");
  mkdirSync(join(home, "data"), { recursive: true });
  const config = writeConfig(home, [{ ...clouds.tencent.account, endpoint: await cloud.listen() }]);
  const { ms, end } = await stage.ready(bundle, botEnvironment({ folder: home, config, slackUrl: url }), ready);
  await end();
  await slack.close();
  await cloud.close();
  return ms;
}
