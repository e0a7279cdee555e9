/** The only place that gathers what the bot is started with: the file, the environment, and every mistake in either. */
import { type Config, modeOf, readConfig } from "./config.ts";
import { type Env, missingTokens, readSurroundings } from "./config-env.ts";
import { configMaxBytes, type FileRead } from "./config-file.ts";
import { healthPort } from "./health.ts";

export type Settings =
  | { config: Config; healthPort: number | null }
  /** `missing` is said alone to whoever has not yet made a Slack app. */
  | { missing: string | null; mistakes: readonly string[] };

export function readSettings(env: Env, readText: (path: string) => FileRead): Settings {
  const path = env["REINSTALL_CONFIG"] || "config.yml";
  const file = readText(path);
  const mode = modeOf("text" in file ? file.text : "");
  const read = "text" in file ? readConfig(file.text, env) : { mistakes: withoutFile(path, file.failed, env) };
  const port = healthPort(env["REINSTALL_HEALTH_PORT"]);
  const badPort = typeof port === "object" && port !== null;
  const name = path.split("/").at(-1) ?? path;
  const found = ("mistakes" in read ? read.mistakes : []).map((each) => each.replace(/^config\.yml:/, `${name}:`));
  const mistakes = [...found, ...(badPort ? [port.mistake] : [])];
  const missing = missingTokens(env, mode);
  if ("mistakes" in read || badPort) return { missing, mistakes };
  return { config: read.config, healthPort: port };
}

function withoutFile(path: string, failed: string, env: Env): readonly string[] {
  const surroundings = readSurroundings(env, "socket");
  return [whyUnread(path, failed), ...("mistakes" in surroundings ? surroundings.mistakes : [])];
}

const another = "or name another file in REINSTALL_CONFIG";

function whyUnread(path: string, failed: string): string {
  switch (failed) {
    case "ENOENT":
    case "ENOTDIR":
      return `There is no ${path}. Copy config.example.yml to config.yml and fill it in, ${another}.`;
    case "EISDIR":
      // A container's engine makes one where the file that it is to mount does not exist.
      return `${path} is a directory, not a file. Put the filled in config.example.yml in its place, ${another}.`;
    case "no file":
      return `${path} is a device or a pipe, not a file. Copy config.example.yml to config.yml and fill it in, ${another}.`;
    case "too large":
      return `${path} is too large for a configuration, which may have ${configMaxBytes / 1024} KiB. Put the filled in config.example.yml in its place, ${another}.`;
    case "EACCES":
    case "EPERM":
      return `${path} is there, and the bot may not read it (${failed}). Let the user it runs as read it, ${another}.`;
    default:
      return `${path} cannot be read (${failed}). Look at the disk that holds it, ${another}.`;
  }
}
