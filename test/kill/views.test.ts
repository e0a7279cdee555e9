import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { updateTextMax, wrongMessage, wrongView } from "../../playground/slack/limits.ts";
import { Facts, type Image, ImageKind, Login, Notice, Os, Server, type Traits } from "../../src/clouds/cloud.ts";
import { traitsOfNobody } from "../../src/clouds/clouds.ts";
import { Request, type Status } from "../../src/request.ts";
import { denyView, detailsView } from "../../src/views/details.ts";
import { type Chosen, type FormState, form, serverOption } from "../../src/views/form.ts";
import { imageOption } from "../../src/views/formimage.ts";
import type { Asked, FormMeta } from "../../src/views/formmeta.ts";
import { passwordPage } from "../../src/views/passwordpage.ts";
import { pictures } from "../../src/views/picture.ts";
import { statusText } from "../../src/views/status.ts";
import { outside } from "../../src/views/text.ts";
import { anyOf, hostileText } from "../setup/arbitrary.ts";

const traits: Traits = { ...traitsOfNobody("tencent"), title: "Tencent Cloud", usually: "5 to 10 minutes" };

/** Ids are Slack's or our own; everything else may come from a cloud or a keyboard. */
const slackId = fc.constantFrom("U0ENGINEER", "U0APPROVER1");
const ids = {
  user: slackId,
  team: fc.constant("T0PLAYGROUND"),
  channel: fc.constant("C0INCIDENT4211"),
  users: fc.array(slackId, { maxLength: 5 }),
  groups: fc.constantFrom([], ["S0APPROVERS"]),
  posts: fc.constant([]),
  replacedBy: fc.constant("rabcdefghij"),
  askedBy: fc.constant({ team: "T0PLAYGROUND", user: "U0ENGINEER" }),
  threadTs: fc.constant("1795256577.000100"),
};

function requests(status: Status): fc.Arbitrary<Request> {
  const shape = Request.options.find((option) => option.shape.status.value === status);
  if (shape === undefined) throw new Error(`no shape for ${status}`);
  return anyOf(shape, ids).map((request) => ({ ...request, id: "rabcdefghij" }) as Request);
}

const statuses: readonly Status[] = Request.options.map((option) => option.shape.status.value);

/** Slack takes these for calls to everybody in a channel. https://docs.slack.dev/messaging/formatting-message-text */
const everybody = /<!(channel|here|everyone)/;

/** Read by nobody but the bot. */
const unseen: ReadonlySet<string> = new Set(["value", "private_metadata", "block_id"]);

/** All text that is not plain_text: there, Slack reads no control sequences. */
function formatted(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(formatted);
  if (typeof value !== "object" || value === null) return [];
  const fields = Object.entries(value);
  if (fields.some(([name, type]) => name === "type" && type === "plain_text")) return [];
  return fields.flatMap(([name, inside]) =>
    unseen.has(name) || name === "accessibility_label" ? [] : formatted(inside),
  );
}

/** What could break a line or turn it round, or is half a character. */
const unprintable = /[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u;

function refuse(sent: unknown): void {
  expect(formatted(sent).filter((each) => everybody.test(each))).toEqual([]);
  expect(everyText(sent).filter((each) => unprintable.test(each))).toEqual([]);
}

function everyText(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) => (unseen.has(name) ? [] : everyText(inside)));
}

describe("whatever stands in a record, Slack takes its messages and nobody is called who should not be", () => {
  test.each(statuses)("%s", (status) => {
    fc.assert(
      fc.property(requests(status), (request) => {
        for (const { text, blocks, key } of pictures(request, traits)) {
          expect([key, wrongMessage({ text, blocks })]).toEqual([key, []]);
          expect(text.trim()).not.toBe("");
          expect(text.length).toBeLessThanOrEqual(updateTextMax);
          refuse([text, blocks]);
        }
        for (const view of [detailsView(request, traits), denyView(request, "rabcdefghij.0")]) {
          expect(wrongView(view)).toEqual([]);
          refuse(view);
        }
        refuse(statusText([request], [request], () => traits));
      }),
      { numRuns: 100 },
    );
  });
});

