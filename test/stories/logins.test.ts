import { afterEach, describe, expect, test } from "vitest";
import { team, userIds } from "../../playground/slack/people.ts";
import { alter } from "../setup/altered.ts";
import { type CloudCase, cases, jdcloudCase, tencentCase } from "../setup/cases.ts";
import { approve, ask, choose, ends, root, threadTexts, type Wish, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const field = "Log in afterwards with";
const ownWords = "The image's own login";
const sentWords = "Password sent by the cloud";
const text = () => now.erin.modalText();

async function open(of: CloudCase): Promise<void> {
  now = await story({ cases: [of] });
  await now.meanwhile(now.erin.command(channel, `/reinstall ${of.server}`));
  await now.until("the form is filled", () => text().includes("What is lost"));
}

async function another(image: string): Promise<void> {
  if (!text().includes("Which image")) await choose(now, now.erin, "image-choice", "Another image…");
  await choose(now, now.erin, "Which image", image);
}

/** What the order said of the login, as it went over the wire. */
function sentLogins(of: CloudCase): readonly unknown[] {
  const seen: unknown[] = [];
  now.cloud(of.account.name).onRequest((request) => {
    if (of.is("reinstall", request)) seen.push(JSON.parse(request.body).LoginSettings);
  });
  return seen;
}

/** The value of the server's option. */
function serverOf({ account, server }: CloudCase): string {
  const found = now
    .cloud(account.name)
    .panel()
    .find(({ name }) => name === server);
  return [account.name, found?.region, found?.id].join("/");
}

/** Hands in what a form drawn a moment ago could still hold. Returns what is said at its fields. */
async function handIn(more: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const values = { backup: "none", reason: "INC-4211", ...more };
  const chosen = (value: string) => ({ type: "static_select", selected_option: { value } });
  const state = {
    values: { form: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, chosen(value)])) },
  };
  const view = { ...now.erin.modal()?.view, id: "V0", hash: "1", callback_id: "order", state };
  const said: unknown[] = [];
  const payload = { type: "view_submission", user: { id: userIds.engineer }, team: { id: team.id }, view };
  await now.dispatch(payload, async (body) => void said.push(body?.["errors"]));
  return (said[0] ?? {}) as Readonly<Record<string, string>>;
}

/** Nothing is kept, nothing is shown, and no button offers a password. */
function nothingIsKept(): void {
  expect(now.request().secret).toBeUndefined();
  const shown = now.erin.thread(root(now)).map(({ text: said, blocks }) => `${said}${JSON.stringify(blocks)}`);
  expect(shown.join("\n")).not.toMatch(/Show password|I have saved it|was generated/);
}

const sending = cases.filter(({ sentTo }) => sentTo !== undefined);
const keeping = cases.flatMap((of) =>
  "image" in of.ownLogin ? [{ of, title: of.title, own: of.ownLogin.image }] : [],
);
const neverKeeping = cases.flatMap((of) =>
  "never" in of.ownLogin ? [{ of, title: of.title, never: of.ownLogin.never }] : [],
);

describe.each(sending)("$title: a password that the cloud makes and sends", (of) => {
  test("the form says where it goes and who may read it, and asks for nothing more", async () => {
    await open(of);
    expect(text()).toContain("Which key pair");
    await choose(now, now.erin, field, sentWords);
    expect(text()).toContain(of.sentTo);
    expect(text()).toContain("the bot never sees it");
    expect(text()).not.toContain("Which key pair");
    expect(text()).not.toContain("Next: password");
  });

  test("the card and the last message say so; it stands nowhere in Slack, in the store or in the log", async () => {
    now = await story({ cases: [of] });
    const card = await ask(now, of, { login: "sent by the cloud" });
    expect(card.text).toContain("*Login* a new password, made and sent by the cloud");
    expect(card.text).toContain(of.sentTo);
    const logins = sentLogins(of);
    await approve(now);
    await ends(now, "done");
    expect(logins).toEqual([undefined]);
    const last = threadTexts(now).find((each) => each.includes("is back"));
    expect(last).toContain("with the password that the cloud sent.");
    expect(last).toMatch(/\*Password forgotten\?\* Reset it in the console: .+ <https:\/\/[^<>]+>/);
    expect(last).toContain(of.sentTo);
    nothingIsKept();
    const made = now.cloud(of.account.name).passwords()[now.request().order.server.id] ?? "";
    expect(made).not.toBe("");
    const kept = now.disk.names().map((name) => now.disk.peek(name).toString("latin1"));
    const everything = [...kept, ...now.logs, ...now.space.traffic.map(({ body }) => body)];
    expect(everything.filter((each) => each.includes(made))).toEqual([]);
  });

  test("it is tried again after a failure as it was asked for", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { login: "sent by the cloud" });
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect(wipes(now, of)).toBe(2);
    nothingIsKept();
  });

  test("a changed request begins with it", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { login: "sent by the cloud" });
    await now.meanwhile(now.erin.press(root(now), "Change…"));
    await now.until("the form is filled", () => text().includes("What is lost"));
    expect(now.erin.entry(field)).toBe(sentWords);
  });

  test("it needs no sealing key, as nothing is kept", async () => {
    now = await story({ cases: [of], sealed: false });
    await ask(now, of, { login: "sent by the cloud" });
    await approve(now);
    await ends(now, "done");
  });
});

describe.each(cases.filter(({ sentTo }) => sentTo === undefined))("$title: without passwords of its own", (of) => {
  test("the form does not offer one", async () => {
    await open(of);
    expect(now.erin.options(field)).not.toContain(sentWords);
  });
});

