import { describe, expect, test } from "vitest";
import type { Made } from "../../src/clouds/backups.ts";
import { cases } from "../setup/cases.ts";
import { minutes, World } from "./world.ts";

const name = "before-r234567abcd";

/** What is seen of an image until it is ready, each kind once. */
async function until(world: World, look: () => Promise<Made>): Promise<readonly Made[]> {
  const seen: Made[] = [];
  for (const end = world.now + 60 * minutes; world.now < end; world.pass(5000)) {
    const made = await look();
    if (seen.at(-1)?.is !== made.is) seen.push(made);
    if (made.is === "done" || made.is === "failed") break;
  }
  return seen;
}

type ImageRow = { name: string; type?: string; kind?: string; source?: string };

/** Gives an image of another account this name. */
function shareAs(world: World, called: string): void {
  const { images } = world.state as { images: readonly ImageRow[] | Readonly<Record<string, ImageRow>> };
  const shared = Object.values(images).find(({ type, kind, source }) =>
    [type, kind, source].some((word) => /^shared/i.test(word ?? "")),
  );
  if (shared === undefined) throw new Error("there is no shared image");
  shared.name = called;
}

describe.each(cases)("$title keeps the promises of a cloud: custom images as backups", (of) => {
  test("there is room, an image is made, and it is ready only once the cloud says so", async () => {
    const world = new World(of);
    const server = await world.ready("backupFrom");
    expect(await world.cloud.backups.room(server)).toBeNull();
    expect(await world.cloud.backups.find(server, name, null)).toEqual({ is: "none" });
    const made = await world.cloud.backups.make(server, name, world.now);
    if (!("accepted" in made)) throw new Error("the image was not accepted");
    const seen = await until(world, () => world.cloud.backups.find(server, name, made.accepted));
    expect(seen.map(({ is }) => is)).toEqual(["working", "done"]);
    expect(seen.at(-1)).toMatchObject({ image: { name, id: expect.stringMatching(/\w/) } });
  });

  test("an image whose receipt was lost is found again by its name", async () => {
    const world = new World(of);
    const server = await world.ready("backupFrom");
    await world.cloud.backups.make(server, name, world.now);
    const seen = await until(world, () => world.cloud.backups.find(server, name, null));
    expect(seen.at(-1)?.is).toBe("done");
    expect(await world.cloud.backups.find(server, `${name}-2`, null)).toEqual({ is: "none" });
  });

  test("an image that somebody shares under that name is no backup", async () => {
    const world = new World(of);
    const server = await world.ready("backupFrom");
    shareAs(world, name);
    expect(await world.cloud.backups.find(server, name, null)).toEqual({ is: "none" });
  });

  test("a server can be reinstalled from its backup", async () => {
    const world = new World(of);
    const server = await world.ready("backupFrom");
    await world.cloud.backups.make(server, name, world.now);
    await until(world, () => world.cloud.backups.find(server, name, null));
    const image = (await world.cloud.images(server, "private", name)).found[0];
    if (image === undefined) throw new Error("the backup is not among the images");
    // The server may be busy for a while after its image is ready.
    world.pass(10 * minutes);
    const before = await world.ready();
    const order = await world.order(before, { image });
    expect((await world.cloud.notices(order, before)).filter(({ kind }) => kind === "refused")).toEqual([]);
  });
});
