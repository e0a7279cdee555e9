import fc from "fast-check";
import { expect, it } from "vitest";
import { runStoreCommand } from "../src/store-command.ts";
import { type MemoryDisk, memoryDisk } from "./setup/memorydisk.ts";
import { finish, next, open, pending, putOne, setClock, whyNot } from "./setup/storekit.ts";

/** Two generations, an audit and an archive; and the same directory as it was earlier. */
async function used(): Promise<readonly [now: MemoryDisk, earlier: MemoryDisk]> {
  const first = await open(memoryDisk(), { logMaxBytes: 4_000 });
  for (let n = 0, request = pending("ra"); n < 6; n += 1, request = next(request)) await putOne(first.store, request);
  await finish(first.store, "rz");
  await first.store.close();
  const earlier = copyOf(first.disk);
  const second = await open(first.disk.reopen(), { logMaxBytes: 4_000 });
  for (const id of ["rb", "rc"]) await putOne(second.store, pending(id));
  await finish(second.store, "ry");
  await second.store.close();
  return [second.disk, earlier];
}

function copyOf(disk: MemoryDisk): MemoryDisk {
  const copy = memoryDisk();
  for (const name of disk.names()) copy.poke(name, disk.peek(name));
  return copy;
}

const hows = ["cut", "exchanged", "copied", "gone", "more", "zeros", "a hole", "older", "repeated"] as const;
interface Harm {
  how: (typeof hows)[number];
  file: number;
  other: number;
  at: number;
  length: number;
}

function harm(disk: MemoryDisk, earlier: MemoryDisk, { how, file, other, at, length }: Harm): void {
  const names = disk.names();
  const name = names[file % names.length] ?? "";
  const second = names[other % names.length] ?? "";
  const bytes = disk.peek(name);
  const from = Math.floor(at * bytes.length);
  const become: Readonly<Record<Harm["how"], () => void>> = {
    cut: () => disk.poke(name, bytes.subarray(0, from)),
    exchanged: () => {
      disk.poke(name, disk.peek(second));
      disk.poke(second, bytes);
    },
    copied: () => disk.poke(second, bytes),
    gone: () => disk.poke(name, null),
    more: () => disk.poke(name, Buffer.concat([bytes, Buffer.from("rubbish\n")])),
    zeros: () => disk.poke(name, bytes.fill(0, from, Math.min(bytes.length, from + length))),
    "a hole": () => disk.poke(name, Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)])),
    older: () => {
      const before = earlier.names();
      const old = before[file % before.length] ?? "";
      disk.poke(old, earlier.peek(old));
    },
    repeated: () => disk.poke(name, Buffer.concat([bytes, bytes.subarray(from)])),
  };
  become[how]();
}

it("whatever becomes of the files, the store starts as it was or refuses, and starts again once it says that it is repaired", async () => {
  const [disk, earlier] = await used();
  const whole = (await open(copyOf(disk))).store.hot();
  const any = fc.record({
    how: fc.constantFrom(...hows),
    file: fc.nat(20),
    other: fc.nat(20),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    length: fc.integer({ min: 1, max: 400 }),
  });
  const property = fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 2 }), async (harms) => {
    const harmed = copyOf(disk);
    for (const each of harms) harm(harmed, earlier, each);
    const said: string[] = [];
    const tools = {
      disk: copyOf(harmed),
      clock: setClock(),
      out: (line: string) => void said.push(line),
      sealer: null,
    };
    const why = await whyNot(copyOf(harmed));
    if (why === "it opened") {
      expect((await open(copyOf(harmed))).store.hot()).toEqual(whole);
      return;
    }
    expect(why).toMatch(/npm run store -- check/);
    expect(await runStoreCommand(["check"], tools)).toBe(1);
    if ((await runStoreCommand(["repair"], tools)) === 0) expect(await whyNot(tools.disk)).toBe("it opened");
    else expect(said.at(-1)).toMatch(/snapshot/);
  });
  await fc.assert(property, { numRuns: 300 });
}, 120_000);
