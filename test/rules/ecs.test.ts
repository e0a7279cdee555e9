import { describe, expect, test } from "vitest";
import { type CloudCase, huaweiCase, otcCase } from "../setup/cases.ts";
import { choose, type Wish } from "../setup/deeds.ts";
import { type Card, desk, judge, named } from "./desk.ts";

/** Both regions of each site: the second has no key pair. */
function everywhere(of: CloudCase): CloudCase {
  return { ...of, account: { ...of.account, regions: Object.keys(of.account.projects ?? {}) } };
}

const huawei = everywhere(huaweiCase);
const otc = everywhere(otcCase);
const both = [huawei, otc] as const;

interface FormRule {
  rule: string;
  server?: string;
  image?: string;
  command?: string;
  fault?: string;
  /** Where it holds; on both sites without. */
  of?: readonly CloudCase[];
  says?: readonly string[];
  /** What makes it impossible. */
  refused?: readonly string[];
  /** Nothing does. */
  taken?: true;
  not?: readonly string[];
}

const licence = ["Licence", "Use the licence from the system", "Bring your own licence (BYOL)"];
const byol = "Bring your own licence (BYOL)";

const formRules: readonly FormRule[] = [
  {
    rule: "the EVS disk quota must be greater than 0",
    fault: "quota-zero",
    refused: ["The EVS disk quota is used up, and a reinstall makes a new system disk before the old one goes."],
    not: ["What is lost"],
  },
  {
    rule: "the EVS disk quota must be greater than 0 to change the OS",
    command: "/change-os",
    fault: "quota-zero",
    refused: ["The EVS disk quota is used up"],
  },
  {
    rule: "the private image a server was made from must still be there",
    server: "orphan-01",
    refused: [
      "The image this server was made from no longer exists, so it cannot be reinstalled with it. Choose another image.",
    ],
  },
  {
    rule: "the private image a server was made from must be active",
    server: "half-01",
    refused: ["The image is not active (killed): wait until it is, or choose another."],
  },
  {
    rule: "a server whose private image is gone may still be given another image",
    server: "orphan-01",
    image: "Debian 12.5 64bit",
    says: ["What is lost"],
    taken: true,
  },
  {
    rule: "H2 servers are not reinstalled",
    server: "hpc-01",
    refused: ["H2 servers (h2.3xlarge.10) can have their OS neither reinstalled nor changed."],
    not: ["What is lost"],
  },
  {
    rule: "the OS of H2 servers is not changed",
    server: "hpc-01",
    command: "/change-os",
    refused: ["can have their OS neither reinstalled nor changed."],
  },
  {
    rule: "a system disk must be attached",
    server: "diskless-01",
    refused: ["No system disk is attached. Attach one in the console and ask again."],
    not: ["What is lost"],
  },
  {
    rule: "a system disk must be attached to change the OS",
    server: "diskless-01",
    command: "/change-os",
    refused: ["No system disk is attached."],
  },
  {
    rule: "a stopped server is taken",
    server: "db-01",
    says: ["*State* SHUTOFF", "What is lost"],
    taken: true,
  },
  {
    rule: "a stopped server is taken for a change of the OS",
    server: "db-01",
    command: "/change-os",
    image: "Debian 12.5 64bit",
    says: ["*State* SHUTOFF", "What is lost"],
    taken: true,
  },
  {
    rule: "a server whose reinstallation failed is taken, and no image of it is offered",
    server: "failed-01",
    says: ["*State* ERROR", "What is lost", "so there is nothing to copy"],
    taken: true,
  },
  {
    rule: "a server whose change of the OS failed is taken, and no image of it is offered",
    server: "failed-02",
    command: "/change-os",
    says: ["*State* ERROR", "so there is nothing to copy"],
    taken: true,
  },
  {
    rule: "a server in any other state has to wait",
    server: "busy-01",
    says: ["Another operation is going on (REBUILD (rebuilding)). Wait until it has ended."],
  },
  { rule: "the licence may be chosen for SUSE Linux Enterprise Server", server: "sles-01", says: licence },
  { rule: "the licence may be chosen for Oracle Enterprise Linux", server: "ora-01", says: licence },
  { rule: "the licence may be chosen for Red Hat Enterprise Linux", server: "rhel-01", says: licence },
  {
    rule: "the licence may be chosen for a private image of a billed OS that is put back",
    server: "vault-01",
    says: licence,
  },
  {
    rule: "the licence may be chosen for a private image of a billed OS found among the others",
    server: "vault-01",
    command: "/change-os",
    image: "golden-db-2026",
    says: licence,
  },
  {
    rule: "an own licence for Windows Server may be brought on a dedicated host",
    server: "win-deh-01",
    says: licence,
  },
  {
    rule: "an own licence may be brought on a dedicated host when the OS is changed to Windows Server",
    server: "win-deh-01",
    command: "/change-os",
    image: "Windows Server 2022 Datacenter 64bit",
    says: licence,
  },
  {
    rule: "an own licence may not be brought elsewhere when the OS is changed to Windows Server",
    command: "/change-os",
    image: "Windows Server 2022 Datacenter 64bit",
    says: ["Use the licence from the system"],
    not: [byol],
  },
  {
    rule: "an own licence for Windows Server may not be brought elsewhere",
    server: "win-01",
    says: ["Use the licence from the system"],
    not: [byol],
  },
  { rule: "an OS that is not billed has no licence to choose", server: "shop-01", not: ["Licence", byol] },
  {
    rule: "the licence of the changed OS may be chosen when that one is billed",
    server: "shop-01",
    command: "/change-os",
    image: "Red Hat Enterprise Linux 9.4 64bit",
    says: licence,
  },
  {
    rule: "the key pair may be replaced by another",
    says: ["Log in afterwards with", "Which key pair", "oncall-2026", "deploy"],
  },
  {
    rule: "the key pair may be replaced when the OS is changed, too",
    command: "/change-os",
    image: "Debian 12.5 64bit",
    says: ["Log in afterwards with", "Which key pair", "oncall-2026", "deploy"],
  },
  {
    rule: "on Open Telekom Cloud one logs in with a key pair only, and the form says so",
    of: [otc],
    says: ["Open Telekom Cloud takes a key pair only: its reinstall has no password."],
  },
  {
    rule: "where there is no key pair the form says how to get one",
    server: "second-region",
    says: ["No key pair here: key pairs belong to one user in one region.", "create or import one"],
  },
  {
    rule: "necessary data is backed up before the OS is reinstalled",
    says: ["Make a custom image of this server first", "It is backed up already", "will be erased for good."],
  },
  {
    rule: "necessary data is backed up before the OS is changed",
    command: "/change-os",
    says: ["Make a custom image of this server first", "It is backed up already", "will be erased for good."],
  },
  {
    rule: "an image from elsewhere is copied, shared or registered first",
    command: "/change-os",
    says: [
      "An image of another region must be copied here first",
      "one of another account shared with this one",
      "a local file registered as a private image",
    ],
  },
  {
    rule: "a reinstall puts the original image back, a change takes another",
    command: "/change-os",
    says: ["Change the OS", "The same image again", "Another image…", "Which image"],
  },
];

