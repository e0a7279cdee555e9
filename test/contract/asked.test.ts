import { describe, expect, test } from "vitest";
import type { Order, Server } from "../../src/clouds/cloud.ts";
import { cases } from "../setup/cases.ts";
import { minutes, receiptOf, World } from "./world.ts";

/** Everything a form asks about the server that was chosen, twice over. */
async function form({ cloud }: World, server: Server, order: Order): Promise<readonly string[]> {
  await Promise.all([cloud.refusals(server), cloud.image(server, order.image.id), cloud.keyPairs(server)]);
  const notices = await cloud.notices(order, server);
  await cloud.notices(order, server);
  return notices.filter(({ kind }) => kind === "refused").map(({ code }) => code);
}

function forget(world: World, image: string): void {
  const { images } = world.state as { images: readonly { id: string }[] | Readonly<Record<string, object>> };
  const left = Array.isArray(images)
    ? images.filter(({ id }) => id !== image)
    : Object.fromEntries(Object.entries(images).filter(([id]) => id !== image));
  world.state = { ...(world.state as object), images: left };
}

async function ordered(world: World): Promise<{ server: Server; order: Order }> {
  const server = await world.read();
  const order = await world.order(server);
  world.pass(minutes);
  world.sent.length = 0;
  return { server: await world.read(), order };
}

describe.each(cases)("$title is asked no more than it takes", (of) => {
  test("with one reading of a server, every question about it is asked once", async () => {
    const world = new World(of);
    const { server, order } = await ordered(world);
    expect(await form(world, server, order)).toEqual([]);
    const asked = world.sent.map(({ url, headers, body }) => [url, headers["x-tc-action"], body].join(" "));
    expect(asked).toEqual([...new Set(asked)]);
  });

  test("those who read a server in the same moment share the answers", async () => {
    const world = new World(of);
    const { server, order } = await ordered(world);
    await form(world, server, order);
    const alone = world.sent.length;
    world.pass(minutes);
    world.sent.length = 0;
    const readings = await Promise.all([world.read(), world.read()]);
    await Promise.all(readings.map((reading) => form(world, reading, order)));
    expect(world.sent).toHaveLength(alone);
  });

  test("an image that is deleted is refused with the next reading", async () => {
    const world = new World(of);
    const { server, order } = await ordered(world);
    expect(await form(world, server, order)).toEqual([]);
    forget(world, order.image.id);
    expect(await form(world, await world.read(), order)).toContain("image-gone");
  });

  test("an image that is deleted is refused also with a reading that somebody has held for long", async () => {
    const world = new World(of);
    const { server, order } = await ordered(world);
    expect(await form(world, server, order)).toEqual([]);
    forget(world, order.image.id);
    world.pass(10_001);
    expect(await form(world, server, order)).toContain("image-gone");
  });

  test("what could not be answered is asked again", async () => {
    const world = new World(of);
    const { server, order } = await ordered(world);
    world.unreachable = true;
    await expect(world.cloud.image(server, order.image.id)).rejects.toThrow();
    await expect(world.cloud.keyPairs(server)).rejects.toThrow();
    world.unreachable = false;
    expect(await form(world, server, order)).toEqual([]);
  });

  test("looking at a server takes one call, and one more where its disks are known elsewhere", async () => {
    const world = new World(of);
    const before = await world.ready();
    const sent = await world.send(await world.reinstall(before), before);
    expect(sent).toHaveProperty("answer.accepted");
    const looks: { power: string; calls: number }[] = [];
    for (let look = 0; look < 9; look += 1) {
      world.pass(5_000);
      world.sent.length = 0;
      const { power } = await world.read();
      looks.push({ power, calls: world.sent.length });
    }
    const busy = looks.filter(({ power }) => power === "busy");
    expect(busy.length).toBeGreaterThan(5);
    expect(busy.every(({ calls }) => calls === 1)).toBe(true);
  });
});

function worldOf(site: string): World {
  const of = cases.find(({ account }) => account.site === site);
  if (of === undefined) throw new Error(`there is no ${site}`);
  return new World(of);
}

