import { describe, expect, test } from "vitest";
import type { Login, Notice } from "../src/clouds/cloud.ts";
import { licencesOf } from "../src/clouds/huawei-login.ts";
import { orderRows, preflight } from "../src/clouds/huawei-preflight.ts";
import { brokenRules } from "../src/clouds/password.ts";
import { HuaweiWorld, keyPair } from "./setup/huawei-world.ts";

const typed: Login = { kind: "typed", user: "root" };
const inTheWay = (notices: readonly Notice[]) =>
  notices.filter((each) => each.kind === "refused" || each.kind === "wait").map((each) => `${each.kind} ${each.code}`);

/** One server of the simulation for each row; `says` is what a person reads. */
const serverCases = [
  { server: "diskless-01", code: "refused no-system-disk", says: "No system disk is attached" },
  { server: "hpc-01", code: "refused h2", says: "H2 servers (h2.3xlarge.10)" },
  { server: "locked-01", code: "refused locked", says: "The server is locked" },
  { server: "spot-01", code: "refused spot", says: "This is a spot instance" },
  { server: "frozen-01", code: "refused frozen", says: "The server is frozen" },
  { server: "busy-01", code: "wait busy", says: "REBUILD (rebuilding)" },
  { server: "new-01", code: "wait busy", says: "BUILD (spawning)" },
  { server: "resized-01", code: "wait resize", says: "A resize waits to be confirmed" },
  { server: "odd-01", code: "wait unknown", says: "the state as UNKNOWN" },
] as const;

describe.each(["huawei", "otc"] as const)("pre-flight on %s", (site) => {
  test.each(serverCases)("$server: $code, '$says'", async ({ server, code, says }) => {
    const world = new HuaweiWorld(site);
    const notices = await world.cloud.refusals(await world.read(server));
    expect(inTheWay(notices)).toEqual([code]);
    expect(notices.find((each) => code.endsWith(each.code))?.says).toContain(says);
  });

  test.each(["web-01", "db-01", "win-01", "own-image-01", "failed-01", "failed-02"])(
    "nothing is in the way of %s",
    async (name) => {
      const world = new HuaweiWorld(site);
      const server = await world.read(name);
      expect(inTheWay(await world.cloud.refusals(server))).toEqual([]);
      expect(inTheWay(await world.cloud.notices(await world.order(server), server))).toEqual([]);
    },
  );

  test.each(["failed-01", "failed-02"])(
    "%s, whose last reinstall failed, may be tried again, and that is said",
    async (name) => {
      const world = new HuaweiWorld(site);
      const server = await world.read(name);
      expect(server.power).toBe("broken");
      expect(world.cloud.traits.wipeFrom).toContain("broken");
      expect((await world.cloud.refusals(server)).map((each) => each.code)).toContain("failed-before");
    },
  );

  test("a server that is gone is refused, and nothing else is asked", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("db-01");
    world.state = world.sim.console(world.state, server.ref.id, "delete", world.now);
    const gone = await world.cloud.server(server.ref);
    expect(gone.power).toBe("gone");
    expect(inTheWay(await world.cloud.notices(await world.order(server), gone))).toEqual(["refused gone"]);
  });

  test("without EVS quota nothing is begun", async () => {
    const world = new HuaweiWorld(site);
    world.arm("quota-zero");
    const notices = await world.cloud.refusals(await world.read("web-01"));
    expect(inTheWay(notices)).toEqual(["refused evs-quota"]);
  });

  const imageCases = [
    {
      server: "orphan-01",
      image: undefined,
      code: "refused image-gone",
      says: "no longer exists, so it cannot be reinstalled",
    },
    { server: "half-01", image: undefined, code: "refused image-unusable", says: "not active (killed)" },
    { server: "db-01", image: "golden-next", code: "refused image-unusable", says: "not active (saving)" },
    { server: "db-01", image: "Big Data", code: "refused image-mismatch", says: "needs 16384 MB" },
    { server: "tiny-01", image: "Debian", code: "refused image-mismatch", says: "needs 1024 MB" },
    { server: "arm-01", image: "Debian", code: "refused image-mismatch", says: "choose an Arm image" },
    {
      server: "db-01",
      image: "Ubuntu 22.04 server 64bit with ARM",
      code: "refused image-mismatch",
      says: "choose an x86 image",
    },
  ] as const;
  test.each(imageCases)("$server with $image: $code, '$says'", async ({ server: name, image, code, says }) => {
    const world = new HuaweiWorld(site);
    const server = await world.read(name);
    const notices = await world.cloud.notices(await world.order(server, image ? { image } : {}), server);
    expect(inTheWay(notices)).toEqual([code]);
    expect(notices.find((each) => code.endsWith(each.code))?.says).toContain(says);
  });

  test("with an image that is gone come the hints how one gets here", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("orphan-01");
    const notices = await world.cloud.notices(await world.order(server), server);
    expect(notices.find((each) => each.code === "image-hint")?.says).toBe(
      "An image from another region must be copied here first; one from another account must be shared with this one first; a local image file must be registered as a private image first.",
    );
  });

  test("a server whose image is gone may still change to another", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("orphan-01");
    expect(inTheWay(await world.cloud.refusals(server))).toEqual([]);
    expect(inTheWay(await world.cloud.notices(await world.order(server, { image: "Debian" }), server))).toEqual([]);
  });
});

