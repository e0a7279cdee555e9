import { describe, expect, test } from "vitest";
import { passwordFits } from "../playground/clouds/jdcloud-rebuild.ts";
import type { Login, Notice } from "../src/clouds/cloud.ts";
import { passwordRules } from "../src/clouds/jdcloud-login.ts";
import { brokenRules, generate } from "../src/clouds/password.ts";
import { jdcloudWorld, orderFor, rebuild, withKey, withPassword } from "./setup/jdcloud-world.ts";

const world = jdcloudWorld();

/** The notices for an order of this server; `image` is an id, the server's own when left out. */
async function notices(name: string, login: Login = withPassword, imageId?: string): Promise<readonly Notice[]> {
  const server = await world.read(name);
  const image = imageId === undefined ? null : await world.cloud.image(server, imageId);
  const order = orderFor(server, login, image);
  const missing = imageId !== undefined && image === null;
  return world.cloud.notices(
    missing ? { ...order, image: { ...order.image, id: imageId, same: false } } : order,
    server,
  );
}

describe("what is seen when the server is chosen", () => {
  test.each([
    ["jd-web-01", []],
    ["jd-web-02", []],
    ["jd-resizing", ["wait busy: JD Cloud is still working on the server (resizing). Wait until that has ended."]],
    ["jd-pending", ["wait busy: JD Cloud is still working on the server (pending). Wait until that has ended."]],
    [
      "jd-error",
      [
        "refused error: The server is in state error. JD Cloud rebuilds only a stopped server and offers no way out of error: open a ticket with JD Cloud.",
      ],
    ],
    [
      "jd-overdue",
      ["refused charge: The server is overdue, and JD Cloud would not start it again. Settle the bill first."],
    ],
    [
      "jd-arrear",
      ["refused charge: The server is in arrears, and JD Cloud would not start it again. Settle the bill first."],
    ],
    ["jd-diskless", ["refused no-system-disk: No system disk is attached. Attach one in the console, then ask again."]],
    ["jd-detaching", ["wait disk-moving: The system disk is detaching. Wait until that has ended."]],
  ])("%s", async (name, says) => {
    const told = await world.cloud.refusals(await world.read(name));
    expect(told.map((notice) => `${notice.kind} ${notice.code}: ${notice.says}`)).toEqual(says);
  });

  test("a server that is gone", async () => {
    const gone = await world.cloud.server({ ...world.refOf("jd-web-01"), id: "i-nothere" });
    expect((await world.cloud.refusals(gone)).map((notice) => notice.code)).toEqual(["gone"]);
    expect((await world.cloud.notices(orderFor(gone, withPassword), gone)).map((notice) => notice.code)).toEqual([
      "gone",
    ]);
  });

  test("a charge that JD Cloud does not name is warned of, not guessed", async () => {
    const server = await world.read("jd-web-01");
    const told = await world.cloud.refusals({ ...server, facts: { ...server.facts, chargeStatus: "" } });
    expect(told.map((notice) => [notice.kind, notice.code])).toEqual([["warning", "charge-unknown"]]);
  });
});

