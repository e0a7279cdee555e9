/** The only place that sets up the whole playground: Slack, the clouds, the bot and the page, and takes it down again. */
import { join } from "node:path";
import { commands, shortcuts } from "../src/commands/names.ts";
import { slackPath } from "../src/http-line.ts";
import { realClock } from "../src/real.ts";
import type { Clock } from "../src/seams.ts";
import { type Bot, runBot, strangeBot } from "./bot.ts";
import { botEnvironment, type CloudAccount, prepareData, writeConfig } from "./botconfig.ts";
import { huaweiSim, otcSim } from "./clouds/huawei.ts";
import type { SimSite } from "./clouds/huawei-sites.ts";
import { jdcloudSim } from "./clouds/jdcloud.ts";
import { type CloudShell, cloudShell } from "./clouds/shell.ts";
import type { CloudSim } from "./clouds/sim.ts";
import { tencentSim } from "./clouds/tencent.ts";
import { guestAt } from "./clouds/tencent-guest.ts";
import { type Doorbell, doorbell, freePort } from "./doorbell.ts";
import { type Doors, openDoors } from "./doors.ts";
import type { Flags } from "./flags.ts";
import { type PageServer, servePage } from "./page/server.ts";
import { type Panel, pageSource } from "./page/source.ts";
import { tokens } from "./slack/people.ts";
import { SlackShell } from "./slack/shell.ts";
import { workspace } from "./slack/workspace.ts";

export interface Stage {
  url: string;
  environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Nobody reads it here, and a playground may stand for weeks. */
const trafficMax = 200;

/** `folder` holds the built bot and page. Rejects when the port is taken, before anything is changed on disk. */
export async function setStage(flags: Flags, folder: string, say: (line: string) => void): Promise<Stage> {
  const clock = realClock();
  const slack = new SlackShell({
    trafficMax,
    clock,
    commands: commands.map((command) => ({ ...command, escape: false })),
    shortcuts,
  });
  const prod = cloudShell(tencentSim, { clock, speed: flags.speed });
  const stands = allStands(prod, clock, flags);
  const space = workspace(slack);
  let changed = () => {};
  const door = flags.http ? await openDoor(slack, clock, () => changed()) : null;
  const connected = door?.answers ?? (() => slack.state().sockets.length > 0);
  let bot: Bot = strangeBot(connected);
  const source = pageSource({ space, stands, bot: () => bot, speed: flags.speed, clock });
  const page: PageServer = await servePage({
    folder: join(folder, "page"),
    port: flags.port,
    source: {
      ...source,
      onChange: (callback) => {
        changed = callback;
      },
    },
  });
  slack.onChange(() => changed());
  for (const { shell } of stands) shell.onChange(() => changed());

  const { url: slackUrl } = await slack.listen();
  const accounts = await Promise.all(
    stands.map(async ({ account, shell }) => ({ ...account, endpoint: await shell.listen() })),
  );
  const data = prepareData(flags.data, page.port);
  const config = writeConfig(data, accounts, door?.port ?? null);
  const environment = botEnvironment({ folder: data, config, slackUrl, http: flags.http });
  let doors: Doors | null = null;
  if (flags.bot) {
    doors = await openDoors((address) => guestAt(prod.state(), address, clock.now()));
    const entry = join(folder, "main.js");
    bot = runBot({ entry, before: doors.route, environment, log: join(data, "bot.log"), connected, say });
    bot.onChange(() => changed());
  }
  const close = async () => {
    await bot.stop();
    door?.stop();
    doors?.close();
    await Promise.all([page.close(), slack.close(), ...stands.map(({ shell }) => shell.close())]);
  };
  return { url: `http://127.0.0.1:${page.port}/`, environment, close };
}

/** From now on Slack's payloads go out as signed requests, to a port that the bot is told of. */
async function openDoor(slack: SlackShell, clock: Clock, changed: () => void): Promise<Doorbell & { port: number }> {
  const port = await freePort();
  slack.deliverTo({ url: `http://127.0.0.1:${port}${slackPath}`, signingSecret: tokens.signingSecret });
  return { ...doorbell(port, clock, changed), port };
}

/** One simulated cloud as the playground holds it, whatever its state looks like inside. */
interface Stand extends Panel {
  account: CloudAccount;
}

function allStands(prod: CloudShell<unknown>, clock: Clock, { speed, bot }: Flags): readonly Stand[] {
  const stand = <State>(account: CloudAccount, sim: CloudSim<State>): Stand => {
    return { account, title: sim.title, shell: cloudShell(sim, { clock, speed }) };
  };
  const regions = ["ap-guangzhou", "ap-hongkong", "ap-shanghai"];
  // A bot that somebody else starts has no way to the ports of simulated servers.
  const probe = bot ? { probe: "public" as const } : {};
  const account: CloudAccount = { name: "prod", cloud: "tencent", site: "mainland", regions, ...probe };
  return [
    { account, title: tencentSim.title, shell: prod },
    stand(huaweiAccount("asia", huaweiSim.site), huaweiSim),
    stand(huaweiAccount("eu", otcSim.site), otcSim),
    stand({ name: "jd", cloud: "jdcloud", site: "cn", regions: ["cn-north-1"] }, jdcloudSim),
  ];
}

function huaweiAccount(name: string, site: SimSite): CloudAccount {
  return {
    name,
    cloud: "huawei",
    site: site.id,
    regions: site.regions.map((region) => region.name),
    project: Object.fromEntries(site.regions.map((region) => [region.name, region.project])),
    userId: site.userId,
  };
}
