import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { userIds } from "../../playground/slack/people.ts";
import type { Traffic } from "../../playground/slack/shell.ts";
import { isButton } from "../../src/commands/buttons.ts";
import { pressed } from "../../src/views/buttons.ts";
import { hostileText } from "../setup/arbitrary.ts";
import { tencentCase as of } from "../setup/cases.ts";
import { approve, ask, ends, fill, root, wipes } from "../setup/deeds.ts";
import { misspoken, notTaken } from "../setup/spoken.ts";
import { channel, type Story, story } from "../setup/story.ts";

type Fields = Readonly<Record<string, unknown>>;
const dayMs = 24 * 60 * 60_000;

let now: Story;
beforeEach(async () => {
  now = await story({ approvalMs: dayMs });
});
afterEach(() => now.end());

/** Payloads as Slack really sent them, for every kind that the bot takes. */
async function sent(): Promise<readonly Fields[]> {
  await ask(now, of);
  await fill(now, of, { server: "web-02" });
  await now.meanwhile(now.erin.suggest("Server", "web"));
  await now.meanwhile(now.oscar.press(root(now, now.oscar), "Approve and reinstall"));
  await now.meanwhile(now.oscar.press(root(now, now.oscar), "Details"));
  await now.meanwhile(now.oscar.command(channel, "/reinstall-status"));
  return now.shell.traffic.filter(({ kind }) => kind === "envelope").flatMap(payloadsOf);
}

function payloadsOf({ body }: Traffic): readonly Fields[] {
  const { payload } = JSON.parse(body);
  // Nobody who could decide: whatever comes of it, nothing may.
  return payload === undefined
    ? []
    : [JSON.parse(JSON.stringify(payload).replaceAll(userIds.engineer, userIds.outsider))];
}

const junk: fc.Arbitrary<unknown> = fc.oneof(
  hostileText(),
  fc.constantFrom(null, undefined, true, 0, -1, Number.MAX_SAFE_INTEGER, [], {}, [[]], { value: {} }),
  fc.anything({ maxDepth: 2 }),
  fc.constantFrom(
    "rabcdefghij.0",
    "rabcdefghij.999",
    "r.0",
    "approve",
    "order",
    "password",
    "__proto__",
    "constructor",
  ),
);

/** The same payload with up to three things in it replaced, left out, or put in. */
function spoilt(payload: Fields): fc.Arbitrary<unknown> {
  const paths = pathsOf(payload, []);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    how: fc.constantFrom("junk", "gone", "more"),
    value: junk,
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const copy = structuredClone(payload);
    for (const { path, how, value } of changes) spoil(copy, path, how, value);
    return copy;
  });
}

function pathsOf(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return path.length === 0 ? [] : [path];
  const inside = Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...path, name]));
  return path.length === 0 ? inside : [path, ...inside];
}

function spoil(payload: unknown, path: readonly string[], how: string, value: unknown): void {
  let at = payload;
  for (const name of path.slice(0, -1)) at = isFields(at) ? at[name] : undefined;
  const name = path.at(-1) ?? "";
  if (!isFields(at)) return;
  if (how === "gone") delete at[name];
  else if (how === "more") at[`${name}_new`] = value;
  else at[name] = value;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** What every request is, to the last letter. */
function records(): string {
  const all = [...now.store.latest(50), ...now.store.hot()];
  return JSON.stringify(all.sort((a, b) => (a.id < b.id ? -1 : 1)));
}

/**
 * Hands it to the bot as Bolt does; gives how often it was answered. What could not be read at all, and Slack's refusal of
 * a trigger or of too many calls, are answered by Bolt's door; any other fault fails the test.
 */
async function hand(payload: unknown): Promise<number> {
  let replies = 0;
  const reply = async () => {
    replies += 1;
  };
  const work = now.dispatch(payload, reply).catch((cause: unknown) => {
    const name = cause instanceof Error ? cause.name : "";
    if (!["SlackRefused", "SlackBusy", "SlackUnclear", "ZodError", "SyntaxError"].includes(name)) throw cause;
    replies = Math.max(1, replies);
  });
  await now.meanwhile(work);
  return replies;
}

/** Slack took everything that was sent, and nobody was called who should not be. */
function spokeProperly(): void {
  expect(notTaken(now.shell)).toEqual([]);
  expect(misspoken(now.shell)).toEqual([]);
}

describe("whatever comes in is answered or refused, changes nothing and breaks nothing", () => {
  test("payloads of Slack, spoilt in up to three places", async () => {
    const payloads = await sent();
    expect(new Set(payloads.map(({ type, command }) => type ?? command)).size).toBeGreaterThanOrEqual(5);
    const before = records();
    const property = fc.asyncProperty(fc.constantFrom(...payloads).chain(spoilt), async (payload) => {
      expect(await hand(payload)).toBe(1);
      expect(records()).toBe(before);
    });
    await fc.assert(property, { numRuns: 400 });
    spokeProperly();
    await stillWorks();
  }, 120_000);

  test("anything at all", async () => {
    await ask(now, of);
    const before = records();
    const property = fc.asyncProperty(
      fc.oneof(junk, fc.record({ type: junk, command: junk, actions: junk, view: junk, user: junk })),
      async (payload) => {
        expect(await hand(payload)).toBe(1);
        expect(records()).toBe(before);
      },
    );
    await fc.assert(property, { numRuns: 400 });
    await stillWorks();
  }, 120_000);

  test("commands with any text", async () => {
    await ask(now, of);
    const before = records();
    const names = fc.constantFrom("/reinstall", "/change-os", "/reinstall-status");
    const property = fc.asyncProperty(names, hostileText(), async (command, text) => {
      await now.pass(1_000);
      await now.meanwhile(now.erin.command(channel, `${command} ${text}`));
      await now.meanwhile(now.erin.dismiss());
      expect(records()).toBe(before);
    });
    await fc.assert(property, { numRuns: 150 });
    spokeProperly();
  }, 120_000);

  test.each([
    ["of a former version of the bot", { action_id: "approve_v0", value: '{"request":"r1","do":"approve"}' }],
    ["of a later version of the bot", { action_id: "approve-with-snapshot", value: "" }],
    ["without a value", { action_id: pressed.approve, value: null }],
    ["for a request that is not ours", { action_id: pressed.approve, value: "rzzzzzzzzzz.0" }],
    ["with an attempt that never was", { action_id: pressed.retry, value: "$id.7" }],
    ["with a number beyond all numbers", { action_id: pressed.ran, value: "$id.99999999999999999999" }],
    ["with words behind its value", { action_id: pressed.approve, value: "$id.0; drop" }],
  ])("a button %s: its presser is told", async (_what, action) => {
    await ask(now, of);
    const { id } = now.request();
    await now.meanwhile(now.ana.press(root(now, now.ana), "Details"));
    const press = now.shell.traffic
      .filter(({ kind }) => kind === "envelope")
      .flatMap((passed) => [JSON.parse(passed.body).payload])
      .at(-1);
    const before = records();
    const whispers = now.ana.ephemerals(channel).length;
    const value = typeof action.value === "string" ? action.value.replace("$id", id) : action.value;
    expect(await hand({ ...press, actions: [{ ...press.actions[0], ...action, value }] })).toBe(1);
    expect(now.ana.ephemerals(channel).length).toBe(whispers + 1);
    expect(records()).toBe(before);
    expect(isButton("approve_v0")).toBe(false);
  });
});

/** After all that, the ordinary goes on. */
async function stillWorks(): Promise<void> {
  await approve(now);
  await ends(now, "done");
  expect(wipes(now, of)).toBe(1);
}