describe("logins", () => {
  test("Open Telekom Cloud takes a key pair only, and says so at the other logins", async () => {
    const world = new HuaweiWorld("otc");
    const server = await world.read("db-01");
    const choices = world.cloud.choices(server, null);
    const refused = choices.logins.filter((each) => each.refused).map((each) => each.kind);
    expect(refused).toEqual(["generated", "keep-image", "typed"]);
    expect(choices.logins.find((each) => each.kind === "typed")?.refused).toContain("takes a key pair only");
    expect(choices.password).toBeUndefined();
    const notices = await world.cloud.notices(await world.order(server, { login: typed }), server);
    expect(inTheWay(notices)).toEqual(["refused key-pair-only"]);
  });

  test("Huawei Cloud takes a key pair or a password, by its rules", async () => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("db-01");
    const choices = world.cloud.choices(server, null);
    expect(choices.logins.filter((each) => !each.refused).map((each) => each.kind)).toEqual([
      "key-pair",
      "generated",
      "typed",
    ]);
    expect(inTheWay(await world.cloud.notices(await world.order(server, { login: typed }), server))).toEqual([]);
  });

  const passwords = [
    ["root", "Correct-Horse-7", true],
    ["root", "short-7", false],
    ["root", "a-27-characters-long-Pass-9", false],
    ["root", "onlylowercase", false],
    ["root", "my-Root-pass-7", false],
    ["root", "my-tooR-pass-7", false],
    ["root", "With Space-77", false],
    ["Administrator", "Correct-Horse-7", true],
    ["Administrator", "Xx-adm-99-Yy", false],
    ["Administrator", "Xx-ad-99-Yy", true],
  ] as const;
  test.each(passwords)("for %s the password %s fits: %s", async (user, password, fits) => {
    const world = new HuaweiWorld("huawei");
    const choices = world.cloud.choices(await world.read(user === "root" ? "db-01" : "win-01"), null);
    if (!choices.password) throw new Error("no password rules");
    expect(choices.user).toBe(user);
    expect(brokenRules(choices.password, password).length === 0).toBe(fits);
  });

  test("where there is no key pair it is said what to do", async () => {
    const world = new HuaweiWorld("otc");
    const region = world.sim.site.regions[1]?.name ?? "";
    const other = (await world.cloud.servers()).found.find((each) => each.ref.region === region);
    if (!other) throw new Error("no server in the second region");
    expect(await world.cloud.keyPairs(other)).toEqual([]);
    expect(world.cloud.choices(other, null).noKeyPair).toContain("create or import one");
    expect(inTheWay(await world.cloud.notices(await world.order(other), other))).toEqual(["refused no-key-pair"]);
  });

  test("a key pair that is not there (any more) is refused", async () => {
    const world = new HuaweiWorld("otc");
    const server = await world.read("db-01");
    const login = { ...keyPair, id: "someone-elses", name: "someone-elses" };
    expect(inTheWay(await world.cloud.notices(await world.order(server, { login }), server))).toEqual([
      "refused key-pair-gone",
    ]);
  });

  test("a key pair at a reinstall needs the configured user; at a change the cloud knows the caller", async () => {
    const world = new HuaweiWorld("otc", { userId: undefined });
    const server = await world.read("db-01");
    const image = await world.imageNamed(server, "Debian");
    expect(world.cloud.choices(server, null).logins[0]?.refused).toContain("userId");
    expect(world.cloud.choices(server, image).logins[0]?.refused).toBeUndefined();
    expect(inTheWay(await world.cloud.notices(await world.order(server), server))).toEqual(["refused no-user-id"]);
    expect(inTheWay(await world.cloud.notices(await world.order(server, { image: "Debian" }), server))).toEqual([]);
  });
});

describe("licences are offered for the four billed families only", () => {
  test.each([
    ["sles-01", "system,byol"],
    ["rhel-01", "system,byol"],
    ["ora-01", "system,byol"],
    ["win-deh-01", "system,byol"],
    ["win-01", "system"],
    ["web-01", ""],
  ] as const)("%s: %s", async (name, licences) => {
    const world = new HuaweiWorld("huawei");
    expect(world.cloud.choices(await world.read(name), null).licences.join()).toBe(licences);
  });

  test.each([
    ["SUSE Linux Enterprise Server 15 SP5", true],
    ["SUSE Enterprise 12 SP3 64bit", true],
    ["SLES for SAP 15", true],
    ["OpenSUSE 15.5 64bit", false],
    ["Oracle Linux Server release 8.6 64bit", true],
    ["Redhat Linux Enterprise 7.3 64bit", true],
    ["Red Hat Enterprise Linux 9.4 64bit", true],
    ["CentOS 7.9 64bit", false],
    ["Debian 12.5 64bit", false],
    ["EulerOS 2.9 64bit", false],
  ])("%s: %s", async (name, isBilled) => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("db-01");
    expect(licencesOf({ family: "linux", name }, server).length > 0).toBe(isBilled);
  });

  test("an own licence for anything else is refused", async () => {
    const world = new HuaweiWorld("huawei");
    for (const name of ["web-01", "win-01"]) {
      const server = await world.read(name);
      const notices = await world.cloud.notices(await world.order(server, { licence: "byol" }), server);
      expect(inTheWay(notices)).toEqual(["refused byol"]);
    }
  });
});

