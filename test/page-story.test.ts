import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leash } from "../playground/leash.ts";
import { browserMissing, launchChromium } from "./setup/chromium.ts";

const entry = fileURLToPath(new URL("../dist/playground.js", import.meta.url));
const data = mkdtempSync(join(tmpdir(), "playground-"));

describe.skipIf(browserMissing)("the playground, as somebody who sees it for the first time", () => {
  let playground: ChildProcess;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    playground = spawn(process.execPath, ["--import", leash, entry, "--port", "0", "--speed", "100", "--data", data]);
    const [url, started] = await Promise.all([addressOf(playground), launchChromium()]);
    browser = started;
    page = await browser.newPage();
    await page.goto(url);
    await page.getByRole("status").getByText("running", { exact: true }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await ended(playground);
    rmSync(data, { recursive: true, force: true });
  });
  const callout = () => page.getByRole("complementary", { name: "What to do next" });
  const dialog = () => page.getByRole("dialog", { name: "Reinstall a server" });

  test("gets from /reinstall to done by what stands on the page", { timeout: 120_000 }, async () => {
    await callout().getByText("Type /reinstall web-01 in #incident-4211").waitFor();
    await callout().getByRole("button", { name: "Write it for me" }).click();
    await page.keyboard.press("Enter");

    await ask(page);
    await dialog().waitFor({ state: "detached" });

    await callout().getByText("Nothing is erased until another person approves").waitFor();
    await callout().getByRole("button", { name: "Switch to ana" }).click();
    await page.getByText("You are ana").waitFor();
    await page
      .getByRole("log")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await page.getByRole("alertdialog").getByRole("button").last().click();

    await callout().getByText("That was a whole reinstall.").waitFor({ timeout: 90_000 });
    await page.getByRole("complementary", { name: "Behind the scenes" }).getByText("wiped 1×").waitFor();
  });

  test("reads in the last message the key that the server's new system shows on port 22", async () => {
    const last = page.getByRole("log").getByRole("article").filter({ hasText: "is back" }).last();
    await last.getByText("port 22 answers").waitFor();
    await last.getByText(/^SHA256:[\w+/]{43}$/).waitFor();
  });

  test("kills the bot, and it is started again", async () => {
    await page.getByRole("button", { name: "Kill the bot" }).click();
    await page.getByText("killed once, started 2 times").waitFor();
    await page.getByRole("status").getByText("running", { exact: true }).waitFor();
  });

  async function ask(page: Page): Promise<void> {
    const server = dialog().getByRole("combobox", { name: "Server" });
    await server.waitFor();
    await server.fill("ins-r8hr2upy");
    await dialog().getByRole("option", { name: "web-01" }).click();
    const key = dialog().getByRole("combobox", { name: "Which key pair" });
    await key.click();
    await dialog().getByRole("option").first().click();
    await dialog().getByRole("radio", { name: "Nothing to keep" }).check();
    await dialog().getByRole("textbox", { name: "Why" }).fill("root fs corrupt, INC-4211");
    await dialog().getByRole("checkbox", { name: "I understand" }).check();
    await page.getByRole("button", { name: "Ask for approval" }).click();
  }
});

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk: unknown) => {
      said += String(chunk);
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("close", () => reject(new Error(`the playground ended: ${said}`)));
  });
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const over = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  expect(await over).toBe(0);
}
