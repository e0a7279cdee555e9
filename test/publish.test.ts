import { beforeEach, describe, expect, test } from "vitest";
import { traitsOfNobody } from "../src/clouds/clouds.ts";
import { type Drawn, digestOf } from "../src/drawings.ts";
import { pace } from "../src/pace.ts";
import { publish } from "../src/publish.ts";
import { type Slack, SlackUnclear } from "../src/seams.ts";
import { shownEdits, storing } from "../src/shown.ts";
import type { Store } from "../src/storeport.ts";
import type { Picture } from "../src/views/picture.ts";
import { listing, open, pending, setClock } from "./setup/storekit.ts";

const traits = traitsOfNobody("tencent");
const asked = pending("raaaaaaaaaa");
const clock = setClock();
let store: Store;
let sent: string[];
let shown = shownEdits();
/** Slack takes each edit, and its answer is lost. */
let unclear = false;

beforeEach(async () => {
  ({ store } = await open());
  await store.change(() => ({ put: [{ ...asked, revision: 1 }], give: undefined }));
  sent = [];
  shown = shownEdits();
  unclear = false;
});

function drawn(key: string, text: string): Drawn {
  const picture: Picture = { key, text, blocks: [], thread: key !== "card", broadcast: false, urgency: "final" };
  return { picture, digest: digestOf(picture) };
}

/** One turn after the other, until Slack shows all of this. */
async function show(...all: readonly Drawn[]): Promise<void> {
  const slack = {
    post: async ({ key, text, channel }: Parameters<Slack["post"]>[0]) => {
      sent.push(`post ${key}: ${text}`);
      return { ts: `1.${sent.length}`, channel };
    },
    edit: async ({ ts, text }: Parameters<Slack["edit"]>[0]) => {
      sent.push(`edit ${ts}: ${text}`);
      if (unclear) throw new SlackUnclear("no answer came");
    },
  } as Slack;
  const tools = { clock, slack, store: storing(store, shown, () => all), pace: pace(), log: listing([]), shown };
  for (let turn = 0; turn < 9; turn += 1) {
    const request = await store.get(asked.id);
    const again = request === null ? 0 : await publish(tools, request, traits, () => all);
    if (again === null || unclear) return;
  }
  throw new Error("it never ended");
}

/** The record changes, which should have shown this until then. */
async function changes(...before: readonly Drawn[]): Promise<void> {
  await storing(store, shown, () => before).change((records) => {
    const request = records.get(asked.id) ?? asked;
    return { put: [{ ...request, revision: request.revision + 1 }], give: undefined };
  });
}

const revision = async () => (await store.get(asked.id))?.revision;

describe("what Slack shows is written down as seldom as it may be", () => {
  test("a post is written down twice: before it is sent, and when it stands", async () => {
    await show(drawn("card", "asked"));
    expect(sent).toEqual(["post card: asked"]);
    expect(await revision()).toBe(3);
  });

  test("an edit is no change of its own, and is made once", async () => {
    await show(drawn("card", "asked"));
    for (const text of ["one", "two", "two"]) await show(drawn("card", text));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: two"]);
    expect(await revision()).toBe(3);
  });

  test("after a restart it is made once more, as nobody knows", async () => {
    await show(drawn("card", "asked"));
    await show(drawn("card", "one"));
    shown = shownEdits();
    for (const text of ["one", "one"]) await show(drawn("card", text));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: one"]);
  });

  test("it is stored with the next message, and then a restart makes it no more", async () => {
    await show(drawn("card", "asked"));
    await show(drawn("card", "one"));
    await show(drawn("card", "one"), drawn("done", "it is back"));
    shown = shownEdits();
    await show(drawn("card", "one"), drawn("done", "it is back"));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "post done: it is back"]);
  });

  test("a message that was put back to an earlier picture is edited again", async () => {
    await show(drawn("card", "asked"));
    for (const text of ["one", "asked"]) await show(drawn("card", text));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: asked"]);
  });

  test("nor does a restart keep it on the picture in between: it is stored with the change that leads back", async () => {
    await show(drawn("card", "asked"));
    await show(drawn("card", "one"));
    await changes(drawn("card", "one"));
    shown = shownEdits();
    await show(drawn("card", "asked"));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: asked"]);
  });

  test("nor does a restart before that change: what the process before may have edited is unknown", async () => {
    await show(drawn("card", "asked"));
    await show(drawn("card", "one"));
    shown = shownEdits();
    await changes(drawn("card", "one"));
    await show(drawn("card", "asked"));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: asked"]);
  });

  test("what stands as it should after a restart is not edited because of a change", async () => {
    await show(drawn("card", "asked"));
    shown = shownEdits();
    await changes(drawn("card", "asked"));
    await show(drawn("card", "asked"));
    expect(sent).toEqual(["post card: asked"]);
  });

  test("nor does an edit that Slack took without an answer", async () => {
    await show(drawn("card", "asked"));
    unclear = true;
    await show(drawn("card", "one"));
    unclear = false;
    await show(drawn("card", "asked"));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: asked"]);
  });
});
