/** The only place that asks the simulation how fast it is. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const Package = z.object({ scripts: z.record(z.string(), z.string()) });
const patienceMs = 90_000;

/** Seeds a second, as the last line of `npm run simulate` says; null where this project has no such command. */
export async function seedsPerSecond(seeds: number): Promise<number | null> {
  const { scripts } = Package.parse(JSON.parse(readFileSync(`${root}package.json`, "utf8")));
  if (scripts["simulate"] === undefined) return null;
  const said = await outputOf(["run", "--silent", "simulate", "--", "--seeds", String(seeds)]);
  const last = said.trimEnd().split("\n").at(-1) ?? "";
  const rate = /([\d.,]+) seeds\/s/.exec(last)?.[1];
  if (rate === undefined) throw new Error(`the simulation's last line is not as it should be: ${last}`);
  return Number(rate.replaceAll(",", ""));
}

function outputOf(words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", words, { cwd: root, stdio: ["ignore", "pipe", "inherit"], timeout: patienceMs });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += String(chunk);
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) return resolve(said);
      const ended = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      reject(new Error(`the simulation ${ended}, so how fast it is says nothing:\n${said.trimEnd()}`));
    });
  });
}
