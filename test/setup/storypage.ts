/** The only place that shows a story on the page: the real page in a real browser, and behind it a story's bot, Slack and clouds. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { servePage } from "../../playground/page/server.ts";
import { pageSource } from "../../playground/page/source.ts";
import { type Story, story } from "./story.ts";

const folder = fileURLToPath(new URL("../../dist/page", import.meta.url));
const pictures = fileURLToPath(new URL("../../docs/pictures", import.meta.url));

/** The window of an ordinary screen, and that of a phone. */
export const desktop = { width: 1380, height: 900 };
export const phone = { width: 390, height: 844 };

export interface Stage {
  now: Story;
  page: Page;
  /** Does it while time passes in moments, as the bot needs some to answer. */
  live<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The browser works in processes of its own: a story that hurries meanwhile only takes their processor, and they draw all it does. */
const momentMs = 3;

type StoryOptions = NonNullable<Parameters<typeof story>[0]>;

export async function showStory(
  browser: Browser,
  options: StoryOptions,
  window: BrowserContextOptions = {},
): Promise<Stage> {
  const now = await story(options);
  const stands = (options.cases ?? []).map(({ account, title }) => ({
    account,
    title,
    shell: now.cloud(account.name),
  }));
  const bot = () => ({
    state: () => ({ state: "running" as const, kills: 0, starts: 1 }),
    kill: () => ({ ok: false as const, says: "A story's bot is killed by its test." }),
  });
  const source = pageSource({ space: now.space, stands, bot, speed: 1, clock: now.clock });
  const server = await servePage({
    folder,
    port: 0,
    source: { ...source, onChange: (told) => void now.space.onChange(told) },
  });
  const context = await browser.newContext({ viewport: desktop, locale: "en-GB", timezoneId: "UTC", ...window });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const live = <T>(work: Promise<T>): Promise<T> => now.meanwhile(work, momentMs);
  await live(page.goto(`http://127.0.0.1:${server.port}/`));
  await live(page.getByRole("log").waitFor());
  const close = async () => {
    await context.close();
    await server.close();
    await now.end();
  };
  return { now, page, live, close };
}

/** With `PICTURES` set, what the documents show is taken anew. */
export async function picture(of: Page | Locator, name: string): Promise<void> {
  if (!process.env["PICTURES"]) return;
  mkdirSync(pictures, { recursive: true });
  await of.screenshot({ path: `${pictures}/${name}.png` });
}

/** How far anything on the page reaches beyond its right edge, in CSS pixels, and what does. */
export function overhang(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("body *")].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > wide + 0.5;
    });
    const scrolls = [...document.querySelectorAll("body, .log, .modal-body")].filter(
      (element) => element.scrollWidth > element.clientWidth,
    );
    return [...out, ...scrolls].map((element) => `${element.tagName} ${element.className}`);
  });
}