const meta: FormMeta = { id: "rabcdefghij", channel: "C0INCIDENT4211", asks: "same" };
/** What comes back from Slack as it was offered; only the reason is typed. */
const asked: fc.Arbitrary<Asked> = fc.record({
  server: fc.constantFrom("prod/ap-guangzhou/ins-r8hr2upy", "eu/eu-de/1f76e5b9-e02c-3e71-0a4f-e11204351205"),
  imageChoice: fc.constantFrom("same", "other"),
  image: fc.constantFrom("img-l8og963d", "9f0c1e52-66b4-4c55-8f54-10aa5a0c3d2f"),
  login: fc.constantFrom("key-pair", "generated", "typed", "keep-image", "provider"),
  backup: fc.constantFrom("image", "have", "none"),
  reason: fc
    .string({ maxLength: 500, unit: fc.constantFrom("\n", '"', "\\", "<", "&", "a", "😀", "…") })
    .map((text) => text.slice(0, 500)),
});
/** An id is what the provider is asked with, so there is none without letters. */
const id = hostileText().map((text) => text || "i");
const images: fc.Arbitrary<Image> = fc.record({
  ...{ id, name: hostileText(), kind: anyOf(ImageKind), os: anyOf(Os), facts: anyOf(Facts) },
  ...{ minDiskGb: fc.nat(), createdAt: hostileText(), unusable: hostileText() },
});
const keyPairs = fc.array(fc.record({ id, name: hostileText() }), { maxLength: 120 });
const logins = fc.array(
  fc.record({ kind: anyOf(Login).map(({ kind }) => kind), refused: hostileText(), means: hostileText() }),
  {
    maxLength: 5,
  },
);
const chosen: fc.Arbitrary<Chosen> = fc.record({
  open: fc.option(requests("running"), { nil: null }),
  server: anyOf(Server),
  title: fc.constant("Tencent Cloud"),
  refusals: fc.array(anyOf(Notice), { maxLength: 3 }),
  choices: fc.record({
    imageKinds: fc.constant(ImageKind.options),
    sameImage: fc.oneof(fc.constant("ok" as const), fc.record({ refused: hostileText() })),
    logins: logins.map((all) => [
      ...new Map(
        all.map(({ kind, refused, means }) => [kind, kind === "typed" ? { kind, refused } : { kind, means }]),
      ).values(),
    ]),
    licences: fc.constantFrom([], ["system", "byol"] as const),
    noKeyPair: hostileText(),
    imageHint: hostileText(),
    user: hostileText(),
  }),
  keyPairs: fc.option(keyPairs, { nil: null }),
  keyPairsSay: hostileText(),
  image: fc.option(images, { nil: null }),
  own: fc.record({ image: fc.option(images, { nil: null }), gone: fc.boolean() }),
  backupRefused: fc.option(hostileText(), { nil: null }),
  backupStops: fc.boolean(),
  leftOut: fc.array(fc.record({ count: fc.nat(200), example: hostileText(), says: hostileText() }), { maxLength: 6 }),
  notices: fc.array(anyOf(Notice), { maxLength: 4 }),
});

describe("whatever a cloud calls its servers, images and key pairs, Slack takes the form", () => {
  test("with everything that it shows", () => {
    const states: fc.Arbitrary<FormState> = fc.record({
      meta: fc.constant(meta),
      asked,
      chosen,
      notes: fc.array(hostileText().map((text) => outside(text))),
    });
    fc.assert(
      fc.property(states, (state) => {
        const view = form(state);
        expect(wrongView(view)).toEqual([]);
        refuse(view);
      }),
      { numRuns: 200 },
    );
  });

  test("and its lists", () => {
    fc.assert(
      fc.property(anyOf(Server), images, (server, image) => {
        const options = [serverOption(server, "prod/ap-guangzhou/ins-r8hr2upy"), imageOption(image)];
        const element = {
          type: "static_select",
          action_id: "a",
          options,
          placeholder: { type: "plain_text", text: "p" },
        };
        expect(wrongMessage({ text: "t", blocks: [{ type: "actions", elements: [element] }] })).toEqual([]);
        refuse(options);
      }),
    );
  });

  test("and the page for a typed password, with a reason as long as may be", () => {
    const rules = {
      minLength: 8,
      maxLength: 30,
      kindsMin: 3,
      symbols: "()`~!@#$%^&*",
      forbidden: [],
      notFirst: "/",
      sequenceMax: 0,
      user: null,
    };
    fc.assert(
      fc.property(asked, requests("pending"), (answers, { order }) => {
        const view = passwordPage(meta, answers, order, rules, "web-01");
        expect(wrongView(view)).toEqual([]);
        refuse(view);
      }),
    );
  });
});
