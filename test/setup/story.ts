/** The only place that sets a story up: the whole bot over sockets and HTTP against the stand-ins, with time that passes only while nobody works. */
import { type CloudShell, cloudShell } from "../../playground/clouds/shell.ts";
import { simCredentials } from "../../playground/clouds/sim.ts";
import { groupIds, app as slackApp, tokens, userIds } from "../../playground/slack/people.ts";
import { type PersonHandle, person } from "../../playground/slack/person.ts";
import { SlackShell } from "../../playground/slack/shell.ts";
import { type Workspace, workspace } from "../../playground/slack/workspace.ts";
import { connectSlack, type SlackConnection } from "../../src/bolt.ts";
import { type Bot, startBot } from "../../src/bot.ts";
import type { CloudAccount } from "../../src/clouds/clouds.ts";
import { commands, shortcuts } from "../../src/commands/names.ts";
import { slackPath } from "../../src/http-line.ts";
import { openLog } from "../../src/log.ts";
import { realClock, realExchange, realRandom } from "../../src/real.ts";
import type { Request } from "../../src/request.ts";
import { sealer } from "../../src/seal.ts";
import type { Dispatch, Exchange, Probe } from "../../src/seams.ts";
import { Secret } from "../../src/secret.ts";
import { slackSeam } from "../../src/slack.ts";
import { openStore } from "../../src/store.ts";
import type { Store } from "../../src/storeport.ts";
import { type CloudCase, tencentCase } from "./cases.ts";
import { type StoryClock, storyClock } from "./clock.ts";
import { type MemoryDisk, memoryDisk } from "./memorydisk.ts";
import { Wire } from "./wire.ts";

export const storyStart = Date.UTC(2026, 10, 21, 3, 0, 0);
export const channel = "incident-4211";

export interface StoryOptions {
  cases?: readonly CloudCase[];
  account?: Partial<CloudAccount>;
  approvalMs?: number;
  /** How often a running reinstall is looked at; as seldom as does for a story unless said. */
  pollMs?: number;
  sealed?: boolean;
  typedLogins?: boolean;
  /** How Slack's payloads come in; Socket Mode unless said. */
  mode?: "socket" | "http";
  /** What a server's port says when the bot tries it. */
  probe?: Probe;
  /** Done to the world before the bot starts. */
  arrange?: (begun: Story) => void;
}

interface Running {
  bot: Bot;
  connection: SlackConnection;
  store: Store;
  /** Nothing this process still does reaches anything. */
  dead: { is: boolean };
}

export class Story {
  readonly clock: StoryClock = storyClock(storyStart);
  readonly shell: SlackShell;
  readonly space: Workspace;
  readonly clouds: ReadonlyMap<string, CloudShell<unknown>>;
  readonly logs: string[] = [];
  readonly died: string[] = [];
  readonly erin: PersonHandle;
  readonly ana: PersonHandle;
  readonly abel: PersonHandle;
  readonly oscar: PersonHandle;
  readonly gita: PersonHandle;
  disk: MemoryDisk = memoryDisk();
  #running: Running | null = null;
  readonly #wire = new Wire();
  readonly #options: StoryOptions;
  readonly #accounts: CloudAccount[] = [];
  #slackUrl = "";