describe("what refuses an order", () => {
  const key = (id: string): Login => ({ kind: "key-pair", id, name: id });
  type Row = readonly [says: string, server: string, login: Login, image: string | undefined, sentence: string];
  const rows: readonly Row[] = [
    [
      ...(["the private image was deleted", "jd-orphan", withPassword, undefined] as const),
      "The private image this server was made from has been deleted, so it cannot be put back as it was made. Choose another image.",
    ],
    [
      ...(["another image is gone", "jd-web-02", withPassword, "img-nothere"] as const),
      "JD Cloud has no such image in this region (any more). Choose another image.",
    ],
    [
      ...(["an image still being made", "jd-web-02", withPassword, "img-privpending"] as const),
      "The image is pending, not ready. Choose another.",
    ],
    [
      "an image that failed",
      "jd-web-02",
      withPassword,
      "img-priverror01",
      "The image is error, not ready. Choose another.",
    ],
    [
      ...(["an image taken offline", "jd-web-02", withPassword, "img-market-old"] as const),
      "JD Cloud has taken this image offline: no server can be made from it any more. Choose another.",
    ],
    [
      ...(["the server's own image is offline", "jd-offline-image", withPassword, undefined] as const),
      "JD Cloud has taken this image offline: no server can be made from it any more. Choose another.",
    ],
    [
      ...(["a cloud image for a local disk", "jd-local-01", withPassword, "img-ubuntu2204c"] as const),
      "This image needs a cloud system disk, and the server has a local one. Choose an image for local disks.",
    ],
    [
      ...(["a cloud disk whose image is for local ones", "jd-mismatch", withPassword, undefined] as const),
      "This image is only for local system disks, and the server has a cloud disk. Choose an image for cloud disks.",
    ],
    [
      ...(["an image bigger than the disk", "jd-small-disk", withPassword, undefined] as const),
      "The image needs 40 GB, the system disk has 30 GB, and a rebuild cannot resize it. Choose a smaller image.",
    ],
    [
      ...(["an encrypted disk with a plain image", "jd-encrypted-plain", withPassword, undefined] as const),
      "The system disk is encrypted and the image is not; JD Cloud asks that they agree. Choose another image.",
    ],
    [
      ...(["a plain disk with an encrypted image", "jd-web-02", withPassword, "img-privcrypt01"] as const),
      "The image is encrypted and the system disk is not; JD Cloud asks that they agree. Choose another image.",
    ],
    [
      ...(["an image for another architecture", "jd-web-02", withPassword, "img-ubuntu2204a"] as const),
      "The image is for arm64, the server is x86_64. Choose another image.",
    ],
    [
      ...(["a type that the image excludes", "jd-gpu-01", withPassword, "img-rocky9c"] as const),
      "This image does not support the instance type p.n1p40.large. Choose another image.",
    ],
    [
      ...(["a type that is not among those of the image", "jd-web-02", withPassword, "img-market-gpu"] as const),
      "This image does not support the instance type g.n2.medium. Choose another image.",
    ],
    [
      ...(["a key pair on Windows", "jd-win-02", withKey, undefined] as const),
      "JD Cloud uses key pairs on Linux only. Choose a password.",
    ],
    [
      ...(["the login kept", "jd-web-02", { kind: "keep-image" }, undefined] as const),
      "JD Cloud asks for a new login at every rebuild: a password, or a key pair on Linux.",
    ],
    [
      ...(["a login sent by the provider", "jd-web-02", { kind: "provider" }, undefined] as const),
      "JD Cloud has no such way to log in. Choose a password, or a key pair on Linux.",
    ],
    [
      ...(["a key pair that is gone", "jd-web-02", key("left-last-year"), undefined] as const),
      "The key pair left-last-year does not exist in this region (any more). Choose another.",
    ],
  ];
  test.each(rows)("%s", async (_says, server, login, image, sentence) => {
    const refused = (await notices(server, login, image)).filter((notice) => notice.kind === "refused");
    expect(refused.map((notice) => notice.says)).toEqual([sentence]);
  });

  test("a name that no key pair can have", async () => {
    const refused = (await notices("jd-web-02", key("a b; rm"))).filter((notice) => notice.kind === "refused");
    expect(refused.map((notice) => notice.code)).toEqual(["key-pair-name", "key-pair-gone"]);
  });

  test("the encrypted server with its encrypted image, and the local one with its local image, are not refused", async () => {
    for (const name of ["jd-encrypted", "jd-local-01", "jd-local-02", "jd-from-private", "jd-gpu-01", "jd-prepaid"]) {
      expect((await notices(name)).filter((notice) => notice.kind === "refused")).toEqual([]);
    }
  });
});

