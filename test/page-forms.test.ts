import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PageAct } from "../playground/page/contract.ts";
import { button, type Fixture, mrkdwn, plain, startFixture } from "./page-fixture.ts";
import { browserMissing, launchChromium } from "./setup/chromium.ts";

const option = (text: string, more: object = {}) => ({ text: plain(text), value: text.toLowerCase(), ...more });
const input = (id: string, label: string, element: object, more: object = {}) => ({
  type: "input",
  block_id: id,
  label: plain(label),
  element: { action_id: id, ...element },
  ...more,
});
const server = input("server", "Server", { type: "external_select", min_query_length: 2 }, { dispatch_action: true });
const images = ["Ubuntu 22.04", "Ubuntu 24.04", "Debian 12"].map((name) => option(name));
const image = input("image", "Image", { type: "static_select", options: images });
const login = input("login", "Log in with", {
  type: "radio_buttons",
  options: [option("Key pair", { description: plain("oncall-2026") }), option("Password")],
  initial_option: option("Key pair", { description: plain("oncall-2026") }),
});
const why = input("why", "Why", { type: "plain_text_input", multiline: true }, { hint: plain("Everybody reads it.") });
const note = input("note", "Note", { type: "plain_text_input" }, { optional: true });
const tick = input("tick", "System disk disk-1", { type: "checkboxes", options: [option("I understand")] });

function view(blocks: readonly object[], title = "Reinstall a server") {
  return { title: plain(title), submit: plain("Ask"), close: plain("Cancel"), blocks };
}

