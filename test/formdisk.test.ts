import { describe, expect, test } from "vitest";
import type { DiskGrowth } from "../src/clouds/growth.ts";
import { readSize, sizeMeant } from "../src/views/formdisk.ts";

const free: DiskGrowth = { presentGb: 50, leastGb: 51, mostGb: 2048, must: false };
const needy: DiskGrowth = { presentGb: 50, leastGb: 80, mostGb: 2048, must: true };
const local: DiskGrowth = { refused: "A local system disk keeps its size." };

describe("the size of the system disk, as it was entered", () => {
  test.each([
    ["nothing keeps the disk as it is", undefined, free, {}],
    ["spaces are nothing", "  ", free, {}],
    ["the least that is more", "51", free, { gb: 51 }],
    ["the most", "2048", free, { gb: 2048 }],
    ["spaces around it do not matter", " 100 ", free, { gb: 100 }],
    ["what the image needs", "80", needy, { gb: 80 }],
    ["nothing, where nobody is asked", undefined, undefined, {}],
    ["nothing, where the disk cannot grow", "", local, {}],
  ])("%s: taken", (_says, entered, growth, read) => {
    expect(readSize(entered, growth)).toEqual(read);
  });

  test.each([
    ["the size it has", "50", free, "The disk has 50 GB already. Leave this empty, or enter 51 or more."],
    ["less than it has", "49", free, "The disk has 50 GB and cannot shrink. Leave this empty, or enter 51 or more."],
    [
      "nothing at all of a disk",
      "0",
      free,
      "The disk has 50 GB and cannot shrink. Leave this empty, or enter 51 or more.",
    ],
    ["more than a disk takes", "2049", free, "A system disk takes 2048 GB at most here."],
    ["letters", "sixty", free, "Enter a whole number of GB, from 51 to 2048."],
    ["a unit", "60GB", free, "Enter a whole number of GB, from 51 to 2048."],
    ["a part of a GB", "60.5", free, "Enter a whole number of GB, from 51 to 2048."],
    ["a number in another notation", "1e3", free, "Enter a whole number of GB, from 51 to 2048."],
    ["a negative number", "-60", free, "Enter a whole number of GB, from 51 to 2048."],
    ["a number beyond all disks", "99999999999999999999", free, "Enter a whole number of GB, from 51 to 2048."],
    ["nothing, for an image that needs more", undefined, needy, "This image needs at least 80 GB."],
    ["less than the image needs", "79", needy, "This image needs at least 80 GB."],
    ["the size it has, for such an image", "50", needy, "The disk has 50 GB already. This image needs at least 80 GB."],
    [
      "a size, where the disk cannot grow",
      "60",
      local,
      "This system disk keeps its size. Choose the server again to see what it allows.",
    ],
    [
      "a size, where nobody is asked",
      "60",
      undefined,
      "This system disk keeps its size. Choose the server again to see what it allows.",
    ],
  ])("%s: refused, with what to do", (_says, entered, growth, says) => {
    expect(readSize(entered, growth)).toEqual({ says });
  });

  test.each([
    ["what was entered", "100", free, 100],
    ["nothing, while what was entered cannot be", "40", free, null],
    ["what the image needs, before anything is entered", undefined, needy, 80],
    ["what was entered for it", "120", needy, 120],
    ["nothing, where nobody is asked", undefined, undefined, null],
  ])("while the form is open the order is judged by %s", (_says, entered, growth, gb) => {
    expect(sizeMeant(entered, growth)).toBe(gb);
  });
});
