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
