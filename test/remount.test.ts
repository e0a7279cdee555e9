import { describe, expect, test } from "vitest";
import { traitsOfNobody } from "../src/clouds/clouds.ts";
import type { Door } from "../src/request.ts";
import { limits } from "../src/views/blocks.ts";
import { doneLines } from "../src/views/done.ts";
import { remountOf, remountSections } from "../src/views/remount.ts";
import { finished, minute, sent } from "./setup/finished.ts";

const windows = { family: "windows", name: "Windows Server 2022" } as const;
const linux = { family: "linux", name: "Ubuntu 22.04" } as const;
const unknown = { family: "unknown", name: "" } as const;

function texts(blocks: ReturnType<typeof remountSections>): readonly string[] {
  return blocks.map((block) => (block["text"] as { text: string }).text);
}

describe("data disks after a reinstall", () => {
  const pairs = [
    {
      from: "linux",
      os: linux,
      says: ["lsblk -f", "/etc/fstab", "nofail"],
      behind: ["vgchange -ay", "mdadm --assemble"],
    },
    {
      from: "windows",
      os: windows,
      says: ["diskmgmt.msc", "Set-Disk -IsOffline $false"],
      behind: ["BitLocker", "Import Foreign Disks"],
    },
    { from: "windows", os: linux, says: ["ntfs-3g", "sudo mount -t ntfs-3g"], behind: ["-o ro", "ReFS"] },
    {
      from: "linux",
      os: windows,
      says: ["Ext2Fsd", "⚠️ LVM"],
      behind: ["IsReadOnly $true", "attach it to a Linux server"],
    },
    { from: "unknown", os: linux, says: ["not known", "lsblk -f"], behind: ["was Linux", "ntfs-3g"] },
    { from: "unknown", os: windows, says: ["not known", "diskmgmt.msc"], behind: ["Ext2Fsd", "IsOffline"] },
  ] as const;

  test.each(pairs)("have a recipe from $from to $os.family", ({ from, os, says, behind }) => {
    const request = finished(1, { from, os, disks: 2 });
    const short = remountOf(request)?.short.join("\n") ?? "";
    const rest = texts(remountSections(request)).join("\n");
    for (const words of says) expect(short).toContain(words);
    for (const words of behind) expect(rest).toContain(words);
  });

  test.each(pairs)("are never formatted by following it, from $from to $os.family", ({ from, os }) => {
    const request = finished(1, { from, os, disks: 1 });
    const all = texts(remountSections(request)).join("\n");
    expect(all).toMatch(/that erases/);
    expect(all).not.toMatch(/mkfs|Initialize-Disk|Format-Volume|Clear-Disk|fdisk|parted|ntfsfix|pvcreate/);
  });

  test.each(pairs)(
    "have one that Slack takes and that is short in the message, from $from to $os.family",
    ({ from, os }) => {
      const request = finished(1, { from, os, disks: 2 });
      for (const text of texts(remountSections(request))) expect(text.length).toBeLessThan(limits.sectionText);
      expect(doneLines(request, traitsOfNobody("somewhere")).join("\n").length).toBeLessThan(1500);
      expect(texts(remountSections(request)).join("\n")).not.toMatch(/<(?!@)[A-Z]/);
    },
  );

  test("of a system whose kind nobody knows before or after have the plain rule", () => {
    const request = finished(1, { from: "unknown", os: unknown, disks: 1 });
    expect(remountOf(request)?.short.join("\n")).toContain("that erases");
    expect(remountSections(request)).toHaveLength(1);
  });

  test("of a server that gets the same image again are read as before, also when the old system was not readable", () => {
    const request = finished(1, { from: "unknown", os: linux, same: true, disks: 1 });
    expect(remountOf(request)?.short.join("\n")).toContain("/etc/fstab");
  });

  test("are not spoken of where there are none", () => {
    const request = finished(1);
    expect(remountOf(request)).toBe(null);
    expect(remountSections(request)).toEqual([]);
    expect(doneLines(request, traitsOfNobody("somewhere")).join("\n")).not.toContain("Mount again");
  });
});

