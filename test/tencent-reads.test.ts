import { describe, expect, test } from "vitest";
import { CloudDown } from "../src/clouds/cloud.ts";
import type { Exchange } from "../src/seams.ts";
import { cloudOn, idle, network, reading, refuse, type Seen, sampleInstance, testClock } from "./tencent-samples.ts";

const idOf = (n: number): string => `ins-${String(n).padStart(8, "0")}`;
const instance = (id: string, more: object = {}) => ({ ...sampleInstance, ...idle, InstanceId: id, ...more });
const ref = (id: string) => ({ ...reading().ref, id });

/** DescribeInstances as the cloud does it: by ids, of which an unknown one spoils the call, or by pages. */
function describeInstances(all: readonly object[]) {
  return ({ params }: Seen): object => {
    const { InstanceIds, Offset, Limit } = params as { InstanceIds?: string[]; Offset: number; Limit: number };
    const chosen = all as readonly { InstanceId: string }[];
    if (InstanceIds === undefined) return { TotalCount: all.length, InstanceSet: all.slice(Offset, Offset + Limit) };
    if (InstanceIds.length > 100) return refuse("InvalidParameterValue.LimitExceeded");
    const set = chosen.filter((each) => InstanceIds.includes(each.InstanceId));
    return set.length < InstanceIds.length
      ? refuse("InvalidInstanceId.NotFound")
      : { TotalCount: set.length, InstanceSet: set };
  };
}

