/** The only place between the store and the simulated disk: writes that fail, that come short, and that are the last. */
import { type Disk, Locked } from "../src/seams.ts";
import { isOrderSaved } from "./orders.ts";
import { type BotProcess, type DiskDeed, forever } from "./process.ts";
import type { World } from "./world.ts";

export function diskOf(world: World, bot: BotProcess): Disk & Required<Pick<Disk, "readPart">> {
  const { volume } = world;

  async function looking<T>(work: () => T): Promise<T> {
    await null;
    if (bot.boundary("the disk", false) === null) return forever();
    return work();
  }

  /** `part` does some of it: what a crash or a full disk in the middle leaves. */
  async function writing(
    deed: DiskDeed,
    name: string,
    work: () => void,
    part: ((share: number) => void) | null,
  ): Promise<void> {
    await null;
    const crash = bot.boundary("the disk", true, undefined, `${deed} ${kindOf(name)}`);
    if (crash === null) return forever();
    const begins = bot.slowness();
    if (begins !== null) await begins;
    if (!bot.alive) return forever();
    if (crash.torn) {
      if (part === null) work();
      else part(world.dice.next());
      world.kill(bot);
      return forever();
    }
    if (world.diskFull && part !== null) fail("ENOSPC");
    if (part !== null && world.strikes("full disk")) {
      world.diskFull = true;
      fail("ENOSPC");
    }
    if (part !== null && world.strikes("short write")) {
      part(world.dice.next());
      world.diskFull = true;
      fail("ENOSPC");
    }
    if (world.strikes("disk error")) {
      if (world.dice.chance(0.5)) work();
      fail("EIO");
    }
    work();
    if (crash.after()) return forever();
    if (deed === "sync" && world.stallAtOrderMs > 0 && isOrderSaved(world)) {
      world.count("stall before sending");
      world.say(() => "the process stands still before it sends");
      bot.stalledUntil = world.time.now + world.stallAtOrderMs;
      world.stallAtOrderMs = 0;
      await bot.clock.after(1);
    }
    const ends = bot.slowness();
    if (ends !== null) await ends;
    if (!bot.alive) return forever();

    function fail(code: string): never {
      bot.diskFault = true;
      world.say(() => `the disk fails at ${name}: ${code}`);
      throw Object.assign(new Error(`${name}: ${code}`), { code });
    }
  }

  return {
    read: (name) => looking(() => volume.read(name)),
    readPart: (name, from, length) => looking(() => volume.part(name, from, length)),
    list: () => looking(() => [...volume.files.keys()].sort()),
    append: (name, bytes) =>
      writing(
        "append",
        name,
        () => put(name, bytes),
        (share) => put(name, bytes.subarray(0, Math.floor(bytes.length * share))),
      ),
    sync: (name) =>
      writing(
        "sync",
        name,
        () => {
          volume.sync(name);
          world.durable.synced(volume, name);
        },
        null,
      ),
    replace: (name, bytes) =>
      writing(
        "replace",
        name,
        () => {
          world.rules.written(bytes);
          volume.replace(name, bytes);
        },
        () => {},
      ),
    remove: (name) => writing("remove", name, () => void volume.files.delete(name), null),
    async lock() {
      await null;
      if (!bot.alive) return forever();
      if (world.lockedBy?.alive === true && world.lockedBy !== bot) throw new Locked("Another process works here.");
      world.lockedBy = bot;
      return async () => {
        if (world.lockedBy === bot) world.lockedBy = null;
      };
    },
  };

  function put(name: string, bytes: Uint8Array): void {
    world.rules.written(bytes);
    volume.append(name, bytes);
  }
}

/** "log-3" is a log, "audit-2026-11.jsonl" an audit. */
function kindOf(name: string): string {
  return /^[a-z]+/.exec(name)?.[0] ?? name;
}
