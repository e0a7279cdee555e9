import { describe, expect, test } from "vitest";
import { cloudShell } from "../playground/clouds/shell.ts";
import { CloudDown } from "../src/clouds/cloud.ts";
import { huawei } from "../src/clouds/huawei.ts";
import { realClock, realExchange } from "../src/real.ts";
import { Secret } from "../src/secret.ts";
import { orders, receiptOf, sendReinstall } from "./setup/huawei-orders.ts";
import { HuaweiWorld, minuteMs } from "./setup/huawei-world.ts";

describe.each(["huawei", "otc"] as const)("on %s", (site) => {
  test("every server is listed, page after page, with its disks; the temporary one is left out", async () => {
    const world = new HuaweiWorld(site);
    const quiet = await world.cloud.servers();
    expect(quiet.unread).toEqual([]);
    expect(quiet.found).toHaveLength(Object.keys(world.state.servers).length);
    expect(quiet.found.find((each) => each.name === "shop-01")?.dataDisks).toHaveLength(2);
    await sendReinstall(world, "db-01");
    expect(Object.keys(world.state.servers)).toHaveLength(quiet.found.length + 1);
    expect((await world.cloud.servers()).found.map((each) => each.ref.id)).toEqual(
      quiet.found.map((each) => each.ref.id),
    );
  });

  test("the temporary one is still read by its id, for whom the mark deceives", async () => {
    const world = new HuaweiWorld(site);
    const before = new Set(Object.keys(world.state.servers));
    await sendReinstall(world, "db-01");
    const id = Object.keys(world.state.servers).find((each) => !before.has(each)) ?? "none";
    const { ref } = await world.read("db-01");
    expect(await world.cloud.server({ ...ref, id })).toMatchObject({
      ref: { id },
      name: expect.stringContaining("temporary"),
    });
  });

  test("images that cannot be read, the last of a page among them, end no list; a page of nothing else is said to be short", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("shop-01");
    const sample = (n: number, more: object = {}) => ({
      ...{ id: `image-${String(n).padStart(4, "0")}`, name: `image ${n}`, status: "active", __imagetype: "gold" },
      ...more,
    });
    const first = Array.from({ length: 500 }, (_, n) => (n % 100 === 99 ? { id: 7 } : sample(n)));
    const asked: (string | null)[] = [];
    let rest: readonly unknown[] = [sample(501)];
    world.answering = (url) => {
      if (!url.pathname.endsWith("/cloudimages")) return null;
      asked.push(url.searchParams.get("marker"));
      return { images: asked.length === 1 ? first : rest };
    };
    const { found, more } = await world.cloud.images(server, "public", "image 501");
    expect([found.map(({ name }) => name), more, asked]).toEqual([["image 501"], false, [null, "image-0498"]]);
    asked.length = 0;
    rest = first.map(() => ({ id: 7 }));
    expect((await world.cloud.images(server, "public", "image 12")).more).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test("many readings at once are few calls", async () => {
    const world = new HuaweiWorld(site);
    const names = Array.from({ length: 50 }, (_, n) => `node-${String(n + 1).padStart(3, "0")}`);
    const read = await Promise.all(names.map((name) => world.read(name)));
    expect(read.map((each) => each.name)).toEqual(names);
    expect(world.sent).toHaveLength(2);
  });

  test("who only watches is told the sizes of disks that were read within ten minutes; who decides, those of now, and shares them", async () => {
    const world = new HuaweiWorld(site);
    const { ref } = await world.read("shop-01");
    let resized: object | null = null;
    world.answering = (url) => (url.pathname.endsWith("/cloudvolumes/detail") ? resized : null);
    const calls = async (...uses: readonly ("decide" | "watch")[]) => {
      const before = world.sent.length;
      const read = await Promise.all(uses.map((use) => world.cloud.server(ref, use)));
      const paths = world.sent.slice(before).map(({ url }) => new URL(url).pathname.split("/").at(-2));
      return [paths, read.map(({ systemDisk }) => systemDisk?.sizeGb)];
    };
    const both = ["cloudservers", "cloudvolumes"];
    expect(await calls("watch")).toEqual([["cloudservers"], [40]]);
    resized = { volumes: [{ id: (await world.read("shop-01")).systemDisk?.id, size: 80, volume_type: "SSD" }] };
    expect(await calls("watch")).toEqual([["cloudservers"], [40]]);
    expect(await calls("watch", "decide", "watch")).toEqual([both, [80, 80, 80]]);
    expect(await calls("watch")).toEqual([["cloudservers"], [80]]);
    world.now += 10 * 60_000;
    expect(await calls("watch")).toEqual([both, [80]]);
  });

  test("a server that the list leaves out is asked for by itself, and only then gone", async () => {
    const world = new HuaweiWorld(site);
    const ref = { ...(await world.read("shop-01")).ref, id: "00000000-0000-4000-8000-000000000000" };
    expect((await world.cloud.server(ref)).power).toBe("gone");
    const paths = world.sent.map((each) => new URL(each.url).pathname);
    expect(paths.at(-1)).toMatch(new RegExp(`/cloudservers/${ref.id}$`));
  });

  test("a cloud that is down is said to be down", async () => {
    const world = new HuaweiWorld(site);
    const { ref } = await world.read("shop-01");
    world.arm("down");
    await expect(world.cloud.server(ref)).rejects.toBeInstanceOf(CloudDown);
    const { found, unread } = await world.cloud.servers();
    expect(found).toEqual([]);
    expect(unread).toHaveLength(2);
    expect(unread[0]).toContain(`${world.cloud.traits.title} did not answer`);
  });

  test("images are found by a part of their name, at most 100 of them, usable ones first", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("shop-01");
    const all = await world.cloud.images(server, "public", "");
    expect([all.found.length, all.more]).toEqual([100, true]);
    const debian = await world.cloud.images(server, "public", "debian 12");
    expect(debian.found.map((each) => each.name)).toEqual(["Debian 12.5 64bit"]);
    const own = await world.cloud.images(server, "private", "golden");
    expect(own.found.map((each) => [each.name, each.unusable === undefined])).toEqual([
      ["golden-web-2026", true],
      ["golden-db-2026", true],
      ["golden-db-broken", false],
      ["golden-next", false],
    ]);
    const shared = (await world.cloud.images(server, "shared", "")).found[0];
    expect(await world.cloud.image(server, shared?.id ?? "")).toEqual(shared);
    expect(await world.cloud.image(server, "00000000-0000-4000-8000-000000000000")).toBeNull();
  });
});

