import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wrongMessage, wrongView } from "../../playground/slack/limits.ts";
import { groupIds, userIds } from "../../playground/slack/people.ts";
import type { KeyPair, Order, Server } from "../../src/clouds/cloud.ts";
import { inventory } from "../../src/inventory.ts";
import type { Attempt, Of, Request } from "../../src/request.ts";
import { detailsView } from "../../src/views/details.ts";
import { type Chosen, form, serverOption } from "../../src/views/form.ts";
import { pictures } from "../../src/views/picture.ts";
import { hostileText } from "../setup/arbitrary.ts";
import { type CloudCase, cases, huaweiCase } from "../setup/cases.ts";
import { type Names, renamedState } from "../setup/hostile.ts";
import { misspokenIn } from "../setup/spoken.ts";
import { minutes, World } from "./world.ts";

const names: fc.Arbitrary<Names> = fc.record({
  server: hostileText(),
  image: hostileText(),
  keyPair: hostileText(),
  tag: hostileText(),
});

/** The account as it answers with these names, read by the adapter. */
async function read(of: CloudCase, given: Names) {
  const world = new World(of);
  const ref = world.ref();
  const { state, image: id } = renamedState(of, world.state, given, world.now);
  world.state = state;
  const { cloud } = world;
  const server = await cloud.server(ref);
  const [image, keyPairs, listed, { found }] = await Promise.all([
    cloud.image(server, id),
    cloud.keyPairs(server),
    cloud.servers(),
    cloud.images(server, "private", ""),
  ]);
  if (image === null) throw new Error("the image is not read");
  expect(found.map((one) => one.id)).toContain(id);
  expect(listed.found.map((one) => one.ref.id)).toContain(ref.id);
  const order = await world.order(server, { image, login: loginOf(keyPairs) });
  const notices = await cloud.notices(order, server);
  return { world, server, image, keyPairs, order, notices };
}

function loginOf(keyPairs: readonly KeyPair[]): Order["login"] {
  // The one with the hostile name, where there is one: the others begin with letters.
  const pair = [...keyPairs].sort((one, other) => score(one) - score(other))[0];
  if (pair === undefined) throw new Error("there is no key pair");
  return { kind: "key-pair", ...pair };
}

function score({ name }: KeyPair): number {
  return /^[a-z0-9_-]+$/.test(name) ? 1 : 0;
}

const meta = { id: "rabcdefghij", channel: "C0INCIDENT4211", asks: "same" } as const;
const askedBy = { team: "T0PLAYGROUND", user: userIds.engineer };

function pending({ server, order, notices, world }: Awaited<ReturnType<typeof read>>): Of<"pending"> {
  return {
    ...{ v: 1, id: "rabcdefghij", revision: 1, status: "pending", channel: "C0INCIDENT4211", askedBy },
    ...{ askedAt: world.now, reason: "INC-4211", order, drawn: server, notices: [...notices], rule: "default" },
    approvers: { users: [], groups: [groupIds.approvers] },
    ...{ remindAt: world.now, remindedAt: world.now, expiresAt: world.now, approvals: [], posts: [] },
  };
}

/** The same request before its approval, done, and after two failures. */
function stages(asked: Of<"pending">, found: Server): readonly Request[] {
  const { askedAt: at, status: _status, ...rest } = asked;
  const steps = [{ id: "reinstall", state: "failed" as const, signedAt: at, receipt: { id: "7f2a", facts: {} } }];
  const failure = { at, step: "reinstall", says: "It failed.", code: "", requestId: "", erased: "likely", retry: true };
  const failed = [1, 2].map((n) => ({ n, startedAt: at, startedBy: askedBy, steps, failure }) as Attempt);
  const done = [{ n: 1, startedAt: at, startedBy: askedBy, steps: [] }];
  return [
    asked,
    { ...rest, askedAt: at, status: "done", attempts: done, endedAt: at, proof: "receipt", found },
    { ...rest, askedAt: at, status: "failed", attempts: failed, failedAt: at },
  ];
}

function chosenOf({ world, server, image, keyPairs, notices }: Awaited<ReturnType<typeof read>>): Chosen {
  return {
    ...{ open: null, server, title: world.cloud.traits.title, refusals: [], image, own: { image, gone: false } },
    choices: world.cloud.choices(server, image),
    ...{ keyPairs, leftOut: [{ count: 1, example: image.name, says: "It does not fit." }], notices },
    ...{ backupRefused: null, backupStops: false },
  };
}

describe.each(cases)("$title: whatever people call their things", (of) => {
  test("card, thread, details and form are taken by Slack, call nobody, and keep their ends", async () => {
    const property = fc.asyncProperty(names, async (given) => {
      const account = await read(of, given);
      const { traits } = account.world.cloud;
      const requests = stages(pending(account), account.server);
      const messages = requests.flatMap((request) => pictures(request, traits));
      for (const { text, blocks } of messages) expect(wrongMessage({ text, blocks })).toEqual([]);
      const asked = { server: "prod/r/i", imageChoice: "other", login: "key-pair" } as const;
      const filled = form({ meta, asked, chosen: chosenOf(account), notes: [] });
      const views = [filled, ...requests.map((request) => detailsView(request, traits))];
      for (const view of views) expect(wrongView(view)).toEqual([]);
      expect(misspokenIn([...messages, ...views])).toEqual([]);
      expect(JSON.stringify(messages[0])).toContain("This cannot be undone.");
      for (const { says } of account.notices) expect(says.length).toBeLessThan(400);
    });
    // Backticks of a name beside a name that we write as code.
    const backticks = { server: "", image: "```", keyPair: ":rotating_light:", tag: "" };
    await fc.assert(property, { numRuns: 15, examples: [[backticks]] });
  });

  test("a server is found by the name that the form shows of it", async () => {
    const property = fc.asyncProperty(hostileText(), async (name) => {
      const { server, world } = await read(of, { server: name, image: "golden", keyPair: "oncall", tag: "team" });
      const { clock, log } = world.tools;
      const all = inventory([{ name: of.account.name, regions: of.account.regions, cloud: world.cloud }], {
        clock,
        log,
      });
      await all.ready(minutes);
      const { text } = serverOption(server, "value") as { text: { text: string } };
      const [shown = ""] = text.text.split(" · ");
      expect(all.find(shown, 10_000).found.map(({ id }) => id)).toContain(server.ref.id);
    });
    await fc.assert(property, { numRuns: 15 });
  });
});

describe("a key pair whose name is also its id", () => {
  const long = "k".repeat(10_000);
  test.each([
    ["is left out where Slack cannot carry that name", ["oncall-2026", long], '"value":"oncall-2026"'],
    ["is missed aloud where there is no other", [long], "The names of the key pairs here are too long for Slack"],
  ])("%s", async (_says, ids, shown) => {
    const account = await read(huaweiCase, { server: "web", image: "golden", keyPair: "oncall", tag: "team" });
    const keyPairs = ids.map((id) => ({ id, name: id }));
    const asked = { server: "hw/r/i", imageChoice: "same", login: "key-pair" } as const;
    const view = form({ meta, asked, chosen: { ...chosenOf(account), keyPairs }, notes: [] });
    expect(wrongView(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain(shown);
    expect(JSON.stringify(view)).not.toContain("kkkk");
  });
});
