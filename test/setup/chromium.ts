/** The only place that starts a real browser for tests. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** Without Chromium the page tests are skipped and say so; with `CI` set they fail instead. */
export const browserMissing = !existsSync(executablePath) && !process.env["CI"];
if (browserMissing) console.warn(`Page tests are skipped: there is no ${executablePath}.`);

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