describe("answers that do not fit together", () => {
  /** A world in which the answers to such addresses are changed on their way. */
  function changed(where: RegExp, change: (body: Record<string, unknown[]>) => object) {
    const world = new HuaweiWorld("otc");
    const exchange = async (request: Parameters<typeof world.exchange>[0]) => {
      const answer = world.exchange(request);
      return where.test(request.url) ? { ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) } : answer;
    };
    return { world, cloud: huawei(world.account, { ...world.tools(), exchange }) };
  }

  test("a system disk that EVS leaves out is not one of 0 GB: the server cannot be read just now", async () => {
    const { world, cloud } = changed(/cloudvolumes/, () => ({ volumes: [] }));
    const { ref } = await world.read("shop-01");
    await expect(cloud.server(ref)).rejects.toMatchObject({ name: "CloudDown", code: "no-volume" });
  });

  test("an answer about another server does not make the one asked for gone", async () => {
    const { world, cloud } = changed(/cloudservers\/(detail|[0-9a-f-]{36}$)/, ({ servers, server }) =>
      servers ? { servers: [], count: 0 } : { server: { ...server, id: "00000000-0000-4000-8000-000000000000" } },
    );
    const { ref } = await world.read("shop-01");
    await expect(cloud.server(ref)).rejects.toMatchObject({ name: "CloudDown", code: "unexpected-answer" });
  });

  test("a page that comes twice shows no server twice", async () => {
    const { cloud } = changed(/detail.*offset=1$/, ({ servers = [] }) => ({
      servers: [...servers, ...servers],
      count: servers.length,
    }));
    const { found } = await cloud.servers();
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((each) => each.ref.id)).size).toBe(found.length);
  });

  test("the id of a job cannot lead to another address", async () => {
    const world = new HuaweiWorld("otc");
    const exchange = async (request: Parameters<typeof world.exchange>[0]) =>
      request.once
        ? { status: 200, headers: {}, body: JSON.stringify({ job_id: "../%zz?a=b" }) }
        : world.exchange(request);
    const cloud = huawei(world.account, { ...world.tools(), exchange });
    const before = await world.read("db-01");
    const act = world.reinstall(await world.order(before));
    const receipt = receiptOf(await cloud.send(act, before, world.now));
    expect(receipt?.facts["job"]).toMatch(/\/jobs\/\.\.%2F%25zz%3Fa%3Db$/);
    await expect(cloud.look(act, before, before, receipt)).resolves.toMatchObject({ is: "unclear" });
  });
});

