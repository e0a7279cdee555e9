/** The only place that puts the bot together: seams and configuration in, a running bot out. `main.ts` gives it the real world, tests the stand-ins. */
import { app } from "./app.ts";
import type { CloudTools } from "./clouds/cloud.ts";
import { type CloudAccount, openAccount, traitsOfNobody } from "./clouds/clouds.ts";
import { redrawer } from "./commands/redraw.ts";
import type { CommandTools, Rule } from "./commands/tools.ts";
import { drawings } from "./drawings.ts";
import { inventory } from "./inventory.ts";
import { type LoopTools, runLoop } from "./loop.ts";
import { pace } from "./pace.ts";
import type { Request } from "./request.ts";
import type { Sealer } from "./seal.ts";
import type { Clock, Dispatch, Probe, Slack } from "./seams.ts";
import { shownSince, storing } from "./shown.ts";
import { accountFinder } from "./stand-in.ts";
import type { Store } from "./storeport.ts";

/** Everything from outside, in one plain object. */
export interface World extends CloudTools {
  slack: Slack;
  store: Store;
  sealer: Sealer;
  /** Without it no port is tried, whatever the accounts ask for. */
  probe?: Probe;
}

export interface BotSettings {
  accounts: readonly CloudAccount[];
  rule: Rule;
  typedLogins: boolean;
  pollMs: number;
}

export interface Bot {
  dispatch: Dispatch;
  /** Turns in hand. */
  inFlight(): number;
  /** Takes no more turns and waits for those in hand. */
  stop(): Promise<void>;
}

/** Bounded: the oldest are forgotten, and then only watched anew, which is the careful side. */
function stopwatches(clock: Clock): (key: string) => number {
  const since = new Map<string, number>();
  return (key) => {
    if (!since.has(key)) since.set(key, clock.mono());
    for (const oldest of since.keys()) if (since.size > 10_000) since.delete(oldest);
    return clock.mono() - (since.get(key) ?? clock.mono());
  };
}

/** Reading every server is long work, and only forms need it, so the connection to Slack comes first. */
const listAfterMs = 250;

export function startBot(world: World, settings: BotSettings): Bot {
  const accounts = settings.accounts.map((account) => openAccount(account, world));
  const account = (name: string) => accounts.find((one) => one.name === name) ?? null;
  const list = inventory(accounts, world);
  const accountOf = accountFinder(accounts, list);
  const cloudOf = (ref: Request["order"]["server"]) => accountOf(ref)?.cloud ?? null;
  const { probe } = world;
  const traitsOf = ({ order: { server } }: Request) => cloudOf(server)?.traits ?? traitsOfNobody(server.cloud);
  const shown = shownSince();
  const draw = drawings();
  const tools: CommandTools & LoopTools = {
    ...world,
    store: storing(world.store, shown, (request) => draw(request, traitsOf(request)), world.clock),
    shown,
    draw,
    rule: settings.rule,
    typedLogins: settings.typedLogins,
    pollMs: settings.pollMs,
    pace: pace(),
    inventory: list,
    redraw: redrawer(world),
    account,
    cloudOf,
    watched: stopwatches(world.clock),
    probe: probe ?? (async () => ({ open: false, why: "no-answer" })),
    probeFrom: (ref) => (probe === undefined ? "off" : (accountOf(ref)?.probe ?? "off")),
    traitsOf,
  };
  const listed = world.clock.after(listAfterMs).then(() => list.ready(0));
  listed.catch(() => undefined);
  const loop = runLoop(tools);
  return {
    dispatch: app(tools),
    inFlight: loop.inFlight,
    async stop() {
      list.stop();
      await loop.stop();
    },
  };
}