describe("no order that pre-flight lets pass is refused by simulated JD Cloud, and each refused one is", () => {
  const stopped = ["jd-web-02", "jd-local-02", "jd-orphan-stopped", "jd-win-02"];
  const images = [
    "img-ubuntu2204c",
    "img-centos79l",
    "img-privcrypt01",
    "img-privbig0001",
    "img-market-gpu",
    "img-private0001",
  ];
  test.each(stopped.flatMap((name) => [undefined, ...images].map((image) => [name, image] as const)))(
    "%s with %s",
    async (name, image) => {
      const fresh = jdcloudWorld();
      const server = await fresh.read(name);
      const chosen = image === undefined ? null : await fresh.cloud.image(server, image);
      const order = orderFor(server, { kind: "typed", user: "root" }, chosen);
      const told = await fresh.cloud.notices(order, server);
      const answer = await fresh.cloud.send(rebuild(order), server, fresh.now());
      expect("refused" in answer).toBe(told.some((notice) => notice.kind === "refused"));
    },
  );
});

describe("the card", () => {
  const card = async (...of: Parameters<typeof notices>) =>
    (await notices(...of)).map((notice) => `${notice.kind} ${notice.at}: ${notice.says}`);

  test("a running server, another image, a key pair", async () => {
    expect(await card("jd-web-01", withKey, "img-private0001")).toMatchInlineSnapshot(`
      [
        "destroyed disk: System disk vol-59607e07c5 (40 GB) will be erased for good.",
        "survives disk: 1 data disk is kept (vol-6cdce5bdd8); the new system must be made to recognise it again.",
        "changes image: Image: Ubuntu 22.04 64-bit → golden-web-2026-05.",
        "changes login: Login: key pair oncall-2026, in place of every key and password now set.",
        "changes login: Password login is off, until a password is set in the console.",
        "changes server: The SSH host key becomes a new one.",
        "changes server: The server is stopped first, with charging kept so that its CPU and memory are not given away, and started again afterwards.",
        "warning image: Keep this private image: once it is deleted, the server cannot be rebuilt from it again.",
      ]
    `);
  });

  test("a stopped one that is not charged for, the same image, a password", async () => {
    const server = await world.read("jd-web-02");
    const idle = { ...server, facts: { ...server.facts, chargeOnStopped: "stopCharging", hostname: "old-name" } };
    const told = await world.cloud.notices(orderFor(idle, withPassword), idle);
    expect(told.map((notice) => `${notice.kind} ${notice.at}: ${notice.says}`)).toMatchInlineSnapshot(`
      [
        "destroyed disk: System disk vol-a58eedd585 (40 GB) will be erased for good.",
        "changes image: The image stays Ubuntu 22.04 64-bit; its system is as new.",
        "changes login: Login: root with the password typed, in place of every key and password now set.",
        "changes server: The SSH host key becomes a new one.",
        "changes server: The host name old-name becomes one made from the server's name.",
        "changes server: The server is stopped now; it is started after the rebuild, which JD Cloud leaves stopped.",
        "warning server: The server was stopped without charging, so its CPU and memory may be given away: the start can fail for lack of stock.",
      ]
    `);
  });

  test("Windows on a bigger disk, with an image that costs", async () => {
    expect(await card("jd-win-01", { kind: "generated", user: "administrator" })).toMatchInlineSnapshot(`
      [
        "destroyed disk: System disk vol-563f32182b (80 GB) will be erased for good.",
        "changes image: The image stays Windows Server 2022 Datacenter 64-bit; its system is as new.",
        "changes login: Login: administrator with a generated password, in place of every key and password now set.",
        "changes server: The server is stopped first, with charging kept so that its CPU and memory are not given away, and started again afterwards.",
        "warning disk: The system disk (80 GB) is bigger than the image's (40 GB). JD Cloud's documents contradict each other on that, so it may refuse.",
        "price image: JD Cloud charges for this image while it is used.",
      ]
    `);
  });

  test("a local disk, and a dedicated host", async () => {
    expect((await card("jd-local-01"))[0]).toBe(
      "destroyed disk: The local system disk (vda, 40 GB) will be erased for good.",
    );
    expect(await card("jd-dedicated")).toContain(
      "changes server: The server is stopped first, and started again afterwards.",
    );
  });

  test("nothing is promised of IP addresses", async () => {
    const everything = (await Promise.all(["jd-web-01", "jd-win-01", "jd-local-02"].map((name) => card(name)))).flat();
    expect(everything.filter((says) => /\bIPs?\b|address/i.test(says))).toEqual([]);
  });

  test("a mark is said before it is planted", async () => {
    const marking = jdcloudWorld({ hostnameMark: true });
    const server = await marking.read("jd-web-02");
    const told = await marking.cloud.notices(orderFor(server, withPassword), server);
    expect(told.find((notice) => notice.code === "host-name")?.says).toBe(
      "The host name gets a short ending of this request, by which the rebuild is known to be ours.",
    );
  });
});

