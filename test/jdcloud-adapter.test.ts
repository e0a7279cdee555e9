import { describe, expect, test } from "vitest";
import { CloudDown, type Look, type Receipt, type Server } from "../src/clouds/cloud.ts";
import {
  type JdcloudWorld,
  jdcloudWorld,
  minutes,
  orderFor,
  password,
  rebuild,
  region,
  remembering,
  seconds,
  withKey,
  withPassword,
} from "./setup/jdcloud-world.ts";

/** Sends a rebuild of a stopped server and says what is known right after. */
async function ordered(world: JdcloudWorld, name = "jd-web-02", how: { image?: string; key?: boolean } = {}) {
  const before = await world.read(name);
  const image = how.image === undefined ? null : await world.cloud.image(before, how.image);
  const act = rebuild(orderFor(before, how.key ? withKey : withPassword, image));
  const answer = await world.cloud.send(act, before, world.now()).catch(() => "nobody knows" as const);
  return { before, act, answer };
}

function accepted(answer: Awaited<ReturnType<typeof ordered>>["answer"]): Receipt {
  if (answer === "nobody knows" || !("accepted" in answer)) throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  return answer.accepted;
}

/** Looks every five seconds as the flow does, merging what a look asks to be remembered, until it is no longer working. */
async function follow(
  world: JdcloudWorld,
  order: { before: Server; act: ReturnType<typeof rebuild> },
  first: Receipt | null,
) {
  let receipt = first;
  for (let passed = 0; passed < 60 * minutes; passed += 5 * seconds) {
    const look = await world.cloud.look(order.act, order.before, await world.cloud.server(order.before.ref), receipt);
    if (look.is !== "working") return look;
    if (receipt !== null) receipt = remembering(receipt, look);
    world.later(5 * seconds);
  }
  return { is: "working" } satisfies Look;
}

describe("from running to running", () => {
  test("stop, rebuild with another image, start: each seen to its end, the rebuild proved by its receipt", async () => {
    const world = jdcloudWorld();
    const { cloud } = world;
    const running = await world.read("jd-web-01");
    const stop = { kind: "converge", act: "stop", hard: false } as const;
    expect(await cloud.send(stop, running, world.now())).toMatchObject({ accepted: { id: expect.any(String) } });
    expect(JSON.parse(world.sent.at(-1)?.body ?? "")).toEqual({ chargeOnStopped: "keepCharging" });
    expect(await cloud.look(stop, running, await world.read("jd-web-01"), null)).toEqual({
      is: "working",
      says: "state stopping",
    });
    world.later(21 * seconds);
    expect(await cloud.look(stop, running, await world.read("jd-web-01"), null)).toEqual({
      is: "done",
      proof: "state",
    });

    const order = await ordered(world, "jd-web-01", { image: "img-ubuntu2404c" });
    expect(await follow(world, order, accepted(order.answer))).toEqual({ is: "done", proof: "receipt" });
    const after = await world.read("jd-web-01");
    expect([after.state, after.image.name, after.os.name]).toEqual(["stopped", "Ubuntu 24.04 64-bit", "Ubuntu 24.04"]);

    const start = { kind: "converge", act: "start" } as const;
    await cloud.send(start, after, world.now());
    world.later(21 * seconds);
    expect(await cloud.look(start, after, await world.read("jd-web-01"), null)).toEqual({ is: "done", proof: "state" });
    expect(world.panel("jd-web-01").reinstalls).toBe(1);
    expect(Object.values(world.passwords())).toEqual([password]);
  });

  test("the same image leaves no trace but the state seen meanwhile, and that is enough with a receipt", async () => {
    const world = jdcloudWorld();
    const order = await ordered(world);
    expect(await follow(world, order, accepted(order.answer))).toEqual({ is: "done", proof: "receipt" });
  });

  test("with a key pair no password is sent, and password login is off", async () => {
    const world = jdcloudWorld();
    const { before, answer } = await ordered(world, "jd-web-02", { key: true });
    expect(JSON.parse(world.sent.at(-1)?.body ?? "")).toEqual({
      imageId: before.image.id,
      keyNames: ["oncall-2026"],
      passWordAuth: "no",
    });
    accepted(answer);
  });

  test("an act goes out once and on a connection of its own, with the colon of its path encoded, signed with the time it was given", async () => {
    const world = jdcloudWorld();
    const { before } = await ordered(world);
    const act = world.sent.at(-1);
    expect([act?.method, act?.once, act?.url]).toEqual([
      ...["POST", true],
      `https://vm.jdcloud-api.com/v1/regions/${region}/instances/${before.ref.id}%3ArebuildInstance`,
    ]);
    expect(act?.headers["x-jdcloud-date"]).toBe("20261121T030000Z");
    expect(world.sent.filter((one) => one.method === "POST")).toHaveLength(1);
  });

  test("on a dedicated host a stop says nothing of charging, which JD Cloud would refuse there", async () => {
    const world = jdcloudWorld();
    const server = await world.read("jd-dedicated");
    const answer = await world.cloud.send({ kind: "converge", act: "stop", hard: false }, server, world.now());
    expect([world.sent.at(-1)?.body, "accepted" in answer]).toEqual(["{}", true]);
  });

  test("stopping what is stopped and starting what runs is success", async () => {
    const world = jdcloudWorld();
    const [stopped, running] = [await world.read("jd-web-02"), await world.read("jd-web-01")];
    const stop = await world.cloud.send({ kind: "converge", act: "stop", hard: false }, stopped, world.now());
    const start = await world.cloud.send({ kind: "converge", act: "start" }, running, world.now());
    expect(["accepted" in stop, "accepted" in start]).toEqual([true, true]);
  });
});

