/** The only place that opens the page in a real browser for the page tests: a fresh window, an empty workspace, for each test. */
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
  });
  afterAll(async () => {
    await browser?.close();
    await shown.fixture?.close();
  });
  beforeEach(async () => {
    const { fixture } = shown;
    await shown.page?.context().close();
    fixture.set({ messages: { [home]: [] }, modal: null });
    fixture.acts.length = 0;
    fixture.answer = () => ({ ok: true });
    if (browser === undefined) throw new Error("no browser was started");
    const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC" });
    shown.page = await context.newPage();
    shown.page.setDefaultTimeout(8_000);
    await shown.page.goto(fixture.url);
    await shown.page.getByRole("log").waitFor();
  });
  return shown;
}
