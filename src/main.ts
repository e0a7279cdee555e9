/** The entry of `npm start`: reads the environment and the configuration, opens the real world, and stops in good order. */
import { readFileSync } from "node:fs";
import { connectSlack, type SlackConnection } from "./bolt.ts";
import { type Bot, type BotSettings, startBot } from "./bot.ts";
import { type Config, missingTokens, readConfig } from "./config.ts";
import { realDisk } from "./disk.ts";
import { healthPort, serveHealth, type Vitals } from "./health.ts";
import { openLog } from "./log.ts";
import { realClock, realDie, realExchange, realRandom } from "./real.ts";
import { isOpen } from "./request.ts";
import { sealer } from "./seal.ts";
import { SlackRefused } from "./seams.ts";
import { slackSeam } from "./slack.ts";
import { openStore } from "./store.ts";
import type { Store } from "./storeport.ts";

/** SIGTERM: what is in hand is finished and saved within this time. */
const drainMs = 3_000;
const stopMs = 9_000;
/** The library asks Slack for a sign every two seconds, so this is a dead line. */
const silenceMaxMs = 30_000;

async function main(): Promise<void> {
  const missing = missingTokens(process.env);
  if (missing !== null) return refuse(missing);
  const path = process.env["REINSTALL_CONFIG"] ?? "config.yml";
  const text = readText(path);
  if (text === null) {
    return refuse(
      `There is no ${path}. Copy config.example.yml to config.yml and fill it in, or name another file in REINSTALL_CONFIG.`,
    );
  }
  const read = readConfig(text, process.env);
  if ("mistakes" in read) return refuse(read.mistakes.join("\n"));
  const port = healthPort(process.env["REINSTALL_HEALTH_PORT"]);
  if (typeof port === "object" && port !== null) return refuse(port.mistake);
  await run(read.config, port);
}

async function run(config: Config, port: number | null): Promise<void> {
  const clock = realClock();
  const log = openLog({ clock, level: config.logLevel });
  const { botToken, appToken, apiUrl } = config.slack;
  for (const secret of [botToken, appToken, config.sealingKey, ...config.accounts.map((account) => account.secret)]) {
    if (secret !== null) log.hide(secret);
  }
  const die = realDie(log);
  const store = await openStore({ disk: await realDisk(config.dataDir), clock, log, die });
  const slack = await slackSeam({ token: botToken, apiUrl, clock, log });
  const key = config.sealingKey;
  const keys = key === null ? null : { current: { id: "1", key: key.open() }, older: [] };
  const world = {
    clock,
    log,
    store,
    slack,
    random: realRandom,
    exchange: realExchange(clock),
    sealer: sealer({ keys, random: realRandom }),
  };
  const bot = startBot(world, settingsOf(config));
  const connection = connectSlack({
    appToken,
    apiUrl,
    dispatch: bot.dispatch,
    clock,
    log,
    silenceMaxMs,
    onState: (state) => log.info("Slack connection", { state: String(state) }),
  });
  stopOnSignals(async () => {
    const over = clock
      .after(stopMs)
      .then(() => log.warn("stopping without waiting any longer; what is open goes on at the next start"));
    await Promise.race([
      over,
      connection
        .stop(drainMs)
        .then(() => bot.stop())
        .then(() => store.close()),
    ]);
  }, log);
  if (port !== null) await serveHealth(port, () => vitals(bot, connection, store), clock.now);
  await connection.start();
  log.info("the bot is ready", { count: store.hot().length });
}

function settingsOf(config: Config): BotSettings {
  const { accounts, rules, typedLogins, pollMs } = config;
  return { accounts, rule: rules[0], typedLogins, pollMs };
}

function vitals(bot: Bot, connection: SlackConnection, store: Store): Vitals {
  return {
    slack: connection.connected(),
    lastSignAt: connection.lastSignAt(),
    open: store.hot().filter(isOpen).length,
    turns: bot.inFlight(),
    handlers: connection.inFlight(),
  };
}

function stopOnSignals(stop: () => Promise<void>, log: { info(words: string): void }): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info("stopping: finishing what is in hand");
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function refuse(words: string): void {
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
}

main().catch((cause: unknown) => {
  const words =
    cause instanceof SlackRefused
      ? `Slack refuses the token: ${cause.code}.`
      : cause instanceof Error
        ? cause.message
        : "The bot could not start.";
  process.stderr.write(`${words}\n`);
  process.exit(1);
});
