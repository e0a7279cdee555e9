import { afterEach, describe, expect, test } from "vitest";
import { huaweiCase, otcCase } from "../setup/cases.ts";
import { approve, ask, ends, root, stateOf, threadTexts, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

describe.each([huaweiCase, otcCase])("ECS, the run on $called", (of) => {
  const cloud = () => now.cloud(of.account.name);
  const back = () => threadTexts(now).find((text) => text.includes("is back")) ?? "";

  test("a reinstall shows as reinstalling, and is complete when the server is running", async () => {
    now = await story({ cases: [of] });
    const sent: string[] = [];
    cloud().onRequest(({ method, path }) => void sent.push(`${method} ${path}`));
    await ask(now, of);
    await approve(now);
    await now.until("the cloud has it", () => threadTexts(now).some((text) => text.includes("accepted the reinstall")));
    await now.pass(10_000);
    expect(root(now).text).toContain("🔄 Reinstalling · accepted by");
    expect(root(now).text).toContain("It takes 10 to 20 minutes.");
    await ends(now, "done");
    expect(stateOf(now, of)).toBe("ACTIVE");
    expect(root(now).text).toContain("✅ Verified");
    expect(sent.filter((call) => /^POST .*\/v2\/\w+\/cloudservers\/[\w-]+\/reinstallos$/.test(call))).toHaveLength(1);
  });

  test("a change of the OS shows as going on, and is complete when that is over", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { command: "/change-os", image: of.otherImage });
    await approve(now);
    await now.until("the cloud has it", () => threadTexts(now).some((text) => text.includes("accepted the reinstall")));
    await now.pass(10_000);
    expect(stateOf(now, of)).toBe("REBUILD (rebuilding)");
    expect(root(now).text).toContain("🔄 Reinstalling · accepted by");
    expect(root(now).text).toContain(`→ ${of.otherImage}`);
    expect(back()).toBe("");
    await ends(now, "done");
    expect(stateOf(now, of)).toBe("ACTIVE");
    expect(back()).toContain(of.otherImage);
  });

  test("a change of the OS takes the other image, gives the disk another id, and deletes the old disk", async () => {
    now = await story({ cases: [of] });
    const sent: string[] = [];
    cloud().onRequest(({ method, path }) => void sent.push(`${method} ${path}`));
    await ask(now, of, { command: "/change-os", image: of.otherImage });
    const before = now.request().drawn.systemDisk?.id ?? "none";
    await approve(now);
    await ends(now, "done");
    expect(sent.filter((call) => /^POST .*\/changeos$/.test(call))).toHaveLength(1);
    expect(root(now).text).toMatch(/System disk now: `[0-9a-f-]{36}` \(40 GB\)/);
    expect(root(now).text).not.toContain(`System disk now: \`${before}\``);
    expect(back()).toContain(of.otherImage);
  });

  test("an own licence is still there after a reinstall, and gone only when that was chosen", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: "rhel-own-01" });
    await approve(now);
    await ends(now, "done");
    expect(now.request()).toMatchObject({ found: { identity: { licence: "own" } } });
    await ask(now, of, { server: "rhel-own-01", licence: "Use the licence from the system" });
    await approve(now);
    await ends(now, "done");
    expect(now.request()).toMatchObject({ found: { identity: { licence: "from the system" } } });
  });

  test("a stopped server is running afterwards", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: "db-01" });
    await approve(now);
    await ends(now, "done");
    expect(stateOf(now, of, "db-01")).toBe("ACTIVE");
    expect(back()).toContain("ACTIVE");
  });

  test("a server whose OS fails to start is reinstalled, and starts", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: "failed-01" });
    expect(now.request().drawn.state).toBe("ERROR");
    await approve(now);
    await ends(now, "done");
    expect(stateOf(now, of, "failed-01")).toBe("ACTIVE");
    expect(wipes(now, of, "failed-01")).toBe(1);
    expect(back()).toContain("is back");
  });

  test("at the end one is told to log in with the key and set a new password", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await approve(now);
    await ends(now, "done");
    expect(back()).toContain("The password is reset: log in as root with key pair oncall-2026, then set a new one.");
  });

  test("at the end of Windows one is told how to fetch the password", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: "win-01" });
    await approve(now);
    await ends(now, "done");
    expect(back()).toContain("by Remote Desktop");
    expect(back()).toContain("(Get Password) with the private key of oncall-2026.");
  });

  test("the temporary ECS is not among the servers to choose from", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await approve(now);
    await now.until("the temporary ECS is there", () =>
      cloud()
        .panel()
        .some(({ name }) => name.includes("temporary")),
    );
    await now.pass(90_000);
    expect(
      cloud()
        .panel()
        .some(({ name }) => name.includes("temporary")),
    ).toBe(true);
    await now.meanwhile(now.ana.command(channel, "/reinstall"));
    await now.until("the form is drawn", () => now.ana.modalText().includes("Type a part of its name"));
    const offered = await now.meanwhile(now.ana.suggest("Server", "shop-01"));
    expect(offered.map((option) => JSON.stringify(option)).filter((text) => text.includes("temporary"))).toEqual([]);
    expect(offered).toHaveLength(1);
  });

  test.each([{}, { command: "/change-os", image: of.otherImage }])(
    "unsuccessful, it is tried again; after the second time customer service is the way: %o",
    async (wish) => {
      now = await story({ cases: [of] });
      await ask(now, of, wish);
      cloud().arm("fails", true);
      await approve(now);
      await ends(now, "failed");
      expect(root(now).text).toContain("Press Retry");
      cloud().arm("fails", true);
      await now.meanwhile(now.erin.press(root(now), "Retry"));
      await now.until("it failed again", () => root(now).text.includes("This was the second failure"));
      expect(root(now).text).toContain(`Open a ticket (${of.called} customer service, <https:`);
      expect(wipes(now, of)).toBe(0);
    },
  );
});

describe("ECS, the run where a server must be stopped first", () => {
  test("a running server is stopped first on Open Telekom Cloud", async () => {
    now = await story({ cases: [otcCase] });
    await ask(now, otcCase);
    await approve(now);
    await ends(now, "done");
    expect(root(now).text).toMatch(/✅ Stopped .*\n✅ Reinstalled/);
  });
});

describe("ECS, the run where a password is taken", () => {
  test("the password is reset to the one that was typed, and the last message says whose it is", async () => {
    now = await story({ cases: [huaweiCase] });
    await ask(now, huaweiCase, { login: { typed: "Correct-Horse-7" } });
    await approve(now);
    await ends(now, "done");
    const { id } = now.request().order.server;
    expect(now.cloud(huaweiCase.account.name).passwords()).toEqual({ [id]: "Correct-Horse-7" });
    const back = threadTexts(now).find((text) => text.includes("is back")) ?? "";
    expect(back).toContain("The password of root is reset to the new one.");
    expect(back).not.toContain("Correct-Horse-7");
  });
});
