/** The only place that starts the benchmark's other processes, talks with them, and ends them. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ask, Got, Payload } from "./load.ts";
import type { Ours } from "./ours.ts";
import type { CloudName } from "./world.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
export const bundles = { bench: `${here}bench.js`, bare: `${here}bench-bare.js`, bot: `${here}main.js` } as const;

export const signingSecret = "0123456789abcdef0123456789abcdef";
export const botToken = ["xoxb", "bench"].join("-");
/** Each subject has a token of its own, by which the load tells its sockets apart. */
export const appTokenOf = (name: string) => ["xapp", name].join("-");

/** What the first process tells the others, over the channel between them. */
export type Told =
  | { do: "load"; payloads: readonly Payload[] }
  | { do: "press"; ask: Ask }
  | { do: "serve"; as: Ours }
  | { do: "poll"; cloud: CloudName; flows: number };
export type Said = { url: string } | { got: Got } | { port: number } | { calls: number } | { failed: string };

const patienceMs = 60_000;

export class Stage {
  readonly #children = new Set<ChildProcess>();

  /** A process of this same bundle that does as it is told. */
  helper(): Helper {
    const child = fork(bundles.bench, ["helper"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#kept(child);
    return new Helper(child, () => this.#end(child));
  }

  /** Runs a bundle until it prints `ready`, and gives the milliseconds that took and the line. */
  async ready(bundle: string, env: Readonly<Record<string, string>>, ready: RegExp): Promise<Ready> {
    const { PATH = "" } = process.env;
    const from = performance.now();
    const child = spawn(process.execPath, [bundle], {
      env: { PATH, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#kept(child);
    let said = "";
    return new Promise((resolve, reject) => {
      const tooLong = setTimeout(() => reject(new Error(`${bundle} was never ready:\n${said}`)), patienceMs);
      child.once("exit", () => reject(new Error(`${bundle} ended:\n${said}`)));
      const hear = (chunk: Buffer): void => {
        said += String(chunk);
        const line = said.split("\n").find((one) => ready.test(one));
        if (line === undefined) return;
        clearTimeout(tooLong);
        resolve({ ms: performance.now() - from, line, end: () => this.#end(child) });
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
    });
  }

  async end(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.#end(child)));
  }

  #kept(child: ChildProcess): void {
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
  }

  #end(child: ChildProcess): Promise<void> {
    if (!this.#children.has(child)) return Promise.resolve();
    return new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
  }
}

export interface Ready {
  ms: number;
  line: string;
  end(): Promise<void>;
}

export class Helper {
  readonly #child: ChildProcess;
  readonly end: () => Promise<void>;
  constructor(child: ChildProcess, end: () => Promise<void>) {
    this.#child = child;
    this.end = end;
  }

  async load(payloads: readonly Payload[]): Promise<string> {
    const said = await this.#tell({ do: "load", payloads });
    return "url" in said ? said.url : "";
  }

  async press(ask: Ask): Promise<Got> {
    const said = await this.#tell({ do: "press", ask });
    if (!("got" in said)) throw new Error("the load gave no figures");
    return said.got;
  }

  async serve(as: Ours): Promise<number> {
    const said = await this.#tell({ do: "serve", as });
    return "port" in said ? said.port : 0;
  }

  /** Calls a minute. */
  async poll(cloud: CloudName, flows: number): Promise<number> {
    const said = await this.#tell({ do: "poll", cloud, flows });
    return "calls" in said ? said.calls : 0;
  }

  /** One thing at a time. */
  #tell(told: Told): Promise<Said> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error("a process of the benchmark ended"));
      this.#child.once("exit", gone);
      this.#child.once("message", (said: Said) => {
        this.#child.off("exit", gone);
        if ("failed" in said) reject(new Error(said.failed));
        else resolve(said);
      });
      this.#child.send(told);
    });
  }
}