describe("ECS, the form", () => {
  const ecs = desk(both);
  /** Any server of the region without key pairs. */
  const second = (of: CloudCase): string => {
    const [, region] = of.account.regions;
    const found = ecs.now
      .cloud(of.account.name)
      .panel()
      .find((each) => each.region === region);
    return found?.id ?? "";
  };

  test.each(named(formRules))("%s", async (_rule, { server, image, command, fault, of = both, ...rule }) => {
    for (const each of of) {
      const sight = { of: each, server: server ?? each.server };
      const id = server === "second-region" ? { id: second(each) } : {};
      const more = { ...(image ? { image } : {}), ...(command ? { command } : {}), ...(fault ? { fault } : {}) };
      judge(await ecs.form({ ...sight, ...id, ...more }, (seen) => seen), rule);
    }
  });

  test("images of every type may be chosen: public, private, shared, and on Huawei Cloud of the marketplace", async () => {
    const found = async (of: CloudCase, text: string) =>
      ecs.form({ of, server: of.server, command: "/change-os" }, (form) => form.suggest("Which image", text));
    for (const of of both) {
      for (const name of ["Debian 12.5 64bit", "golden-web-2026", "team-base-2026"]) {
        expect((await found(of, name)).join()).toContain(name);
      }
    }
    expect((await found(huawei, "LAMP")).join()).toContain("Market LAMP on Ubuntu 22.04");
    expect(await found(otc, "LAMP")).toEqual([]);
  });

  test("the licence may be chosen for an image made now of a server with a billed OS", async () => {
    for (const of of both) {
      const text = await ecs.form({ of, server: "vault-01" }, async () => {
        const { erin } = ecs.now;
        await choose(ecs.now, erin, "Backup", "Make a custom image of this server first");
        await ecs.now.until("the image is offered", () => erin.modalText().includes("The image made now"));
        await choose(ecs.now, erin, "image-choice", "The image made now from this server");
        return erin.modalText();
      });
      for (const each of licence) expect(text).toContain(each);
    }
  });

  test("a private image may be made of the server itself first, and be the one that is installed", async () => {
    for (const of of both) {
      const text = await ecs.form({ of, server: of.server, command: "/change-os" }, async () => {
        const { erin } = ecs.now;
        await choose(ecs.now, erin, "Backup", "Make a custom image of this server first");
        await ecs.now.until("the image is offered", () => erin.modalText().includes("The image made now"));
        return erin.modalText();
      });
      expect(text).toContain("The image made now from this server");
    }
  });
});