/** Changes what the cloud answers to such calls from now on. */
function respeak(world: World, where: RegExp, what: RegExp, now: string): void {
  world.spoil = (request, answer) => {
    const reply = answer();
    return where.test(request.url) ? { ...reply, body: reply.body.replaceAll(what, now) } : reply;
  };
}

describe("the image of a JD Cloud server, of which the server gives only the id", () => {
  const images = /\/images\?/;

  test("keeps its name for ten minutes, and is called by the new one whenever it is asked for itself", async () => {
    const world = worldOf("cn");
    const first = await world.read();
    respeak(world, images, /"name":"[^"]*"/g, '"name":"renamed"');
    world.pass(9 * minutes);
    const second = await world.read();
    expect(second.image).toEqual(first.image);
    world.pass(2 * minutes);
    expect((await world.read()).image.name).toBe("renamed");
    respeak(world, images, /"name":"[^"]*"/g, '"name":"again"');
    const own = await world.cloud.image(await world.read(), first.image.id);
    expect([own?.name, (await world.read()).image.name]).toEqual(["again", "again"]);
  });

  test("is asked for at every look while it may not be taken, so that the form offers it as soon as it may", async () => {
    const world = worldOf("cn");
    respeak(world, images, /"status":"ready"/g, '"status":"pending"');
    expect(world.cloud.choices(await world.read(), null).sameImage).toMatchObject({
      refused: expect.stringContaining("pending"),
    });
    respeak(world, images, /never/g, "");
    expect(world.cloud.choices(await world.read(), null).sameImage).toBe("ok");
  });
});

describe("the disks of a Huawei Cloud server, whose sizes only EVS knows", () => {
  test("are read afresh whenever the server is at rest, and from memory only while the cloud works on it", async () => {
    const world = worldOf("huawei");
    const before = await world.read();
    respeak(world, /cloudvolumes/, /"size":\d+/g, '"size":77');
    await world.send({ kind: "converge", act: "stop", hard: false }, before);
    const busy = await world.read();
    expect([busy.power, busy.identity["system disk size"]]).toEqual(["busy", before.identity["system disk size"]]);
    world.pass(minutes);
    const rest = await world.read();
    expect([rest.power, rest.identity["system disk size"]]).toEqual(["stopped", "77 GB"]);
  });

  test("are read from EVS also while the cloud works on it, as long as one of them is not known", async () => {
    const world = worldOf("huawei");
    await world.send({ kind: "converge", act: "stop", hard: false }, await world.read());
    const later = new World(world.of);
    later.state = world.state;
    const busy = await later.read();
    expect([busy.power, busy.systemDisk?.sizeGb === 0]).toEqual(["busy", false]);
  });
});

describe.each(["huawei", "otc"])("the job of a reinstall on %s, which takes a call of its own", (site) => {
  const jobs = /\/jobs\//;

  test("is asked once a minute while the server shows that it is being reinstalled, so that its failure is seen within a minute", async () => {
    const world = worldOf(site);
    const before = await world.ready();
    const act = await world.reinstall(before);
    const receipt = receiptOf(await world.send(act, before));
    world.pass(10_000);
    world.sent.length = 0;
    const seen = await world.looks(act, before, receipt, 2 * minutes);
    expect(seen.every((look) => look.is === "working" && look.says === "the job is RUNNING")).toBe(true);
    expect(world.sent.filter(({ url }) => jobs.test(url))).toHaveLength(2);
    respeak(world, jobs, /"status":"RUNNING"/g, '"status":"FAIL"');
    world.pass(5_000);
    expect(await world.looks(act, before, receipt, 5_000)).toEqual([expect.objectContaining({ is: "failed" })]);
  });

  test("is asked once more when the server is shown at rest, however short a time ago it was running", async () => {
    const world = worldOf(site);
    const before = await world.ready();
    const act = await world.reinstall(before);
    const receipt = receiptOf(await world.send(act, before));
    world.pass(10_000);
    const [first] = await world.looks(act, before, receipt, 5_000);
    expect(first).toMatchObject({ is: "working" });
    world.sent.length = 0;
    const atRest = { ...(await world.read()), trace: before.trace, power: before.power };
    await world.cloud.look(act, before, atRest, receipt);
    expect(world.sent.filter(({ url }) => jobs.test(url))).toHaveLength(1);
  });
});
