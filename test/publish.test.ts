import { beforeEach, describe, expect, test } from "vitest";
import { traitsOfNobody } from "../src/clouds/clouds.ts";
import { type Drawn, drawnOf } from "../src/drawings.ts";
import { type LoopTools, runLoop } from "../src/loop.ts";
import { pace } from "../src/pace.ts";
import { keepShown, publish } from "../src/publish.ts";
import type { Request } from "../src/request.ts";
import { type Slack, SlackUnclear } from "../src/seams.ts";
import { shownSince, storing } from "../src/shown.ts";
import type { Store } from "../src/storeport.ts";
import type { Picture } from "../src/views/picture.ts";
import { listing, open, pending, setClock } from "./setup/storekit.ts";

const traits = traitsOfNobody("tencent");
const asked = pending("raaaaaaaaaa");
const clock = setClock();
let store: Store;
let sent: string[];
let shown = shownSince();
/** Slack takes each edit, and its answer is lost. */
let unclear = false;
/** The turn ends without writing down where messages stand. */
let dies = false;

beforeEach(async () => {
  ({ store } = await open());
  await store.change(() => ({ put: [{ ...asked, revision: 1 }], give: undefined }));
  sent = [];
  shown = shownSince();
  unclear = false;
  dies = false;
});

function drawn(key: string, text: string): Drawn {
  const picture: Picture = { key, text, blocks: [], thread: key !== "card", broadcast: false, urgency: "final" };
  return drawnOf(picture);
}

/** One turn after the other, until Slack shows all of this. `dies` before where messages stand is written down. */
async function show(...all: readonly Drawn[]): Promise<void> {
  return showDrawnBy(() => all);
}

async function showDrawnBy(draw: (request: Request) => readonly Drawn[]): Promise<void> {
  const tools = publishing(draw);
  for (let turn = 0; turn < 9; turn += 1) {
    const request = await store.get(asked.id);
    if (request === null) throw new Error("the request is gone");
    const again = await publish(tools, request, traits, draw);
    if (unclear) return;
    if (again !== null) continue;
    if (!dies) await keepShown(tools, request);
    return;
  }
  throw new Error("it never ended");
}

function publishing(draw: (request: Request) => readonly Drawn[]) {
  const slack = {
    post: async ({ key, text, channel }: Parameters<Slack["post"]>[0]) => {
      sent.push(`post ${key}: ${text}`);
      return { ts: `1.${sent.length}`, channel };
    },
    edit: async ({ ts, text }: Parameters<Slack["edit"]>[0]) => {
      sent.push(`edit ${ts}: ${text}`);
      if (unclear) throw new SlackUnclear("no answer came");
    },
    find: async ({ key }: Parameters<Slack["find"]>[0]) => {
      const at = sent.findIndex((one) => one.startsWith(`post ${key}:`));
      sent.push(`find ${key}`);
      return at < 0 ? null : `1.${at + 1}`;
    },
  } as Slack;
  const kept = storing(store, shown, draw, clock);
  return { clock, slack, store: kept, pace: pace(), log: listing([]), shown };
}

/** The record changes, and is drawn so from then on. */
async function changes(...drawn: readonly Drawn[]): Promise<void> {
  await storing(store, shown, () => drawn, clock).change((records) => {
    const request = records.get(asked.id) ?? asked;
    return { put: [{ ...request, revision: request.revision + 1 }], give: undefined };
  });
}

const revision = async () => (await store.get(asked.id))?.revision;
const posts = async () => (await store.get(asked.id))?.posts.map(({ key, ts }) => `${key} ${ts ?? "is to be posted"}`);

