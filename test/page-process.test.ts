import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runBot } from "../playground/bot.ts";
import { asCommand } from "../playground/botconfig.ts";
import { leash } from "../playground/leash.ts";
import { childrenOf, isOver, linuxTells } from "./setup/alive.ts";

const entry = fileURLToPath(new URL("../dist/playground.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "playground-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...words: readonly string[]): { child: ChildProcess; said: () => string; over: Promise<number | null> } {
  const child = spawn(process.execPath, ["--import", leash, entry, ...words]);
  let text = "";
  child.stdout.on("data", (chunk) => (text += String(chunk)));
  child.stderr.on("data", (chunk) => (text += String(chunk)));
  return { child, said: () => text, over: new Promise((resolve) => child.on("close", resolve)) };
}

describe("npm run playground", () => {
  test("answers a flag it does not know with one sentence and its usage", async () => {
    const { said, over } = start("--fast");
    expect(await over).toBe(2);
    expect(said().split("\n").slice(0, 2)).toEqual([
      "--fast is not a flag of the playground.",
      "usage: npm run playground -- [--port N] [--speed N] [--data DIR] [--no-bot] [--http]",
    ]);
  });

  test("says when its port is taken, and leaves", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { said, over } = start("--port", String(port), "--data", folder);
    expect(await over).toBe(1);
    expect(said()).toContain(`Port ${port} is taken by another program.`);
    other.close();
  });

  test("without its bot, prints what to start one with, and ends on SIGTERM", async () => {
    const { child, said, over } = start("--port", "0", "--no-bot", "--data", folder);
    await expect.poll(said, { timeout: 10_000 }).toContain("npm start");
    const line =
      said()
        .split("\n")
        .find((one) => one.startsWith("env ")) ?? "";
    for (const name of ["REINSTALL_CONFIG", "REINSTALL_DATA", "SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]) {
      expect(line).toContain(`${name}=`);
    }
    expect(readFileSync(join(folder, "config.yml"), "utf8")).toContain("cloud: tencent");
    child.kill("SIGTERM");
    expect(await over).toBe(0);
  });

  test("prints values that a shell takes as one word each", () => {
    expect(asCommand({ A: "http://127.0.0.1:1/api/", B: "it's here" })).toBe(
      "env A=http://127.0.0.1:1/api/ B='it'\\''s here' npm start",
    );
  });
});

describe.skipIf(!linuxTells)("a playground that is killed", () => {
  test("leaves no bot behind", async () => {
    const kept = mkdtempSync(join(tmpdir(), "playground-"));
    const { child, over } = start("--port", "0", "--data", kept);
    await expect.poll(() => childrenOf(child.pid), { timeout: 20_000 }).toHaveLength(1);
    const [bot = 0] = childrenOf(child.pid);
    const log = () => (existsSync(join(kept, "bot.log")) ? readFileSync(join(kept, "bot.log"), "utf8") : "");
    await expect.poll(log, { timeout: 20_000 }).toContain("the bot is ready");
    child.kill("SIGKILL");
    await over;
    await expect.poll(() => isOver(bot), { timeout: 20_000 }).toBe(true);
    rmSync(kept, { recursive: true, force: true });
  });
});

describe("the bot's process", () => {
  test("is started again when it is killed or ends, and what it says on stderr is passed on", async () => {
    const script = join(folder, "bot.mjs");
    writeFileSync(
      script,
      'console.error("no token " + process.env.TOKEN + process.env.SLACK_BOT_TOKEN); setInterval(() => {}, 1000);',
    );
    const lines: string[] = [];
    const bot = runBot({
      entry: script,
      environment: { TOKEN: "of its own" },
      log: join(folder, "bot.log"),
      connected: () => true,
      say: (line) => lines.push(line),
    });
    await expect.poll(() => lines, { timeout: 10_000 }).toContain("bot: no token of its ownundefined");
    expect(bot.kill()).toEqual({ ok: true });
    await expect.poll(() => bot.state().state, { timeout: 10_000 }).toBe("stopped");
    expect(bot.kill()).toMatchObject({ ok: false });
    await expect.poll(() => bot.state(), { timeout: 10_000 }).toEqual({ state: "running", kills: 1, starts: 2 });
    expect(lines).toContain("The bot was killed; it is started again in 1 s.");
    await bot.stop();
    expect(bot.state().state).toBe("stopped");
  });
});