describe("what differs between the sites", () => {
  test("a running server: Huawei Cloud stops it by itself, Open Telekom Cloud wants it stopped first", async () => {
    const worlds = { huawei: new HuaweiWorld("huawei"), otc: new HuaweiWorld("otc") };
    expect(worlds.huawei.cloud.traits).toMatchObject({ wipeFrom: ["running", "stopped", "broken"], stopFrom: [] });
    expect(worlds.otc.cloud.traits).toMatchObject({ wipeFrom: ["stopped", "broken"], stopFrom: ["running"] });
    const { answer, look } = await sendReinstall(worlds.huawei, "shop-01");
    expect(answer).toHaveProperty("accepted");
    worlds.huawei.pass(30 * minuteMs);
    expect(await look()).toEqual({ is: "done", proof: "receipt" });
  });

  test("each site has its own addresses; an endpoint of the config takes the place of them all", async () => {
    const asked = async (site: "huawei" | "otc", endpoint?: string) => {
      const world = new HuaweiWorld(site);
      const urls: string[] = [];
      const exchange = async (request: Parameters<typeof world.exchange>[0]) => {
        urls.push(new URL(request.url).origin);
        return world.exchange(request);
      };
      const cloud = huawei({ ...world.account, endpoint }, { ...world.tools(), exchange });
      const server = await cloud.server((await world.read("shop-01")).ref);
      await cloud.images(server, "public", "");
      return [...new Set(urls)];
    };
    expect(await asked("otc")).toEqual([
      "https://ecs.eu-de.otc.t-systems.com",
      "https://evs.eu-de.otc.t-systems.com",
      "https://ims.eu-de.otc.t-systems.com",
    ]);
    expect(await asked("huawei")).toEqual([
      "https://ecs.ap-southeast-3.myhuaweicloud.com",
      "https://evs.ap-southeast-3.myhuaweicloud.com",
      "https://ims.ap-southeast-3.myhuaweicloud.com",
    ]);
    expect(await asked("otc", "http://127.0.0.1:8080/")).toEqual(["http://127.0.0.1:8080"]);
  });

  test.each([
    "https://ecs.example.com/",
    "HTTPS://ECS.Example.com:443",
    " https://ecs.example.com",
    "https:ecs.example.com",
    "https://ecs.example.com#here",
  ])("an endpoint written as %j is signed for the host that it names", async (endpoint) => {
    const world = new HuaweiWorld("otc");
    const asked: string[] = [];
    const exchange = async (request: Parameters<typeof world.exchange>[0]) => {
      asked.push(`${request.headers["host"]} ${request.url.slice(0, 24)}`);
      return world.exchange(request);
    };
    const cloud = huawei({ ...world.account, endpoint }, { ...world.tools(), exchange });
    await cloud.server((await world.read("shop-01")).ref);
    expect([...new Set(asked)]).toEqual(["ecs.example.com https://ecs.example.com/"]);
  });

  test("a password goes to Huawei Cloud as it is, and nowhere else", async () => {
    const world = new HuaweiWorld("huawei");
    const secret = new Secret("Correct-Horse-7");
    const { answer } = await sendReinstall(world, "db-01", { login: { kind: "generated", user: "root" } }, secret);
    expect(answer).toHaveProperty("accepted");
    expect(JSON.parse(orders(world)[0]?.body ?? "")).toEqual({
      "os-reinstall": { adminpass: "Correct-Horse-7", mode: "withStopServer" },
    });
    expect(JSON.stringify(answer)).not.toContain("Correct-Horse-7");
    world.pass(30 * minuteMs);
    await world.read("db-01");
    expect(world.sim.passwords(world.state)).toEqual({ [world.idOf("db-01")]: "Correct-Horse-7" });
  });

  test("Open Telekom Cloud is never sent a password, and no order goes out without a login", async () => {
    const otc = new HuaweiWorld("otc");
    const login = { kind: "generated", user: "root" } as const;
    const sent = await sendReinstall(otc, "db-01", { login }, new Secret("Correct-Horse-7"));
    expect(sent.answer).toMatchObject({ refused: { says: expect.stringContaining("key pair only") } });
    const world = new HuaweiWorld("huawei");
    const without = await sendReinstall(world, "db-01", { login });
    expect(without.answer).toMatchObject({ refused: { says: expect.stringContaining("no password") } });
    expect([...orders(otc), ...orders(world)]).toEqual([]);
  });
});

