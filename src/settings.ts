/** The only place that gathers what the bot is started with: the file, the environment, and every mistake in either. */
import { type Config, modeOf, readConfig } from "./config.ts";
import { type Env, missingTokens, readSurroundings } from "./config-env.ts";
import { healthPort } from "./health.ts";

export type Settings =
  | { config: Config; healthPort: number | null }
  /** `missing` is said alone to whoever has not yet made a Slack app. */
  | { missing: string | null; mistakes: readonly string[] };

/** `readText` gives null for a file that cannot be read. */
export function readSettings(env: Env, readText: (path: string) => string | null): Settings {
  const path = env["REINSTALL_CONFIG"] || "config.yml";
  const text = readText(path);
  const mode = modeOf(text ?? "");
  const read = text === null ? { mistakes: withoutFile(path, env) } : readConfig(text, env);
  const port = healthPort(env["REINSTALL_HEALTH_PORT"]);
  const badPort = typeof port === "object" && port !== null;
  const name = path.split("/").at(-1) ?? path;
  const found = ("mistakes" in read ? read.mistakes : []).map((each) => each.replace(/^config\.yml:/, `${name}:`));
  const mistakes = [...found, ...(badPort ? [port.mistake] : [])];
  const missing = missingTokens(env, mode);
  if ("mistakes" in read || badPort) return { missing, mistakes };
  return { config: read.config, healthPort: port };
}

function withoutFile(path: string, env: Env): readonly string[] {
  const absent = `There is no ${path}. Copy config.example.yml to config.yml and fill it in, or name another file in REINSTALL_CONFIG.`;
  const surroundings = readSurroundings(env, "socket");
  return [absent, ...("mistakes" in surroundings ? surroundings.mistakes : [])];
}
