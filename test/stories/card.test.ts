import { afterEach, describe, expect, test } from "vitest";
import { cases } from "../setup/cases.ts";
import { ask, root } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

/** About what Slack puts on one line of a channel on a laptop. */
const lineMax = 110;

/** Lines that stand above the buttons, each as long as it is shown. */
function linesAbove(): readonly string[] {
  const blocks = root(now).blocks as readonly { type: string; text?: { text: string } }[];
  const above = blocks.slice(
    0,
    blocks.findIndex(({ type }) => type === "actions"),
  );
  return above
    .flatMap(({ text }) => (text?.text ?? "").split("\n"))
    .map((line) => line.replaceAll(/<[^>]*>/g, "@someone").replaceAll(/[*_`]/g, ""))
    .flatMap((line) => line.match(new RegExp(`.{1,${lineMax}}`, "gu")) ?? []);
}

describe.each(cases)("$title: the card", (of) => {
  test("says verb, server and loss first, and its buttons stand within the first dozen lines", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { image: of.otherImage });
    expect(root(now).text.slice(0, 100)).toMatch(new RegExp(`^⚠️ \\*Reinstall \`${of.server}\`\\?\\* System disk`));
    expect(linesAbove()[0]).toContain("will be erased for good.");
    expect(linesAbove().length).toBeLessThanOrEqual(12);
  });

  test("has its buttons in the first dozen lines also with an image made first, for which the server is stopped", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: "Make a custom image of this server first", image: of.otherImage });
    expect(root(now).text).toContain("*Stop* softly");
    expect(linesAbove().length).toBeLessThanOrEqual(12);
  });

  test("promises in its dialog only what this cloud promises", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    const dialog = now.ana.confirmation(root(now, now.ana), "Approve and reinstall");
    const kept = now.request().notices.some(({ kind }) => kind === "survives");
    expect(dialog?.text.endsWith("This cannot be undone. Data disks are kept.")).toBe(kept);
    expect(dialog?.text.length).toBeLessThanOrEqual(300);
  });

  test("of a server without data disks says nothing of data disks", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: of.bare });
    const dialog = now.ana.confirmation(root(now, now.ana), "Approve and reinstall");
    expect(`${dialog?.text} ${root(now).text}`).not.toMatch(/data disk/i);
  });
});