describe.each(keeping)("$title: the login of the image", ({ of, own }) => {
  test("is not offered for a public image, with the reason, and is for a custom one, with what it means", async () => {
    await open(of);
    expect(now.erin.options(field)).not.toContain(ownWords);
    expect(text()).toContain("Public images have no login of their own. A custom or shared image has.");
    await another(own);
    await choose(now, now.erin, field, ownWords);
    expect(text()).toContain("nobody can log in who does not know the image's user and password");
    expect(text()).not.toContain("Which key pair");
  });

  test("stays chosen while another image has one too, and gives way where none has", async () => {
    await open(of);
    await another(own);
    await choose(now, now.erin, field, ownWords);
    await another(own.replace(/\d\d$/, "10"));
    expect(now.erin.entry(field)).toBe(ownWords);
    await another(of.otherImage);
    expect(now.erin.entry(field)).toBe("Key pair");
    expect(text()).toContain("Which key pair");
  });

  test("card and last message say whose login it is; nothing is kept and nothing is set", async () => {
    now = await story({ cases: [of] });
    const card = await ask(now, of, { image: own, login: "the image's own" });
    expect(card.text).toContain("*Login* the image's own user and password");
    expect(card.text).toContain("only who knows the image's user and password (or key) gets in.");
    const logins = sentLogins(of);
    await approve(now);
    await ends(now, "done");
    expect(logins).toEqual([{ KeepImageLogin: "TRUE" }]);
    const last = threadTexts(now).find((each) => each.includes("is back"));
    expect(last).toMatch(/\*Log in\* by SSH to `[\d.]+` as a user of the image, with that user's password or key\./);
    expect(last).toContain("The bot does not know it");
    expect(last).toContain("*Password forgotten?*");
    expect(now.cloud(of.account.name).passwords()[now.request().order.server.id] ?? "").toBe("");
    nothingIsKept();
  });

  test("a server that has a custom image keeps its login with the same image again, and so does its next request", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { image: own, login: "the image's own" });
    await approve(now);
    await ends(now, "done");
    const first = now.request().id;
    await now.pass(60_000);
    await ask(now, of, { login: "the image's own" });
    await now.meanwhile(now.erin.press(root(now), "Change…"));
    await now.until("the form is filled", () => text().includes("What is lost"));
    expect(now.erin.entry("image-choice")).toBe("The same image again");
    expect(now.erin.entry(field)).toBe(ownWords);
    expect(now.store.hot().filter(({ id, order }) => id !== first && order.image.kind === "private")).toHaveLength(1);
  });

  test("it is kept by the image made now from the server, and by Undo, which begins with it", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, {
      backup: "Make a custom image of this server first",
      image: "made now",
      login: "the image's own",
    });
    await approve(now);
    await ends(now, "done");
    const last = now.erin.thread(root(now)).find(({ text: said }) => said.includes("is back"));
    if (last === undefined) throw new Error("nothing was said");
    await now.meanwhile(now.erin.press(last, "Undo…"));
    await now.until("the form is filled", () => text().includes("Which image"));
    expect(now.erin.entry(field)).toBe(ownWords);
  });

  test("is never quietly another login: where it cannot be had any more, the form says so and nothing is asked", async () => {
    await open(of);
    const answer = await now.meanwhile(handIn({ server: serverOf(of), login: "keep-image" }));
    expect(Object.values(answer)).toEqual([
      "Public images have no login of their own. A custom or shared image has. Choose another login.",
    ]);
    expect(now.store.hot()).toEqual([]);
  });
});

describe.each(neverKeeping)("$title: the login of the image", ({ of, never }) => {
  test("is never offered, and the form says why", async () => {
    await open(of);
    expect(now.erin.options(field)).not.toContain(ownWords);
    expect(text()).toContain(`${ownWords}: ${never}`);
  });
});

describe("Windows", () => {
  const windows: readonly (readonly [login: NonNullable<Wish["login"]>, image: string, says: RegExp])[] = [
    [
      "sent by the cloud",
      "",
      /by Remote Desktop to `[\d.]+` as `Administrator` with the password that the cloud sent\./,
    ],
    [
      "the image's own",
      "ad-controller",
      /by Remote Desktop to `[\d.]+` as a user of the image, with that user's password/,
    ],
  ];

  test.each(windows)("%s: the last message says by which way and as whom one logs in", async (login, image, says) => {
    now = await story({ cases: [tencentCase] });
    await ask(now, tencentCase, { server: "win-01", login, ...(image === "" ? {} : { image }) });
    await approve(now);
    await ends(now, "done");
    const last = threadTexts(now).find((each) => each.includes("is back"));
    expect(last).toMatch(says);
    expect(last).not.toContain("ssh");
    nothingIsKept();
  });
});

test("a key pair that is made anew under its name after the request was asked lets nobody in: nothing is erased", async () => {
  now = await story({ cases: [jdcloudCase] });
  await ask(now, jdcloudCase, { login: "key pair" });
  alter(now, "jd", "keyPairs", (pair) => ({ ...pair, fingerprint: "00:11:22:33" }));
  await approve(now);
  await ends(now, "failed");
  expect(root(now).text).toContain("The key pair oncall-2026 is no longer the one that was chosen");
  expect(root(now).text).toContain("Nothing was erased.");
  expect(wipes(now, jdcloudCase)).toBe(0);
});
