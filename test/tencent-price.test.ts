import { describe, expect, test } from "vitest";
import { type Cloud, CloudDown, type Notice, type Order, type Server } from "../src/clouds/cloud.ts";
import type { DiskGrowth } from "../src/clouds/growth.ts";
import { cloudOn, network, orderFor, reading, refuse, type Seen } from "./tencent-samples.ts";
import { minutes, receiptOf, simulated, web01 } from "./tencent-simulated.ts";

const image = {
  ImageId: "img-487zeit5",
  ImageName: "Ubuntu Server 22.04 LTS 64bit",
  OsName: "Ubuntu Server 22.04 LTS 64bit",
  ImageType: "PUBLIC_IMAGE",
  ImageState: "NORMAL",
  ImageSize: 20,
};

/** A cloud that knows the image, and answers a question for the price with this. */
function pricing(answer: object | Error, more: object = {}): { cloud: Cloud; asked: () => readonly Seen[] } {
  const { exchange, seen } = network(({ action }) => {
    if (action !== "InquiryPriceResetInstance") return { TotalCount: 1, ImageSet: [image] };
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const asked = () => seen.filter(({ action }) => action === "InquiryPriceResetInstance");
  return { cloud: cloudOn(exchange, more), asked };
}

const to = (diskGb: number, server: Server): Order => ({ ...orderFor(server), diskGb });
const instancePrice = (InstancePrice: object) => ({ Price: { InstancePrice } });

/** What was said of the price, and what was refused because of it. */
async function said(answer: object | Error, more: object = {}, server = reading()): Promise<readonly string[]> {
  const notices = await pricing(answer, more).cloud.notices(to(100, server), server);
  return notices
    .filter(({ code, kind }) => code === "price" || kind === "refused")
    .map(({ kind, at, says }) => `${kind} at ${at}: ${says}`);
}

describe("how the system disk may grow", () => {
  const local = { SystemDisk: { DiskType: "LOCAL_BASIC", DiskId: "disk-local000", DiskSize: 50 } };
  const cloudDisk = (DiskSize: number, DiskType = "CLOUD_SSD") => ({
    SystemDisk: { DiskType, DiskId: "disk-czsodtl1", DiskSize },
  });
  const table: readonly { says: string; fields: object; needsGb?: number; growth: DiskGrowth | undefined }[] = [
    {
      says: "a cloud disk grows to anything above what it has",
      fields: {},
      growth: { presentGb: 50, leastGb: 51, mostGb: 2048, must: false },
    },
    {
      says: "an image that fits asks for nothing",
      fields: {},
      needsGb: 50,
      growth: { presentGb: 50, leastGb: 51, mostGb: 2048, must: false },
    },
    {
      says: "an image that needs more asks for what it needs",
      fields: {},
      needsGb: 80,
      growth: { presentGb: 50, leastGb: 80, mostGb: 2048, must: true },
    },
    { says: "no cloud disk grows past what the usual partitions reach", fields: cloudDisk(2048), growth: undefined },
    { says: "nor for an image that needs more than that", fields: {}, needsGb: 2049, growth: undefined },
    {
      says: "a local disk does not, and it is said why",
      fields: local,
      growth: { refused: "A local system disk keeps its size; only cloud disks can grow." },
    },
    { says: "a disk of a kind that nobody knows does not", fields: cloudDisk(50, "HOLOGRAM"), growth: undefined },
    { says: "nor one that the cloud does not name", fields: { SystemDisk: null }, growth: undefined },
  ];
  test.each(table)("$says", ({ fields, needsGb, growth }) => {
    const { cloud } = pricing({});
    const chosen = needsGb === undefined ? null : { ...orderFor(reading()).image, minDiskGb: needsGb };
    expect(cloud.choices(reading(fields), chosen).diskGrowth).toEqual(growth);
  });
});

describe("the price of a bigger system disk", () => {
  test("is asked for with server, image and size alone, and in a hurry for no longer than that", async () => {
    const { cloud, asked } = pricing(instancePrice({ UnitPrice: 0.66, ChargeUnit: "HOUR" }));
    await cloud.notices(to(100, reading()), reading(), 900);
    await cloud.notices(to(100, reading()), reading());
    expect(
      asked()
        .slice(0, 1)
        .map(({ params }) => params),
    ).toEqual([{ InstanceId: "ins-xlsyru2j", ImageId: "img-487zeit5", SystemDisk: { DiskSize: 100 } }]);
    expect(asked().map(({ request }) => [request.once, request.timeoutMs])).toEqual([
      [false, 900],
      [false, 10_000],
    ]);
  });

  test("is not asked for while the disk keeps its size, nor once it has the size asked for", async () => {
    const { cloud, asked } = pricing({});
    await cloud.notices(orderFor(reading()), reading());
    await cloud.notices(to(50, reading()), reading());
    expect(asked()).toEqual([]);
  });

  // The first is the vendor's own sample: tccli/examples/cvm/v20170312/InquiryPriceResetInstance.md
  test.each([
    [
      { UnitPrice: 0.66, ChargeUnit: "HOUR", UnitPriceDiscount: 0.66, Discount: 100 },
      "0.66 CNY per hour for the server as reinstalled with 100 GB.",
    ],
    [
      { UnitPrice: 0.66, ChargeUnit: "HOUR", UnitPriceDiscount: 0.33, Discount: 50 },
      "0.33 CNY per hour (0.66 without discount) for the server as reinstalled with 100 GB.",
    ],
    [
      { UnitPriceDiscount: 0.3, ChargeUnit: "HOUR", UnitPriceDiscountSecondStep: 0.2, UnitPriceDiscountThirdStep: 0.1 },
      "0.3 CNY per hour (0.2 after 96 hours, 0.1 after 360) for the server as reinstalled with 100 GB.",
    ],
    [
      { OriginalPrice: 10, DiscountPrice: 8, Discount: 80 },
      "8 CNY in total, paid in advance (10 without discount), for the server as reinstalled with 100 GB.",
    ],
    [
      { OriginalPrice: 10, DiscountPrice: null },
      "10 CNY in total, paid in advance, for the server as reinstalled with 100 GB.",
    ],
    [{ UnitPrice: 0.1 + 0.2 }, "0.3 CNY for the server as reinstalled with 100 GB."],
    [{}, "The price with 100 GB could not be read: the answer names none. The console shows it."],
  ])("%j is told as it was read: %s", async (item, says) => {
    expect(await said(instancePrice(item))).toEqual([`price at disk: ${says}`]);
  });

  test("is in dollars on the international site", async () => {
    const [words] = await said(instancePrice({ UnitPrice: 0.1, ChargeUnit: "HOUR" }), { site: "international" });
    expect(words).toContain("0.1 USD per hour");
  });

  test.each([
    ["PREPAID", "; for the rest of the prepaid term the difference is paid at once."],
    ["POSTPAID_BY_HOUR", ", by its new size from then on."],
    ["CDHPAID", "."],
  ])("comes with what the documents say of the bill where the server is %s", async (InstanceChargeType, says) => {
    const server = reading({ InstanceChargeType });
    const notices = await pricing({}).cloud.notices(to(100, server), server);
    const billing = notices.find(({ code }) => code === "disk-billing");
    expect(billing).toMatchObject({
      kind: "price",
      says: `The bigger disk is charged by the price list of CBS${says}`,
    });
  });

  test.each([
    ["a cloud that has no price", refuse("FailedOperation.InquiryPriceFailed"), "answers FailedOperation.Inquiry"],
    ["a throttled question", refuse("RequestLimitExceeded"), "Tencent Cloud is asked too often just now"],
    ["a key that may not ask", refuse("UnauthorizedOperation"), "the bot's key may not ask for it"],
    ["no answer", new Error("no answer within 1000 ms"), "does not answer in time or not clearly"],
    ["an answer of another shape", { Price: { InstancePrice: "cheap" } }, "does not answer in time or not clearly"],
    ["an operation in progress", refuse("InvalidInstance.NotSupported"), "answers InvalidInstance.NotSupported"],
  ])("is said to be unknown after %s, and stops nothing", async (_what, answer, why) => {
    const words = await said(answer);
    expect(words).toHaveLength(1);
    expect(words[0]).toMatch(/^price at disk: The price with 100 GB could not be read: .*\. The console shows it\.$/);
    expect(words[0]).toContain(why);
  });

  test.each<[string, Notice["at"]]>([
    ["ResourceInsufficient.CloudDiskUnavailable", "disk"],
    ["InvalidParameterValue", "disk"],
    ["InvalidParameterValue.InvalidImageOsName", "image"],
    ["InvalidParameterValue.InvalidImageIdForRetsetInstance", "image"],
    ["InvalidParameterValue.InvalidImageId", "image"],
    ["InvalidImageId.NotFound", "image"],
    ["MissingParameter.MonitorService", "image"],
    ["UnsupportedOperation.ModifyEncryptionNotSupported", "image"],
    ["UnsupportedOperation.RawLocalDiskInsReinstalltoQcow2", "image"],
    ["UnsupportedOperation.InvalidImageLicenseTypeForReset", "image"],
    ["UnsupportedOperation.InstanceTypeNotSupportGridLicence", "image"],
    ["InvalidInstanceId.NotFound", "server"],
    ["InvalidParameterValue.ZoneNotSupported", "server"],
    ["ResourcesSoldOut.SpecifiedInstanceType", "server"],
  ])("%s would refuse the reinstall too, so it stops the request at the %s", async (code, at) => {
    const words = await said(refuse(code));
    expect(words).toHaveLength(1);
    expect(words[0]).toMatch(new RegExp(`^refused at ${at}: [A-Z].*\\.$`));
  });

  test("between Linux and Windows is asked for only of disks for which it is told", async () => {
    const windows = { OsName: "Windows Server 2019 DataCenter 64bit" };
    for (const [DiskType, asks] of [
      ["CLOUD_PREMIUM", 1],
      ["CLOUD_BASIC", 0],
    ] as const) {
      const server = reading({ ...windows, SystemDisk: { DiskType, DiskId: "disk-czsodtl1", DiskSize: 50 } });
      const { cloud, asked } = pricing(instancePrice({ UnitPrice: 1, ChargeUnit: "HOUR" }));
      const notices = await cloud.notices(to(100, server), server);
      expect(asked()).toHaveLength(asks);
      expect(notices.find(({ code }) => code === "price")?.says).toContain(
        asks === 1 ? "1 CNY per hour" : "tells none",
      );
    }
  });

  test("what is refused anyway is not refused twice", async () => {
    const server = reading({ LicenseType: "BYOL" });
    expect(await said(refuse("UnsupportedOperation.InvalidImageLicenseTypeForReset"), {}, server)).toHaveLength(1);
  });

  test("a cloud that is wholly down is said to be so", async () => {
    const { exchange } = network(() => Promise.reject(new Error("down")));
    await expect(cloudOn(exchange).notices(to(100, reading()), reading())).rejects.toBeInstanceOf(CloudDown);
  });
});

describe("on the simulated cloud", () => {
  test("a disk that grows is priced, grows, and is there with its new size", async () => {
    const world = simulated();
    const before = await world.read(web01);
    const act = await world.reinstall(before);
    const grown = { ...act, order: { ...act.order, diskGb: 120 } };
    const notices = await world.cloud.notices(grown.order, before);
    expect(notices.filter(({ kind }) => kind === "refused")).toEqual([]);
    expect(notices.find(({ code }) => code === "price")?.says).toMatch(/^120 CNY in total, paid in advance/);
    const receipt = receiptOf(await world.cloud.send(grown, before, world.clock.nowMs));
    world.clock.nowMs += 8 * minutes;
    const after = await world.read(web01);
    expect(await world.cloud.look(grown, before, after, receipt)).toEqual({ is: "done", proof: "receipt" });
    expect(after.systemDisk).toEqual({ ...before.systemDisk, sizeGb: 120 });
  });

  test.each(["price-fails", "price-throttled", "price-hangs"])("%s: the order is not refused", async (fault) => {
    const world = simulated();
    world.state = { ...world.state, armed: { [fault]: 1 } };
    const server = await world.read(web01);
    const { order } = await world.reinstall(server);
    const notices = await world.cloud.notices({ ...order, diskGb: 120 }, server);
    expect(notices.filter(({ kind }) => kind === "refused")).toEqual([]);
    expect(notices.find(({ code }) => code === "price")?.says).toContain("could not be read");
  });
});
