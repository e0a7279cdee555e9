/** The only place that opens the page in a real browser for the page tests: for each test it is loaded anew, with an empty workspace behind it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Fixture, home, startFixture } from "./page-fixture.ts";
import { launchChromium } from "./setup/chromium.ts";

export interface Shown {
  page: Page;
  fixture: Fixture;
}

/** Call it inside `describe`; what it gives is filled before each test. */
export function showPage(): Shown {
  let browser: Browser | undefined;
  const shown = {} as Shown;
  beforeAll(async () => {
    [shown.fixture, browser] = await Promise.all([startFixture(), launchChromium()]);
    // One window for all: the page keeps nothing in the browser, and a window of its own for each test costs a process.
    const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC" });
    shown.page = await context.newPage();
    shown.page.setDefaultTimeout(8_000);
  });
  afterAll(async () => {
    await browser?.close();
    await shown.fixture?.close();
  });
  beforeEach(async () => {
    const { fixture, page } = shown;
    await page.goto("about:blank");
    await page.setViewportSize({ width: 1280, height: 720 });
    fixture.set({ messages: { [home]: [] }, modal: null });
    fixture.acts.length = 0;
    fixture.answer = () => ({ ok: true });
    await page.goto(fixture.url);
    await page.getByRole("log").waitFor();
  });
  return shown;
}
