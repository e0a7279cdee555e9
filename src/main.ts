/** The entry of `npm start`: reads the environment and the configuration, opens the real world, and stops in good order. */
import { connectSlack, type SlackConnection } from "./bolt.ts";
import { type Bot, type BotSettings, startBot } from "./bot.ts";
import { runCheck } from "./check.ts";
import { type Config, secretsOf } from "./config.ts";
import { readConfigFile } from "./config-file.ts";
import { dataDirectory } from "./data-directory.ts";
import { serveHealth, type Vitals } from "./health.ts";
import { openLog, writerTo } from "./log.ts";
import { realProbe } from "./probe.ts";
import { realClock, realDie, realExchange, realRandom } from "./real.ts";
import { isOpen } from "./request.ts";
import { sealer, sealKeys } from "./seal.ts";
import { type Slack, SlackBusy, SlackRefused } from "./seams.ts";
import { readSettings, type Settings } from "./settings.ts";
import { slackSeam } from "./slack.ts";
import { openStore } from "./store.ts";
import type { Store } from "./storeport.ts";

/** SIGTERM: what is in hand is finished and saved within this time. */
const drainMs = 3_000;
const stopMs = 9_000;
/** The library asks Slack for a sign every two seconds, so this is a dead line. */
const silenceMaxMs = 30_000;
const slackWaitMaxMs = 30_000;

const usage = [
  "npm start               run the bot",
  "npm start -- --check    try everything that the bot will need, change nothing, and say what is wrong",
].join("\n");

async function main(): Promise<void> {
  const [asked, ...more] = process.argv.slice(2);
  if (more.length > 0 || (asked !== undefined && asked !== "--check")) return refuse(usage, 2);
  const settings = readSettings(process.env, readConfigFile);
  if (asked === "--check") return check(settings);
  if ("mistakes" in settings) return refuse(settings.missing ?? settings.mistakes.join("\n"), 1);
  await run(settings.config, settings.healthPort);
}

async function check(settings: Settings): Promise<void> {
  if ("mistakes" in settings) return refuse(settings.mistakes.join("\n"), 2);
  const clock = realClock();
  const write = writerTo(1);
  const out = (line: string): void => write(`${line}\n`);
  const log = openLog({ clock, level: "silent" });
  // An exit, since the libraries keep lines open for a while.
  process.exit(await runCheck(settings.config, { clock, log, out, random: realRandom, exchange: realExchange(clock) }));
}

async function run(config: Config, port: number | null): Promise<void> {
  const clock = realClock();
  const log = openLog({ clock, level: config.logLevel });
  for (const secret of secretsOf(config)) log.hide(secret);
  const die = realDie(log);
  // Until all is open nothing is in hand, and so nothing to be finished.
  let finish = async (): Promise<void> => undefined;
  stopOnSignals(() => finish(), log);
  const [store, slack] = await Promise.all([
    dataDirectory(config.dataDir).then((disk) => openStore({ disk, clock, log, die })),
    slackWhenItAnswers({ token: config.slack.botToken, apiUrl: config.slack.apiUrl, clock, log }),
  ]);
  const keys = config.sealing === null ? null : sealKeys(config.sealing);
  const world = {
    clock,
    log,
    store,
    slack,
    random: realRandom,
    exchange: realExchange(clock),
    probe: realProbe(clock),
    sealer: sealer({ keys, random: realRandom }),
  };
  const bot = startBot(world, settingsOf(config));
  const connection = connectSlack({
    ...doorOf(config),
    dispatch: bot.dispatch,
    clock,
    log,
    silenceMaxMs,
    onState: (state) => log.info("Slack connection", { state: String(state) }),
  });
  finish = async () => {
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
  };
  if (port !== null) await serveHealth(port, () => vitals(bot, connection, store), clock.now);
  await connection.start();
  log.info("the bot is ready", { count: store.hot().length });
}

/** Slack may be away just when the bot starts; only its refusal of the token ends the start. */
async function slackWhenItAnswers(given: Parameters<typeof slackSeam>[0]): Promise<Slack> {
  for (let waitMs = 1_000; ; waitMs = Math.min(2 * waitMs, slackWaitMaxMs)) {
    try {
      return await slackSeam(given);
    } catch (cause) {
      if (cause instanceof SlackRefused) throw cause;
      const ms = cause instanceof SlackBusy ? Math.max(waitMs, cause.retryAfterMs) : waitMs;
      given.log.warn("Slack does not answer; asking again", { ms });
      await given.clock.after(ms);
    }
  }
}

function settingsOf(config: Config): BotSettings {
  const { accounts, rules, typedLogins, pollMs } = config;
  return { accounts, rule: rules[0], typedLogins, pollMs };
}

/** How payloads come in, and where Slack is. */
function doorOf({ slack }: Config) {
  const { apiUrl } = slack;
  return slack.mode === "socket" ? { apiUrl, appToken: slack.appToken } : { apiUrl, http: slack };
}

function vitals(bot: Bot, connection: SlackConnection, store: Store): Vitals {
  return {
    slack: connection.connected(),
    lastSignAt: connection.lastSignAt(),
    quiet: connection.port() !== null,
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

function refuse(words: string, code: 1 | 2): void {
  writerTo(2)(`${words}\n`);
  process.exitCode = code;
}

main().catch((cause: unknown) => {
  const words =
    cause instanceof SlackRefused
      ? `Slack refuses the token: ${cause.code}.`
      : cause instanceof Error
        ? cause.message
        : "The bot could not start.";
  writerTo(2)(`${words}\n`);
  process.exit(1);
});