describe("what an order says", () => {
  const body = async (more: Parameters<HuaweiWorld["order"]>[1], name = "db-01") => {
    const world = new HuaweiWorld("otc");
    await sendReinstall(world, name, more);
    return JSON.parse(orders(world)[0]?.body ?? "{}");
  };

  test("a key pair goes with the user it belongs to", async () => {
    const { userId } = new HuaweiWorld("otc").account;
    expect(await body({})).toEqual({ "os-reinstall": { keyname: "oncall-2026", userid: userId } });
  });

  test("a licence is said only when one was chosen", async () => {
    expect(await body({ licence: "byol" })).toMatchObject({ "os-reinstall": { metadata: { BYOL: "true" } } });
    expect(await body({ licence: "system" })).toMatchObject({ "os-reinstall": { metadata: { BYOL: "false" } } });
  });

  test("a prepaid server pays for a dearer image by itself, and only at a change", async () => {
    expect(await body({ image: "Debian" }, "prepaid-01")).toMatchObject({ "os-change": { isAutoPay: "true" } });
    expect((await body({}, "prepaid-01"))["os-reinstall"]).not.toHaveProperty("isAutoPay");
  });

  test("an image without Cloud-Init goes by v1 where the config says so", async () => {
    const plain = new HuaweiWorld("huawei");
    const image = (await plain.read("legacy-01")).image.id;
    const failing = await sendReinstall(plain, "legacy-01");
    plain.pass(30 * minuteMs);
    expect(await failing.look()).toMatchObject({ is: "failed", refusal: { code: "Ecs.0007" } });
    const world = new HuaweiWorld("huawei", { noCloudInitImages: [image] });
    const { look } = await sendReinstall(world, "legacy-01");
    expect(new URL(orders(world)[0]?.url ?? "").pathname).toMatch(/^\/v1\//);
    world.pass(30 * minuteMs);
    expect(await look()).toEqual({ is: "done", proof: "receipt" });
  });
});

test("an id is told from a name", () => {
  const { cloud } = new HuaweiWorld("otc");
  expect(cloud.looksLikeId(" bae51750-0089-41a1-9b18-5c777978ff6d ")).toBe(true);
  // The cloud writes them in small letters; the same id in capitals would be another server to the bot.
  expect(cloud.looksLikeId("BAE51750-0089-41a1-9b18-5c777978ff6d")).toBe(false);
  expect(cloud.looksLikeId("shop-01")).toBe(false);
  expect(cloud.looksLikeId("i-2zb8ho5l")).toBe(false);
});

test("a region without a project is said to be so", async () => {
  const world = new HuaweiWorld("otc", { projects: {} });
  expect((await world.cloud.servers()).unread[0]).toBe(
    "eu-de: Open Telekom Cloud: The configuration names no project for region eu-de.",
  );
});

test("a wrong access key is said to be so, and no secret is in the words", async () => {
  const world = new HuaweiWorld("otc", { secret: new Secret("wrong-secret-key") });
  const { unread } = await world.cloud.servers();
  expect(unread[0]).toContain("does not accept the access key");
  expect(JSON.stringify(unread)).not.toContain("wrong-secret-key");
});

test("over real HTTP the same orders are taken: what is signed is what is sent", async () => {
  const world = new HuaweiWorld("huawei");
  const shell = cloudShell(world.sim, { clock: realClock(), speed: 1 });
  const endpoint = await shell.listen();
  const tools = { ...world.tools(), clock: realClock(), exchange: realExchange(realClock()) };
  const cloud = huawei({ ...world.account, endpoint }, tools);
  const server = (await cloud.servers()).found.find((each) => each.name === "db-01");
  if (!server) throw new Error("no server");
  const act = world.reinstall(await world.order(server, { image: "Debian" }));
  const now = await cloud.server(server.ref);
  const answer = await cloud.send(act, now, Date.now());
  expect(await cloud.look(act, now, await cloud.server(server.ref), receiptOf(answer))).toMatchObject({
    is: "working",
  });
  shell.arm("lost", true);
  await expect(
    cloud.send(act, { ...now, ref: { ...now.ref, id: world.idOf("shop-01") } }, Date.now()),
  ).rejects.toThrow();
  await shell.close();
  expect(await cloud.send(act, now, Date.now())).toMatchObject({ notSent: { code: "not-connected" } });
});
