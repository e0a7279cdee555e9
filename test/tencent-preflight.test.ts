import { describe, expect, test } from "vitest";
import type { Image, Login } from "../src/clouds/cloud.ts";
import { card } from "../src/clouds/tencent-card.ts";
import { choicesOf } from "../src/clouds/tencent-login.ts";
import { preflight, unusable } from "../src/clouds/tencent-preflight.ts";
import { type Case, told } from "../src/clouds/tencent-rows.ts";
import { goneServer, imageFrom, WireImage } from "../src/clouds/tencent-wire.ts";
import { orderFor, reading } from "./tencent-samples.ts";

const windows = { OsName: "Windows Server 2019 DataCenter 64bit" };
const localDisk = { SystemDisk: { DiskType: "LOCAL_BASIC", DiskId: null, DiskSize: 20 } };

function image(fields: object = {}, facts: object = {}): Image {
  const wire = WireImage.parse({
    ImageId: "img-487zeit5",
    ImageName: "Ubuntu Server 22.04 LTS 64bit",
    OsName: "Ubuntu Server 22.04 LTS 64bit",
    Platform: "Ubuntu",
    ImageType: "PUBLIC_IMAGE",
    ImageState: "NORMAL",
    ImageSize: 20,
    Architecture: "x86_64",
    LicenseType: "TencentCloud",
    ...fields,
  });
  const made = imageFrom(wire);
  return { ...made, facts: { ...made.facts, ...facts } };
}
const windowsImage = (): Image => image({ OsName: "Windows Server 2022", Platform: "Windows" });

function of(server = reading(), chosen: Image | null = image(), login?: Login): Case {
  const { id, name, kind, os } = chosen ?? { ...image(), id: "img-gone0000" };
  return { server, order: orderFor(server, { id, name, kind, os }, login), image: chosen };
}
/** The same order, with a size for the system disk. */
function sized(given: Case, diskGb: number): Case {
  return { ...given, order: given.order === null ? null : { ...given.order, diskGb } };
}
const before = (server = reading()): Case => ({ server, order: null, image: null });

