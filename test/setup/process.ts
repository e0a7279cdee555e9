/** The only place that runs the real bot as a process of its own against the stand-ins, and kills it. Time is real; only the clouds run faster. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { botEnvironment, type CloudAccount, writeConfig } from "../../playground/botconfig.ts";
import { type CloudShell, cloudShell } from "../../playground/clouds/shell.ts";
import type { CloudSim, SimRequest } from "../../playground/clouds/sim.ts";
import { leash } from "../../playground/leash.ts";
import { userIds } from "../../playground/slack/people.ts";
import { type PersonHandle, person } from "../../playground/slack/person.ts";
import { SlackShell, type Traffic } from "../../playground/slack/shell.ts";
import { type Workspace, workspace } from "../../playground/slack/workspace.ts";
import { commands } from "../../src/commands/names.ts";
import { realClock } from "../../src/real.ts";
import type { Clock } from "../../src/seams.ts";
import { ahead } from "./ahead.ts";

const entry = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface ProcessAccount extends CloudAccount {
  stopFirst?: boolean;
  hostnameMark?: boolean;
}
export interface Stand {
  account: ProcessAccount;
  // biome-ignore lint/suspicious/noExplicitAny: a core's state is its own affair; the shell only carries it.
  sim: CloudSim<any>;
  /** How much faster than in truth this cloud works. */
  speed?: number;
}

/** Something that just happened at a stand-in, as a test may choose to strike there. */
export type Moment =
  /** `coming`: nothing of it has happened yet; `taken`: it took effect, and no answer was sent. */
  | { at: "cloud"; when: "coming" | "taken"; account: string; request: SimRequest; reply: string }
  | { at: "slack"; method: string; key: string }
  | { at: "sent" | "acked"; body: string };

export interface Exit {
  code: number | null;
  signal: string | null;
  /** From its start to its end. */
  livedMs: number;
  /** From SIGTERM to its end; null when it was not asked to stop. */
  stoppedInMs: number | null;
}

const waitMaxMs = 120_000;
const lookMs = 10;
const usualSpeed = 240;
const lost = { status: 0, headers: {}, body: "", how: "lost" } as const;

export class ProcessStage {
  readonly shell: SlackShell;
  readonly space: Workspace;
  readonly clouds = new Map<string, CloudShell<unknown>>();
  readonly folder = mkdtempSync(join(tmpdir(), "reinstall-"));
  readonly logs: string[] = [];
  readonly erin: PersonHandle;
  readonly ana: PersonHandle;
  readonly abel: PersonHandle;
  /** Every end of a process so far. */
  readonly exits: Exit[] = [];
  /** A process that ends is started again at once, as a service manager does. */
  kept = true;
  readonly #watchers = new Set<(moment: Moment) => boolean>();
  readonly #stands: readonly Stand[];
  /** A test that was cut short leaves no bot behind. */
  readonly #leave = () => void this.kill();
  #environment: Record<string, string> = {};
  #child: ChildProcess | null = null;
  #askedAt: number | null = null;
  #aheadMs = 0;