interface CardRule {
  rule: string;
  server?: string;
  wish?: Wish;
  of?: readonly CloudCase[];
  says: readonly string[];
  where?: keyof Card;
}

const change = { command: "/change-os" };
const toDebian = { ...change, image: "Debian 12.5 64bit" };
const toWindows = { ...change, image: "Windows Server 2022 Datacenter 64bit" };

const cardRules: readonly CardRule[] = [
  {
    rule: "after a reinstall the password is reset; on Linux one logs in with the key and sets a new one",
    says: ["The password is reset: log in as root with key pair oncall-2026, then set a new one."],
  },
  {
    rule: "after a reinstall of Windows the password is fetched with the key pair",
    server: "win-01",
    says: ["get the one of Administrator in the console (Get Password) with the private key of oncall-2026."],
  },
  {
    rule: "after a change the password is reset; on Linux one logs in with the key and sets a new one",
    wish: toDebian,
    says: ["The password is reset: log in as root with key pair oncall-2026, then set a new one."],
  },
  {
    rule: "after a change to Windows the password is fetched with the key pair",
    wish: toWindows,
    says: ["get the one of Administrator in the console (Get Password) with the private key of oncall-2026."],
  },
  {
    rule: "after a reinstall the password is reset to the one chosen, where the site takes passwords",
    of: [huawei],
    wish: { login: "generated" },
    says: ["The password of root is reset to the new one."],
  },
  {
    rule: "after a change the password is reset to the one chosen, where the site takes passwords",
    of: [huawei],
    wish: { ...toWindows, login: "generated" },
    says: ["The password of Administrator is reset to the new one."],
  },
  {
    rule: "all partitions of the system disk are cleared",
    says: ["(40 GB) is deleted with everything on it; all its partitions are lost for good."],
    where: "details",
  },
  {
    rule: "a change clears all partitions of the system disk",
    wish: toDebian,
    says: ["(40 GB) is deleted with everything on it; all its partitions are lost for good."],
    where: "details",
  },
  { rule: "a running server is stopped before", says: ["It is stopped for this"] },
  { rule: "a running server is stopped before its OS is changed", wish: toDebian, says: ["It is stopped for this"] },
  {
    rule: "the specifications are confirmed before it is submitted",
    says: ["(40 GB) of shop-01 and install Ubuntu 22.04 server 64bit? This cannot be undone. Data disks are kept."],
    where: "dialog",
  },
  {
    rule: "the specifications are confirmed before a change of the OS is submitted",
    wish: toDebian,
    says: ["(40 GB) of shop-01 and install Debian 12.5 64bit? This cannot be undone. Data disks are kept."],
    where: "dialog",
  },
  {
    rule: "a temporary ECS is made, which nobody may touch and which goes away by itself",
    says: [
      "A temporary ECS shows meanwhile and goes away by itself: do not touch it, nor the server until some minutes after.",
    ],
  },
  {
    rule: "a change makes a temporary ECS too, which goes away by itself",
    wish: toDebian,
    says: ["A temporary ECS shows meanwhile and goes away by itself"],
  },
  {
    rule: "a change gives the system disk another id and deletes the original one",
    wish: toDebian,
    says: ["The system disk is a new one: another id, same type, maybe another size; the old one is deleted."],
  },
  {
    rule: "a change does not keep the original OS",
    wish: toDebian,
    says: ["Ubuntu 22.04 server 64bit → Debian 12.5 64bit"],
  },
  { rule: "the type of the system disk cannot be changed", wish: toDebian, says: ["same type"] },
  {
    rule: "the size of the system disk may change with the image",
    wish: toDebian,
    says: ["maybe another size"],
  },
  {
    rule: "an image that prescribes more makes the system disk grow",
    wish: toWindows,
    says: ["The image asks for at least 60 GB, so the system disk grows from 40 GB, and its price with it."],
  },
  { rule: "IP and MAC addresses stay", wish: toDebian, says: ["IP and MAC addresses stay."] },
  { rule: "DNS settings and host name are reset", wish: toDebian, says: ["DNS settings and host name are reset."] },
  {
    rule: "the environment of the services must be deployed again",
    wish: toDebian,
    says: ["Deploy the service environment again."],
  },
  {
    rule: "the server starts automatically, also when it was stopped",
    server: "db-01",
    wish: toDebian,
    says: ["It is stopped now, and starts automatically afterwards."],
  },
  { rule: "it takes about 10 to 20 minutes", wish: toDebian, says: ["It takes 10 to 20 minutes."] },
  {
    rule: "from Windows to Linux, NTFS needs a tool such as NTFS-3G",
    server: "win-01",
    wish: toDebian,
    says: ["NTFS data disks need a tool such as NTFS-3G to be read and written."],
  },
  {
    rule: "from Linux to Windows, ext3 and ext4 need a tool such as Ext2Read or Ext2Fsd",
    wish: toWindows,
    says: ["Data disks in ext3 or ext4 need a tool such as Ext2Read or Ext2Fsd."],
  },
  {
    rule: "from Linux to Windows is advised against, because of LVM partitions",
    server: "lvm-01",
    wish: toWindows,
    says: [
      "The cloud advises against changing Linux to Windows.",
      "LVM partitions made under Linux may be unusable under Windows.",
    ],
  },
  {
    rule: "the licence chosen is on the card",
    server: "sles-01",
    says: ["Licence: used from the system (billed by the cloud)."],
    where: "details",
  },
  {
    rule: "an own licence is kept when nobody chooses another",
    server: "rhel-own-01",
    says: ["Licence: your own (BYOL)."],
  },
  {
    rule: "that an own licence is given up is on the card",
    server: "rhel-own-01",
    wish: { licence: "Use the licence from the system" },
    says: ["Licence: your own (BYOL) → used from the system (billed by the cloud)."],
  },
];

describe("ECS, the card", () => {
  const ecs = desk(both);

  test.each(named(cardRules))("%s", async (_rule, { server, wish = {}, of = both, says, where = "text" }) => {
    for (const each of of) {
      const card = await ecs.card(each, { ...wish, server: server ?? each.server });
      for (const one of says) expect(card[where]).toContain(one);
    }
  });
});