const table: readonly { code: string; kind: string; given: Case; says: RegExp }[] = [
  {
    code: "gone",
    kind: "refused",
    given: before(goneServer(reading().ref, 0)),
    says: /no server ins-xlsyru2j in ap-guangzhou/,
  },
  {
    code: "spot",
    kind: "refused",
    given: before(reading({ InstanceChargeType: "SPOTPAID" })),
    says: /^myInstance is a spot instance; Tencent Cloud does not reinstall those\. Release it and create a new one\.$/,
  },
  {
    code: "stopped-without-charge",
    kind: "refused",
    given: before(reading({ InstanceState: "STOPPED", StopChargingMode: "STOP_CHARGING" })),
    says: /Start it in the console/,
  },
  { code: "expired", kind: "refused", given: before(reading({ RestrictState: "EXPIRED" })), says: /Renew it/ },
  {
    code: "restricted",
    kind: "refused",
    given: before(reading({ RestrictState: "PROTECTIVELY_ISOLATED" })),
    says: /PROTECTIVELY_ISOLATED/,
  },
  { code: "isolated", kind: "refused", given: before(reading({ InstanceState: "SHUTDOWN" })), says: /Pay or renew it/ },
  { code: "isolated", kind: "refused", given: before(reading({ IsolatedSource: "ARREAR" })), says: /Pay or renew it/ },
  {
    code: "terminating",
    kind: "refused",
    given: before(reading({ InstanceState: "TERMINATING" })),
    says: /is being released/,
  },
  {
    code: "rescue",
    kind: "refused",
    given: before(reading({ InstanceState: "RESCUE_MODE" })),
    says: /leave rescue mode/,
  },
  {
    code: "rescue",
    kind: "refused",
    given: before(reading({ InstanceState: "EXIT_RESCUE_MODE" })),
    says: /leave rescue mode/,
  },
  {
    code: "launch-failed",
    kind: "refused",
    given: before(reading({ InstanceState: "LAUNCH_FAILED" })),
    says: /never created/,
  },
  {
    code: "migrating",
    kind: "wait",
    given: before(reading({ InstanceState: "SERVICE_LIVE_MIGRATE" })),
    says: /to another host/,
  },
  {
    code: "busy",
    kind: "wait",
    given: before(reading({ LatestOperation: "ResizeInstanceDisks", LatestOperationState: "OPERATING" })),
    says: /RUNNING, ResizeInstanceDisks under way/,
  },
  { code: "busy", kind: "wait", given: before(reading({ InstanceState: "REBOOTING" })), says: /REBOOTING/ },
  { code: "unknown-state", kind: "wait", given: before(reading({ InstanceState: "DREAMING" })), says: /DREAMING/ },
  { code: "no-system-disk", kind: "refused", given: before(reading({ SystemDisk: null })), says: /which system disk/ },
  {
    code: "reinstall-failed",
    kind: "warning",
    given: before(reading({ LatestOperation: "ResetInstance", LatestOperationState: "FAILED" })),
    says: /takes another one/,
  },
  {
    code: "disk-type",
    kind: "warning",
    given: before(reading({ SystemDisk: { DiskType: "CLOUD_HSSD", DiskId: "disk-1", DiskSize: 50 } })),
    says: /CLOUD_HSSD/,
  },
  {
    code: "image-gone",
    kind: "refused",
    given: of(reading(), null),
    says: /img-gone0000 no longer exists in ap-guangzhou/,
  },
  { code: "image-state", kind: "refused", given: of(reading(), image({ ImageState: "CREATING" })), says: /CREATING/ },
  {
    code: "image-unfit",
    kind: "refused",
    given: of(reading(), image({ Architecture: "arm" }, { fits: "no" })),
    says: /\(arm\) cannot be used on instance type S2\.SMALL2/,
  },
  {
    code: "image-too-big",
    kind: "refused",
    given: of(reading(localDisk), image({ ImageSize: 80 })),
    says: /needs 80 GB and the system disk has 20 GB\. Choose a smaller image/,
  },
  {
    code: "image-too-big",
    kind: "refused",
    given: of(reading(), image({ ImageSize: 3000 })),
    says: /needs 3000 GB and the system disk has 50 GB\. Choose a smaller image/,
  },
  {
    code: "disk-too-small",
    kind: "refused",
    given: of(reading(), image({ ImageSize: 80 })),
    says: /needs 80 GB and the system disk has 50 GB\. Ask for 80 GB or more/,
  },
  {
    code: "disk-too-small",
    kind: "refused",
    given: sized(of(reading(), image({ ImageSize: 80 })), 79),
    says: /Ask for 80 GB or more/,
  },
  { code: "disk-fixed", kind: "refused", given: sized(of(reading(localDisk)), 40), says: /Only a cloud disk can grow/ },
  { code: "disk-shrinks", kind: "refused", given: sized(of(), 40), says: /has 50 GB and cannot shrink to 40 GB/ },
  { code: "disk-too-big", kind: "refused", given: sized(of(), 2049), says: /Ask for 2048 GB or less/ },
  {
    code: "licence",
    kind: "refused",
    given: of(reading(), image({ LicenseType: "BYOL" })),
    says: /\(BYOL\) is not the server's \(TencentCloud\)/,
  },
  {
    code: "licence",
    kind: "refused",
    given: of(reading({ LicenseType: "BYOL" })),
    says: /\(TencentCloud\) is not the server's \(BYOL\)/,
  },
  {
    code: "cross-system",
    kind: "refused",
    given: of(reading({}, "ap-hongkong"), windowsImage()),
    says: /not in ap-hongkong\. Choose a Linux image/,
  },
  {
    code: "cross-system",
    kind: "refused",
    given: of(reading(windows, "xx-new-region")),
    says: /not in xx-new-region\. Choose a Windows image/,
  },
  { code: "old-local-disk", kind: "refused", given: of(reading(localDisk), windowsImage()), says: /Submit a ticket/ },
  { code: "key-pair-windows", kind: "refused", given: of(reading(windows), windowsImage()), says: /Choose a password/ },
  {
    code: "no-own-login",
    kind: "refused",
    given: of(reading(), image(), { kind: "keep-image" }),
    says: /^Public images have no login of their own\. A custom or shared image has\. Choose another login\.$/,
  },
  {
    code: "no-own-login",
    kind: "refused",
    given: of(reading(), image({ ImageType: "" }), { kind: "keep-image" }),
    says: /keeps the login of custom and shared images only\. Choose another login\.$/,
  },
  {
    code: "image-deprecated",
    kind: "warning",
    given: of(reading(), image({ ImageDeprecated: true })),
    says: /no longer recommends/,
  },
];

