import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Probe } from "../src/seams.ts";
import { tencentCase } from "./setup/cases.ts";
import { browserMissing, launchChromium } from "./setup/chromium.ts";
import { ends } from "./setup/deeds.ts";
import { overhang, phone, picture, type Stage, showStory } from "./setup/storypage.ts";

const hostKey = "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGLSIsL0S1ldYd5aSpE";
const answers: Probe = async () => ({ open: true, hostKey, hostKeyKind: "ED25519" });
const first = "Make a custom image of this server first";

describe.skipIf(browserMissing)("the whole job on the page, with a backup first", () => {
  let browser: Browser;
  let stage: Stage;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(() => stage.close());

  const show = async (window: Parameters<typeof showStory>[2] = {}) => {
    stage = await showStory(browser, { cases: [tencentCase], account: { probe: "public" }, probe: answers }, window);
  };
  const log = () => stage.page.getByRole("log");
  const dialog = () => stage.page.getByRole("dialog", { name: "Reinstall a server" });
  const last = () => log().getByRole("article").filter({ hasText: "is back" }).last();

  async function ask(login: "Key pair" | "Generated password"): Promise<void> {
    const { page, live } = stage;
    const composer = page.getByRole("combobox", { name: /^Message #/ });
    await composer.fill("/reinstall web-01");
    await composer.press("Enter");
    await live(dialog().getByText("What is lost").waitFor());
    await dialog().getByRole("radio", { name: first }).check();
    await live(dialog().getByRole("radio", { name: "The image made now" }).waitFor());
    await dialog().getByRole("radio", { name: login }).check();
    if (login === "Key pair") {
      await live(dialog().getByRole("combobox", { name: "Which key pair" }).click());
      await live(dialog().getByRole("option").first().click());
    }
    await dialog().getByRole("textbox", { name: "Why" }).fill("root fs corrupt after failed kernel upgrade, INC-4211");
    await dialog().getByRole("checkbox", { name: "I understand" }).check();
    await stage.now.pass(2000);
  }

  async function send(): Promise<void> {
    const { page, live } = stage;
    await page.getByRole("button", { name: "Ask for approval" }).click();
    await live(dialog().waitFor({ state: "detached" }));
    await live(
      log()
        .getByRole("button", { name: /^Approve/ })
        .waitFor(),
    );
  }

  async function approve(): Promise<void> {
    const { page, live } = stage;
    await page
      .getByRole("complementary", { name: "What to do next" })
      .getByRole("button", { name: "Switch to ana" })
      .click();
    await live(page.getByText("You are ana").waitFor());
    await log()
      .getByRole("button", { name: /^Approve/ })
      .click();
    await page.getByRole("alertdialog").getByRole("button").last().click();
  }

  test("is chosen in the form, said on the card, seen on the board, and undone from the last message", async () => {
    await show();
    const { now, page, live } = stage;
    await picture(page, "first");
    await ask("Key pair");
    await dialog()
      .getByRole("radio", { name: first })
      .evaluate((radio) => radio.closest("fieldset, .field")?.scrollIntoView());
    await picture(page, "form");
    await send();
    await log().getByText("a custom image is made first; if that fails, nothing is erased").waitFor();
    await picture(page, "card");
    await approve();
    await live(log().getByText("Making a custom image; nothing is erased before it is ready").waitFor());
    await picture(page, "board");
    await ends(now, "done");
    await live(
      log()
        .getByText(/✅ Custom image img-\w+ made/)
        .waitFor(),
    );
    const image = last()
      .getByText(/^img-\w+$/)
      .first();
    const id = await image.textContent();
    expect(id).toMatch(/^img-\w+$/);
    await last().getByText("the server as it was before").waitFor();
    await picture(page, "done");
    await last().getByRole("button", { name: /^Undo/ }).click();
    const form = page.getByRole("dialog", { name: "Change the OS" });
    await live(form.getByText("What is lost").waitFor());
    expect(await form.getByRole("combobox", { name: "Which image" }).inputValue()).toContain(
      `before-${now.request().id}`,
    );
  });

  test("ends on a phone in a message with which one logs in, mounts the disks and undoes", async () => {
    await show({ viewport: phone, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    const { now, page, live } = stage;
    await ask("Generated password");
    expect(await overhang(page)).toEqual([]);
    await send();
    expect(await overhang(page)).toEqual([]);
    await approve();
    await ends(now, "done");
    await live(last().waitFor());
    expect(await overhang(page)).toEqual([]);
    await last().getByText("ssh root@203.0.113.7", { exact: true }).waitFor();
    await last().getByText("ssh-keygen -R 203.0.113.7").waitFor();
    await last().getByText(hostKey).waitFor();
    await last().getByText("lsblk -f").waitFor();
    await last().getByText("sudo mount UUID=<UUID> /mnt/data").waitFor();
    await last()
      .getByText(/nofail/)
      .waitFor();
    await last().getByRole("button", { name: /^Undo/ }).waitFor();
    await last().getByText("which @erin opens by Show password in this thread").waitFor();
    await page.setViewportSize({ ...phone, height: 1320 });
    await picture(page, "done-phone");
    await page.setViewportSize(phone);
    await page.getByRole("button", { name: "Channels and people" }).click();
    await page.getByRole("radio", { name: "erin" }).check();
    await live(page.getByText("You are erin").waitFor());
    await live(log().getByRole("button", { name: "Show the password of web-01" }).click());
    const [set = ""] = Object.values(now.cloud("prod").passwords());
    await live(page.getByRole("dialog").getByText(set, { exact: true }).waitFor());
  });
});
