import { describe, expect, test } from "vitest";
import { button, home, message } from "./page-fixture.ts";
import { showPage } from "./page-show.ts";
import { browserMissing } from "./setup/chromium.ts";

describe.skipIf(browserMissing)("the page", () => {
  const shown = showPage();
  const log = () => shown.page.getByRole("log", { name: "Messages in #incident-4211" });
  const composer = () => shown.page.getByRole("combobox", { name: "Message #incident-4211" });
  const callout = () => shown.page.getByRole("complementary", { name: "What to do next" });
  const panel = () => shown.page.getByRole("complementary", { name: "Behind the scenes" });

  describe("the field below a channel", () => {
    test("offers the commands with their usage, by keyboard", async () => {
      await composer().fill("/re");
      const list = shown.page.getByRole("listbox", { name: "Commands" });
      expect(await list.getByRole("option").count()).toBe(2);
      await composer().press("ArrowDown");
      await composer().press("Tab");
      expect(await composer().inputValue()).toBe("/reinstall-status ");
      await list.getByText("[request or server]").waitFor();
      await composer().press("Enter");
      await expect
        .poll(() => shown.fixture.acts)
        .toEqual([{ do: "command", user: "U1", channel: home, text: "/reinstall-status" }]);
      expect(await composer().inputValue()).toBe("");
    });

    test("gives back what was typed when it was refused, with the reason", async () => {
      shown.fixture.answer = () => ({ ok: false, says: "/reinstall failed with the error “operation_timeout”" });
      await composer().fill("/reinstall web-01");
      await composer().press("Enter");
      await shown.page.getByRole("alert").getByText("operation_timeout").waitFor();
      expect(await composer().inputValue()).toBe("/reinstall web-01");
    });

    test("sends anything else as a message", async () => {
      await composer().fill("any news?");
      await shown.page.getByRole("button", { name: "Send" }).click();
      await expect
        .poll(() => shown.fixture.acts)
        .toEqual([{ do: "say", user: "U1", channel: home, text: "any news?" }]);
    });
  });

  test("says on the first screen what it is and what to type, and writes it for whoever wants that", async () => {
    await callout().getByText("This is a stand-in for Slack").waitFor();
    await callout().getByRole("button", { name: "Write it for me" }).click();
    expect(await composer().inputValue()).toBe("/reinstall web-01");
    expect(await composer().evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test("says, once asked, that another person must approve, and offers to become that person", async () => {
    shown.fixture.say(message(0, { blocks: [{ type: "actions", elements: [button("Approve and reinstall")] }] }));
    await callout().getByRole("button", { name: "Switch to ana" }).click();
    await shown.page.getByText("You are ana").waitFor();
    await callout().getByText("You can approve now").waitFor();
    expect(shown.page.url()).toContain("user=U2");
  });

  test("lets one be anybody, and everything done is done as that person", async () => {
    const people = shown.page.getByRole("group", { name: "You act as" });
    expect(await people.getByRole("radio").count()).toBe(6);
    await people.getByRole("radio", { name: "gita" }).check();
    await shown.page.getByText("You are gita, guest").waitFor();
    await composer().fill("/reinstall");
    await composer().press("Enter");
    await expect.poll(() => shown.fixture.acts[0]).toMatchObject({ do: "command", user: "U5" });
  });

  test("finds servers, and lets somebody else work in the console", async () => {
    expect(await panel().getByRole("listitem").count()).toBe(25);
    await panel().getByRole("searchbox", { name: "Find a server" }).fill("web-90");
    await panel().getByText("1 of 132").waitFor();
    await panel().getByText("web-90").click();
    await panel().getByText("ResetInstance OPERATING").waitFor();
    await panel().getByRole("group", { name: "console of web-90" }).getByRole("button", { name: "Stop" }).click();
    await expect
      .poll(() => shown.fixture.acts)
      .toEqual([{ do: "console", cloud: "tencent", server: "ins-00000090", what: "stop" }]);
  });

  test.each([
    { who: "gita", says: "gita may not ask for a reinstall, so the bot will say no.", tries: 1 },
    { who: "dario", says: "dario has left: Slack shows a deactivated account nothing", tries: 0 },
  ])("does not tell $who to ask, who may not, but offers somebody who may", async ({ who, says, tries }) => {
    await shown.page.getByRole("radio", { name: who }).check();
    await callout().getByText(says).waitFor();
    expect(await callout().getByRole("button", { name: "Write it for me" }).count()).toBe(0);
    expect(await callout().getByRole("button", { name: "See it refused" }).count()).toBe(tries);
    await callout().getByRole("button", { name: "Switch to erin" }).click();
    await callout().getByText("This is a stand-in for Slack").waitFor();
  });

  test("breaks something by switch, and kills the bot by button", async () => {
    await panel().getByText("Break something").click();
    const switches = () => panel().getByRole("switch");
    expect(await switches().count()).toBe(2);
    await panel().getByRole("heading", { name: "Slack" }).click();
    expect(await switches().count()).toBe(3);
    const find = panel().getByRole("searchbox", { name: "Find a switch" });
    await find.fill("lost tencent");
    expect(await switches().count()).toBe(1);
    await find.fill("no such word");
    await panel().getByText("No switch is called that.").waitFor();
    await find.fill("");
    await panel().getByRole("heading", { name: "Slack" }).click();
    expect(await panel().getByRole("switch", { name: "The next answer gets lost" }).isChecked()).toBe(true);
    await panel().getByRole("switch", { name: "The next reinstall fails" }).check();
    await panel().getByRole("switch", { name: "Slack answers 429" }).check();
    await panel().getByRole("button", { name: "Kill the bot" }).click();
    await expect
      .poll(() => shown.fixture.acts)
      .toEqual([
        { do: "fault", cloud: "tencent", fault: "fails", armed: true },
        { do: "fault", cloud: "slack", fault: "429", armed: true },
        { do: "kill-bot" },
      ]);
  });

  test("folds its sides away on a phone, and nothing scrolls sideways", async () => {
    await shown.page.setViewportSize({ width: 390, height: 780 });
    expect(await panel().isVisible()).toBe(false);
    await shown.page.getByRole("button", { name: "Clouds" }).click();
    await panel().getByRole("button", { name: "Kill the bot" }).waitFor();
    await shown.page.keyboard.press("Escape");
    await panel().waitFor({ state: "hidden" });
    await shown.page.getByRole("button", { name: "Channels and people" }).click();
    await shown.page.getByRole("radio", { name: "abel" }).check();
    await shown.page.getByText("You are abel").waitFor();
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test("stays at the end of a channel as messages come, and where one reads when one has scrolled up", async () => {
    const many = (from: number) =>
      Array.from({ length: 40 }, (_, at) => message(from + at, { text: `line ${from + at}` }));
    shown.fixture.say(...many(0));
    await log().getByText("line 39").waitFor();
    const fromEnd = () => log().evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight));
    await expect.poll(fromEnd).toBe(0);
    // The page hears of it a frame later; what comes before that still finds it at the end.
    await log().evaluate(
      (box) =>
        new Promise<void>((heard) => {
          box.addEventListener("scroll", () => heard(), { once: true });
          box.scrollTo(0, 100);
        }),
    );
    expect(await log().evaluate((box) => box.scrollTop)).toBe(100);
    shown.fixture.say(...many(100));
    await log().getByText("line 139").waitFor();
    expect(await log().evaluate((box) => box.scrollTop)).toBe(100);
  });
});