describe.skipIf(browserMissing)("a form", () => {
  let fixture: Fixture;
  let browser: Browser;
  let page: Page;
  let dialog: Locator;
  beforeAll(async () => {
    [fixture, browser] = await Promise.all([startFixture(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
  });
  beforeEach(async () => {
    await page?.context().close();
    fixture.open(null);
    fixture.acts.length = 0;
    fixture.answer = () => ({ ok: true });
    page = await browser.newPage();
    page.setDefaultTimeout(8_000);
    await page.goto(fixture.url);
    await page.getByRole("log").waitFor();
    dialog = page.getByRole("dialog");
  });
  const field = (role: "combobox" | "textbox" | "radio" | "checkbox", name: string) => dialog.getByRole(role, { name });
  const submit = () => dialog.getByRole("button", { name: "Ask" }).click();
  const last = <Kind extends PageAct["do"]>(kind: Kind): Extract<PageAct, { do: Kind }> | undefined =>
    fixture.acts.findLast((act): act is Extract<PageAct, { do: Kind }> => act.do === kind);
  const says = (locator: Locator) => locator.getAttribute("aria-describedby").then((ids) => describedBy(page, ids));

  test("is named by its title, takes the focus, and gives it back to where it was", async () => {
    const composer = page.getByRole("combobox", { name: "Message #incident-4211" });
    await composer.focus();
    fixture.open({ view: view([why]) });
    await page.getByRole("dialog", { name: "Reinstall a server" }).waitFor();
    await expect.poll(() => isFocused(field("textbox", "Why"))).toBe(true);
    fixture.open(null);
    await dialog.waitFor({ state: "detached" });
    expect(await isFocused(composer)).toBe(true);
  });

  test("keeps the focus inside, however often one presses Tab", async () => {
    fixture.open({ view: view([why, note]) });
    await dialog.waitFor();
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press("Tab");
      const inside = () => document.activeElement === document.body || document.activeElement?.closest("dialog");
      expect(Boolean(await page.evaluate(inside))).toBe(true);
    }
  });

  test("sends what stands in it, each value as Slack writes it", async () => {
    fixture.open({ view: view([image, login, why, note, tick]) });
    await field("combobox", "Image").click();
    await dialog.getByRole("option", { name: "Debian 12" }).click();
    await field("radio", "Password").check();
    await field("textbox", "Why").fill("disk is gone");
    await field("checkbox", "I understand").check();
    await submit();
    await expect
      .poll(() => last("submit")?.values)
      .toEqual({
        image: { image: { type: "static_select", selected_option: option("Debian 12") } },
        login: { login: { type: "radio_buttons", selected_option: option("Password") } },
        why: { why: { type: "plain_text_input", value: "disk is gone" } },
        note: { note: { type: "plain_text_input", value: null } },
        tick: { tick: { type: "checkboxes", selected_options: [option("I understand")] } },
      });
  });

  test("does not go while a required field is empty, and says so at the field", async () => {
    fixture.open({ view: view([why, note, tick]) });
    await submit();
    const empty = field("textbox", "Why");
    await expect.poll(() => empty.getAttribute("aria-invalid")).toBe("true");
    expect(await says(empty)).toBe("Please complete this required field. Everybody reads it.");
    expect(await isFocused(empty)).toBe(true);
    expect(await field("textbox", "Note").getAttribute("aria-invalid")).toBe("false");
    expect(last("submit")).toBeUndefined();
  });

  test("shows the bot's errors at their fields, with nothing typed lost, until the field is mended", async () => {
    fixture.open({ view: view([why, note]) });
    await field("textbox", "Why").fill("x");
    await submit();
    fixture.open({ view: view([why, note]), errors: { why: "Too short to understand." } });
    await expect.poll(() => says(field("textbox", "Why"))).toContain("Too short to understand.");
    expect(await field("textbox", "Why").inputValue()).toBe("x");
  });

  test("says what Slack would say when a submission was not answered, and can be sent again", async () => {
    fixture.answer = (act) =>
      act.do === "submit" ? { ok: false, says: "We had some trouble connecting." } : { ok: true };
    fixture.open({ view: view([note]) });
    await submit();
    await dialog.getByText("We had some trouble connecting.").waitFor();
    await submit();
    await expect.poll(() => fixture.acts.filter((act) => act.do === "submit").length).toBe(2);
  });

  test("is marked busy while it is sent, and sends once however often one presses", async () => {
    let answer = () => {};
    fixture.answer = () =>
      new Promise((resolve) => {
        answer = () => resolve({ ok: true });
      });
    fixture.open({ view: view([note]) });
    await submit();
    await expect.poll(() => dialog.getByRole("button", { name: "Ask" }).getAttribute("aria-busy")).toBe("true");
    await submit();
    expect(fixture.acts.filter((act) => act.do === "submit")).toHaveLength(1);
    answer();
    await expect.poll(() => dialog.getByRole("button", { name: "Ask" }).getAttribute("aria-busy")).toBe("false");
  });

  test("keeps entries and caret through an update of the view where block_id and action_id stay", async () => {
    fixture.open({ view: view([why, note]) });
    await field("textbox", "Why").fill("still typing");
    const renamed = { ...note, block_id: "note-2" };
    fixture.open({ view: view([{ type: "section", text: mrkdwn("facts came") }, why, renamed]), hash: "2" });
    await dialog.getByText("facts came").waitFor();
    await page.keyboard.type("…");
    expect(await field("textbox", "Why").inputValue()).toBe("still typing…");
  });

  test("empties a field whose block_id the bot has changed", async () => {
    fixture.open({ view: view([note]) });
    await field("textbox", "Note").fill("old");
    fixture.open({ view: view([{ ...note, block_id: "note-2" }]), hash: "2" });
    await expect.poll(() => field("textbox", "Note").inputValue()).toBe("");
  });

  test("keeps what was typed below a stacked view, and for a person one comes back to", async () => {
    fixture.open({ view: view([note]) });
    await field("textbox", "Note").fill("below");
    fixture.open({ viewId: "V2", depth: 1, view: view([why], "On top") });
    await page.getByRole("dialog", { name: "On top" }).waitFor();
    fixture.open({ view: view([note]) });
    await expect.poll(() => field("textbox", "Note").inputValue()).toBe("below");
  });

  test("asks the bot for options once enough is typed, with what stands in the form", async () => {
    fixture.answer = (act) =>
      act.do === "suggest"
        ? {
            ok: true,
            optionGroups: [{ label: plain("prod"), options: [option(`web-01 ${act.value}`), option("web-02")] }],
          }
        : { ok: true };
    fixture.open({ view: view([server, note]) });
    const box = field("combobox", "Server");
    await box.click();
    await dialog.getByText("Type at least 2 letters").waitFor();
    expect(last("suggest")).toBeUndefined();
    await box.pressSequentially("web");
    await dialog.getByRole("group", { name: "prod" }).getByRole("option", { name: "web-01 web" }).waitFor();
    expect(fixture.acts.filter((act) => act.do === "suggest").map((act) => act.value)).toEqual(["web"]);
    await box.press("ArrowDown");
    await box.press("Enter");
    await expect.poll(() => box.inputValue()).toBe("web-02");
    const pressed = last("press");
    expect(pressed?.action).toEqual({
      type: "external_select",
      selected_option: option("web-02"),
      action_id: "server",
      block_id: "server",
    });
    expect(pressed?.values).toMatchObject({ server: { server: { selected_option: option("web-02") } } });
  });

  test("a select is a combobox: arrows move, Enter chooses, Escape closes the list and not the form", async () => {
    fixture.open({ view: view([image]) });
    const box = field("combobox", "Image");
    await box.focus();
    await box.press("ArrowDown");
    expect(await box.getAttribute("aria-expanded")).toBe("true");
    await box.press("ArrowDown");
    expect(await activeOption(page, box)).toBe("Ubuntu 24.04");
    await box.press("ArrowUp");
    await box.press("ArrowUp");
    expect(await activeOption(page, box)).toBe("Debian 12");
    await box.press("Escape");
    expect(await box.getAttribute("aria-expanded")).toBe("false");
    expect(last("close")).toBeUndefined();
    await box.pressSequentially("ubu");
    expect(await dialog.getByRole("option").allTextContents()).toEqual(["Ubuntu 22.04", "Ubuntu 24.04"]);
    await box.press("Enter");
    expect(await box.inputValue()).toBe("Ubuntu 22.04");
  });

  test.each([
    ["Cancel", async () => dialog.getByRole("button", { name: "Cancel" }).click(), false],
    ["Escape", async () => page.keyboard.press("Escape"), false],
    ["the cross", async () => dialog.getByRole("button", { name: "Close" }).click(), true],
  ])("%s closes it: this view or the whole stack", async (_says, close, all) => {
    fixture.open({ view: view([note]) });
    await dialog.waitFor();
    await close();
    await expect.poll(() => last("close")).toEqual({ do: "close", user: "U1", view: "V1", all });
  });

  test("a button with a confirm object asks first, on top of the form", async () => {
    const confirm = {
      title: plain("Forget it?"),
      text: plain("It is gone then."),
      confirm: plain("Forget"),
      deny: plain("Keep"),
    };
    fixture.open({
      view: view([{ type: "actions", block_id: "b", elements: [button("Discard", { confirm, value: "r1" })] }]),
    });
    const discard = dialog.getByRole("button", { name: "Discard" });
    const asked = page.getByRole("alertdialog", { name: "Forget it?" });
    await discard.click();
    await asked.getByRole("button", { name: "Keep" }).click();
    await asked.waitFor({ state: "detached" });
    expect(last("press")).toBeUndefined();
    expect(await isFocused(discard)).toBe(true);
    await discard.click();
    await asked.getByRole("button", { name: "Forget", exact: true }).click();
    await expect.poll(() => last("press")?.action).toMatchObject({ action_id: "discard", block_id: "b", value: "r1" });
  });

  test("can be filled in by keyboard alone", async () => {
    fixture.open({ view: view([image, login, tick]) });
    await dialog.waitFor();
    for (const key of ["ArrowDown", "ArrowDown", "Enter", "Tab", "ArrowDown", "Tab", "Space", "Tab", "Tab", "Enter"]) {
      await page.keyboard.press(key);
    }
    await expect
      .poll(() => last("submit")?.values)
      .toMatchObject({
        image: { image: { selected_option: { value: "ubuntu 24.04" } } },
        login: { login: { selected_option: { value: "password" } } },
        tick: { tick: { selected_options: [{ value: "i understand" }] } },
      });
  });

  test("fills the screen of a phone without sideways scrolling", async () => {
    await page.setViewportSize({ width: 390, height: 700 });
    fixture.open({ view: view([image, login, why, tick]) });
    await dialog.waitFor();
    const wide = await page.evaluate(() => document.querySelector(".modal-body")?.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await submit();
    await dialog.getByText("Please complete this required field.").first().waitFor();
  });
});

function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

async function describedBy(page: Page, ids: string | null): Promise<string> {
  const texts = (ids ?? "")
    .split(" ")
    .filter(Boolean)
    .map((id) => page.locator(`[id="${id}"]`).textContent());
  return (await Promise.all(texts)).join(" ");
}

async function activeOption(page: Page, box: Locator): Promise<string | null> {
  return page.locator(`[id="${await box.getAttribute("aria-activedescendant")}"]`).textContent();
}
