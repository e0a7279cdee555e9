import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { button, mrkdwn, plain } from "./page-fixture.ts";
import { showPage } from "./page-show.ts";
import { describedBy, image, isFocused, lastAct, login, note, option, size, tick, view, why } from "./page-views.ts";
import { browserMissing } from "./setup/chromium.ts";

describe.skipIf(browserMissing)("a form", () => {
  const shown = showPage();
  const dialog = () => shown.page.getByRole("dialog");
  const field = (role: "combobox" | "textbox" | "radio" | "checkbox", name: string) =>
    dialog().getByRole(role, { name });
  const submit = () => dialog().getByRole("button", { name: "Ask" }).click();
  const says = (locator: Locator) =>
    locator.getAttribute("aria-describedby").then((ids) => describedBy(shown.page, ids));

  test("is named by its title, takes the focus, and gives it back to where it was", async () => {
    const composer = shown.page.getByRole("combobox", { name: "Message #incident-4211" });
    await composer.focus();
    shown.fixture.open({ view: view([why]) });
    await shown.page.getByRole("dialog", { name: "Reinstall a server" }).waitFor();
    await expect.poll(() => isFocused(field("textbox", "Why"))).toBe(true);
    shown.fixture.open(null);
    await dialog().waitFor({ state: "detached" });
    expect(await isFocused(composer)).toBe(true);
  });

  test("keeps the focus inside, however often one presses Tab", async () => {
    shown.fixture.open({ view: view([why, note]) });
    await dialog().waitFor();
    for (let press = 0; press < 12; press += 1) {
      await shown.page.keyboard.press("Tab");
      const inside = () => document.activeElement === document.body || document.activeElement?.closest("dialog");
      expect(Boolean(await shown.page.evaluate(inside))).toBe(true);
    }
  });

  test("sends what stands in it, each value as Slack writes it", async () => {
    shown.fixture.open({ view: view([image, login, size, why, note, tick]) });
    await field("combobox", "Image").click();
    await dialog().getByRole("option", { name: "Debian 12" }).click();
    await field("radio", "Password").check();
    expect(await field("textbox", "Size in GB").inputValue()).toBe("60");
    await field("textbox", "Size in GB").fill("100");
    await field("textbox", "Why").fill("disk is gone");
    await field("checkbox", "I understand").check();
    await submit();
    await expect
      .poll(() => lastAct(shown, "submit")?.values)
      .toEqual({
        image: { image: { type: "static_select", selected_option: option("Debian 12") } },
        login: { login: { type: "radio_buttons", selected_option: option("Password") } },
        size: { size: { type: "number_input", value: "100" } },
        why: { why: { type: "plain_text_input", value: "disk is gone" } },
        note: { note: { type: "plain_text_input", value: null } },
        tick: { tick: { type: "checkboxes", selected_options: [option("I understand")] } },
      });
  });

  test("does not go while a required field is empty, and says so at the field", async () => {
    shown.fixture.open({ view: view([why, note, tick]) });
    await submit();
    const empty = field("textbox", "Why");
    await expect.poll(() => empty.getAttribute("aria-invalid")).toBe("true");
    expect(await says(empty)).toBe("Please complete this required field. Everybody reads it.");
    expect(await isFocused(empty)).toBe(true);
    expect(await field("textbox", "Note").getAttribute("aria-invalid")).toBe("false");
    expect(lastAct(shown, "submit")).toBeUndefined();
  });

  test("shows the bot's errors at their fields, with nothing typed lost, until the field is mended", async () => {
    shown.fixture.open({ view: view([why, note]) });
    await field("textbox", "Why").fill("x");
    await submit();
    shown.fixture.open({ view: view([why, note]), errors: { why: "Too short to understand." } });
    await expect.poll(() => says(field("textbox", "Why"))).toContain("Too short to understand.");
    expect(await field("textbox", "Why").inputValue()).toBe("x");
  });

  test("says what Slack would say when a submission was not answered, and can be sent again", async () => {
    shown.fixture.answer = (act) =>
      act.do === "submit" ? { ok: false, says: "We had some trouble connecting." } : { ok: true };
    shown.fixture.open({ view: view([note]) });
    await submit();
    await dialog().getByText("We had some trouble connecting.").waitFor();
    await submit();
    await expect.poll(() => shown.fixture.acts.filter((act) => act.do === "submit").length).toBe(2);
  });

  test("is marked busy while it is sent, and sends once however often one presses", async () => {
    let answer = () => {};
    shown.fixture.answer = () =>
      new Promise((resolve) => {
        answer = () => resolve({ ok: true });
      });
    shown.fixture.open({ view: view([note]) });
    await submit();
    await expect.poll(() => dialog().getByRole("button", { name: "Ask" }).getAttribute("aria-busy")).toBe("true");
    await submit();
    expect(shown.fixture.acts.filter((act) => act.do === "submit")).toHaveLength(1);
    answer();
    await expect.poll(() => dialog().getByRole("button", { name: "Ask" }).getAttribute("aria-busy")).toBe("false");
  });

  test("keeps entries and caret through an update of the view where block_id and action_id stay", async () => {
    shown.fixture.open({ view: view([why, note]) });
    await field("textbox", "Why").fill("still typing");
    const renamed = { ...note, block_id: "note-2" };
    shown.fixture.open({ view: view([{ type: "section", text: mrkdwn("facts came") }, why, renamed]), hash: "2" });
    await dialog().getByText("facts came").waitFor();
    await shown.page.keyboard.type("…");
    expect(await field("textbox", "Why").inputValue()).toBe("still typing…");
  });

  test("empties a field whose block_id the bot has changed", async () => {
    shown.fixture.open({ view: view([note]) });
    await field("textbox", "Note").fill("old");
    shown.fixture.open({ view: view([{ ...note, block_id: "note-2" }]), hash: "2" });
    await expect.poll(() => field("textbox", "Note").inputValue()).toBe("");
  });

  test("keeps what was typed below a stacked view, and for a person one comes back to", async () => {
    shown.fixture.open({ view: view([note]) });
    await field("textbox", "Note").fill("below");
    shown.fixture.open({ viewId: "V2", depth: 1, view: view([why], "On top") });
    await shown.page.getByRole("dialog", { name: "On top" }).waitFor();
    shown.fixture.open({ view: view([note]) });
    await expect.poll(() => field("textbox", "Note").inputValue()).toBe("below");
  });

  test.each([
    ["Cancel", async () => dialog().getByRole("button", { name: "Cancel" }).click(), false],
    ["Escape", async () => shown.page.keyboard.press("Escape"), false],
    ["the cross", async () => dialog().getByRole("button", { name: "Close" }).click(), true],
  ])("%s closes it: this view or the whole stack", async (_says, close, all) => {
    shown.fixture.open({ view: view([note]) });
    await dialog().waitFor();
    await close();
    await expect.poll(() => lastAct(shown, "close")).toEqual({ do: "close", user: "U1", view: "V1", all });
  });

  test("a button with a confirm object asks first, on top of the form", async () => {
    const confirm = {
      title: plain("Forget it?"),
      text: plain("It is gone then."),
      confirm: plain("Forget"),
      deny: plain("Keep"),
    };
    shown.fixture.open({
      view: view([{ type: "actions", block_id: "b", elements: [button("Discard", { confirm, value: "r1" })] }]),
    });
    const discard = dialog().getByRole("button", { name: "Discard" });
    const asked = shown.page.getByRole("alertdialog", { name: "Forget it?" });
    await discard.click();
    await asked.getByRole("button", { name: "Keep" }).click();
    await asked.waitFor({ state: "detached" });
    expect(lastAct(shown, "press")).toBeUndefined();
    expect(await isFocused(discard)).toBe(true);
    await discard.click();
    await asked.getByRole("button", { name: "Forget", exact: true }).click();
    await expect
      .poll(() => lastAct(shown, "press")?.action)
      .toMatchObject({ action_id: "discard", block_id: "b", value: "r1" });
  });

  test("fills the screen of a phone without sideways scrolling", async () => {
    await shown.page.setViewportSize({ width: 390, height: 700 });
    shown.fixture.open({ view: view([image, login, why, tick]) });
    await dialog().waitFor();
    const wide = await shown.page.evaluate(() => document.querySelector(".modal-body")?.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await submit();
    await dialog().getByText("Please complete this required field.").first().waitFor();
  });
});