describe("a message never stands twice, and is written down as seldom as it may be", () => {
  test("with the change that brings it about, and when it stands", async () => {
    await changes(drawn("card", "asked"));
    expect(await posts()).toEqual(["card is to be posted"]);
    await show(drawn("card", "asked"));
    expect(sent).toEqual(["post card: asked"]);
    expect(await posts()).toEqual(["card 1.1"]);
    expect(await revision()).toBe(3);
  });

  test("where several stand is written down at once", async () => {
    await show(drawn("card", "asked"));
    await changes(drawn("card", "asked"), drawn("approved", "yes"), drawn("accepted", "taken on"));
    await show(drawn("card", "asked"), drawn("approved", "yes"), drawn("accepted", "taken on"));
    expect(await posts()).toEqual(["card 1.1", "approved 1.2", "accepted 1.3"]);
    expect(await revision()).toBe(5);
  });

  test("where it stands is written down with a change that follows at once", async () => {
    await changes(drawn("card", "asked"));
    dies = true;
    await show(drawn("card", "asked"));
    await changes(drawn("card", "asked"));
    expect(await posts()).toEqual(["card 1.1"]);
  });

  test("a reply is to be posted only once its card stands", async () => {
    await changes(drawn("card", "asked"), drawn("approved", "yes"));
    expect(await posts()).toEqual(["card is to be posted"]);
  });

  test("what is no longer wanted before it was sent is forgotten", async () => {
    await show(drawn("card", "asked"));
    await changes(drawn("card", "asked"), drawn("reminder", "it waits"));
    await changes(drawn("card", "asked"), drawn("approved", "yes"));
    expect(await posts()).toEqual(["card 1.1", "approved is to be posted"]);
  });

  test("what a turn still sends that a change no longer wants is written down all the same", async () => {
    await show(drawn("card", "asked"));
    const both = [drawn("card", "asked"), drawn("reminder", "it waits")];
    await changes(...both);
    const known = await store.get(asked.id);
    if (known === null) throw new Error("the request is gone");
    await changes(drawn("card", "approved"));
    const tools = publishing(() => both);
    expect(await publish(tools, known, traits, () => both)).toBe(0);
    const latest = await store.get(asked.id);
    if (latest !== null) await keepShown(tools, latest);
    expect(await posts()).toContain("reminder 1.3");
  });

  test("what this process never sent is not looked for", async () => {
    await changes(drawn("card", "asked"));
    await changes(drawn("card", "asked"));
    await show(drawn("card", "asked"));
    expect(sent).toEqual(["post card: asked"]);
  });

  test("what the process before may have sent is looked for, and posted if it is not there", async () => {
    await changes(drawn("card", "asked"));
    shown = shownSince();
    await show(drawn("card", "asked"));
    expect(sent).toEqual(["find card", "post card: asked"]);
  });

  test("what the process before sent is found, and edited once, as nobody knows what it shows", async () => {
    await changes(drawn("card", "asked"));
    dies = true;
    await show(drawn("card", "asked"));
    shown = shownSince();
    dies = false;
    for (const text of ["asked", "asked"]) await show(drawn("card", text));
    expect(sent).toEqual(["post card: asked", "find card", "edit 1.1: asked"]);
    expect(await posts()).toEqual(["card 1.1"]);
  });

  test("a change is made also when its picture cannot be drawn", async () => {
    const broken = () => {
      throw new Error("no picture");
    };
    await storing(store, shown, broken, clock).change(() => ({ put: [{ ...asked, revision: 2 }], give: undefined }));
    expect(await revision()).toBe(2);
  });
});

describe("an edit may be made twice", () => {
  test("an edit is no change of its own, and is made once", async () => {
    await show(drawn("card", "asked"));
    for (const text of ["one", "two", "two"]) await show(drawn("card", text));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: two"]);
    expect(await revision()).toBe(3);
  });

  test("after a restart it is made once more, as nobody knows", async () => {
    await show(drawn("card", "asked"));
    await show(drawn("card", "one"));
    shown = shownSince();
    for (const text of ["one", "one"]) await show(drawn("card", text));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: one"]);
  });

  test("it is stored with the next message, and then a restart makes it no more", async () => {
    await show(drawn("card", "asked"));
    await show(drawn("card", "one"));
    await show(drawn("card", "one"), drawn("done", "it is back"));
    shown = shownSince();
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
    shown = shownSince();
    await show(drawn("card", "asked"));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: asked"]);
  });

  test("nor does a restart before that change: what the process before may have edited is unknown", async () => {
    await show(drawn("card", "asked"));
    await show(drawn("card", "one"));
    shown = shownSince();
    await changes(drawn("card", "one"));
    await show(drawn("card", "asked"));
    expect(sent.slice(1)).toEqual(["edit 1.1: one", "edit 1.1: asked"]);
  });

  test("what stands as it should after a restart is not edited because of a change", async () => {
    await show(drawn("card", "asked"));
    shown = shownSince();
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

describe("a press comes while a turn shows what the record said before it", () => {
  /** The password's message says that it is gone, where there is one. */
  const gone = (request: Request) =>
    request.posts.some(({ key }) => key === "password")
      ? [drawn("card", "end"), drawn("password", "gone")]
      : [drawn("card", "end")];

  test("what the press takes back, and is posted at that moment, is brought up to date", async () => {
    const offered = [drawn("card", "asked"), drawn("password", "show it")];
    await show(drawn("card", "asked"));
    await changes(...offered);
    const before = await store.get(asked.id);
    if (before === null) throw new Error("the request is gone");
    const pressed = storing(store, shown, gone, clock).change((records) => {
      const request = records.get(asked.id) ?? asked;
      return { put: [{ ...request, revision: request.revision + 1 }], give: undefined };
    });
    await publish(publishing(gone), before, traits, () => offered);
    await pressed;
    await showDrawnBy(gone);
    expect(sent.slice(1)).toEqual(["find password", "post password: show it", "edit 1.1: end", "edit 1.3: gone"]);
  });
});

describe("the bot is stopped", () => {
  test("where messages stand is written down, also of a request whose turns fail", async () => {
    const draw = () => {
      if (sent.length > 0) throw new Error("no picture");
      return [drawn("card", "asked")];
    };
    let fails = () => {};
    const failed = new Promise<void>((resolve) => {
      fails = resolve;
    });
    const log = { ...listing([]), error: () => fails() };
    const tools: Partial<LoopTools> = { ...publishing(draw), log, traitsOf: () => traits, draw };
    const loop = runLoop(tools as LoopTools);
    await failed;
    await loop.stop();
    expect(sent).toEqual(["post card: asked"]);
    expect(await posts()).toEqual(["card 1.1"]);
  });
});
