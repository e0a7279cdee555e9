import { afterEach, beforeEach, expect, test } from "vitest";
import { channelIds, groupIds, team, tokens, userIds } from "../playground/slack/people.ts";
import { SlackShell } from "../playground/slack/shell.ts";
import { connectSlack, type SlackConnection } from "../src/bolt.ts";
import { openLog } from "../src/log.ts";
import { realClock } from "../src/real.ts";
import type { Dispatch, Slack } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";
import { slackSeam } from "../src/slack.ts";

/** Both edges against the strict stand-in, which refuses what Slack refuses. */
let shell: SlackShell;
let slack: Slack;
let line: SlackConnection;
let dispatch: Dispatch;
let lines: string[];

beforeEach(async () => {
  const clock = realClock();
  lines = [];
  const log = openLog({ clock, level: "info", write: (text) => void lines.push(text) });
  shell = new SlackShell({ clock });
  const apiUrl = `${(await shell.listen()).url}/api/`;
  slack = await slackSeam({ token: new Secret(tokens.bot), apiUrl, clock, log });
  const given = { appToken: new Secret(tokens.app), apiUrl, clock, log, onState: () => {} };
  line = connectSlack({ ...given, dispatch: (payload, reply) => dispatch(payload, reply) });
  await line.start();
});

afterEach(async () => {
  await line.stop(0);
  await shell.close();
});

test("a command opens a modal with its trigger, and the modal is updated with its hash", async () => {
  const view = (text: string) => ({
    ...{ type: "modal" as const, callback_id: "form", title: { type: "plain_text", text: "Reinstall" } },
    blocks: [{ type: "section", text: { type: "plain_text", text } }],
  });
  dispatch = async (payload, reply) => {
    await reply();
    const { trigger_id } = payload as { trigger_id: string };
    const opened = await slack.open(trigger_id, view("one moment"));
    await slack.update({ viewId: opened.viewId }, view("here you are"), opened.hash);
  };
  const answer = await shell.act({
    ...{ do: "command", user: userIds.engineer, channel: channelIds.incident, text: "/reinstall web-01" },
  });
  expect(answer).toEqual({ ok: true });
  const update = () => shell.traffic.find((each) => each.kind === "call" && each.name.endsWith("views.update"));
  while (update() === undefined || line.inFlight() > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(update()?.body).toContain(encodeURIComponent("here you are"));
  expect(lines.filter((text) => !text.includes("Connected to Slack"))).toEqual([]);
});

test("a message is found again by its request and key, in the channel and in its thread", async () => {
  const blocks = [{ type: "section", text: { type: "plain_text", text: "hello" } }];
  const message = { channel: channelIds.incident, text: "hello", blocks, request: "r0123456789" };
  const card = await slack.post({ ...message, key: "card" });
  const reply = await slack.post({ ...message, key: "done", threadTs: card.ts, broadcast: true });
  const where = { channel: channelIds.incident, since: Date.now(), request: "r0123456789" };
  expect(await slack.find({ ...where, key: "card" })).toBe(card.ts);
  expect(await slack.find({ ...where, key: "done", threadTs: card.ts })).toBe(reply.ts);
  expect(await slack.find({ ...where, key: "other" })).toBe(null);
  expect(await slack.find({ ...where, since: Date.now() + 120_000, key: "card" })).toBe(null);
});

test("people, groups and channels are known for what they are", async () => {
  expect(await slack.person(userIds.engineer)).toMatchObject({
    team: team.id,
    guest: false,
    external: false,
    gone: false,
  });
  expect(await slack.person(userIds.guest)).toMatchObject({ guest: true });
  expect(await slack.person(userIds.gone)).toMatchObject({ gone: true });
  expect(await slack.person(userIds.external)).toMatchObject({ external: true });
  expect(await slack.group(groupIds.approvers)).toEqual([userIds.approver, userIds.secondApprover]);
  expect(await slack.channel(channelIds.incident)).toMatchObject({ member: true, external: false });
  expect(await slack.channel(channelIds.shared)).toMatchObject({ external: true });
  expect(await slack.channel(channelIds.archived)).toMatchObject({ archived: true });
});

test("of the traffic no more is kept than was asked for, and it is the latest", async () => {
  const clock = realClock();
  const small = new SlackShell({ clock, trafficMax: 4 });
  const log = openLog({ clock, level: "silent" });
  const apiUrl = `${(await small.listen()).url}/api/`;
  const seam = await slackSeam({ token: new Secret(tokens.bot), apiUrl, clock, log });
  for (const user of [userIds.engineer, userIds.approver]) await seam.person(user);
  expect(small.traffic.map(({ kind }) => kind)).toEqual(["call", "reply", "call", "reply"]);
  expect(small.traffic.at(-1)?.body).toContain(userIds.approver);
  expect(small.traffic.some(({ body }) => body.includes("team_id") && body.includes("bot_id"))).toBe(false);
  await small.close();
});