describe("when it goes wrong", () => {
  const rows: readonly [fault: string, answer: string, ends: Look["is"], wiped: number][] = [
    ["refused", "refused", "no-trace", 0],
    ["error-200", "refused", "no-trace", 0],
    ["throttled", "notSent", "no-trace", 0],
    ["never-arrives", "nobody knows", "no-trace", 0],
    ["unknown", "nobody knows", "no-trace", 0],
    ["html-503", "nobody knows", "no-trace", 0],
    ["lost", "nobody knows", "no-trace", 1],
    ["internal", "nobody knows", "no-trace", 1],
    ["conflict", "nobody knows", "no-trace", 1],
    ["fails", "accepted", "failed", 1],
    ["hangs", "accepted", "working", 1],
    ["stale", "accepted", "done", 1],
  ];
  test.each(rows)(
    "a rebuild that meets “%s” is answered “%s”, and looking ends at “%s” (%i wiped)",
    async (fault, said, ends, wiped) => {
      const world = jdcloudWorld();
      world.arm(fault);
      const order = await ordered(world);
      expect(order.answer === "nobody knows" ? order.answer : Object.keys(order.answer)[0]).toBe(said);
      const receipt = said === "accepted" ? accepted(order.answer) : null;
      // A lost answer is looked at when all is over, as after a crash.
      if (receipt === null) world.later(10 * minutes);
      expect((await follow(world, order, receipt)).is).toBe(ends);
      expect(world.panel("jd-web-02").reinstalls).toBe(wiped);
    },
  );

  test("a request that never left is not sent, and may be sent later", async () => {
    const world = jdcloudWorld();
    const before = await world.read("jd-web-02");
    world.cut();
    const answer = await world.cloud.send(rebuild(orderFor(before, withPassword)), before, world.now());
    expect(answer).toMatchObject({ notSent: { code: "not-sent" } });
  });

  test("an answer without a request id, or one that cannot be read, proves nothing", async () => {
    for (const body of ["", "{}", "<html>", { result: {} }, { requestId: "" }]) {
      const world = jdcloudWorld();
      const before = await world.read("jd-web-02");
      world.answers(200, body);
      const sending = world.cloud.send(rebuild(orderFor(before, withPassword)), before, world.now());
      await expect(sending).rejects.toThrow(/request id|no clear word/);
    }
  });

  test("a rebuild without the login it needs is refused before anything is sent", async () => {
    const world = jdcloudWorld();
    const before = await world.read("jd-web-02");
    const { secret: _lost, ...act } = rebuild(orderFor(before, withPassword));
    for (const without of [act, rebuild(orderFor(before, { kind: "keep-image" }))]) {
      expect(await world.cloud.send(without, before, world.now())).toMatchObject({ refused: { code: "no-password" } });
    }
    expect(world.sent.filter((one) => one.method === "POST")).toEqual([]);
  });

  test("an error never carries the password", async () => {
    const world = jdcloudWorld();
    world.arm("html-503");
    const before = await world.read("jd-web-02");
    const error = await world.cloud
      .send(rebuild(orderFor(before, withPassword)), before, world.now())
      .catch((thrown) => thrown);
    expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain(password);
  });

  test("a failed rebuild says what to do: JD Cloud offers no way out of error but its support", async () => {
    const world = jdcloudWorld();
    world.arm("fails");
    const order = await ordered(world);
    const receipt = accepted(order.answer);
    expect(await follow(world, order, receipt)).toEqual({
      is: "failed",
      refusal: {
        code: "error",
        requestId: receipt.id,
        says: "The rebuild failed: the server is in state error, from which JD Cloud does not rebuild. Open a ticket with JD Cloud.",
      },
    });
  });

  test("a start that JD Cloud has no stock for is refused in words", async () => {
    const world = jdcloudWorld();
    world.arm("stock");
    const answer = await world.cloud.send(
      { kind: "converge", act: "start" },
      await world.read("jd-web-02"),
      world.now(),
    );
    expect(answer).toMatchObject({ refused: { says: expect.stringContaining("no capacity of this type left") } });
  });

  test("a stop that is ignored leaves the server running, and there is no harder one", async () => {
    const world = jdcloudWorld();
    world.arm("stop-ignored");
    const running = await world.read("jd-web-01");
    const stop = { kind: "converge", act: "stop", hard: false } as const;
    await world.cloud.send(stop, running, world.now());
    world.later(minutes);
    expect(await world.cloud.look(stop, running, await world.read("jd-web-01"), null)).toEqual({
      is: "no-trace",
      evidence: ["The server is in state running."],
    });
    expect(world.cloud.traits.hardStop).toBe(false);
  });
});

