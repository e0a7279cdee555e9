import { afterEach, describe, expect, test } from "vitest";
import { tencentCase as of } from "../setup/cases.ts";
import { approve, ask, ends, root, stateOf, threadTexts, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

describe("a server that the bot stops first", () => {
  test("is stopped, reinstalled, and runs again", async () => {
    now = await story({ account: { stopFirst: true } });
    await ask(now, of);
    await approve(now);
    await ends(now, "done");
    expect(root(now).text).toMatch(/✅ Stopped .*\n✅ Reinstalled/);
    expect(stateOf(now, of)).toBe("RUNNING");
    expect(wipes(now, of)).toBe(1);
  });

  test("is started again when the flow ends before the reinstall is accepted, and the thread says so", async () => {
    now = await story({ account: { stopFirst: true } });
    await ask(now, of);
    now.cloud("prod").arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    expect(stateOf(now, of)).toBe("RUNNING");
    expect(wipes(now, of)).toBe(0);
    expect(root(now).text).toContain("The bot had stopped the server; it is running again.");
    expect(threadTexts(now).at(-1)).toContain("Nothing was erased.");
  });

  test("and that cannot be started again is said plainly", async () => {
    now = await story({ account: { stopFirst: true } });
    await ask(now, of);
    now.cloud("prod").arm(of.faults.refused, true);
    now.cloud("prod").arm("start-refused", true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("could not start it again");
    expect(stateOf(now, of)).toBe("STOPPED");
  });

  test("and that ignores the soft stop is stopped hard", async () => {
    now = await story({ account: { stopFirst: true } });
    await ask(now, of, { server: "stubborn-01" });
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, of, "stubborn-01")).toBe(1);
    const hard = now.request();
    expect("attempts" in hard && hard.attempts[0]?.steps.find(({ id }) => id === "stop")?.hard).toBe(true);
  });

  test("and that was stopped before is not started again when the flow ends early", async () => {
    now = await story({ account: { stopFirst: true } });
    await ask(now, of, { server: "standby-01" });
    now.cloud("prod").arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    expect(stateOf(now, of, "standby-01")).toBe("STOPPED");
  });
});
