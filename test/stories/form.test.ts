import { afterEach, describe, expect, test } from "vitest";
import { type CloudCase, cases, huaweiCase, jdcloudCase, otcCase, tencentCase } from "../setup/cases.ts";
import { approve, ask, choose, ends, fill, root, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

async function open(text = ""): Promise<void> {
  await now.meanwhile(now.erin.command(channel, `/reinstall ${text}`.trim()));
  await now.until("the form is drawn", () => /Type a part of its name|Which server\?/.test(now.erin.modalText()));
}

/** What the list of servers offers for a text: name and description of each. */
async function offered(text: string): Promise<readonly string[]> {
  const options = await now.meanwhile(now.erin.suggest("Server", text));
  return options.map((option) => JSON.stringify(option).replaceAll(/[{}"]/g, ""));
}

function idOf(of: CloudCase, server = of.server): string {
  const found = now
    .cloud(of.account.name)
    .panel()
    .find(({ name }) => name === server);
  if (found === undefined) throw new Error(`there is no server ${server}`);
  return found.id;
}

function down(of: CloudCase): (begun: Story) => void {
  return (begun) => begun.cloud(of.account.name).arm(of.faults.down, true);
}

const text = () => now.erin.modalText();

describe("one list of servers over all clouds", () => {
  test("holds every cloud's servers, each with its region and state", async () => {
    now = await story({ cases });
    await open();
    for (const of of cases) {
      const listed = await offered(of.server);
      const [region = ""] = of.account.regions;
      expect(listed.join("\n")).toMatch(new RegExp(`${of.server} .*${region} · ${of.running}`));
    }
  });

  test("a name that stands at two clouds is asked back, and the id beside it says which is meant", async () => {
    now = await story({ cases: [huaweiCase, otcCase] });
    await open("shop-01");
    expect(text()).toContain("“shop-01” matches 2 servers. Choose which one below.");
    for (const of of [huaweiCase, otcCase]) {
      expect(text()).toContain(`${idOf(of)} · ${of.account.regions[0]} · ${of.running}`);
    }
    await choose(now, now.erin, "Which server?", `otc/eu-de/${idOf(otcCase)}`);
    await now.until("the server is read", () => text().includes("What is lost"));
    expect(text()).toContain("Open Telekom Cloud · otc · eu-de");
  });

  test.each(cases)("$title is down: it is named, and hides nobody else's servers", async (of) => {
    const [other = tencentCase] = cases.filter((each) => each.called !== of.called && each.server !== of.server);
    now = await story({
      cases: [of, other],
      arrange: (begun) => begun.cloud(of.account.name).arm(of.faults.down, true),
    });
    await open();
    expect(text()).toContain(of.account.regions[0]);
    expect(await offered(other.server)).not.toEqual([]);
    await choose(now, now.erin, "Server", other.server);
    await now.until("the other cloud's server is shown", () => text().includes("What is lost"));
    expect(text()).toContain(other.called);
  });

  test.each(cases)(
    "$title is down: a typed id is accepted, the form says why it cannot be read, and later reads it",
    async (of) => {
      now = await story({ cases: [of], arrange: down(of) });
      await open();
      const id = idOf(of);
      expect((await offered(id)).join()).toContain("as typed");
      await choose(now, now.erin, "Server", id);
      expect(text()).not.toContain("What is lost");
      expect(text()).toMatch(/not answer|trouble|not available|Unavailable|cannot be read|did not/i);
      now.cloud(of.account.name).arm(of.faults.down, false);
      await choose(now, now.erin, "Server", id);
      await now.until("the server is read", () => text().includes("What is lost"));
      expect(text()).toContain(of.server);
    },
  );
});

describe("the form follows the server chosen", () => {
  const three = [tencentCase, huaweiCase, jdcloudCase];

  test("licence, logins and kinds of image are the chosen server's; the reason stays", async () => {
    now = await story({ cases: three });
    await open("rhel-01");
    await now.meanwhile(now.erin.type("Why", "kernel panic, INC-7"));
    expect(now.erin.options("Licence")).toEqual(["Use the licence from the system", "Bring your own licence (BYOL)"]);
    expect(now.erin.options("Log in afterwards with")).toEqual(["Key pair", "Generated password", "Typed password"]);

    await choose(now, now.erin, "Server", "win-app-01");
    expect(text()).not.toContain("Licence");
    expect(now.erin.options("Log in afterwards with")).toEqual([
      "Generated password",
      "Password sent by the cloud",
      "Typed password",
    ]);
    expect(text()).toContain("Windows servers do not take key pairs.");

    await choose(now, now.erin, "Server", "jd-orphan-stopped");
    expect(now.erin.options("image-choice")).toEqual(["Another image…"]);
    await choose(now, now.erin, "Which image", "img-ubuntu2404c");
    expect(text()).toContain("What is lost");
    expect(now.erin.entry("Why")).toBe("kernel panic, INC-7");
  });

  test("a login and a key pair that the next server offers too stay chosen", async () => {
    now = await story({ cases: three });
    await open("shop-01");
    await choose(now, now.erin, "Log in afterwards with", "Key pair");
    await now.meanwhile(now.erin.choose("Which key pair", "oncall-2026"));
    await choose(now, now.erin, "Server", "jd-web-01");
    expect(now.erin.entry("Which key pair")).toBe("oncall-2026");
    await choose(now, now.erin, "Log in afterwards with", "Typed password");
    await choose(now, now.erin, "Server", "api-01");
    expect(now.erin.entry("Log in afterwards with")).toBe("Typed password");
    expect(text()).toContain("Next: password");
  });

  test("a login that the next server does not offer gives way to one that it does", async () => {
    now = await story({ cases: [tencentCase, otcCase] });
    await open("api-01");
    await choose(now, now.erin, "Log in afterwards with", "Typed password");
    await choose(now, now.erin, "Server", "sles-01");
    expect(now.erin.options("Log in afterwards with")).toEqual(["Key pair"]);
    expect(now.erin.entry("Log in afterwards with")).toBe("Key pair");
    expect(text()).toContain("Open Telekom Cloud takes a key pair only");
    expect(text()).toContain("Ask for approval");
  });

  test("an own licence stays chosen when another billed image is chosen", async () => {
    now = await story({ cases: [huaweiCase] });
    await open(idOf(huaweiCase, "rhel-01"));
    await now.meanwhile(now.erin.choose("Licence", "Bring your own licence (BYOL)"));
    await choose(now, now.erin, "image-choice", "Another image…");
    await choose(now, now.erin, "Which image", "SUSE Enterprise Linux 15 SP5 64bit");
    expect(now.erin.entry("Licence")).toBe("Bring your own licence (BYOL)");
    await choose(now, now.erin, "Which image", "Debian 12.5 64bit");
    expect(text()).not.toContain("Licence");
  });

  test.each([
    { of: tencentCase, image: "CentOS 7.9 64bit" },
    { of: huaweiCase, image: "Ubuntu 22.04 server 64bit" },
    { of: otcCase, image: "Ubuntu 22.04 server 64bit" },
    { of: jdcloudCase, image: "img-ubuntu2204c" },
  ])("$of.title: the image that the server has, found among the others, is the same image", async ({ of, image }) => {
    now = await story({ cases: [of] });
    const card = await ask(now, of, { command: "/change-os", image });
    expect(card.text).toContain("again (the same image)");
    expect(card.text).not.toContain(" → ");
  });

  test("after a change of mind the server chosen last is the one that is reinstalled", async () => {
    now = await story({ cases: three });
    await fill(now, huaweiCase);
    await choose(now, now.erin, "Server", "jd-web-01");
    await choose(now, now.erin, "Backup", "Nothing to keep");
    await choose(now, now.erin, "Log in afterwards with", "Key pair");
    await now.meanwhile(now.erin.choose("Which key pair", jdcloudCase.keyPair));
    await now.meanwhile(now.erin.tick("Before you ask"));
    await now.meanwhile(now.erin.submit());
    await now.until("the card is posted", () => now.erin.messages(channel).length > 0);
    expect(root(now).text).toContain("JD Cloud · jd");
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, jdcloudCase)).toBe(1);
    expect(wipes(now, huaweiCase)).toBe(0);
  });
});