describe("one server", () => {
  test("many askers cost one call for each hundred, the limit sent, each server asked for once", async () => {
    const ids = Array.from({ length: 230 }, (_, n) => idOf(n));
    const { exchange, seen } = network(describeInstances(ids.map((id) => instance(id))));
    const cloud = cloudOn(exchange);
    const asked = [...ids, ...ids.slice(0, 20)];
    const servers = await Promise.all(asked.map((id) => cloud.server(ref(id))));
    expect(servers.map((server) => server.ref.id)).toEqual(asked);
    expect(seen).toHaveLength(3);
    for (const { params } of seen) expect(params).toMatchObject({ Limit: 100 });
  });

  test("that two ask for at once is named once in the call", async () => {
    const { exchange, seen } = network(describeInstances([instance(idOf(1))]));
    const cloud = cloudOn(exchange);
    await Promise.all([cloud.server(ref(idOf(1))), cloud.server(ref(idOf(1)))]);
    expect(seen.map(({ params }) => params["InstanceIds"])).toEqual([[idOf(1)]]);
  });

  test("is read anew each time, and regions are asked apart", async () => {
    const { exchange, seen } = network(describeInstances([instance(idOf(1))]));
    const cloud = cloudOn(exchange);
    await Promise.all([cloud.server(ref(idOf(1))), cloud.server({ ...ref(idOf(1)), region: "ap-hongkong" })]);
    await cloud.server(ref(idOf(1)));
    expect(seen.map(({ region }) => region)).toEqual(["ap-guangzhou", "ap-hongkong", "ap-guangzhou"]);
  });

  test("that was deleted is gone, and blinds none of the others", async () => {
    const ids = Array.from({ length: 100 }, (_, n) => idOf(n));
    const deleted = new Set([idOf(7), idOf(64)]);
    const left = ids.filter((id) => !deleted.has(id)).map((id) => instance(id));
    const { exchange, seen } = network(describeInstances(left));
    const cloud = cloudOn(exchange);
    const servers = await Promise.all(ids.map((id) => cloud.server(ref(id))));
    expect(servers.filter((server) => server.power === "gone").map((server) => server.ref.id)).toEqual([...deleted]);
    expect(servers.filter((server) => server.power === "running")).toHaveLength(98);
    expect(seen.length).toBeLessThan(35);
  });

  test("with a malformed id is gone too; a cloud that is down is not", async () => {
    const malformed = cloudOn(network(() => refuse("InvalidInstanceId.Malformed")).exchange);
    expect(await malformed.server(ref("ins-x"))).toMatchObject({ power: "gone", ref: { id: "ins-x" } });
    const throttled = cloudOn(network(() => refuse("RequestLimitExceeded")).exchange);
    await expect(throttled.server(ref("ins-x"))).rejects.toMatchObject({
      name: "CloudDown",
      code: "RequestLimitExceeded",
    });
  });

  test("that cannot be read fails alone", async () => {
    const answer = { TotalCount: 2, InstanceSet: [instance(idOf(1)), instance(idOf(2), { Tags: "none" })] };
    const cloud = cloudOn(network(() => answer).exchange);
    const [good, bad] = await Promise.allSettled([cloud.server(ref(idOf(1))), cloud.server(ref(idOf(2)))]);
    expect(good).toMatchObject({ status: "fulfilled", value: { power: "running" } });
    expect(bad).toMatchObject({ status: "rejected", reason: { code: "unexpected-answer" } });
  });

  test.each([
    { says: "is short of what it counts", answer: { TotalCount: 1, InstanceSet: [] } },
    { says: "is about another server", answer: { TotalCount: 1, InstanceSet: [instance(idOf(2))] } },
  ])("is not gone when the answer $says", async ({ answer }) => {
    const reading = cloudOn(network(() => answer).exchange).server(ref(idOf(1)));
    await expect(reading).rejects.toMatchObject({ name: "CloudDown", code: "unexpected-answer" });
  });

  test.each([
    { says: "no answer", exchange: async () => Promise.reject(new Error("socket hang up")), code: "no-answer" },
    { says: "HTTP 503", exchange: async () => ({ status: 503, headers: {}, body: "busy" }), code: "http-503" },
    { says: "no JSON", exchange: async () => ({ status: 200, headers: {}, body: "<html>" }), code: "http-200" },
    { says: "an empty object", exchange: async () => ({ status: 200, headers: {}, body: "{}" }), code: "http-200" },
  ] satisfies readonly { says: string; exchange: Exchange; code: string }[])(
    "$says is CloudDown",
    async ({ exchange, code }) => {
      const error = await cloudOn(exchange)
        .server(ref(idOf(1)))
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CloudDown);
      expect(error).toMatchObject({ code, says: expect.stringMatching(/^Tencent Cloud.*\.$/) });
    },
  );

  test("is given up when the batch takes too long", async () => {
    const clock = testClock();
    clock.late = true;
    const cloud = cloudOn(() => new Promise(() => {}), {}, clock);
    await expect(cloud.server(ref(idOf(1)))).rejects.toMatchObject({ name: "CloudDown", code: "timeout" });
  });
});

describe("all servers", () => {
  test("are read page by page in every region", async () => {
    const all = Array.from({ length: 130 }, (_, n) => instance(idOf(n)));
    const { exchange, seen } = network((call) => describeInstances(call.region === "ap-guangzhou" ? all : [])(call));
    const { found, unread } = await cloudOn(exchange).servers();
    expect(found).toHaveLength(130);
    expect(unread).toEqual([]);
    const pages = seen.filter(({ region }) => region === "ap-guangzhou").map(({ params }) => params);
    expect(pages).toEqual([
      { Offset: 0, Limit: 100 },
      { Offset: 100, Limit: 100 },
    ]);
  });

  test("a region that does not answer is named and hides nothing else, not even its own first page", async () => {
    const all = Array.from({ length: 130 }, (_, n) => instance(idOf(n)));
    const { exchange } = network((call) => {
      if (call.region === "ap-hongkong") throw new Error("socket hang up");
      return call.params["Offset"] === 100 ? refuse("RequestLimitExceeded") : describeInstances(all)(call);
    });
    const { found, unread } = await cloudOn(exchange).servers();
    expect(found).toHaveLength(100);
    expect(unread).toEqual([
      "ap-guangzhou: Tencent Cloud is being asked too often just now. It did nothing; the same call may be sent again later.",
      "ap-hongkong: Tencent Cloud does not answer.",
    ]);
  });
});