describe("the last message", () => {
  const traits = { ...traitsOfNobody("Some Cloud") };
  const lines = (os: typeof linux | typeof windows, door?: Partial<Door>) => {
    const since = sent + 6 * minute;
    const whole = {
      port: 22,
      speaks: "ssh",
      from: "public",
      address: "203.0.113.7",
      since,
      is: "trying",
      ...door,
    } as Door;
    const verify = door === undefined ? {} : { door: whole, startedAt: since, endedAt: since + 5 * minute };
    return doneLines(finished(1, { os, disks: 1, verify }), traits).join("\n");
  };

  test("without a probe says how to log in and mount, and nothing of ports", () => {
    expect(lines(linux)).toMatchInlineSnapshot(`
      "✅ *\`web-01\` is back:* Ubuntu 22.04, RUNNING. It took 7 min.
      Some Cloud reports that our order succeeded.
      *Log in* by SSH to \`203.0.113.7\` as a user of the image, with that user's password or key.
      *The host key has changed:* \`ssh-keygen -R 203.0.113.7\`, then accept the new one.
      *Password forgotten?* Reset it in the provider's console.
      *Mount again* 1 data disk: \`disk-data1\` (100 GB). Their data was not touched.
      \`lsblk -f\` shows their names and UUIDs. Then \`sudo mkdir -p /mnt/data &amp;&amp; sudo mount UUID=&lt;UUID&gt; /mnt/data\`
      and, so that it stays, a line in \`/etc/fstab\`: \`UUID=&lt;UUID&gt; /mnt/data &lt;TYPE&gt; defaults,nofail 0 2\`. Never format or partition them: that erases.
      The rest of the recipe is behind Details."
    `);
  });

  test("says nothing of how long it took where the clock was set back meanwhile", () => {
    const said = doneLines(finished(1, { tookMs: -5 * minute }), traits)[0];
    expect(said).toBe("✅ *`web-01` is back:* Ubuntu 22.04, RUNNING.");
  });

  test("with a port that answered says so, and which host key to expect", () => {
    const said = lines(linux, { is: "open", hostKey: "SHA256:AbC", hostKeyKind: "ED25519" });
    expect(said.split("\n")[0]).toBe("✅ *`web-01` is back:* Ubuntu 22.04, RUNNING, port 22 answers. It took 12 min.");
    expect(said).toContain("`ssh-keygen -R 203.0.113.7`, then expect `SHA256:AbC` (ED25519).");
  });

  test("with a port that answered and showed no key asks nobody to expect one", () => {
    expect(lines(linux, { is: "open" })).toContain("then accept the new one.");
  });

  test.each<{ why: Door["why"]; says: string }>([
    { why: "no-answer", says: "port 22 does not answer from here (5 min): the firewall may keep the bot out" },
    { why: "refused", says: "port 22 refuses connections (5 min): SSH may not run, or a firewall keeps the bot out" },
    { why: "silent", says: "port 22 takes connections, but SSH says nothing (5 min): it may still be starting" },
    { why: "no-route", says: "port 22 cannot be reached from here (5 min): the bot has no route to `203.0.113.7`" },
  ])("says of a port that did not answer ($why) only what is known", ({ why, says }) => {
    const said = lines(linux, { is: "shut", why });
    expect(said).toContain(`*Not checked to the end:* ${says}.`);
    expect(said).not.toContain("answers.");
    expect(said, "waiting for the port is not what the reinstall took").toContain("It took 7 min.");
  });

  test("says that a port was not tried where there was no such address", () => {
    const said = lines(linux, { is: "untried", from: "private" });
    expect(said).toContain("*Not checked to the end:* port 22 was not tried: the server shows no private address.");
  });

  test("speaks of Remote Desktop for Windows", () => {
    const said = lines(windows, { port: 3389, speaks: "rdp", is: "shut", why: "refused" });
    expect(said).toContain("port 3389 refuses connections (5 min): Remote Desktop may not run");
    expect(said).not.toContain("ssh");
  });
});
