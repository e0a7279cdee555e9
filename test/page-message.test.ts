import { beforeEach, describe, expect, test } from "vitest";
import { button, home, message, mrkdwn, now, plain } from "./page-fixture.ts";
import { showPage } from "./page-show.ts";
import { browserMissing } from "./setup/chromium.ts";

describe.skipIf(browserMissing)("a message", () => {
  const shown = showPage();
  const log = () => shown.page.getByRole("log", { name: "Messages in #incident-4211" });

  describe("is drawn", () => {
    const block = async (...blocks: readonly object[]) => {
      shown.fixture.say(message(0, { text: "the plain text", blocks }));
      const article = log().getByRole("article", { name: "reinstall at 03:20" });
      await article.waitFor();
      return article;
    };

    test("with names for people, groups and channels, and times in local form", async () => {
      const until = now / 1000 + 1320;
      const article = await block({
        type: "section",
        text: mrkdwn(`<@U2>, <!subteam^S1>, <#C2>, until <!date^${until}^{date_short_pretty} at {time}|03:42 UTC>`),
      });
      await article.getByText("@ana, @oncall-approvers, #ops, until today at 03:42").waitFor();
      expect(await article.getByText("today at 03:42").getAttribute("title")).toBe("03:42 UTC");
    });

    test("with headers, fields, context, images and rules", async () => {
      const article = await block(
        { type: "header", text: plain(":warning: Reinstall?") },
        { type: "section", fields: [mrkdwn("*Image*\nUbuntu"), mrkdwn("*Login*\nkey pair")] },
        { type: "divider" },
        { type: "image", image_url: "data:image/gif;base64,R0lGODlhAQABAAAAACw=", alt_text: "a chart" },
        { type: "context", elements: [mrkdwn("said *small*"), plain("plain *stars*")] },
      );
      await article.getByRole("heading", { name: "⚠️ Reinstall?" }).waitFor();
      await article.getByText("Image\nUbuntu").waitFor();
      expect(await article.getByRole("separator").count()).toBe(1);
      expect(await article.getByRole("img", { name: "a chart" }).count()).toBe(1);
      await article.getByText("plain *stars*").waitFor();
    });

    test("with rich text: lists, code, quotes, links", async () => {
      const leaf = (text: string, style: object = {}) => ({ type: "text", text, style });
      const line = (...elements: readonly object[]) => ({ type: "rich_text_section", elements });
      const article = await block({
        type: "rich_text",
        elements: [
          line(
            leaf("see "),
            { type: "link", url: "https://example.com/", text: "the guide" },
            leaf(" now", { bold: true }),
          ),
          {
            type: "rich_text_list",
            style: "ordered",
            offset: 2,
            elements: [line(leaf("mount")), line(leaf("log in"))],
          },
          { type: "rich_text_preformatted", elements: [leaf("ssh-keygen -R web-01")] },
          { type: "rich_text_quote", elements: [leaf("root fs corrupt")] },
        ],
      });
      expect(await article.getByRole("link", { name: "the guide" }).getAttribute("href")).toBe("https://example.com/");
      expect(await article.getByRole("list").getAttribute("start")).toBe("3");
      expect(await article.getByRole("listitem").allTextContents()).toEqual(["mount", "log in"]);
      expect(await article.getByRole("blockquote").textContent()).toBe("root fs corrupt");
      await article.getByText("ssh-keygen -R web-01").waitFor();
    });

    test("without obeying a link that is not an address", async () => {
      const article = await block({ type: "section", text: mrkdwn("<javascript:alert(1)|press here>") });
      await article.getByText("press here").waitFor();
      expect(await article.getByRole("link").count()).toBe(0);
    });

    test("and says so where it cannot draw a block", async () => {
      const article = await block({ type: "carousel" });
      await article.getByText("does not draw “carousel” blocks").waitFor();
    });
  });

  test("a message for one person only says so; replies stand in a thread, broadcast ones in the channel too", async () => {
    const parent = message(0, { text: "the card" });
    shown.fixture.say(
      parent,
      message(1, { text: "for you", ephemeral: true }),
      message(2, { text: "quiet reply", threadTs: parent.ts }),
      message(3, { text: "loud reply", threadTs: parent.ts, broadcast: true }),
    );
    const thread = log().getByRole("region", { name: "Thread" });
    await thread.getByRole("button", { name: "2 replies" }).waitFor();
    await log().getByText("Only visible to you").waitFor();
    expect(await log().getByText("quiet reply").count()).toBe(1);
    expect(await log().getByText("loud reply").count()).toBe(2);
    expect(await thread.getByText("loud reply").count()).toBe(1);
    await thread.getByRole("button", { name: "Reply" }).click();
    await shown.page.getByRole("combobox", { name: "Reply in the thread" }).fill("thanks");
    await shown.page.keyboard.press("Enter");
    await expect
      .poll(() => shown.fixture.acts)
      .toEqual([{ do: "say", user: "U1", channel: home, text: "thanks", threadTs: parent.ts }]);
  });

  describe("a button of a message", () => {
    const confirm = {
      title: plain("Erase web-01?"),
      text: mrkdwn("This *cannot* be undone."),
      confirm: plain("Erase"),
      deny: plain("Not now"),
      style: "danger",
    };
    beforeEach(async () => {
      shown.fixture.say(
        message(0, {
          blocks: [
            {
              type: "actions",
              block_id: "b1",
              elements: [
                button("Approve", {
                  style: "danger",
                  value: "r1.1",
                  confirm,
                  accessibility_label: "Approve erasing web-01",
                }),
              ],
            },
          ],
        }),
      );
    });
    const approve = () => log().getByRole("button", { name: "Approve erasing web-01" });

    test("asks first where it should, with the careful answer in focus; Escape says no", async () => {
      await approve().click();
      const asked = shown.page.getByRole("alertdialog", { name: "Erase web-01?" });
      await asked.getByText("This cannot be undone.").waitFor();
      const focused = asked.getByRole("button", { name: "Not now" });
      await expect.poll(() => focused.evaluate((element) => element === document.activeElement)).toBe(true);
      await shown.page.keyboard.press("Escape");
      await asked.waitFor({ state: "detached" });
      expect(shown.fixture.acts).toEqual([]);
      expect(await approve().evaluate((element) => element === document.activeElement)).toBe(true);
    });

    test("is told to the bot as Slack tells it, and what Slack says when that failed is shown", async () => {
      shown.fixture.answer = () => ({ ok: false, says: "reinstall did not answer in time." });
      await approve().click();
      await shown.page.getByRole("alertdialog").getByRole("button", { name: "Erase", exact: true }).click();
      await log().getByRole("alert").getByText("reinstall did not answer in time.").waitFor();
      expect(shown.fixture.acts).toEqual([
        {
          do: "press",
          user: "U1",
          in: { message: message(0, {}).ts, channel: home },
          action: { type: "button", action_id: "approve", block_id: "b1", text: plain("Approve"), value: "r1.1" },
        },
      ]);
    });
  });
});
