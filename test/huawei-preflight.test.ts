import { describe, expect, test } from "vitest";
import { huawei } from "../src/clouds/huawei.ts";
import { orderRows, preflight } from "../src/clouds/huawei-preflight.ts";
import { HuaweiWorld, inTheWay } from "./setup/huawei-world.ts";

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

  test.each(["shop-01", "db-01", "win-01", "own-image-01", "failed-01", "failed-02"])(
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
    const notices = await world.cloud.refusals(await world.read("shop-01"));
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
      "Not in the list? An image of another region must be copied here first, one of another account shared with this one, a local file registered as a private image.",
    );
  });

  test("a server whose image is gone may still change to another", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("orphan-01");
    expect(inTheWay(await world.cloud.refusals(server))).toEqual([]);
    expect(inTheWay(await world.cloud.notices(await world.order(server, { image: "Debian" }), server))).toEqual([]);
  });
});

test("a key without the right to read quotas gets a warning, not a refusal", async () => {
  const world = new HuaweiWorld("huawei");
  const forbidden = JSON.stringify({ forbidden: { message: "no", code: 403 } });
  const cloud = huawei(world.account, {
    ...world.tools(),
    exchange: async (request) =>
      request.url.includes("os-quota-sets") ? { status: 403, headers: {}, body: forbidden } : world.exchange(request),
  });
  const notices = await cloud.refusals(await world.read("shop-01"));
  expect(notices.map((each) => `${each.kind} ${each.code}`)).toEqual(["warning evs-quota-unknown"]);
});

test("a login that ECS does not have is refused", async () => {
  const world = new HuaweiWorld("huawei");
  const server = await world.read("shop-01");
  for (const kind of ["keep-image", "provider"] as const) {
    const notices = await world.cloud.notices(await world.order(server, { login: { kind } }), server);
    expect(inTheWay(notices)).toEqual(["refused login-not-here"]);
  }
});

test("every row of pre-flight is tried here", () => {
  const tried = new Set([
    ...serverCases.map((each) => each.code.split(" ")[1]),
    ...["gone", "evs-quota", "evs-quota-unknown", "failed-before"],
    ...["image-gone", "image-hint", "image-mismatch", "image-unusable"],
    ...["key-pair-only", "login-not-here", "no-key-pair", "key-pair-gone", "key-pair-remade", "no-user-id", "byol"],
  ]);
  const rows = [...preflight, ...orderRows].map((row) => row.code);
  expect(rows.filter((code) => !tried.has(code))).toEqual([]);
});
