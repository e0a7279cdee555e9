import { afterEach, describe, expect, test } from "vitest";
import type { Probe, Probed } from "../../src/seams.ts";
import { type CloudCase, cases, huaweiCase, jdcloudCase, tencentCase } from "../setup/cases.ts";
import { approve, ask, ends, root, statusIs, threadTexts, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const hostKey = "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGLSIsL0S1ldYd5aSpE";
const minute = 60_000;

/** A port that says these one after the other, and the last for good; and when it was tried. */
function door(...says: readonly Probed[]): { probe: Probe; tried: { address: string; port: number; at: number }[] } {
  const tried: { address: string; port: number; at: number }[] = [];
  const probe: Probe = async (address, port) => {
    tried.push({ address, port, at: now.clock.now() });
    return says[Math.min(tried.length, says.length) - 1] ?? { open: false, why: "no-answer" };
  };
  return { probe, tried };
}

const shut: Probed = { open: false, why: "no-answer" };
const open: Probed = { open: true, hostKey, hostKeyKind: "ED25519" };

async function reinstalled(of: CloudCase): Promise<void> {
  await ask(now, of);
  await approve(now);
  await ends(now, "done");
}

function lastWords(): string {
  return threadTexts(now).findLast((text) => text.includes("is back")) ?? "";
}

/** How long the port was tried, by the record. */
function triedFor(): number {
  const request = now.request();
  if (request.status !== "done") throw new Error(`it is ${request.status}`);
  const { door, endedAt } = request.attempts.at(-1)?.steps.find(({ id }) => id === "verify") ?? {};
  return (endedAt ?? 0) - (door?.since ?? 0);
}

/** Asks, has it approved, and waits until the board says that the cloud has it: that board. */
async function underWay(of: CloudCase): Promise<string> {
  await ask(now, of);
  await approve(now);
  await now.until("the cloud has it", () => root(now).text.includes(`accepted by ${of.called}`));
  return root(now).text;
}

describe.each(cases)("$title: is it ready for work", (of) => {
  test("no port is tried unless the account asks for it", async () => {
    const { probe, tried } = door(open);
    now = await story({ cases: [of], probe });
    await reinstalled(of);
    expect(tried).toEqual([]);
    expect(lastWords()).not.toContain("port 22");
    expect(root(now).text).toContain("✅ Verified");
  });

  test.each(["public", "private"] as const)(
    "the port on the %s address answers, and the host key to expect is said",
    async (from) => {
      const { probe, tried } = door(open);
      now = await story({ cases: [of], account: { probe: from }, probe });
      await reinstalled(of);
      const request = now.request();
      const addresses = request.status === "done" ? request.found.ips[from] : [];
      expect(tried.map(({ address, port }) => ({ address, port }))).toEqual([{ address: addresses[0], port: 22 }]);
      expect(root(now).text).toMatch(/✅ Verified .*port 22 answers/);
      expect(lastWords()).toContain(", port 22 answers. It took");
      expect(lastWords()).toContain(`then expect \`${hostKey}\` (ED25519).`);
    },
  );

  test("a port that answers only later is tried again until then, and the board says what is waited for", async () => {
    const { probe, tried } = door(shut, shut, { open: false, why: "refused" }, open);
    now = await story({ cases: [of], account: { probe: "public" }, probe });
    await ask(now, of);
    await approve(now);
    await now.until("the board says so", () => root(now).text.includes("port 22 does not answer yet"));
    expect(now.request().status).toBe("running");
    await ends(now, "done");
    expect(tried).toHaveLength(4);
    expect(root(now).text).toMatch(/✅ Verified .*port 22 answers/);
  });

  test("a port that never answers fails nothing: after five minutes it is done, and said to be the cloud's word", async () => {
    const { probe, tried } = door(shut);
    now = await story({ cases: [of], account: { probe: "public" }, probe, pollMs: 5000 });
    await reinstalled(of);
    expect(tried.length).toBeGreaterThan(20);
    expect(triedFor()).toBeGreaterThanOrEqual(5 * minute);
    expect(triedFor()).toBeLessThan(6 * minute);
    expect(root(now).text).not.toContain("Verified");
    expect(root(now).text).toContain(`✅ ${of.called} reports it ready`);
    expect(lastWords()).toContain("port 22 does not answer from here (5 min): the firewall may keep the bot out.");
    expect(lastWords()).toContain("then accept the new one.");
    expect(wipes(now, of)).toBe(1);
  });

  test("a bot that is killed while it tries goes on trying, for as long as was left", async () => {
    const { probe, tried } = door(shut);
    now = await story({ cases: [of], account: { probe: "public" }, probe });
    await ask(now, of);
    await approve(now);
    await now.until("it is trying", () => tried.length > 1);
    await now.kill();
    now.clock.pass(minute);
    await now.boot();
    await ends(now, "done");
    expect(triedFor()).toBeGreaterThanOrEqual(5 * minute);
    expect(triedFor()).toBeLessThan(6 * minute);
    expect(wipes(now, of)).toBe(1);
    expect(lastWords()).toContain("(5 min)");
  });

  test("the last message says how to mount the data disks, and the rest is behind Details", async () => {
    now = await story({ cases: [of] });
    await reinstalled(of);
    expect(lastWords()).toContain("*Mount again*");
    expect(lastWords()).toContain("`lsblk -f`");
    expect(lastWords()).toContain("nofail");
    const last = now.erin.thread(root(now)).findLast(({ text }) => text.includes("is back"));
    if (last === undefined) throw new Error("there is no last message");
    await now.meanwhile(now.erin.press(last, "Details"));
    await now.until("the details are open", () => now.erin.modalText().includes("Mount the data disks again"));
    expect(now.erin.modalText()).toContain("sudo vgchange -ay");
  });

  test("from the second run on the board says how long earlier ones took, and calmly so when one outlasts them", async () => {
    now = await story({ cases: [of] });
    expect(await underWay(of)).not.toMatch(/runs? here took/);
    await ends(now, "done");
    expect(await underWay(of)).toMatch(/The last run here took \d+ (s|min)\./);
    await ends(now, "done");
    expect(await underWay(of)).toMatch(/Last 2 runs here took \d+ (s|min) \(most: \d+ (s|min)\)\./);
    await ends(now, "done");
    now.cloud(of.account.name).arm(of.faults.hangs, true);
    expect(await underWay(of)).toContain("Last 3 runs here took");
    await now.until("it is said", () => root(now).text.includes("longer than earlier runs here did (most: "));
    expect(statusIs(now, "running")()).toBe(true);
    expect(root(now).text).toContain("That alone is no failure; I keep looking.");
    expect(root(now).text).toMatch(/ \(<https:\/\/[^<>]+>\)\.$/m);
  });
});

const windows = [
  { of: tencentCase, server: "win-01" },
  { of: huaweiCase, server: "win-01" },
  { of: jdcloudCase, server: "jd-win-01" },
];

describe.each(windows)("$of.title: a Windows server", ({ of, server }) => {
  test("is tried on the port of Remote Desktop, and its disks are brought online", async () => {
    const { probe, tried } = door({ open: true });
    now = await story({ cases: [of], account: { probe: "private" }, probe });
    await ask(now, of, { server, login: "generated" });
    await approve(now);
    await ends(now, "done");
    expect(tried.map(({ port }) => port)).toEqual([3389]);
    expect(lastWords()).toContain(", port 3389 answers. It took");
    expect(lastWords()).not.toContain("ssh");
    const request = now.request();
    const disks = request.status === "done" && request.found.dataDisks.length > 0;
    expect(lastWords().includes("Set-Disk -IsOffline $false")).toBe(disks);
  });
});

test("a server that shows no such address is done without a try, and that is said", async () => {
  const { probe, tried } = door(open);
  now = await story({ cases: [huaweiCase], account: { probe: "public" }, probe });
  await ask(now, huaweiCase, { server: "win-01", login: "generated" });
  await approve(now);
  await ends(now, "done");
  expect(tried).toEqual([]);
  expect(lastWords()).toContain("port 3389 was not tried: the server shows no public address.");
  expect(root(now).text).toContain("✅ Huawei Cloud reports it ready");
});