  constructor(options: StoryOptions) {
    this.#options = options;
    this.shell = new SlackShell({
      clock: this.clock,
      commands: commands.map((command) => ({ ...command, escape: false })),
      shortcuts,
    });
    this.shell.onTraffic((passed) => this.#wire.passed(passed));
    this.space = workspace(this.shell);
    const cases = options.cases ?? [tencentCase];
    this.clouds = new Map(cases.map((one) => [one.account.name, cloudShell(one.sim, { clock: this.clock, speed: 1 })]));
    for (const shell of this.clouds.values()) freeze(shell.state());
    this.erin = person(this.space, userIds.engineer);
    this.ana = person(this.space, userIds.approver);
    this.abel = person(this.space, userIds.secondApprover);
    this.oscar = person(this.space, userIds.outsider);
    this.gita = person(this.space, userIds.guest);
  }

  async start(): Promise<this> {
    this.#slackUrl = `${(await this.shell.listen()).url}/api/`;
    for (const one of this.#options.cases ?? [tencentCase]) {
      const endpoint = (await this.cloud(one.account.name).listen()) ?? "";
      const secret = new Secret(simCredentials.secret);
      this.#accounts.push({
        ...one.account,
        ...this.#options.account,
        id: simCredentials.id,
        secret,
        endpoint,
      } as CloudAccount);
    }
    this.#options.arrange?.(this);
    await this.boot();
    return this;
  }

  /** Starts the bot on the disk as it is. */
  async boot(): Promise<void> {
    const dead = { is: false };
    const { clock } = this;
    const log = openLog({ clock, level: "info", write: (line) => void this.logs.push(line) });
    const never = new Promise<never>(() => {});
    const die = (why: string): never => {
      this.died.push(why);
      throw new Error(why);
    };
    const real = realExchange(clock);
    const exchange: Exchange = async (request) =>
      dead.is ? never : this.#wire.carry(real(request)).then((answer) => (dead.is ? never : answer));
    const store = await openStore({ disk: this.disk, clock, log, die });
    const seam = slackSeam({ token: new Secret(tokens.bot), apiUrl: this.#slackUrl, clock, log });
    const slack = await this.meanwhile(this.#wire.carry(seam));
    const { probe } = this.#options;
    const key = { id: "1", key: Buffer.alloc(32, 7).toString("base64") };
    const keys = this.#options.sealed === false ? null : { current: key, older: [] };
    const bot = startBot(
      {
        clock,
        log,
        store,
        slack: guarded(slack, dead, this.#wire),
        random: realRandom,
        exchange,
        ...(probe === undefined ? {} : { probe: (...door) => (dead.is ? never : probe(...door)) }),
        sealer: sealer({ keys, random: realRandom }),
      },
      {
        accounts: this.#accounts,
        rule: {
          name: "default",
          requesters: { users: [], groups: [groupIds.oncall] },
          approvers: { users: [], groups: [groupIds.approvers] },
          approvalMs: this.#options.approvalMs ?? 60 * 60_000,
        },
        typedLogins: this.#options.typedLogins ?? true,
        pollMs: this.#options.pollMs ?? 30_000,
      },
    );
    const door = { signingSecret: new Secret(tokens.signingSecret), host: "127.0.0.1", port: 0 };
    const connection = connectSlack({
      ...(this.#options.mode === "http" ? { http: door } : { appToken: new Secret(tokens.app) }),
      apiUrl: this.#slackUrl,
      dispatch: (payload, reply) => (dead.is ? never : bot.dispatch(payload, this.#wire.came(reply))),
      clock,
      log,
      onState: () => undefined,
    });
    this.#running = { bot, connection, store, dead };
    await this.meanwhile(this.#wire.carry(connection.start()));
    const port = connection.port();
    const url = `http://127.0.0.1:${port}${slackPath}`;
    this.shell.deliverTo(port === null ? null : { url, signingSecret: tokens.signingSecret });
  }

  /** The process is gone: nothing of it reaches disk, Slack or cloud any more. What was written stays. */
  async kill(power: "kept" | "lost" = "kept"): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.dead.is = true;
    this.#wire.cut();
    const old = this.disk;
    old.fault = () => ({ crash: "before" });
    this.disk = old.reopen({ power });
    for (const socket of this.shell.state().sockets) this.shell.apply({ kind: "gone", socket });
    await this.meanwhile(running.connection.stop(0));
  }

  /** What an admin changes in the config; it counts from the next start on. */
  configure(change: (account: CloudAccount) => CloudAccount | null): void {
    const next = this.#accounts.flatMap((account) => change(account) ?? []);
    this.#accounts.splice(0, this.#accounts.length, ...next);
  }

  cloud(account: string): CloudShell<unknown> {
    const found = this.clouds.get(account);
    if (found === undefined) throw new Error(`there is no account ${account}`);
    return found;
  }

  /** What Bolt hands its payloads to. */
  get dispatch(): Dispatch {
    if (this.#running === null) throw new Error("the bot is not running");
    return this.#running.bot.dispatch;
  }

  get store(): Store {
    if (this.#running === null) throw new Error("the bot is not running");
    return this.#running.store;
  }

  /** The only request there is, open or finished. */
  request(): Request {
    const [one] = [...this.store.hot(), ...this.store.latest(10)];
    if (one === undefined) throw new Error("there is no request");
    return one;
  }

  /** Lets time pass while nobody works, until it holds; fails after so much time of the story. */
  async until(what: string, holds: () => boolean, maxMs = 2 * 60 * 60_000): Promise<void> {
    const start = this.clock.now();
    while (!holds()) {
      const passed = this.clock.now() - start;
      if (passed >= maxMs) throw new Error(`it never came to this: ${what}\n${this.picture()}`);
      await this.#tick(1000, passed < 10_000 ? 1000 : 5000);
    }
    await this.#settle();
  }

  /** So much time of the story passes. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) await this.#tick(Math.min(5000, end - this.clock.now()));
    await this.#settle();
  }

  /** Waits for something that needs a little time to pass. Where another process does it, each moment lasts `momentMs` of real time. */
  async meanwhile<T>(work: Promise<T>, momentMs = 0): Promise<T> {
    let over = false;
    const done = work.finally(() => {
      over = true;
    });
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    while (!over) {
      await this.#tick(20);
      if (momentMs > 0) await Promise.race([settled, realClock().after(momentMs)]);
    }
    return done;
  }

  /** What stands in the channel and its threads now, for the message of a failed test. */
  picture(): string {
    const shown = this.erin.messages(channel).flatMap((root) => [root, ...this.erin.thread(root)]);
    return shown.map(({ text }) => text).join("\n---\n");
  }

  async end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running !== null) {
      await this.meanwhile(running.connection.stop(0));
      running.dead.is = true;
    }
    await this.shell.close();
    await Promise.all([...this.clouds.values()].map((cloud) => cloud.close()));
  }

  /**
   * While something is in hand only moments pass, so that nobody's patience ends for want of a processor. Up to `mostMs`
   * where nobody's wait ends sooner, as until then nobody does anything.
   */
  async #tick(ms: number, mostMs = ms): Promise<void> {
    const idle = await this.#settle();
    const quietMs = Math.min(mostMs, (this.clock.next() ?? Number.POSITIVE_INFINITY) - this.clock.now());
    this.clock.pass(idle ? Math.max(ms, quietMs) : Math.min(20, ms));
  }

  /** Until nothing is on its way; then whether nothing is in hand either. A connection that is being made is not counted. */
  async #settle(): Promise<boolean> {
    await this.#wire.settle(this.#running?.connection.connected() !== true);
    return !this.#busy();
  }

  #busy(): boolean {
    const clouds = [...this.clouds.values()].some((cloud) => cloud.inFlight() > 0);
    return clouds || this.shell.inFlight() > 0 || (this.#running?.connection.inFlight() ?? 0) > 0;
  }
}

/** A dead process's calls to Slack never come back. */
function guarded<T extends object>(slack: T, dead: { is: boolean }, wire: Wire): T {
  return new Proxy(slack, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      return (...given: unknown[]) => {
        if (dead.is) return new Promise(() => {});
        const answer: unknown = method.apply(target, given);
        return answer instanceof Promise ? wire.carry(answer) : answer;
      };
    },
  });
}

export async function story(options: StoryOptions = {}): Promise<Story> {
  return new Story(options).start();
}

export const botUser = slackApp.botUser;

/** What clouds begin with is the same for all files: whoever changes it in place fails at once, and not the story after. */
function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
