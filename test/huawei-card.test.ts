import { describe, expect, test } from "vitest";
import type { Notice } from "../src/clouds/cloud.ts";
import { HuaweiWorld } from "./setup/huawei-world.ts";

describe("the card", () => {
  const written = (notices: readonly Notice[]) => notices.map((each) => `${each.kind} · ${each.says}`).join("\n");

  test("of a reinstall of a running server with data disks on Huawei Cloud", async () => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("shop-01");
    expect(written(await world.cloud.notices(await world.order(server), server))).toMatchInlineSnapshot(`
      "destroyed · System disk 0c38e95b-6d93-eaff-e2c5-2cba05197d43 (40 GB) is deleted with everything on it; all its partitions are lost for good.
      stays · The same image again: Ubuntu 22.04 server 64bit.
      changes · The password is reset: log in as root with key pair oncall-2026, then set a new one.
      changes · The system disk is a new one: another id, same type, maybe another size; the old one is deleted.
      survives · 2 data disks are kept; mount them again afterwards.
      stays · IP and MAC addresses stay.
      changes · DNS settings and host name are reset.
      changes · Deploy the service environment again.
      changes · It is stopped for this, and starts automatically afterwards.
      warning · A temporary ECS shows meanwhile and goes away by itself: do not touch it, nor the server until some minutes after.
      warning · It takes 10 to 20 minutes."
    `);
  });

  test("of a change from Linux to Windows of a stopped server on Open Telekom Cloud", async () => {
    const world = new HuaweiWorld("otc");
    const server = await world.read("db-01");
    const order = await world.order(server, { image: "Windows Server 2022" });
    expect(written(await world.cloud.notices(order, server))).toMatchInlineSnapshot(`
      "destroyed · System disk c7a7fbd1-c180-b653-fdaa-25c26c16dcb7 (40 GB) is deleted with everything on it; all its partitions are lost for good.
      changes · Image Ubuntu 22.04 server 64bit → Windows Server 2022 Datacenter 64bit.
      changes · The password is reset: 5 to 10 minutes after the start get the one of Administrator in the console (Get Password) with the private key of oncall-2026.
      changes · The system disk is a new one: another id, same type, maybe another size; the old one is deleted.
      changes · The image asks for at least 60 GB, so the system disk grows from 40 GB, and its price with it.
      stays · IP and MAC addresses stay.
      changes · DNS settings and host name are reset.
      changes · Deploy the service environment again.
      changes · It is stopped now, and starts automatically afterwards.
      warning · The cloud advises against changing Linux to Windows. Data disks in ext3 or ext4 need a tool such as Ext2Read or Ext2Fsd.
      warning · LVM partitions made under Linux may be unusable under Windows.
      warning · A temporary ECS shows meanwhile and goes away by itself: do not touch it, nor the server until some minutes after.
      warning · It takes 10 to 20 minutes."
    `);
  });

  test("from Windows to Linux it names the tool for NTFS", async () => {
    const world = new HuaweiWorld("otc");
    const server = await world.read("win-01");
    const notices = await world.cloud.notices(await world.order(server, { image: "Debian" }), server);
    expect(notices.find((each) => each.code === "windows-to-linux")?.says).toContain("NTFS-3G");
    expect(notices.some((each) => each.code === "lvm")).toBe(false);
  });

  test("a prepaid server says who pays for a dearer image", async () => {
    const world = new HuaweiWorld("huawei");
    const server = await world.read("prepaid-01");
    const order = await world.order(server, { image: "Red Hat", licence: "byol" });
    const notices = await world.cloud.notices(order, server);
    expect(notices.find((each) => each.kind === "price")?.says).toContain("the difference is paid automatically");
  });

  const system = "used from the system (billed by the cloud)";
  const licenceCases = [
    { server: "rhel-01", licence: "system", says: `stays · Licence: ${system}.` },
    { server: "vault-01", licence: "system", says: `stays · Licence: ${system}.` },
    { server: "rhel-01", licence: "byol", says: `changes · Licence: ${system} → your own (BYOL).` },
    { server: "rhel-01", image: "Debian", says: "" },
    { server: "rhel-own-01", licence: "byol", says: "stays · Licence: your own (BYOL)." },
    { server: "rhel-own-01", licence: "system", says: `changes · Licence: your own (BYOL) → ${system}.` },
    {
      server: "rhel-own-01",
      image: "Debian",
      says: "changes · Licence: your own (BYOL) → none to choose for the new system.",
    },
    { server: "shop-01", image: "Red Hat", licence: "byol", says: "changes · Licence: your own (BYOL)." },
    { server: "shop-01", image: "Red Hat", licence: "system", says: `changes · Licence: ${system}.` },
    { server: "shop-01", says: "" },
  ] as const;
  test.each(licenceCases)("of $server with licence $licence and image $image: '$says'", async (each) => {
    const { server: name, says, ...more } = each;
    const world = new HuaweiWorld("huawei");
    const server = await world.read(name);
    const notices = await world.cloud.notices(await world.order(server, more), server);
    expect(written(notices.filter(({ code }) => code === "licence"))).toBe(says);
  });
});