describe("the card", () => {
  const written = (notices: readonly Notice[]) => notices.map((each) => `${each.kind} · ${each.says}`).join("\n");

  test("of a reinstall of a running server with data disks on Huawei Cloud", async () => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("web-01");
    expect(written(await world.cloud.notices(await world.order(server), server))).toMatchInlineSnapshot(`
      "destroyed · System disk 0c38e95b-6d93-eaff-e2c5-2cba05197d43 (40 GB) is deleted with everything on it; all its partitions are lost for good.
      stays · The same image again: Ubuntu 22.04 server 64bit.
      changes · A new system disk is made from the image, so the system disk gets another id. Its type stays as it is.
      changes · The size of the system disk may change if the image prescribes one.
      survives · 2 data disks are kept: 8bcf91a8-7ee6-bb84-683e-f28b4a0fe302, 5799da65-54ce-bbba-6a29-17729b4dada0. They must be mounted again.
      stays · IP addresses (203.0.113.17, 192.168.1.10) and MAC address stay.
      changes · DNS settings and host name are reset and must be set again.
      changes · The environment of the services must be deployed again.
      changes · The server is stopped for it, and started automatically afterwards.
      changes · The password is reset. Log in as root with the key pair oncall-2026 and set a new password.
      warning · While it runs the console shows a temporary ECS, which goes away by itself. Do not touch it.
      warning · It takes 10 to 20 minutes. Leave the server alone meanwhile and for some minutes after."
    `);
  });

  test("of a change from Linux to Windows of a stopped server on Open Telekom Cloud", async () => {
    const world = new HuaweiWorld("otc");
    const server = await world.read("db-01");
    const order = await world.order(server, { image: "Windows Server 2022" });
    expect(written(await world.cloud.notices(order, server))).toMatchInlineSnapshot(`
      "destroyed · System disk c7a7fbd1-c180-b653-fdaa-25c26c16dcb7 (40 GB) is deleted with everything on it; all its partitions are lost for good.
      changes · Image Ubuntu 22.04 server 64bit → Windows Server 2022 Datacenter 64bit.
      changes · A new system disk is made from the image, so the system disk gets another id. Its type stays as it is.
      changes · The image asks for at least 60 GB, so the system disk grows from 40 GB; the price of the disk with it.
      stays · IP addresses (192.168.1.11) and MAC address stay.
      changes · DNS settings and host name are reset and must be set again.
      changes · The environment of the services must be deployed again.
      changes · The server is started automatically afterwards, though it is stopped now.
      changes · The password is reset. Get the new one of Administrator in the console ("Get Password") with the private key of oncall-2026, 5 to 10 minutes after the start.
      warning · While it runs the console shows a temporary ECS, which goes away by itself. Do not touch it.
      warning · It takes 10 to 20 minutes. Leave the server alone meanwhile and for some minutes after.
      warning · From Linux to Windows is advised against by the cloud. To read ext3 or ext4 data disks, install a tool such as Ext2Read or Ext2Fsd.
      warning · LVM partitions made under Linux may be unusable under Windows."
    `);
  });

  test("from Windows to Linux it names the tool for NTFS", async () => {
    const world = new HuaweiWorld("otc");
    const server = await world.read("win-01");
    const notices = await world.cloud.notices(await world.order(server, { image: "Debian" }), server);
    expect(notices.find((each) => each.code === "windows-to-linux")?.says).toContain("NTFS-3G");
    expect(notices.some((each) => each.code === "lvm")).toBe(false);
  });

  test("a prepaid server says who pays for a dearer image, and a chosen licence is named", async () => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("prepaid-01");
    const order = await world.order(server, { image: "Red Hat", licence: "byol" });
    const notices = await world.cloud.notices(order, server);
    expect(notices.find((each) => each.kind === "price")?.says).toContain("the difference is paid automatically");
    expect(notices.find((each) => each.code === "licence")?.says).toBe("Licence: your own (BYOL).");
  });
});

test("every row of pre-flight has a server here that breaks it", () => {
  const tried = new Set([
    ...serverCases.map((each) => each.code.split(" ")[1]),
    ...["gone", "evs-quota", "failed-before", "image-gone", "image-hint", "image-mismatch", "image-unusable"],
    ...["key-pair-only", "no-key-pair", "key-pair-gone", "no-user-id", "byol"],
  ]);
  const rows = [...preflight, ...orderRows].map((row) => row.code);
  // The one needs a key without the right to read quotas, the other an order that no form of this cloud makes.
  expect(rows.filter((code) => !tried.has(code))).toEqual(["evs-quota-unknown", "login-not-here"]);
});
