import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { tencentCase as of } from "./setup/cases.ts";
import { approve, ask, ends, fill, root, wipes } from "./setup/deeds.ts";
import { channel, type Story, story } from "./setup/story.ts";

let now: Story;
afterEach(() => now.end());

/** Types of the payloads that went to the bot so far, commands by their name. */
function sent(): readonly string[] {
  return now.space.traffic
    .filter(({ kind }) => kind === "envelope")
    .map(({ body }) => JSON.parse(body).payload)
    .filter((payload) => payload !== undefined)
    .map((payload) => payload.type ?? payload.command);
}

/** What each kind of payload is for, and how one sees that bot and Slack understood each other. */
const kinds: readonly { payload: string; says: string; tell(): Promise<void> }[] = [
  {
    ...{ payload: "/reinstall", says: "help answers in the reply itself" },
    async tell() {
      expect(await now.meanwhile(now.erin.command(channel, "/reinstall help"))).toEqual({ ok: true });
      expect(now.erin.ephemerals(channel).at(-1)?.text).toContain("/reinstall");
    },
  },
  {
    ...{ payload: "shortcut", says: "the form asks for the channel" },
    async tell() {
      expect(await now.meanwhile(now.erin.shortcut("Reinstall a server"))).toEqual({ ok: true });
      await now.until("the form is open", () => now.erin.modalText().includes("Where the request is posted"));
    },
  },
  {
    ...{ payload: "message_action", says: "the form is opened from a message's menu" },
    async tell() {
      await now.meanwhile(now.erin.say(channel, "web is down, INC-4211"));
      const incident = now.erin.latest(channel);
      expect(await now.meanwhile(now.erin.shortcut("Reinstall a server here", incident))).toEqual({ ok: true });
      await now.until("the form is open", () => now.erin.modalText().includes("Type a part of its name"));
    },
  },
  {
    ...{ payload: "block_suggestion", says: "servers are offered while one types" },
    async tell() {
      await now.meanwhile(now.erin.command(channel, "/reinstall"));
      await now.until("the form is open", () => now.erin.modal() !== null);
      const offered = await now.meanwhile(now.erin.suggest("Server", "web-0"));
      expect(offered.map(({ text }) => JSON.stringify(text)).join("\n")).toContain("web-01");
    },
  },
  {
    ...{ payload: "block_actions", says: "a choice draws the form anew, and a press on the card decides" },
    async tell() {
      await ask(now, of);
      await approve(now);
      await ends(now, "done");
      expect(wipes(now, of)).toBe(1);
    },
  },
  {
    ...{ payload: "view_submission", says: "errors stand at their fields" },
    async tell() {
      await fill(now, of, { why: "too short", login: "typed" });
      await now.meanwhile(now.erin.submit());
      await now.meanwhile(now.erin.type("Password", "short"));
      await now.meanwhile(now.erin.submit());
      expect(Object.values(now.erin.errors()).join(" ")).toContain("characters");
    },
  },
  {
    ...{ payload: "view_submission", says: "a further page is pushed" },
    async tell() {
      await fill(now, of, { login: "typed" });
      await now.meanwhile(now.erin.submit());
      expect(now.erin.modal()?.depth).toBe(1);
    },
  },
  {
    ...{ payload: "view_submission", says: "the last page clears all of them, and the card is posted" },
    async tell() {
      await ask(now, of, { login: { typed: "Story-Passw0rt!27" } });
      expect(now.erin.modal()).toBe(null);
      expect(root(now).text).toContain("web-01");
    },
  },
  {
    ...{ payload: "view_closed", says: "a closed form is acknowledged, and nothing comes of it" },
    async tell() {
      await fill(now, of);
      now.shell.arrange((state) => ({ ...state, views: told(state.views) }));
      expect(await now.meanwhile(now.erin.dismiss())).toEqual({ ok: true });
      expect(JSON.parse(acks().at(-1) ?? "{}").payload ?? {}).toEqual({});
      expect(now.store.hot()).toEqual([]);
    },
  },
];

/** The bot asks to be told of no closing today; Slack tells of it where `notify_on_close` is set. */
function told<View extends { body: Readonly<Record<string, unknown>> }>(views: Readonly<Record<string, View>>) {
  return Object.fromEntries(
    Object.entries(views).map(([id, view]) => [id, { ...view, body: { ...view.body, notify_on_close: true } }]),
  );
}

function acks(): readonly string[] {
  return now.space.traffic.filter(({ kind }) => kind === "ack").map(({ body }) => body);
}

describe.each(["socket", "http"] as const)("with payloads over %s", (mode) => {
  test.each(kinds)("$payload: $says", async ({ payload, tell }) => {
    now = await story({ mode });
    await tell();
    expect(sent()).toContain(payload);
    expect(acks()).toHaveLength(sent().length);
    expect(now.shell.state().sockets).toHaveLength(mode === "socket" ? 1 : 0);
  });
});

describe("over HTTP Slack's patience is the same", () => {
  test("whoever does not answer within three seconds has not answered", async () => {
    now = await story({ mode: "http" });
    const deaf = createServer(() => undefined);
    await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
    const { port } = deaf.address() as AddressInfo;
    now.shell.deliverTo({ url: `http://127.0.0.1:${port}/slack/events`, signingSecret: "of nobody" });
    const until = now.clock.now() + 3_000;
    expect(await now.meanwhile(now.erin.command(channel, "/reinstall web-01"))).toEqual({
      ok: false,
      says: '/reinstall failed with the error "operation_timeout"',
    });
    expect(now.clock.now()).toBeGreaterThanOrEqual(until);
    deaf.close();
    deaf.closeAllConnections();
  });

  test("while the bot is down a command fails at once, and after its return the same press works", async () => {
    now = await story({ mode: "http" });
    await ask(now, of);
    await now.kill();
    expect(await now.meanwhile(now.erin.command(channel, "/reinstall web-02"))).toEqual({
      ok: false,
      says: '/reinstall failed with the error "dispatch_failed"',
    });
    expect(await now.meanwhile(now.ana.press(root(now, now.ana), "Approve and reinstall"))).toMatchObject({
      ok: false,
    });
    await now.boot();
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });
});
