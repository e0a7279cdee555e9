import { afterEach, describe, expect, test } from "vitest";
import { tencentCase } from "../setup/cases.ts";
import { approve, ask, ends, root, threadTexts, type Wish, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";
import { desk, judge, named } from "./desk.ts";

const of = {
  ...tencentCase,
  account: { ...tencentCase.account, regions: ["ap-guangzhou", "ap-hongkong", "ap-shanghai"] },
};

interface FormRule {
  rule: string;
  server: string;
  image?: string;
  says?: readonly string[];
  /** What makes it impossible. */
  refused?: readonly string[];
  /** Nothing does. */
  taken?: true;
  not?: readonly string[];
}

const windows = "Windows Server 2019 DataCenter 64bit English";
const linux = "CentOS 7.9 64bit";
const mainlandOnly = "reinstalls in mainland China only";

const formRules: readonly FormRule[] = [
  {
    rule: "a spot instance is not reinstalled",
    server: "batch-spot-01",
    refused: ["batch-spot-01 is a spot instance; Tencent Cloud does not reinstall those."],
    not: ["What is lost"],
  },
  {
    rule: "within one kind of system a server is reinstalled in any region, Hong Kong too",
    server: "hk-web-01",
    image: linux,
    says: ["What is lost"],
    taken: true,
  },
  {
    rule: "from Windows to Windows a server is reinstalled in any region, Hong Kong too",
    server: "hk-win-01",
    image: windows,
    says: ["What is lost"],
    taken: true,
  },
  {
    rule: "Linux does not become Windows outside mainland China",
    server: "hk-web-01",
    image: windows,
    refused: [`Between Linux and Windows, Tencent Cloud ${mainlandOnly}, not in ap-hongkong. Choose a Linux image.`],
  },
  {
    rule: "Windows does not become Linux outside mainland China",
    server: "hk-win-01",
    image: linux,
    refused: [`${mainlandOnly}, not in ap-hongkong. Choose a Windows image.`],
  },
  {
    rule: "Linux becomes Windows in mainland China",
    server: "web-01",
    image: windows,
    says: ["What is lost", "Generated password"],
    taken: true,
  },
  {
    rule: "Windows becomes Linux in mainland China",
    server: "win-01",
    image: linux,
    says: ["What is lost", "Key pair"],
    taken: true,
  },
  {
    rule: "a local system disk that is not an old one changes between Linux and Windows, too",
    server: "archive-02",
    image: windows,
    says: ["What is lost"],
    taken: true,
  },
  {
    rule: "an old local system disk of 20 GB does not change between Linux and Windows: submit a ticket",
    server: "archive-01",
    image: windows,
    refused: ["Old local system disks of 20 GB cannot change between Linux and Windows here. Submit a ticket"],
  },
  {
    rule: "an old local system disk of 20 GB is reinstalled with the same kind of system",
    server: "archive-01",
    image: linux,
    taken: true,
  },
  {
    rule: "everything on the system disk is lost, so the form asks for a backup or a custom image first",
    server: "web-01",
    says: [
      "(50 GB) of *web-01* will be erased for good.",
      "I understand that everything on the system disk will be lost",
      "Make a custom image of this server first",
      "It is backed up already",
    ],
  },
  {
    rule: "the image may be the one the server has, or another",
    server: "web-01",
    says: ["The same image again", "Another image…"],
  },
  {
    rule: "the size of a cloud disk may be set, and only to more than it has",
    server: "web-01",
    says: ["System disk size in GB", "It has 50 GB now. Leave this empty to keep that, or enter 51 or more."],
    taken: true,
  },
  {
    rule: "the size of a local disk stays, and the form says why",
    server: "archive-01",
    says: ["A local system disk keeps its size; only cloud disks can grow."],
    not: ["System disk size in GB"],
  },
  {
    rule: "an image that needs a bigger disk is taken, and asks for its size",
    server: "web-01",
    image: "warehouse-full-200g",
    says: ["This image needs at least 200 GB, and the disk has 50: enter 200 or more."],
    taken: true,
  },
  {
    rule: "a new login is set with the reinstall: a key pair or a password",
    server: "web-01",
    says: ["Log in afterwards with", "Key pair", "Generated password", "Typed password"],
  },
  {
    rule: "a password may be made by the system itself, which sends it to the account",
    server: "web-01",
    says: ["Password sent by the cloud"],
  },
  {
    rule: "an image of unknown source is advised against as soon as it is chosen",
    server: "web-01",
    image: "security-baseline-ubuntu",
    says: ["Tencent Cloud recommends its own images or your custom ones."],
    taken: true,
  },
  {
    rule: "a server whose last reinstall failed may be reinstalled again",
    server: "crm-02",
    says: ["What is lost"],
    taken: true,
  },
];

describe("Tencent Cloud, the form", () => {
  const tencent = desk([of]);

  test.each(named(formRules))("%s", async (_rule, { server, image, ...rule }) => {
    const form = await tencent.form({ of, server, ...(image === undefined ? {} : { image }) }, (seen) => seen);
    judge(form, rule);
  });
});

interface CardRule {
  rule: string;
  wish?: Wish;
  says: readonly string[];
  where?: "text" | "details" | "dialog";
}

const cardRules: readonly CardRule[] = [
  { rule: "the data of the system disk is lost", says: ["(50 GB) will be erased for good."] },
  { rule: "the public IP does not change", says: ["Public IP 203.0.113.7 does not change."] },
  {
    rule: "data disks are not touched, and must be mounted again",
    says: ["2 data disks are kept; mount them again afterwards"],
  },
  {
    rule: "nothing else may be done to the server meanwhile",
    says: ["Do not do anything else to the server while it is being reinstalled."],
  },
  {
    rule: "a system disk whose size is left alone costs what it did",
    says: ["The size of the system disk stays, and so does its price."],
  },
  {
    rule: "a system disk that grows is charged by the price list of CBS, and the card says how much",
    wish: { size: "100" },
    says: [
      "100 CNY in total, paid in advance, for the server as reinstalled with 100 GB.",
      "The bigger disk is charged by the price list of CBS",
    ],
  },
  {
    rule: "a system disk grows and does not shrink again, and its type stays",
    wish: { size: "100" },
    says: ["The system disk grows from 50 to 100 GB, of the same type; it cannot shrink again."],
    where: "details",
  },
  {
    rule: "an approver is asked with the size to which the system disk grows",
    wish: { size: "100" },
    says: ["The disk grows to 100 GB."],
    where: "dialog",
  },
  {
    rule: "an image shared by somebody else is advised against, in favour of Tencent Cloud's own or a custom one",
    wish: { image: "partner-appliance-old" },
    says: ["The image is shared by another account. Tencent Cloud recommends its own images or your custom ones."],
  },
  {
    rule: "a custom image, by which data of the system is kept, may be chosen",
    wish: { image: "web-golden-2026-11" },
    says: ["CentOS 7.9 64bit → web-golden-2026-11"],
  },
];

describe("Tencent Cloud, the card", () => {
  const tencent = desk([of]);

  test.each(named(cardRules))("%s", async (_rule, { wish = {}, says, where = "text" }) => {
    const card = await tencent.card(of, wish);
    for (const each of says) expect(card[where]).toContain(each);
  });
});

describe("Tencent Cloud, the reinstall", () => {
  let now: Story;
  afterEach(() => now.end());

  test("is ordered by ResetInstance, once, and brings the server back to its first state", async () => {
    now = await story({ cases: [of] });
    const sent: string[] = [];
    now.cloud(of.account.name).onRequest(({ headers }) => void sent.push(headers["x-tc-action"] ?? ""));
    await ask(now, of, { server: "crm-02" });
    await approve(now);
    await ends(now, "done");
    expect(sent.filter((action) => action === "ResetInstance")).toHaveLength(1);
    expect(threadTexts(now).join("\n")).toMatch(/Tencent Cloud accepted the reinstall \(request `[0-9a-f-]{36}`\)/);
    expect(root(now).text).toContain("✅ *`crm-02` was reinstalled.*");
    expect(wipes(now, of, "crm-02")).toBe(1);
  });

  test("sets the password that was chosen, and says where a lost one is reset", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { login: "generated" });
    await approve(now);
    await ends(now, "done");
    expect(threadTexts(now).join("\n")).toContain("with the generated password");
    const back = threadTexts(now).find((text) => text.includes("is back"));
    expect(back).toContain("*Password forgotten?* Reset it in the console: More, Password/Key, Reset Password.");
    expect(back).toContain("https://cloud.tencent.com/document/product/213/16566");
    await now.pass(62 * 60_000);
    const offer = threadTexts(now).find((text) => text.includes("is no longer shown here"));
    expect(offer).toContain("If it is lost, reset the password in the console of Tencent Cloud.");
  });

  test("names the data disks to be mounted again at the end", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await approve(now);
    await ends(now, "done");
    const last = threadTexts(now).find((text) => text.includes("is back"));
    expect(last).toMatch(/\*Mount again\* 2 data disks: `disk-\w+` \(100 GB\), `disk-\w+` \(200 GB\)/);
  });
});
