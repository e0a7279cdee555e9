import { beforeEach, describe, expect, test } from "vitest";
import { tencentSim } from "../playground/clouds/tencent.ts";
import type { Login } from "../src/clouds/cloud.ts";
import { Secret } from "../src/secret.ts";
import { keyPair, type Simulated, simulated, web01 } from "./tencent-simulated.ts";

let world: Simulated;
beforeEach(() => {
  world = simulated();
});

test("the whole account is read, over 130 servers in one region and every region", async () => {
  const { found, unread } = await world.cloud.servers();
  expect(unread).toEqual([]);
  expect(found.filter((server) => server.ref.region === "ap-guangzhou").length).toBeGreaterThanOrEqual(130);
  expect(new Set(found.map((server) => server.ref.region)).size).toBe(3);
});

test("the text finds the image wanted, and the key pairs of the region are there", async () => {
  const server = await world.read(web01);
  expect((await world.imageNamed(server, "windows 2022")).os.family).toBe("windows");
  expect((await world.cloud.keyPairs(server)).map(({ name }) => name)).toContain("oncall-2026");
});

describe("servers that are there to show something", () => {
  const table = [
    { name: "batch-spot-01", code: "spot" },
    { name: "report-night-01", code: "stopped-without-charge" },
    { name: "legacy-shop-01", code: "expired" },
    { name: "old-demo-01", code: "isolated" },
    { name: "build-07", code: "busy" },
    { name: "crm-02", code: "reinstall-failed" },
    { name: "auth-02", code: "rescue" },
  ];
  test.each(table)("$name: $code", async ({ name, code }) => {
    const notices = await world.cloud.refusals(await world.named(name));
    expect(notices.map((notice) => notice.code)).toContain(code);
  });

  test("what pre-flight refuses of an order, the cloud would have refused as well", async () => {
    const cases = [
      { name: "erp-01", image: "windows 2022", code: "licence" },
      { name: "archive-01", image: "windows 2022", code: "old-local-disk" },
      { name: "hk-web-01", image: "windows 2022", code: "cross-system" },
      { name: "hk-win-01", image: "Debian 12.5", code: "cross-system" },
    ];
    const login: Login = { kind: "typed", user: "root" };
    for (const { name, image, code } of cases) {
      const server = await world.named(name);
      const act = await world.reinstall(server, image, login, new Secret("Correct-horse-7"));
      const refused = (await world.cloud.notices(act.order, server)).filter(({ kind }) => kind === "refused");
      expect(refused.map((notice) => notice.code)).toContain(code);
      expect(await world.cloud.send(act, server, world.clock.nowMs)).toHaveProperty("refused");
      world.clock.nowMs += 2_000;
    }
    expect(world.state.wipes).toEqual([]);
  });

  test("an ARM server is offered ARM images only, and another one is refused by name", async () => {
    const server = await world.named("arm-01");
    const offered = (await world.cloud.images(server, "public", "")).found;
    expect(new Set(offered.map((image) => image.facts["architecture"]))).toEqual(new Set(["arm"]));
    const other = await world.imageNamed(await world.read(web01), "Ubuntu 22.04 LTS");
    expect((await world.cloud.image(server, other.id))?.unusable).toMatch(/cannot be used on instance type/);
  });

  test("a deleted image is gone, also for the server that still uses it", async () => {
    const server = await world.named("billing-03");
    const { image } = server;
    const order = {
      server: server.ref,
      image: { ...image, kind: "private", os: server.os, same: true },
      login: keyPair,
    } as const;
    expect((await world.cloud.notices(order, server)).map(({ code }) => code)).toContain("image-gone");
  });

  test("a server that was deleted is gone, and its neighbours are read all the same", async () => {
    world.state = tencentSim.console(world.state, web01, "delete", world.clock.nowMs);
    const other = await world.named("standby-01");
    const [gone, there] = await Promise.all([world.read(web01), world.read(other.ref.id)]);
    expect([gone.power, there.power]).toEqual(["gone", "stopped"]);
  });
});

test("a cloud that is down is said to be so, region by region", async () => {
  world.state = tencentSim.arm(world.state, "down", true);
  const { found, unread } = await world.cloud.servers();
  expect(found).toEqual([]);
  expect(unread).toEqual([
    "ap-guangzhou: Tencent Cloud's API is not available (HTTP 503).",
    "ap-hongkong: Tencent Cloud's API is not available (HTTP 503).",
    "ap-shanghai: Tencent Cloud's API is not available (HTTP 503).",
  ]);
});
