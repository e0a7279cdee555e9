import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMaxBytes, readConfigFile } from "../src/config-file.ts";
import { readSettings } from "../src/settings.ts";
import { env, file, mistakes } from "./setup/configtext.ts";

const folder = mkdtempSync(join(tmpdir(), "config-rubbish-"));
const at = (name: string) => join(folder, name);

beforeAll(() => {
  writeFileSync(at("good"), file({}));
  writeFileSync(at("fits"), "#".repeat(configMaxBytes));
  writeFileSync(at("large"), "#".repeat(configMaxBytes + 1));
  mkdirSync(at("directory"));
  execFileSync("mkfifo", [at("pipe")]);
  for (const name of ["good", "pipe"]) symlinkSync(name, at(`link to ${name}`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the file that REINSTALL_CONFIG names", () => {
  test.each(["good", "link to good"])("is read: a %s one", (name) => {
    expect(readConfigFile(at(name))).toEqual({ text: file({}) });
  });

  const another = "or name another file in REINSTALL_CONFIG.";
  const noFile = `is a device or a pipe, not a file. Copy config.example.yml to config.yml and fill it in, ${another}`;
  test.each([
    { path: at("pipe"), says: noFile },
    { path: at("link to pipe"), says: noFile },
    { path: "/dev/zero", says: noFile },
    {
      path: at("large"),
      says: `is too large for a configuration, which may have 64 KiB. Put the filled in config.example.yml in its place, ${another}`,
    },
    {
      path: at("directory"),
      says: `is a directory, not a file. Put the filled in config.example.yml in its place, ${another}`,
    },
  ])("is refused before it can hang the bot or fill the memory: $path", ({ path, says }) => {
    const read = readSettings({ ...env, REINSTALL_CONFIG: path }, readConfigFile);
    expect("mistakes" in read && read.mistakes).toEqual([`${path} ${says}`]);
  });

  test("may be as large as the limit", () => {
    expect(readConfigFile(at("fits"))).toEqual({ text: "#".repeat(configMaxBytes) });
  });
});

describe("text that is no configuration ends soon, in few words that hold none of it", () => {
  const deep = (line: number) => `config.yml: lists and maps stand in each other more than 20 deep at line ${line}.`;
  const notSettings =
    "config.yml: expected settings, each with its name: version, accounts, rules. config.example.yml shows them.";
  const table: readonly { wrong: string; text: string; says: string }[] = [
    { wrong: "open brackets alone", text: "[".repeat(60_000), says: deep(1) },
    { wrong: "keys of keys of keys", text: `a: 1\nb: ${"{? ".repeat(300)}${"}".repeat(300)}`, says: deep(2) },
    { wrong: "lists in lists", text: "- ".repeat(30_000), says: deep(1) },
    { wrong: "a stair", text: Array.from({ length: 300 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"), says: deep(21) },
    { wrong: "a list", text: "[]", says: notSettings },
    { wrong: "a word", text: "hello", says: notSettings },
    {
      wrong: "two documents",
      text: "---\na: 1\n---\nb: 1",
      says: "config.yml: only one document may stand here, and a line of --- begins another at line 3, column 1.",
    },
    {
      wrong: "a merge of nothing",
      text: "%YAML 1.1\n---\n<<: 1",
      says: "config.yml: Merge sources must be maps or map aliases",
    },
    {
      wrong: "a rule that is a list",
      text: file({ rules: "[]" }),
      says: "config.yml: rules[0]: expected e.g. { name: default, requesters: [S0614TZR7], approvers: [U012AB3CD] }.",
    },
    {
      wrong: "a name that a terminal would obey",
      text: file({ rest: '"\\e[2J": 1' }),
      says: "config.yml: ?[2J: is not known here. Known are version, slack, accounts, rules, logins, pollSeconds.",
    },
    {
      wrong: "a name of a thousand letters",
      text: file({ rest: `${"a".repeat(1_000)}: 1` }),
      says: `config.yml: ${"a".repeat(40)}…: is not known here. Known are version, slack, accounts, rules, logins, pollSeconds.`,
    },
  ];
  test.each(table)("$wrong", ({ text, says }) => {
    expect(mistakes(text)).toEqual([says]);
  });

  test("what follows a mistake of YAML is not quoted, for it may be a key", () => {
    expect(mistakes("a: { b: c }} AKIDtopsecret")).toEqual([
      "config.yml: Unexpected flow-map-end token in YAML stream at line 1, column 12.",
      "config.yml: Unexpected scalar token in YAML stream at line 1, column 14.",
    ]);
  });

  test.each([
    { wrong: "mistakes of YAML", text: "]".repeat(500), more: 450 },
    { wrong: "mistakes of settings", text: file({ accounts: "1,".repeat(500) }), more: 450 },
  ])("so many $wrong that nobody would read them are counted", ({ text, more }) => {
    const told = mistakes(text);
    expect(told).toHaveLength(51);
    expect(told.at(-1)).toBe(`config.yml: and ${more} more mistakes. Is it the right file?`);
  });
});
