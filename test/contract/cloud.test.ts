import { describe, expect, test } from "vitest";
import { CloudDown, type Notice } from "../../src/clouds/cloud.ts";
import { brokenRules, generate } from "../../src/clouds/password.ts";
import { cases } from "../setup/cases.ts";
import { minutes, World } from "./world.ts";

const sentence = /^[“A-Z0-9].*[.!:)”]$/s;

describe.each(cases)("$title keeps the promises of a cloud: reading", (of) => {
  test("every server of the account is listed once, also past a page of the list", async () => {
    const world = new World(of);
    world.crowd(230);
    const { found, unread } = await world.cloud.servers();
    const regions: readonly string[] = of.account.regions;
    const there = of.sim.panel(world.state, world.now).filter(({ region }) => regions.includes(region));
    expect(unread).toEqual([]);
    expect(found.map(({ ref }) => ref.id).sort()).toEqual(there.map(({ id }) => id).sort());
  });

  test("many who ask for a server at once are answered by few calls", async () => {
    const world = new World(of);
    const ids = (await world.cloud.servers()).found.slice(0, 40);
    world.sent.length = 0;
    const read = await Promise.all(ids.map(({ ref }) => world.cloud.server(ref)));
    expect(read.map(({ ref }) => ref.id)).toEqual(ids.map(({ ref }) => ref.id));
    expect(world.sent.length).toBeLessThanOrEqual(4);
  });

  test("a reading holds what a card shows and an approval seals", async () => {
    const world = new World(of);
    const server = await world.read();
    expect(server).toMatchObject({ ref: world.ref(), name: of.server, readAt: world.now, power: "running" });
    expect(server.state).toBe(of.running);
    expect(server.os.family).toBe("linux");
    expect(server.image.id).not.toBe("");
    expect(server.systemDisk?.id).not.toBe("");
    expect(server.systemDisk?.sizeGb).toBeGreaterThan(0);
    expect(server.dataDisks.length).toBeGreaterThan(0);
    expect(Object.values(server.identity)).toEqual(expect.arrayContaining([server.image.id, server.systemDisk?.id]));
    expect(Object.values({ ...server.identity, ...server.trace, ...server.facts }).every(isText)).toBe(true);
  });

  test("power is no part of what an approval seals", async () => {
    const world = new World(of);
    const before = await world.read();
    await world.settle({ kind: "converge", act: "stop", hard: false }, before);
    const after = await world.read();
    expect(after.power).toBe("stopped");
    expect(after.state).toBe(of.stopped);
    expect(after.identity).toEqual(before.identity);
    expect(after.trace).not.toEqual(before.trace);
  });

  test("a typed id is known by its looks, and other words are not", () => {
    const world = new World(of);
    expect(world.cloud.looksLikeId(world.ref().id)).toBe(true);
    expect(["", "web", of.server, "203.0.113.7", "ins-", "i-"].filter((text) => world.cloud.looksLikeId(text))).toEqual(
      [],
    );
  });

  test("a server that the cloud no longer has reads as gone, and is refused with a sentence", async () => {
    const world = new World(of);
    const order = await world.order(await world.read());
    const ref = world.ref();
    world.console("delete");
    const gone = await world.cloud.server(ref);
    expect(gone.power).toBe("gone");
    expect(refusals(await world.cloud.refusals(gone))).toHaveLength(1);
    expect(refusals(await world.cloud.notices(order, gone))).not.toEqual([]);
  });

  test("a state that the bot does not know is unknown, and means wait", async () => {
    const world = new World(of);
    world.spoil = (_request, answer) => {
      const reply = answer();
      return { ...reply, body: reply.body.replaceAll(`"${of.running}"`, '"LEVITATING"') };
    };
    const server = await world.read();
    expect(server.power).toBe("unknown");
    expect((await world.cloud.refusals(server)).map(({ kind }) => kind)).toContain("wait");
  });

  test.each([
    ["no JSON at all", 200, "<html>gateway</html>"],
    ["an answer of another shape", 200, "{}"],
    ["an error of the service's own", 503, "Service Unavailable"],
  ])("%s is never taken for a reading", async (_what, status, body) => {
    const world = new World(of);
    const ref = world.ref();
    world.spoil = () => ({ status, headers: {}, body });
    await expect(world.cloud.server(ref)).rejects.toBeInstanceOf(CloudDown);
    const listed = await world.cloud.servers().catch((cause: unknown) => cause);
    if (listed instanceof CloudDown) expect(listed.says).toMatch(sentence);
    else expect(listed).toMatchObject({ found: [], unread: [expect.stringMatching(/\w/)] });
  });

  test.each(["id", "disk", "image"] as const)(
    "a server whose %s is no readable text hides no other: not in the list, not in a reading of many",
    async (what) => {
      const world = new World(of);
      const all = (await world.cloud.servers()).found;
      const one = await world.read();
      const spoilt = { id: one.ref.id, disk: one.systemDisk?.id ?? "", image: one.image.id }[what];
      world.spoil = (_request, answer) => {
        const reply = answer();
        return { ...reply, body: reply.body.replaceAll(`"${spoilt}"`, `"${spoilt}\\ud800"`) };
      };
      const others = all.filter(({ image, ref }) => ref.id !== one.ref.id && image.id !== one.image.id);
      expect(others.length).toBeGreaterThan(3);
      const listed = await world.cloud.servers();
      expect(listed.unread).toEqual([]);
      expect(listed.found.map(({ ref }) => ref.id)).toEqual(expect.arrayContaining(others.map(({ ref }) => ref.id)));
      const asked = [one, ...others.filter(({ ref }) => ref.region === one.ref.region)].slice(0, 4);
      const made = { ...one.ref, id: "half-\ud800" };
      const read = await Promise.allSettled(
        [made, ...asked.map(({ ref }) => ref)].map((ref) => world.cloud.server(ref)),
      );
      expect(read.slice(2).map(({ status }) => status)).toEqual(asked.slice(1).map(() => "fulfilled"));
      for (const each of read) if (each.status === "rejected") expect(each.reason).toBeInstanceOf(CloudDown);
    },
  );

  test("an image whose id is no readable text hides no other", async () => {
    const world = new World(of);
    const server = await world.read();
    const [kind = "public"] = world.cloud.choices(server, null).imageKinds;
    const all = (await world.cloud.images(server, kind, "")).found;
    const [first] = all;
    world.spoil = (_request, answer) => {
      const reply = answer();
      return { ...reply, body: reply.body.replaceAll(`"${first?.id}"`, `"${first?.id}\\ud800"`) };
    };
    const left = (await world.cloud.images(server, kind, "")).found;
    expect(left.slice(0, all.length - 1).map(({ id }) => id)).toEqual(all.slice(1).map(({ id }) => id));
    expect(await world.cloud.image(server, "half-\ud800")).toBeNull();
  });

  test("a list of servers that does not end is cut, and its region is said to be shown in part", async () => {
    const [region = ""] = of.account.regions;
    const world = new World(of, { regions: [region] });
    world.spoil = (_request, answer) => {
      // Slow enough for the cloud not to be asked too often.
      world.pass(100);
      const reply = answer();
      return { ...reply, body: JSON.stringify(JSON.parse(reply.body, endless)) };
    };
    const { found, unread } = await world.cloud.servers();
    expect(found.length).toBeGreaterThan(0);
    expect(unread).toEqual([expect.stringMatching(new RegExp(`${region}: Only the first \\d+ are shown\\.$`))]);
  });

  test("a cloud that cannot be asked says so in a sentence, and its regions are named", async () => {
    const world = new World(of);
    const ref = world.ref();
    world.arm(of.faults.down);
    const down: unknown = await world.cloud.server(ref).catch((cause: unknown) => cause);
    expect(down).toBeInstanceOf(CloudDown);
    expect(down instanceof CloudDown && down.says).toMatch(sentence);
    expect((await world.cloud.servers()).unread.join()).toContain(of.account.regions[0]);
  });
});