  constructor(stands: readonly Stand[]) {
    const clock = this.#clock();
    this.#stands = stands;
    this.shell = new SlackShell({ clock, commands: commands.map((command) => ({ ...command, escape: false })) });
    this.space = workspace(this.shell);
    this.erin = person(this.space, userIds.engineer);
    this.ana = person(this.space, userIds.approver);
    this.abel = person(this.space, userIds.secondApprover);
    for (const { account, sim, speed = usualSpeed } of stands) {
      const coming = (request: SimRequest) => this.#tell({ ...at(account.name, request), when: "coming", reply: "" });
      const shell = cloudShell(watched(sim, coming), { clock, speed });
      shell.onRequest((request, reply) => {
        if (reply !== lost) this.#tell({ ...at(account.name, request), when: "taken", reply: reply.body });
      });
      this.clouds.set(account.name, shell);
    }
    process.once("exit", this.#leave);
    this.shell.onTraffic((passed) => this.#slackPassed(passed));
  }

  async start(more: Readonly<Record<string, string>> = {}): Promise<this> {
    const { url } = await this.shell.listen();
    const endpoints = await Promise.all([...this.clouds.values()].map((cloud) => cloud.listen()));
    const accounts = this.#stands.map(({ account }, n) => ({ ...account, endpoint: endpoints[n] ?? "" }));
    mkdirSync(join(this.folder, "data"));
    const config = writeConfig(this.folder, accounts);
    this.#environment = { ...botEnvironment({ folder: this.folder, config, slackUrl: url }), ...more };
    this.#spawn();
    await this.up();
    return this;
  }

  /** So much time passes at once, for the bot as for everybody around it. */
  pass(ms: number): void {
    this.#aheadMs += ms;
    this.#child?.stdin?.write(`${ms}\n`);
  }

  /** Until the bot is connected. */
  async up(): Promise<void> {
    await this.until("the bot is connected", () => this.#child !== null && this.shell.state().sockets.length > 0);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** SIGKILL, at this very moment. False when there is nobody to kill. */
  kill(): boolean {
    return this.#child?.kill("SIGKILL") ?? false;
  }

  /** SIGTERM: the bot is asked to stop in good order. */
  ask(): boolean {
    this.#askedAt = performance.now();
    return this.#child?.kill("SIGTERM") ?? false;
  }

  /** SIGTERM; resolves with how the process ended. */
  async terminate(): Promise<Exit> {
    const before = this.exits.length;
    this.ask();
    await this.until("the process ends", () => this.exits.length > before);
    const last = this.exits.at(-1);
    if (last === undefined) throw new Error("no process has ended");
    return last;
  }

  /**
   * Once, at the nth moment that is meant. `strike` is called before anything is answered; true keeps a request that is
   * coming from taking effect. Resolves when it has struck.
   */
  strike(meant: (moment: Moment) => boolean, strike: () => boolean, nth = 1): Promise<void> {
    let left = nth;
    return new Promise((resolve) => {
      const watcher = (moment: Moment): boolean => {
        if (!meant(moment)) return false;
        left -= 1;
        if (left > 0) return false;
        this.#watchers.delete(watcher);
        resolve();
        return strike();
      };
      this.#watchers.add(watcher);
    });
  }

  cloud(account: string): CloudShell<unknown> {
    const found = this.clouds.get(account);
    if (found === undefined) throw new Error(`there is no account ${account}`);
    return found;
  }

  async until(what: string, holds: () => boolean, maxMs = waitMaxMs): Promise<void> {
    const end = performance.now() + maxMs;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`it never came to this: ${what}\n${this.picture()}`);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  /** What stands in the form and in the channels, and the last lines of the log, for the message of a failed test. */
  picture(): string {
    const messages = Object.values(this.shell.state().messages).flat();
    return [this.erin.modalText(), ...messages.map(({ text }) => text), ...this.logs.slice(-40)].join("\n---\n");
  }

  /** Everything that lies on the bot's disk, as text. */
  onDisk(name: string): string {
    return readFileSync(join(this.folder, "data", name), "latin1");
  }

  async end(): Promise<void> {
    this.kept = false;
    const child = this.#child;
    if (child !== null) {
      this.kill();
      await this.until("the process is gone", () => this.#child === null);
    }
    process.off("exit", this.#leave);
    await this.shell.close();
    await Promise.all([...this.clouds.values()].map((cloud) => cloud.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(): void {
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, NO_COLOR: "1", ...this.#environment };
    const words = ["--import", leash, "--import", ahead(this.#aheadMs), entry];
    const child = spawn(process.execPath, words, { env, cwd: this.folder, stdio: ["pipe", "pipe", "pipe"] });
    const startedAt = performance.now();
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => this.logs.push(...String(chunk).trimEnd().split("\n")));
    }
    child.on("close", (code, signal) => {
      const now = performance.now();
      const stoppedInMs = this.#askedAt === null ? null : now - this.#askedAt;
      this.exits.push({ code, signal, livedMs: now - startedAt, stoppedInMs });
      this.#child = null;
      this.#askedAt = null;
      if (this.kept) this.#spawn();
    });
    // Slack allows few connections a minute; what is tested here is not how long the bot waits for that.
    this.shell.arrange(({ buckets: { "apps.connections.open": _old, "auth.test": _older, ...buckets }, ...state }) => {
      return { ...state, buckets };
    });
  }

  #clock(): Clock {
    const real = realClock();
    return { ...real, now: () => real.now() + this.#aheadMs, mono: () => real.mono() + this.#aheadMs };
  }

  #slackPassed(passed: Traffic): void {
    if (passed.kind === "envelope") this.#tell({ at: "sent", body: passed.body });
    if (passed.kind === "ack") this.#tell({ at: "acked", body: passed.body });
    if (passed.kind !== "reply") return;
    const method = passed.name.replace(/^\/api\//, "");
    const metadata = new URLSearchParams(passed.asked).get("metadata") ?? "{}";
    this.#tell({ at: "slack", method, key: JSON.parse(metadata).event_payload?.key ?? "" });
  }

  #tell(moment: Moment): boolean {
    return [...this.#watchers].map((watcher) => watcher(moment)).includes(true);
  }
}

function at(account: string, request: SimRequest) {
  return { at: "cloud" as const, account, request };
}

/** The same cloud; a request that `coming` holds up is lost before it takes effect. */
function watched<State>(sim: CloudSim<State>, coming: (request: SimRequest) => boolean): CloudSim<State> {
  return {
    ...sim,
    handle: (state, request, now) => (coming(request) ? [state, lost] : sim.handle(state, request, now)),
  };
}

export function processStage(stands: readonly Stand[]): Promise<ProcessStage> {
  return new ProcessStage(stands).start();
}
