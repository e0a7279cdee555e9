import { afterEach, describe, expect, test } from "vitest";
import { cases } from "../setup/cases.ts";
import { approve, ask, ends, fill, root, whispered } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const canary = "Canary-Pazzw0rt!73";

/** Every place in which these bytes stand, raw or as base64. */
function places(text: string): readonly string[] {
  const forms = [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString("base64").slice(0, -4),
  ];
  const holds = (body: string) => forms.some((form) => body.includes(form));
  const disk = now.disk.names().filter((name) => holds(now.disk.peek(name).toString("latin1")));
  const logs = now.logs.filter(holds).map(() => "log");
  const slack = now.space.traffic
    .filter(({ body }) => holds(body))
    .map(({ kind, body }) => `${kind} ${callback(body)}`);
  return [...disk, ...logs, ...slack, ...now.died.filter(holds)];
}

function callback(body: string): string {
  return /"type":"view_submission"/.test(body) && body.includes('"callback_id":"password"')
    ? "password submission"
    : body;
}

describe.each(cases.filter(({ logins }) => logins.includes("typed")))("$title: a typed password", (of) => {
  test("stands nowhere but in the submission of its own page", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { login: { typed: canary } });
    await approve(now);
    await ends(now, "done");
    await now.pass(60_000);
    expect(Object.values(now.cloud(of.account.name).passwords())).toContain(canary);
    expect(new Set(places(canary))).toEqual(new Set(["envelope password submission"]));
  });

  test("that breaks rules is refused at its field, every broken rule named, and nothing is stored", async () => {
    now = await story({ cases: [of] });
    await fill(now, of, { login: "typed" });
    await now.meanwhile(now.erin.submit());
    await now.meanwhile(now.erin.type("Password", "abc ä"));
    await now.meanwhile(now.erin.submit());
    const says = now.erin.errors()["Password"] ?? "";
    expect(says).toMatch(/Too short/);
    expect(says).toMatch(/Needs/);
    expect(says).toMatch(/May not contain/);
    expect(now.store.hot()).toHaveLength(0);
    await now.meanwhile(now.erin.type("Password", canary));
    await now.meanwhile(now.erin.submit());
    expect(now.erin.modal()).toBeNull();
    expect(now.store.hot()).toHaveLength(1);
  });

  test.each(["denied", "expired", "withdrawn"])("is shredded when the request is %s", async (end) => {
    now = await story({ cases: [of], approvalMs: 10 * 60_000 });
    await ask(now, of, { login: { typed: canary } });
    expect(now.request().secret).toBeDefined();
    if (end === "withdrawn") await now.meanwhile(now.erin.press(root(now), "Withdraw"));
    if (end === "denied") {
      await now.meanwhile(now.ana.press(root(now, now.ana), "Deny…"));
      await now.until("the reason is asked for", () => now.ana.modal() !== null);
      await now.meanwhile(now.ana.type("Why", "no"));
      await now.meanwhile(now.ana.submit());
    }
    await ends(now, end);
    expect(now.request().secret).toBeUndefined();
  });
});

describe.each(cases.filter(({ logins }) => logins.includes("generated")))("$title: a generated password", (of) => {
  test("is shown to the requester only, twice if need be, and is gone once it is saved", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { login: "generated" });
    await approve(now);
    await ends(now, "done");
    const offer = now.erin.thread(root(now)).find(({ text }) => text.includes("was generated"));
    if (offer === undefined) throw new Error("the password is not offered");
    await now.meanwhile(now.ana.press(offer, "Show password"));
    expect(whispered(now.ana)).toContain("Only <@U0ENGINEER>, who asked, can do this.");
    const set = now.cloud(of.account.name).passwords()[now.request().order.server.id] ?? "none";
    for (const _showing of ["first", "second"]) {
      await now.meanwhile(now.erin.press(offer, "Show password"));
      await now.until("it is shown", () => now.erin.modal() !== null);
      expect(now.erin.modalText()).toContain(set);
      await now.meanwhile(now.erin.dismiss());
    }
    await now.meanwhile(now.erin.press(offer, "I have saved it"));
    await now.pass(20_000);
    expect(now.request().secret).toBeUndefined();
    await now.meanwhile(now.erin.press(offer, "Show password"));
    expect(whispered(now.erin)).toContain("no longer kept");
    expect(now.logs.filter((line) => line.includes(set))).toEqual([]);
  });

  test("is shredded after an hour in any case", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { login: "generated" });
    await approve(now);
    await ends(now, "done");
    expect(now.request().secret).toBeDefined();
    await now.pass(62 * 60_000);
    expect(now.request().secret).toBeUndefined();
  });
});

describe("without a sealing key", () => {
  const [of] = cases;
  test("passwords of its own are off, and the form says why", async () => {
    now = await story({ sealed: false });
    if (of === undefined) throw new Error("no case");
    await now.meanwhile(now.erin.command(channel, `/reinstall ${of.server}`));
    await now.until("the form is filled", () => now.erin.modalText().includes("What is lost"));
    expect(now.erin.options("Log in afterwards with")).toEqual(["Key pair", "Password sent by the cloud"]);
    expect(now.erin.modalText()).toContain("no sealing key");
  });
});