describe("a mark in the host name, where the config opts in", () => {
  test("proves our rebuild though its answer was lost", async () => {
    const world = jdcloudWorld({ hostnameMark: true });
    world.arm("lost");
    const order = await ordered(world);
    expect(order.answer).toBe("nobody knows");
    world.later(5 * minutes);
    expect(await follow(world, order, null)).toEqual({ is: "done", proof: "mark" });
    const { hostname } = JSON.parse(world.sent.find((one) => one.method === "POST")?.body ?? "");
    expect(hostname).toMatch(/^jd-web-02-ri[a-z2-7]{6}$/);
    expect((await world.read("jd-web-02")).trace["host name"]).toBe(hostname);
  });

  test("a stranger's rebuild does not carry it, and is not taken for ours", async () => {
    const world = jdcloudWorld({ hostnameMark: true });
    world.arm("never-arrives");
    const order = await ordered(world);
    world.console("jd-web-02", "reinstall");
    world.later(5 * minutes);
    expect((await follow(world, order, null)).is).not.toBe("done");
    expect(world.panel("jd-web-02").reinstalls).toBe(1);
  });
});

describe("reading", () => {
  test("the servers of all regions come page by page, and a region that does not answer is named", async () => {
    const world = jdcloudWorld();
    const { found, unread } = await world.cloud.servers();
    expect([found.length > 50, unread]).toEqual([true, []]);
    expect(found.find((server) => server.name === "jd-south-01")?.ref.region).toBe("cn-south-1");
    world.arm("down");
    expect(await world.cloud.servers()).toEqual({
      found: [],
      unread: [
        `JD Cloud, ${region}: JD Cloud's answer cannot be read.`,
        "JD Cloud, cn-south-1: JD Cloud's answer cannot be read.",
      ],
    });
  });

  test("forty servers asked for at once cost one call, and one for their images", async () => {
    const world = jdcloudWorld();
    const { found } = await world.cloud.servers();
    const refs = found
      .filter((server) => server.ref.region === region)
      .slice(0, 40)
      .map((server) => server.ref);
    world.sent.length = 0;
    const read = await Promise.all(refs.map((ref) => world.cloud.server(ref)));
    expect(read.map((server) => server.ref.id)).toEqual(refs.map((ref) => ref.id));
    expect(world.sent.map((one) => new URL(one.url).pathname.split("/").at(-1))).toEqual(["instances", "images"]);
  });

  test("a deleted server is gone, and a cloud that is down is not", async () => {
    const world = jdcloudWorld();
    const ref = world.refOf("jd-app-01");
    world.console("jd-app-01", "delete");
    expect((await world.cloud.server(ref)).power).toBe("gone");
    world.arm("down");
    await expect(world.cloud.server(ref)).rejects.toThrow(CloudDown);
  });

  test("an instance that cannot be read is not taken for one that is gone", async () => {
    const world = jdcloudWorld();
    const ref = world.refOf("jd-web-01");
    world.answers(200, { requestId: "r", result: { instances: [{ instanceID: ref.id }], totalCount: 1 } });
    await expect(world.cloud.server(ref)).rejects.toThrow("not as its documents describe it");
    world.answers(404, { requestId: "r", error: { code: 404, status: "NOT_FOUND", message: "no such path[gw]" } });
    await expect(world.cloud.server(ref)).rejects.toThrow(CloudDown);
  });

  test("images come by kind, those that fit first, the others with the reason", async () => {
    const world = jdcloudWorld();
    const server = await world.read("jd-local-01");
    const { found, more } = await world.cloud.images(server, "public", "Ubuntu 2");
    expect(more).toBe(false);
    expect(found.map((image) => [image.name, image.unusable?.slice(0, 39) ?? "fits"])).toEqual([
      ["Ubuntu 20.04 64-bit", "fits"],
      ["Ubuntu 22.04 64-bit", "fits"],
      ["Ubuntu 22.04 64-bit", "This image needs a cloud system disk, a"],
      ["Ubuntu 24.04 64-bit", "This image needs a cloud system disk, a"],
      ["Ubuntu 22.04 64-bit ARM", "This image needs a cloud system disk, a"],
    ]);
    const kinds = await Promise.all(
      (["private", "shared", "market"] as const).map(
        async (kind) => (await world.cloud.images(server, kind, "")).found.length,
      ),
    );
    expect(kinds).toEqual([6, 2, 4]);
  });

  test("key pairs are read to the last page, by name and fingerprint", async () => {
    const world = jdcloudWorld();
    const pairs = await world.cloud.keyPairs(await world.read("jd-web-01"));
    const fingerprint = expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    expect([pairs.length, pairs.at(-1)]).toEqual([14, { id: "break-glass", name: "break-glass", fingerprint }]);
  });
});

test("a 5xx proves nothing, whatever the body under it says", async () => {
  const world = jdcloudWorld();
  const before = await world.read("jd-web-02");
  const act = rebuild(orderFor(before, withPassword));
  for (const status of ["RATE_LIMIT", "INVALID_ARGUMENT"]) {
    world.answers(504, { requestId: "r1", error: { code: 400, status, message: "Invalid password" } });
    await expect(world.cloud.send(act, before, world.now())).rejects.toThrow();
  }
});

test("a page that comes twice shows no server twice", async () => {
  const world = jdcloudWorld();
  const instance = { instanceId: "i-twice000001", instanceName: "twice", status: "stopped" };
  world.answers(200, { requestId: "r1", result: { totalCount: 150, instances: [instance] } });
  const { found } = await world.cloud.servers();
  expect(found.map(({ ref }) => `${ref.region}/${ref.id}`)).toEqual([
    "cn-north-1/i-twice000001",
    "cn-south-1/i-twice000001",
  ]);
});