describe("the choices of the form", () => {
  test("on Linux a key pair, a generated or a typed password; keeping the login is refused with the reason", async () => {
    const choices = world.cloud.choices(await world.read("jd-web-01"), null);
    expect(choices).toMatchObject({
      imageKinds: ["public", "private", "shared", "market"],
      sameImage: "ok",
      user: "root",
    });
    expect(choices.logins.map((login) => [login.kind, login.refused?.slice(0, 30) ?? "offered"])).toEqual([
      ["key-pair", "offered"],
      ["generated", "offered"],
      ["keep-image", "JD Cloud asks for a new login "],
      ["typed", "offered"],
    ]);
  });

  test("on Windows no key pair, and the user is administrator; so too when Linux is to become Windows", async () => {
    const windows = await world.read("jd-win-01");
    const linux = await world.read("jd-web-01");
    const image = await world.cloud.image(linux, "img-win2019c");
    for (const choices of [world.cloud.choices(windows, null), world.cloud.choices(linux, image)]) {
      expect([choices.user, choices.logins[0]?.refused]).toEqual([
        "administrator",
        "JD Cloud uses key pairs on Linux only. Choose a password.",
      ]);
    }
  });

  test.each([
    ["jd-orphan", "The private image this server was made from has been deleted"],
    ["jd-offline-image", "JD Cloud has taken this image offline"],
    ["jd-mismatch", "This image is only for local system disks"],
  ])("the same image is refused for %s, where the form can still offer another", async (name, says) => {
    const { sameImage } = world.cloud.choices(await world.read(name), null);
    expect(sameImage === "ok" ? "ok" : sameImage.refused).toContain(says);
  });
});

describe("passwords", () => {
  const rules = passwordRules("root");
  test.each([
    ["Tr4in-Window!9", 0],
    ["Passw0rd-Zx7!", 0],
    ["sh0rt-A", 1],
    [`Tr4in-Window!9${"x7".repeat(12)}`, 1],
    ["trainwindow99", 1],
    ["Tr4in-jd-Zw9", 1],
    ["Tr4in-JD-Zw9", 1],
    ["Tr4in-Jd-Zw9", 0],
    ["Tr4in-360-Zw9", 1],
    ["Tr4in-bug-Zw9", 1],
    ["Tr4in-com-Zw9", 1],
    ["Tr4in-cloud-Zw9", 1],
    ["Tr4in-CLOUD-Zw9", 1],
    ["Tr4in-password9", 1],
    ["Tr4in-root-Zw9", 1],
    ["Tr4in-123-Zw9", 1],
    ["Tr4in-987-Zw9", 1],
    ["Tr4in-CBA-Zw9", 1],
    ["Tr4in-qwe-Zw9", 1],
    ["Tr4in-qaz-Zw9", 1],
    ["Tr4in-xsw-Zw9", 1],
    ["Tr4in Window9", 1],
    ["Tr4in-Wïndow9", 1],
  ])("%s breaks %i rules", (password, broken) => {
    expect(brokenRules(rules, password)).toHaveLength(broken);
  });

  test("a generated one fits JD Cloud's rules, as its simulation reckons them", () => {
    let seed = 7;
    const random = (n: number) =>
      new Uint8Array(n).map(() => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return seed >> 16;
      });
    const made = Array.from({ length: 200 }, () => generate(rules, random).open());
    expect(made.filter((password) => !passwordFits(password))).toEqual([]);
    expect(new Set(made).size).toBe(200);
  });
});