describe.each(cases)("$title keeps the promises of a cloud: what a form offers", (of) => {
  test("each login is offered or refused with a sentence, and one is offered", async () => {
    const world = new World(of);
    const { logins, user, sameImage } = world.cloud.choices(await world.read(), null);
    expect(new Set(logins.map(({ kind }) => kind)).size).toBe(logins.length);
    expect(logins.filter(({ refused }) => refused === undefined).length).toBeGreaterThan(0);
    for (const { refused } of logins) if (refused !== undefined) expect(refused).toMatch(sentence);
    expect(user).not.toBe("");
    expect(sameImage).toBe("ok");
  });

  test("password rules are there exactly where passwords are, and a generated one meets them all", async () => {
    const world = new World(of);
    const server = await world.read();
    const linux = world.cloud.choices(server, null);
    const passwords = linux.logins.some(({ kind, refused }) => kind === "generated" && refused === undefined);
    expect(linux.password !== undefined).toBe(passwords);
    for (const family of ["linux", "windows", "unknown"] as const) {
      const image = { id: "other", name: family, kind: "public" as const, os: { family, name: family } };
      const rules = world.cloud.choices(server, image).password;
      if (rules === undefined) continue;
      for (let n = 0; n < 100; n += 1) {
        const made = generate(rules, (bytes) => world.random(bytes)).open();
        expect(brokenRules(rules, made)).toEqual([]);
      }
    }
  });

  test("images of every kind offered can be listed, searched, and read again by their id", async () => {
    const world = new World(of);
    const server = await world.read();
    for (const kind of world.cloud.choices(server, null).imageKinds) {
      const { found, more } = await world.cloud.images(server, kind, "");
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(100);
      expect(found.length === 100 || !more).toBe(true);
      const usable = found.map(({ unusable }) => unusable === undefined);
      expect(usable).toEqual([...usable].sort((a, b) => Number(b) - Number(a)));
      for (const { unusable } of found) if (unusable !== undefined) expect(unusable).toMatch(sentence);
      const [first] = found;
      expect(await world.cloud.image(server, first?.id ?? "")).toMatchObject({
        id: first?.id,
        name: first?.name,
        kind,
      });
    }
    expect((await world.cloud.images(server, "public", "no such image")).found).toEqual([]);
    expect(await world.cloud.image(server, world.ref().id)).toBeNull();
  });

  test("key pairs of the account are listed", async () => {
    const world = new World(of);
    expect((await world.cloud.keyPairs(await world.read())).map(({ name }) => name)).toContain(of.keyPair);
  });

  test("an ordinary order is not refused, and names the loss first", async () => {
    const world = new World(of);
    const server = await world.read();
    for (const image of [undefined, await world.otherImage(server)]) {
      const order = await world.order(server, image === undefined ? {} : { image });
      const notices = await world.cloud.notices(order, server);
      expect(notices.filter(({ kind }) => kind === "refused" || kind === "wait")).toEqual([]);
      expect(notices.filter(({ kind }) => kind === "destroyed").map(({ says }) => says)).toEqual([
        expect.stringContaining(server.systemDisk?.id ?? "none"),
      ]);
      expect(notices.filter(({ kind }) => kind === "survives").length).toBe(1);
      for (const { says } of notices) {
        expect(says).toMatch(sentence);
        expect(says.length).toBeLessThanOrEqual(300);
      }
      const codes = notices.map(({ code, kind }) => `${kind} ${code}`);
      expect(new Set(codes).size).toBe(codes.length);
    }
  });

  test("its traits are whole: a title, a way to reinstall, and patience for each wait", () => {
    const { traits } = new World(of).cloud;
    expect(traits.title).toBe(of.called);
    expect([...traits.wipeFrom, ...traits.stopFrom]).toEqual(expect.arrayContaining(["running", "stopped"]));
    expect(traits.wipeFrom.filter((power) => traits.stopFrom.includes(power))).toEqual([]);
    expect(traits.support.url).toMatch(/^https:/);
    expect(traits.lostPassword.url).toMatch(/^https:/);
    expect(traits.lostPassword.says).toMatch(sentence);
    const { hardStop, ...others } = traits.patienceMs;
    expect(Math.min(...Object.values(others))).toBeGreaterThanOrEqual(3 * minutes);
    expect(hardStop > 0).toBe(traits.hardStop);
  });
});

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function refusals(notices: readonly Notice[]): readonly string[] {
  const says = notices.filter(({ kind }) => kind === "refused").map((notice) => notice.says);
  for (const each of says) expect(each).toMatch(sentence);
  return says;
}

/** Every page of servers is full, and there are always more. */
function endless(key: string, value: unknown): unknown {
  if (/^(TotalCount|totalCount|count)$/.test(key)) return 1_000_000;
  if (!/^(InstanceSet|instances|servers)$/.test(key) || !Array.isArray(value)) return value;
  return Array.from({ length: 200 }, (_, n) => value[n % Math.min(3, value.length)]);
}
