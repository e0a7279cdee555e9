import { describe, expect, test } from "vitest";
import type { Login } from "../src/clouds/cloud.ts";
import { licencesOf } from "../src/clouds/huawei-login.ts";
import { brokenRules } from "../src/clouds/password.ts";
import { HuaweiWorld, inTheWay, keyPair } from "./setup/huawei-world.ts";

const typed: Login = { kind: "typed", user: "root" };

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

describe("licences are offered for the four billed families only, the present one first", () => {
  test.each([
    ["sles-01", "system,byol"],
    ["rhel-01", "system,byol"],
    ["ora-01", "system,byol"],
    ["win-deh-01", "system,byol"],
    ["win-01", "system"],
    ["shop-01", ""],
    ["rhel-own-01", "byol,system"],
    ["vault-own-01", "byol,system"],
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
    ["Public_Cloudinit_Oracle_Linux_7.4_64bit_40G", true],
    ["OracleLinux8.6", true],
    ["Enterprise_SLES15_SP5_latest", true],
    ["Enterprise_RedHat_9_latest", true],
    ["RHEL8.4", true],
    ["Standard_openSUSE_15_latest", false],
    ["Standard_CentOS_7_latest", false],
  ])("%s: %s", async (name, isBilled) => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("db-01");
    expect(licencesOf({ family: "linux", name }, server, false).length > 0).toBe(isBilled);
  });

  test("an own licence stays the first choice when another billed OS is chosen, and is not offered for one without", async () => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("rhel-own-01");
    const licences = async (image: string) =>
      world.cloud.choices(server, await world.imageNamed(server, image)).licences;
    expect(await licences("Oracle Linux")).toEqual(["byol", "system"]);
    expect(await licences("Windows Server 2019")).toEqual(["system"]);
    expect(await licences("Debian")).toEqual([]);
  });

  test("an own licence that the server has may be kept with its image", async () => {
    const world = new HuaweiWorld("huawei");
    for (const name of ["rhel-own-01", "vault-own-01"]) {
      const server = await world.read(name);
      const notices = await world.cloud.notices(await world.order(server, { licence: "byol" }), server);
      expect(inTheWay(notices)).toEqual([]);
    }
  });

  test("an own licence for anything else is refused", async () => {
    const world = new HuaweiWorld("huawei");
    for (const name of ["shop-01", "win-01"]) {
      const server = await world.read(name);
      const notices = await world.cloud.notices(await world.order(server, { licence: "byol" }), server);
      expect(inTheWay(notices)).toEqual(["refused byol"]);
    }
  });
});