describe("pre-flight, a row each", () => {
  test.each(table)("$code: $kind", ({ code, kind, given, says }) => {
    const notice = told(preflight, given).find((each) => each.code === code);
    expect(notice).toMatchObject({ kind });
    expect(notice?.says).toMatch(says);
  });

  test("every row of the table is broken by one of these", () => {
    expect(new Set(table.map(({ code }) => code))).toEqual(new Set(preflight.map(({ code }) => code)));
  });

  test("an ordinary server with an ordinary order has nothing against it, stopped or running", () => {
    for (const state of ["RUNNING", "STOPPED"])
      expect(told(preflight, of(reading({ InstanceState: state })))).toEqual([]);
  });

  test.each([
    { says: "in mainland China one may go from Linux to Windows", server: reading(), image: windowsImage() },
    { says: "and from Windows to Linux", server: reading(windows, "ap-shanghai-fsi"), image: image() },
  ])("$says", ({ server, image: chosen }) => {
    const login = { kind: "generated", user: "root" } as const;
    expect(told(preflight, of(server, chosen, login))).toEqual([]);
  });

  test("an old local disk of 20 GB may be reinstalled with the same system", () => {
    const codes = told(preflight, of(reading(localDisk))).map((notice) => notice.code);
    expect(codes).toEqual(["disk-type"]);
  });
});

describe("the choices of the form", () => {
  test.each<[kind: string, offered: boolean, says: string]>([
    ["PRIVATE_IMAGE", true, ""],
    ["SHARED_IMAGE", true, ""],
    ["PUBLIC_IMAGE", false, "Public images have no login of their own. A custom or shared image has."],
    ["MARKET_IMAGE", false, "Tencent Cloud keeps the login of custom and shared images only."],
  ])("the login of a %s is offered: %s", (kind, offered, says) => {
    const { logins } = choicesOf(reading(), image({ ImageType: kind }));
    expect(logins.map((login) => login.kind)).toEqual(["key-pair", "generated", "keep-image", "provider", "typed"]);
    const own = logins.find((login) => login.kind === "keep-image");
    expect([own?.refused === undefined, own?.refused ?? ""]).toEqual([offered, says]);
  });

  test("as long as the kind of the image is not known, its login is not offered", () => {
    const own = choicesOf(reading(), null).logins.find((login) => login.kind === "keep-image");
    expect(own?.refused).toContain("the kind of this image could not be read");
  });
});

test("a list of images says of each why it cannot be taken, and nothing that is only the server's fault", () => {
  expect(unusable(reading(), image())).toBeUndefined();
  expect(unusable(reading(localDisk), image({ ImageSize: 80 }))).toMatch(/needs 80 GB/);
  expect(unusable(reading(), image({ ImageSize: 80 }))).toBeUndefined();
  expect(unusable(reading({}, "ap-hongkong"), windowsImage())).toMatch(/mainland China only/);
  expect(unusable(reading(localDisk), windowsImage())).toMatch(/Submit a ticket/);
  expect(unusable(reading({ InstanceChargeType: "SPOTPAID" }), image())).toBeUndefined();
});

