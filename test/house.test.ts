import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

function files(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^"']*?from\s+"(\.[^"]+)";/gms)].map(
    ([, typeOnly, path]) => ({
      from: file,
      to: relative(root, resolve(root, dirname(file), path ?? "")),
      typeOnly: typeOnly !== undefined,
    }),
  );
}

const src = files("src");
const playground = files("playground");

/** Shapes and leaves that anybody may know: the record, the seams, the cloud's shape, the secret. */
const shapes = [
  "src/request.ts",
  "src/seams.ts",
  "src/secret.ts",
  "src/line.ts",
  "src/storeport.ts",
  "src/clouds/cloud.ts",
  "src/clouds/backups.ts",
  "src/clouds/growth.ts",
  "src/seal.ts",
];

/** What each room may import, besides itself and the shapes. `only` names files of another room that are shared on purpose. */
const rooms: readonly { room: string; may: readonly string[] }[] = [
  { room: "src/clouds/", may: [] },
  { room: "src/views/", may: ["src/flows/decide.ts", "src/flows/steps.ts"] },
  { room: "src/flows/", may: ["src/clouds/password.ts", "src/durations.ts"] },
  {
    room: "src/commands/",
    may: ["src/views/", "src/flows/", "src/people.ts", "src/inventory.ts", "src/clouds/password.ts"],
  },
];

describe("the house keeps its order", () => {
  test.each(rooms)("$room imports only what its work needs", ({ room, may }) => {
    const wrong = src
      .filter((file) => file.startsWith(room))
      .flatMap(importsOf)
      .filter(({ to }) => !to.startsWith(room) && !shapes.includes(to) && !may.some((one) => to.startsWith(one)));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test("nothing in src imports the playground, the simulation or the tests", () => {
    const wrong = src.flatMap(importsOf).filter(({ to }) => !to.startsWith("src/"));
    expect(wrong).toEqual([]);
  });

  test("no file names a provider outside of src/clouds and the config schema", () => {
    const named = /["'`](tencent|huawei|otc|jdcloud)["'`]/;
    const wrong = src
      .filter((file) => !file.startsWith("src/clouds/") && !file.startsWith("src/config"))
      .filter((file) => named.test(readFileSync(join(root, file), "utf8")));
    expect(wrong).toEqual([]);
  });

  test("there are no barrels and no folders for odds and ends", () => {
    const all = [...src, ...playground, ...files("test")];
    expect(all.filter((file) => /(^|\/)index\.tsx?$/.test(file))).toEqual([]);
    expect(all.filter((file) => /(^|\/)(utils?|helpers?|common|types)(\/|\.tsx?$)/.test(file))).toEqual([]);
    const onlyExports = src.filter((file) => {
      const lines = readFileSync(join(root, file), "utf8")
        .split("\n")
        .filter((line) => line !== "" && !/^(\/\/|\/\*| \*)/.test(line));
      return lines.length > 0 && lines.every((line) => /^export .* from /.test(line));
    });
    expect(onlyExports).toEqual([]);
  });

  test("a file stays one room: 260 lines at most, data tables apart", () => {
    const tables = ["src/clouds/tencent-errors.ts", "src/clouds/huawei-errors.ts", "src/clouds/jdcloud-errors.ts"];
    const long = [...src, ...playground]
      .filter((file) => !tables.includes(file))
      .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length }))
      .filter(({ lines }) => lines > 261);
    expect(long).toEqual([]);
  });

  test("no page for readers holds the marks of a merge", () => {
    const pages = [".", "docs"].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => /\.(md|ya?ml)$/.test(name))
        .map((name) => join(folder, name)),
    );
    expect(pages).toContain("README.md");
    const marked = pages.filter((page) => /^(<{7}|={7}|>{7})( |$)/m.test(readFileSync(join(root, page), "utf8")));
    expect(marked).toEqual([]);
  });

  test("every file of src opens by saying what it is", () => {
    const silent = src.filter((file) => !/^(\/\*\*|\/\/)\s/.test(readFileSync(join(root, file), "utf8")));
    expect(silent).toEqual([]);
  });

  test("time, chance and the process's end come in through the seams alone", () => {
    const edges = [
      "src/real.ts",
      "src/main.ts",
      "src/store-main.ts",
      "src/disk.ts",
      "src/disk-lock.ts",
      "src/health.ts",
      "src/bolt.ts",
      "src/socket-line.ts",
    ];
    const global = /\b(Date\.now|Math\.random|setTimeout|setInterval|process\.exit|new Date\(\))/;
    const wrong = src
      .filter((file) => !edges.includes(file))
      .filter((file) => global.test(readFileSync(join(root, file), "utf8")));
    expect(wrong).toEqual([]);
  });

  test("nothing is kept at module level that could change", () => {
    const state = /^(let |var |const \w+ = new (Map|Set|WeakMap)\(\);?$)/m;
    // Test files share what they import, one after the other in one worker.
    const shared = files("test").filter((file) => !file.endsWith(".test.ts"));
    const stands = playground.filter((file) => !file.startsWith("playground/page/client/"));
    const wrong = [...src, ...stands, ...shared].filter((file) => state.test(readFileSync(join(root, file), "utf8")));
    expect(wrong).toEqual([]);
  });

  test("an act leaves from one place: only flows send, and only the reinstall step wipes", () => {
    const sends = src.filter((file) => /\.send\(act/.test(readFileSync(join(root, file), "utf8")));
    expect(sends.filter((file) => !file.startsWith("src/clouds/")).sort()).toEqual([
      "src/flows/power.ts",
      "src/flows/reinstall.ts",
    ]);
  });
});
