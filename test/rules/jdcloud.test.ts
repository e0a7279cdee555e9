import { afterEach, describe, expect, test } from "vitest";
import { jdcloudCase as of } from "../setup/cases.ts";
import { approve, ask, ends, fill, root, stateOf, threadTexts, type Wish, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";
import { type Card, desk, judge, named } from "./desk.ts";

interface FormRule {
  rule: string;
  server?: string;
  image?: string;
  says?: readonly string[];
  /** Nothing makes it impossible. */
  taken?: true;
  not?: readonly string[];
}

const windows = "Windows Server 2022 Datacenter 64-bit";

const formRules: readonly FormRule[] = [
  {
    rule: "the image is by default the one the instance was made from",
    says: ["The same image again", "Ubuntu 22.04 64-bit"],
    not: ["Which image"],
  },
  { rule: "another image may be chosen", says: ["Another image…"] },
  {
    rule: "Linux may become Windows",
    server: "jd-big-disk",
    image: windows,
    says: ["What is lost"],
    taken: true,
  },
  {
    rule: "Windows may become Linux",
    server: "jd-win-01",
    image: "img-ubuntu2404c",
    says: ["What is lost"],
    taken: true,
  },
  {
    rule: "the contents of the system disk are lost, so the form asks for a private image first",
    says: ["(40 GB) of *jd-web-01* will be erased for good.", "Make a custom image of this server first"],
  },
  { rule: "a stopped instance is taken", server: "jd-web-02", says: ["*State* stopped", "What is lost"], taken: true },
  {
    rule: "in any other unstable status one has to wait, and is not refused",
    server: "jd-resizing",
    says: ["JD Cloud is still working on the server (resizing). Wait until that has ended.", "What is lost"],
  },
  {
    rule: "when the private image of an instance was deleted, the original image cannot be used",
    server: "jd-orphan-stopped",
    says: [
      "The private image this server was made from has been deleted, so it cannot be put back as it was made. Choose another image.",
      "Another image…",
    ],
    not: ["The same image again"],
  },
  {
    rule: "an instance whose private image was deleted may be rebuilt with another image",
    server: "jd-orphan-stopped",
    image: "img-ubuntu2404c",
    says: ["What is lost", "Log in afterwards with"],
    taken: true,
  },
  {
    rule: "a new login has to be set: the one before is not kept",
    says: [
      "JD Cloud asks for a new login at every rebuild: a password, or a key pair on Linux.",
      "Generated password",
      "Typed password",
    ],
  },
  { rule: "on Linux a key pair may be set instead", says: ["Which key pair", "oncall-2026"] },
  {
    rule: "on Windows a password has to be set",
    server: "jd-win-01",
    says: ["Key pair: JD Cloud uses key pairs on Linux only. Choose a password.", "Generated password"],
    not: ["Which key pair"],
  },
];

describe("JD Cloud, the form", () => {
  const jd = desk([of]);

  test.each(named(formRules))("%s", async (_rule, { server = of.server, image, ...rule }) => {
    const form = await jd.form({ of, server, ...(image === undefined ? {} : { image }) }, (seen) => seen);
    judge(form, rule);
  });

  test("a private image, by which data of the system is kept, may be chosen", async () => {
    const form = await jd.form({ of, server: of.server, image: "golden-web-2026-05" }, (seen) => seen);
    judge(form, { taken: true });
  });
});

interface CardRule {
  rule: string;
  wish?: Wish;
  says: readonly string[];
  not?: readonly string[];
  where?: keyof Card;
}

const cardRules: readonly CardRule[] = [
  {
    rule: "all contents of the system disk are lost",
    says: ["System disk `vol-59607e07c5` (40 GB) will be erased for good."],
  },
  {
    rule: "data disks are not affected, and must be recognised again",
    wish: { server: "jd-db-01" },
    says: ["2 data disks are kept", "the new system must be made to recognise them again."],
  },
  {
    rule: "a running instance is stopped first, and charged on so that it can start again",
    says: [
      "The server is stopped first, with charging kept so that its CPU and memory are not given away, and started again afterwards.",
    ],
  },
  {
    rule: "an instance found stopped is started after the rebuild, and the card says so",
    wish: { server: "jd-web-02" },
    says: ["The server is stopped now; it is started after the rebuild, which JD Cloud leaves stopped."],
  },
  {
    rule: "a private image that an instance was made from is better kept",
    wish: { server: "jd-from-private" },
    says: ["Keep this private image: once it is deleted, the server cannot be rebuilt from it again."],
  },
  {
    rule: "nothing is said of IP addresses, of which JD Cloud says nothing",
    says: ["*Changes*"],
    not: ["IP", "MAC", "203.0.113.61"],
    where: "details",
  },
  {
    rule: "the login before is replaced by the new one",
    says: ["Login: key pair oncall-2026, in place of every key and password now set."],
    where: "details",
  },
];

describe("JD Cloud, the card", () => {
  const jd = desk([of]);

  test.each(named(cardRules))("%s", async (_rule, { wish = {}, says, not = [], where = "text" }) => {
    const card = await jd.card(of, wish);
    for (const each of says) expect(card[where]).toContain(each);
    for (const each of not) expect(card[where]).not.toContain(each);
  });
});

describe("JD Cloud, the rebuild", () => {
  let now: Story;
  afterEach(() => now.end());

  test("stops a running instance, rebuilds it, starts it, and only then is it back", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await approve(now);
    const states: string[] = [];
    await now.until("it is done", () => {
      const state = stateOf(now, of);
      if (states.at(-1) !== state) states.push(state);
      return now.request().status === "done";
    });
    await ends(now, "done");
    expect(states).toEqual(["running", "stopping", "stopped", "rebuilding", "stopped", "starting", "running"]);
    expect(root(now).text).toMatch(/✅ Stopped .*\n✅ Reinstalled .*\n✅ Started .*\n✅ Verified/);
    expect(threadTexts(now).find((text) => text.includes("is back"))).toContain("running");
  });

  test("starts an instance that was found stopped, too", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: "jd-web-02" });
    await approve(now);
    await ends(now, "done");
    expect(stateOf(now, of, "jd-web-02")).toBe("running");
    expect(root(now).text).toContain("✅ Started");
  });

  test("restores an instance to its first state when its software has failed", async () => {
    now = await story({ cases: [of] });
    const card = await ask(now, of, { server: "jd-damaged" });
    expect(card.text).toContain("Ubuntu 22.04 64-bit again (the same image)");
    expect(now.request().drawn.trace).toMatchObject({ "host name": "emergency-mode", "key pairs": "" });
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, of, "jd-damaged")).toBe(1);
    expect(root(now).text).toContain("✅ *`jd-damaged` was reinstalled.* Ubuntu 22.04 64-bit");
    expect(stateOf(now, of, "jd-damaged")).toBe("running");
    const asMade = { "host name": "jd-damaged", "key pairs": "oncall-2026", image: "img-ubuntu2204c" };
    expect(now.request()).toMatchObject({ found: { trace: asMade } });
  });

  test("waits for an operation in progress before it does anything", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: "jd-resizing" });
    await approve(now);
    await now.pass(60_000);
    expect(root(now).text).toMatch(/⏳ Check .*The server is busy \(resizing\); another operation is in progress\./);
    expect(stateOf(now, of, "jd-resizing")).toBe("resizing");
    expect(wipes(now, of, "jd-resizing")).toBe(0);
  });

  test("goes on once the operation in progress has ended", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).console(now.request().order.server.id, "stop");
    await approve(now);
    await now.until("it waits", () => root(now).text.includes("The server is busy (stopping)"));
    expect(wipes(now, of)).toBe(0);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("sets the new password that was typed on its own page", async () => {
    now = await story({ cases: [of] });
    await fill(now, of, { login: "typed" });
    await now.meanwhile(now.erin.submit());
    expect(now.erin.modalText()).toContain("Password");
    await now.meanwhile(now.erin.type("Password", "Tr4in-Window!9"));
    await now.meanwhile(now.erin.submit());
    await approve(now);
    await ends(now, "done");
    expect(now.cloud(of.account.name).passwords()[now.request().order.server.id]).toBe("Tr4in-Window!9");
    expect(threadTexts(now).find((text) => text.includes("is back"))).toContain("with the password that was typed");
  });

  test("names JD Cloud's forbidden words and sequences at the field", async () => {
    now = await story({ cases: [of] });
    await fill(now, of, { login: "typed" });
    await now.meanwhile(now.erin.submit());
    await now.meanwhile(now.erin.type("Password", "cloud-Abc!9"));
    await now.meanwhile(now.erin.submit());
    const says = now.erin.errors()["Password"] ?? "";
    expect(says).toContain("cloud");
    expect(says).toContain("3 or more characters in order");
  });
});