describe("the card", () => {
  const said = (given: Case): string[] => told(card, given).map((each) => `${each.kind}: ${each.says}`);

  test("names what is lost, kept and changed", () => {
    expect(said(of())).toMatchInlineSnapshot(`
      [
        "destroyed: System disk disk-czsodtl1 (50 GB) will be erased for good.",
        "survives: Data disk disk-bzsodtn1 is kept; mount it again afterwards.",
        "stays: Public IP 123.207.11.190 does not change.",
        "stays: The size of the system disk stays, and so does its price.",
        "changes: Image CentOS 7.4 64bit → Ubuntu Server 22.04 LTS 64bit.",
        "changes: Login with key pair oncall-2026; old passwords and keys are gone.",
        "changes: The SSH host key will be a new one.",
        "warning: Do not do anything else to the server while it is being reinstalled.",
      ]
    `);
  });

  test("of the same image on a stopped server without data disks or public IP says less, and that it will run", () => {
    const server = reading({ InstanceState: "STOPPED", DataDisks: null, PublicIpAddresses: null });
    const given = of(server, image({ ImageId: server.image.id }), { kind: "generated", user: "root" });
    const same = given.order === null ? null : { ...given.order, image: { ...given.order.image, same: true } };
    expect(said({ ...given, order: same })).toMatchInlineSnapshot(`
      [
        "destroyed: System disk disk-czsodtl1 (50 GB) will be erased for good.",
        "stays: The size of the system disk stays, and so does its price.",
        "stays: The same image again: Ubuntu Server 22.04 LTS 64bit.",
        "changes: Login as root with a generated password, shown to the requester only; old passwords and keys are gone.",
        "changes: The SSH host key will be a new one.",
        "changes: myInstance is stopped now and will be running afterwards.",
        "warning: Do not do anything else to the server while it is being reinstalled.",
      ]
    `);
  });

  test.each<[login: Login, says: string]>([
    [
      { kind: "keep-image" },
      "changes: Login is the one stored in the image. The bot does not know it: only who knows the image's user and password (or key) gets in.",
    ],
    [
      { kind: "provider" },
      "changes: Log in as ubuntu. Tencent Cloud makes a new password and sends it to the account's message centre in its console. Whoever may read messages there can use it; the bot never sees it. If none comes, reset it in the console.",
    ],
  ])("of a login that is not the bot's tells how to get in, to be repeated at the end: $kind", (login, says) => {
    const given = of(reading(), image({ ImageType: "PRIVATE_IMAGE" }), login);
    expect(said(given)).toContain(says);
    expect(
      told([...preflight, ...card], given)
        .filter(({ at }) => at === "login")
        .map(({ code }) => code),
    ).toEqual(["get-in", "host-key"]);
  });

  test("between Linux and Windows warns of the disk's id and its snapshots, and promises no SSH key", () => {
    const given = of(reading({ DataDisks: [] }), windowsImage(), { kind: "typed", user: "Administrator" });
    expect(told(card, given).map(({ code }) => code)).toEqual([
      "system-disk",
      "public-ip",
      "disk-size",
      "image",
      "login",
      "cross-system-disk",
      "meanwhile",
    ]);
  });

  test("warns of an image that another account shares", () => {
    expect(said(of(reading(), image({ ImageType: "SHARED_IMAGE" }))).join("\n")).toMatch(/shared by another account/);
  });

  test("has room in Slack for every sentence, and each row names its document", () => {
    for (const { given } of table) for (const notice of told(card, given)) expect(notice.says.length).toBeLessThan(300);
    for (const row of [...preflight, ...card]) expect(row.source).toMatch(/^https:\/\//);
  });
});
