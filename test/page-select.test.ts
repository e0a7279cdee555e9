import { describe, expect, test } from "vitest";
import { plain } from "./page-fixture.ts";
import { showPage } from "./page-show.ts";
import { activeOption, image, lastAct, login, note, option, server, tick, view } from "./page-views.ts";
import { browserMissing } from "./setup/chromium.ts";

describe.skipIf(browserMissing)("a select menu", () => {
  const shown = showPage();
  const dialog = () => shown.page.getByRole("dialog");
  const field = (role: "combobox" | "textbox" | "radio" | "checkbox", name: string) =>
    dialog().getByRole(role, { name });

  test("asks the bot for options once enough is typed, with what stands in the form", async () => {
    shown.fixture.answer = (act) =>
      act.do === "suggest"
        ? {
            ok: true,
            optionGroups: [{ label: plain("prod"), options: [option(`web-01 ${act.value}`), option("web-02")] }],
          }
        : { ok: true };
    shown.fixture.open({ view: view([server, note]) });
    const box = field("combobox", "Server");
    await box.click();
    await dialog().getByText("Type at least 2 letters").waitFor();
    expect(lastAct(shown, "suggest")).toBeUndefined();
    await box.pressSequentially("web");
    await dialog().getByRole("group", { name: "prod" }).getByRole("option", { name: "web-01 web" }).waitFor();
    expect(shown.fixture.acts.filter((act) => act.do === "suggest").map((act) => act.value)).toEqual(["web"]);
    await box.press("ArrowDown");
    await box.press("Enter");
    await expect.poll(() => box.inputValue()).toBe("web-02");
    // The field shows the choice before the press has come to the server.
    await expect
      .poll(() => lastAct(shown, "press")?.action)
      .toEqual({
        type: "external_select",
        selected_option: option("web-02"),
        action_id: "server",
        block_id: "server",
      });
    expect(lastAct(shown, "press")?.values).toMatchObject({
      server: { server: { selected_option: option("web-02") } },
    });
  });

  test("is a combobox: arrows move, Enter chooses, Escape closes the list and not the form", async () => {
    shown.fixture.open({ view: view([image]) });
    const box = field("combobox", "Image");
    await box.focus();
    await box.press("ArrowDown");
    expect(await box.getAttribute("aria-expanded")).toBe("true");
    await box.press("ArrowDown");
    expect(await activeOption(shown.page, box)).toBe("Ubuntu 24.04");
    await box.press("ArrowUp");
    await box.press("ArrowUp");
    expect(await activeOption(shown.page, box)).toBe("Debian 12");
    await box.press("Escape");
    expect(await box.getAttribute("aria-expanded")).toBe("false");
    expect(lastAct(shown, "close")).toBeUndefined();
    await box.pressSequentially("ubu");
    expect(await dialog().getByRole("option").allTextContents()).toEqual(["Ubuntu 22.04", "Ubuntu 24.04"]);
    await box.press("Enter");
    expect(await box.inputValue()).toBe("Ubuntu 22.04");
  });

  test("and the rest of a form can be filled in by keyboard alone", async () => {
    shown.fixture.open({ view: view([image, login, tick]) });
    await dialog().waitFor();
    for (const key of ["ArrowDown", "ArrowDown", "Enter", "Tab", "ArrowDown", "Tab", "Space", "Tab", "Tab", "Enter"]) {
      await shown.page.keyboard.press(key);
    }
    await expect
      .poll(() => lastAct(shown, "submit")?.values)
      .toMatchObject({
        image: { image: { selected_option: { value: "ubuntu 24.04" } } },
        login: { login: { selected_option: { value: "password" } } },
        tick: { tick: { selected_options: [{ value: "i understand" }] } },
      });
  });

  test("Enter takes nothing from a list that was made for what was typed before", async () => {
    const answers: (() => void)[] = [];
    shown.fixture.answer = (act) =>
      new Promise((resolve) => {
        const options = act.do === "suggest" ? [option(`for ${act.value}`)] : [];
        answers.push(() => resolve({ ok: true, options }));
      });
    shown.fixture.open({ view: view([server]) });
    const box = field("combobox", "Server");
    await box.fill("web");
    await expect.poll(() => answers.length).toBe(1);
    answers[0]?.();
    await dialog().getByRole("option", { name: "for web" }).waitFor();
    await box.fill("db-");
    await box.press("Enter");
    expect(lastAct(shown, "press")).toBeUndefined();
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.();
    await dialog().getByRole("option", { name: "for db-" }).waitFor();
    await box.press("Enter");
    await expect.poll(() => lastAct(shown, "press")?.action).toMatchObject({ selected_option: option("for db-") });
  });
});
