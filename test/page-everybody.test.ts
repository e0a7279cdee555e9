import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { tencentCase } from "./setup/cases.ts";
import { browserMissing, launchChromium } from "./setup/chromium.ts";
import { approve, ask, ends, root } from "./setup/deeds.ts";
import { faintTexts, namelessControls, watchShifts } from "./setup/looked.ts";
import { desktop, overhang, phone, picture, type Stage, showStory } from "./setup/storypage.ts";

/** Below this a page counts as calm. https://web.dev/articles/cls */
const good = 0.1;

describe.skipIf(browserMissing)("the page, for everybody", () => {
  let browser: Browser;
  let stage: Stage;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(() => stage.close());

  const show = async (window: Parameters<typeof showStory>[2] = {}) => {
    stage = await showStory(browser, { cases: [tencentCase] }, window);
  };
  const log = () => stage.page.getByRole("log");
  const dialog = () => stage.page.getByRole("dialog", { name: "Reinstall a server" });
  const focused = (at: Locator) =>
    at.evaluateAll((all) => all.some((element) => element === document.activeElement)).catch(() => false);

  /** Presses Tab until it stands there; whoever cannot get there by keys alone is stuck. */
  async function tabTo(at: Locator, back = false): Promise<void> {
    for (let press = 0; press < 120; press += 1) {
      if (await focused(at)) return;
      await stage.page.keyboard.press(back ? "Shift+Tab" : "Tab");
    }
    throw new Error(`no key leads to ${at}`);
  }

  test("the main job goes by keys alone: open, fill, hand in, change person, approve", async () => {
    await show();
    const { now, page, live } = stage;
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await live(page.keyboard.press(key));
    };
    const composer = page.getByRole("combobox", { name: /^Message #/ });
    await tabTo(composer);
    await page.keyboard.type("/reinstall web-01");
    await press("Enter");
    await live(dialog().getByText("What is lost").waitFor());
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true);

    await tabTo(dialog().getByRole("radio", { name: "Make a custom image" }));
    await press("ArrowUp");
    await live(dialog().getByRole("radio", { name: "Nothing to keep", checked: true }).waitFor());
    await now.pass(2000);
    await tabTo(dialog().getByRole("combobox", { name: "Which key pair" }));
    await press("ArrowDown");
    await live(dialog().getByRole("option").first().waitFor());
    await press("Enter");
    await tabTo(dialog().getByRole("textbox", { name: "Why" }));
    await page.keyboard.type("root fs corrupt, INC-4211");
    await tabTo(dialog().getByRole("checkbox", { name: "I understand" }));
    await press("Space");
    await tabTo(dialog().getByRole("button", { name: "Ask for approval" }));
    await press("Enter");
    await live(dialog().waitFor({ state: "detached" }));
    expect(await focused(composer)).toBe(true);
    await live(
      log()
        .getByRole("button", { name: /^Approve/ })
        .waitFor(),
    );

    await tabTo(page.getByRole("button", { name: "Switch to ana" }), true);
    await press("Enter");
    await live(page.getByText("You are ana").waitFor());
    await tabTo(log().getByRole("button", { name: /^Approve/ }));
    await press("Enter");
    const asked = page.getByRole("alertdialog");
    await live(asked.waitFor());
    expect(await focused(asked.getByRole("button").last())).toBe(false);
    await tabTo(asked.getByRole("button").last());
    await press("Enter");
    await live(asked.waitFor({ state: "detached" }));
    await ends(now, "done");
  });

  test("every control has a name for a screen reader, in the channel, the form, a question and the panel", async () => {
    await show();
    const { now, page, live } = stage;
    await live(now.erin.command("incident-4211", "/reinstall web-01"));
    await live(dialog().getByText("What is lost").waitFor());
    expect(await namelessControls(page)).toEqual([]);
    await live(dialog().getByRole("button", { name: "Cancel" }).click());
    await live(dialog().waitFor({ state: "detached" }));
    await ask(now, tencentCase);
    await live(
      log()
        .getByRole("button", { name: /^Approve/ })
        .click(),
    );
    await page.getByRole("alertdialog").waitFor();
    expect(await namelessControls(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByText("Break something").click();
    for (const group of await page.locator(".faults > summary").all()) await group.click();
    expect(await namelessControls(page)).toEqual([]);
  });

  test("a new message is added to the live log, and a board that changes is changed in place", async () => {
    await show();
    const { now, page, live } = stage;
    expect(await log().getAttribute("aria-relevant")).toBe("additions");
    await ask(now, tencentCase);
    await live(log().getByRole("article").first().waitFor());
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const name = (node: Node) =>
        node instanceof Element
          ? [node, ...node.querySelectorAll("*")]
              .filter((one) => one.matches("article"))
              .map((one) => one.textContent ?? "")
          : [];
      new MutationObserver((changes) => {
        for (const { addedNodes, removedNodes } of changes) {
          for (const node of addedNodes) seen.push(...name(node).map((text) => `+${text}`));
          for (const node of removedNodes) seen.push(...name(node).map((text) => `-${text}`));
        }
      }).observe(document.querySelector("[role=log]") ?? document.body, { childList: true, subtree: true });
    });
    await approve(now);
    await ends(now, "done");
    await live(log().getByText("is back").last().waitFor());
    const seen = await page.evaluate((): readonly string[] => Reflect.get(window, "seen"));
    expect(seen.filter((one) => one.startsWith("-"))).toEqual([]);
    expect(seen.some((one) => one.includes("accepted the reinstall"))).toBe(true);
    expect(seen.some((one) => one.includes("is back"))).toBe(true);
    expect(seen.some((one) => one.includes("was reinstalled."))).toBe(false);
  });

  test.each([
    { where: "a screen", viewport: desktop },
    { where: "a phone", viewport: phone },
  ])("on $where nothing jumps while a board goes from approved to done", async ({ viewport }) => {
    await show({ viewport });
    const { now, page, live } = stage;
    await ask(now, tencentCase);
    await approve(now);
    await now.until("the cloud has it", () => root(now).text.includes("accepted by"));
    await live(log().getByText("accepted the reinstall").waitFor());
    const shifted = await watchShifts(page);
    const before = await log().boundingBox();
    await ends(now, "done");
    await live(log().getByText("is back").first().waitFor());
    await page.getByText("That was a whole reinstall.").waitFor();
    expect(await log().boundingBox()).toEqual(before);
    expect(await shifted()).toBeLessThan(good);
  });

  test.each(["light", "dark"] as const)("every text stands out from its ground: %s", async (colorScheme) => {
    await show({ colorScheme });
    const { now, page, live } = stage;
    await ask(now, tencentCase);
    await live(
      log()
        .getByRole("button", { name: /^Approve/ })
        .waitFor(),
    );
    await page.getByText("Break something").click();
    for (const group of await page.locator(".faults > summary").all()) await group.click();
    expect(await faintTexts(page)).toEqual([]);
    now.cloud("prod").arm(tencentCase.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    await live(
      log()
        .getByRole("button", { name: /^Retry/ })
        .last()
        .waitFor(),
    );
    expect(await faintTexts(page)).toEqual([]);
    await live(now.erin.command("incident-4211", "/reinstall api-01"));
    await live(dialog().getByText("What is lost").waitFor());
    expect(await faintTexts(page)).toEqual([]);
    if (colorScheme === "dark") await picture(page, "form-dark");
  });

  test("a failure on a phone: the last message says what to know and to press within half a screen", async () => {
    await show({ viewport: phone, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    const { now, page, live } = stage;
    await ask(now, tencentCase);
    now.cloud("prod").arm(tencentCase.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    const last = log().getByRole("article").last();
    await live(last.getByRole("button", { name: /^Retry/ }).waitFor());
    await last.getByText("Take the system disk as erased.").waitFor();
    await last.getByText("Requester or approver").waitFor();
    const tall = (await last.boundingBox())?.height ?? Number.POSITIVE_INFINITY;
    expect(tall).toBeLessThan(phone.height / 2);
    expect(await overhang(page)).toEqual([]);
    await picture(page, "failure-phone");
  });
});
