import { describe, expect, test } from "vitest";
import { cloudOn, network, reading, refuse } from "./tencent-samples.ts";

describe("images", () => {
  const wire = (id: string, more: object = {}) => ({
    ImageId: id,
    ImageName: id,
    ImageState: "NORMAL",
    ImageSize: 20,
    OsName: "Debian 12.5 64bit",
    Platform: "Debian",
    ImageType: "PUBLIC_IMAGE",
    ...more,
  });

  test("are asked for by kind and fitting type, and looked through for every word in name, id and OS", async () => {
    const set = [
      wire("img-a"),
      wire("img-big", { ImageSize: 3000 }),
      wire("img-u", { OsName: "Ubuntu Server 22.04", Platform: "Ubuntu" }),
    ];
    const { exchange, seen } = network(() => ({ TotalCount: set.length, ImageSet: set }));
    const cloud = cloudOn(exchange);
    const ids = async (text: string) => (await cloud.images(reading(), "public", text)).found.map(({ id }) => id);
    expect(await ids("")).toEqual(["img-a", "img-u", "img-big"]);
    expect(await ids("ubuntu 22")).toEqual(["img-u"]);
    expect(await ids("IMG-A debian")).toEqual(["img-a"]);
    expect(await ids("nothing like it")).toEqual([]);
    expect(seen[0]?.params).toEqual({
      InstanceType: "S2.SMALL2",
      Offset: 0,
      Limit: 100,
      Filters: [{ Name: "image-type", Values: ["PUBLIC_IMAGE"] }],
    });
  });

  test("past a hundred say that there are more", async () => {
    const set = Array.from({ length: 110 }, (_, n) => wire(`img-${n}`));
    const { exchange } = network(({ params }) => {
      const { Offset, Limit } = params as { Offset: number; Limit: number };
      return { TotalCount: 110, ImageSet: set.slice(Offset, Offset + Limit) };
    });
    const listed = await cloudOn(exchange).images(reading(), "public", "");
    expect(listed).toMatchObject({ more: true });
    expect(listed.found).toHaveLength(100);
  });

  test("are listed without asking for the type when the cloud no longer knows it", async () => {
    const { exchange } = network(({ params }) =>
      "InstanceType" in params
        ? refuse("InvalidParameterValue.InstanceTypeNotFound")
        : { TotalCount: 1, ImageSet: [wire("img-a")] },
    );
    expect((await cloudOn(exchange).images(reading(), "private", "")).found).toHaveLength(1);
  });

  test("one that does not fit the type is told from one that is gone", async () => {
    const { exchange } = network(({ params }) => {
      const known = (params["ImageIds"] as string[])[0] === "img-arm00000" && !("InstanceType" in params);
      return { TotalCount: known ? 1 : 0, ImageSet: known ? [wire("img-arm00000", { Architecture: "arm" })] : [] };
    });
    const cloud = cloudOn(exchange);
    expect((await cloud.image(reading(), "img-arm00000"))?.unusable).toMatch(
      /\(arm\) cannot be used on instance type S2.SMALL2/,
    );
    expect(await cloud.image(reading(), "img-gone0000")).toBeNull();
    expect(await cloudOn(network(() => refuse("InvalidImageId.Malformed")).exchange).image(reading(), "x")).toBeNull();
  });
});

test("key pairs are read page by page and sorted by name", async () => {
  const all = Array.from({ length: 101 }, (_, n) => ({ KeyId: `skey-${n}`, KeyName: `key-${200 - n}` }));
  const { exchange, seen } = network(({ params }) => {
    const { Offset, Limit } = params as { Offset: number; Limit: number };
    return { TotalCount: 101, KeyPairSet: all.slice(Offset, Offset + Limit) };
  });
  const pairs = await cloudOn(exchange).keyPairs(reading());
  expect(pairs).toHaveLength(101);
  expect(pairs[0]).toEqual({ id: "skey-100", name: "key-100" });
  expect(seen).toHaveLength(2);
});
