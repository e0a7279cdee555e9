import { afterEach, describe, expect, test } from "vitest";
import { type CloudCase, cases } from "../setup/cases.ts";
import { approve, ask, ends, root, threadTexts, whispered } from "../setup/deeds.ts";
import { type Naming, namings, type Renamed, rename } from "../setup/hostile.ts";
import { misspoken, notTaken } from "../setup/spoken.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

/** The words by which people know the things, each within a name that an enemy gave. */
const words = { server: "webhaus", image: "goldbar", keyPair: "oncallers", tag: "teamtag" } as const;
/** Half of them for each cloud, as each name stands in all four places in turn. */
function rows(of: CloudCase): readonly { says: string; at: number }[] {
  return namings.flatMap(({ says }, at) => (at % 2 === cases.indexOf(of) % 2 ? [{ says, at }] : []));
}

/** The server by this naming, each other thing by another one. */
async function named(of: CloudCase, at: number): Promise<Renamed> {
  let renamed: Renamed | null = null;
  const names = {
    server: naming(at).of(words.server),
    image: naming(at + 1).of(words.image),
    keyPair: naming(at + 2).of(words.keyPair),
    tag: naming(at + 3).of(words.tag),
  };
  const arrange = (begun: Story) => {
    renamed = rename(begun, of, names);
  };
  now = await story({ cases: [of], arrange, pollMs: 120_000 });
  if (renamed === null) throw new Error("nothing has another name");
  return renamed;
}

function naming(n: number): Naming {
  const found = namings[n % namings.length];
  if (found === undefined) throw new Error("there are no names");
  return found;
}

/** Asked for in the words that a person reads. */
async function asked(of: CloudCase, at: number, { keyPair }: Renamed, wish: { image?: string } = {}): Promise<void> {
  const pair = keyPair ? naming(at + 2).typed(words.keyPair) : of.keyPair;
  await ask(
    now,
    { ...of, keyPair: pair },
    {
      server: naming(at).typed(words.server),
      why: naming(at + 3)
        .of(words.tag)
        .slice(0, 400),
      login: "key pair",
      ...wish,
    },
  );
}

function reinstalls(of: CloudCase, { server }: Renamed): number | undefined {
  return now
    .cloud(of.account.name)
    .panel()
    .find(({ id }) => id === server)?.reinstalls;
}

/** Slack took all of it, and it calls nobody but the people concerned. */
function spokeProperly(): void {
  expect(notTaken(now.shell)).toEqual([]);
  expect(misspoken(now.shell)).toEqual([]);
  expect(now.died).toEqual([]);
}

describe.each(cases)("$title: names that people gave", (of) => {
  test.each(rows(of))("which $says go the whole way, and the server is reinstalled once", async ({ at }) => {
    const renamed = await named(of, at);
    await asked(of, at, renamed, { image: naming(at + 1).typed(words.image) });
    expect(now.request().order).toMatchObject({ server: { id: renamed.server }, image: { id: renamed.image } });
    await now.meanwhile(now.oscar.press(root(now, now.oscar), "Approve and reinstall"));
    await now.meanwhile(now.oscar.press(root(now, now.oscar), "Details"));
    const question = now.ana.confirmation(root(now, now.ana), "Approve and reinstall")?.text;
    expect(question).toMatch(/\? This cannot be undone\. Data disks are kept\.$/);
    await approve(now);
    await ends(now, "done");
    expect(reinstalls(of, renamed)).toBe(1);
    expect(threadTexts(now).at(-1)).toContain("is back");
    for (const text of ["", naming(at).typed(words.server), renamed.server])
      await now.meanwhile(now.oscar.command(channel, `/reinstall-status ${text}`));
    expect(whispered(now.oscar)).toContain(renamed.server);
    spokeProperly();
  });

  test("stand in the words of a failure, and in the text for a support ticket", async () => {
    const at = 1 + cases.indexOf(of);
    const renamed = await named(of, at);
    const cloud = now.cloud(of.account.name);
    await asked(of, at, renamed);
    cloud.arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    if (of.mendedBy !== undefined) cloud.console(renamed.server, of.mendedBy);
    cloud.arm(of.faults.fails, true);
    await now.meanwhile(now.ana.press(root(now), "Retry"));
    await ends(now, "failed");
    expect(root(now).text).toMatch(/paste this:\n```[\s\S]*Reference r[a-z2-7]{10}```/);
    spokeProperly();
  });
});
