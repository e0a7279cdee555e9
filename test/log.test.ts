import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { about, libraryLogger, logWriterTo, openLog, writerTo } from "../src/log.ts";
import type { LogFields } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";

const canary = 'Canary-"9\\x/é';

function opened(level: "info" | "warn" = "info") {
  const lines: string[] = [];
  const clock = { now: () => 0, mono: () => 0, after: async () => {} };
  const log = openLog({ clock, level, write: (line) => void lines.push(line) });
  return { log, lines, written: () => lines.map((line) => JSON.parse(line) as unknown) };
}

test("a line is the time, the level, static words and known fields", () => {
  const { log, written } = opened();
  log.info("A request changed", { request: "r0123456789", from: "pending", to: "running", revision: 3 });
  expect(written()).toEqual([
    {
      level: "info",
      time: "1970-01-01T00:00:00.000Z",
      msg: "A request changed",
      ...{ request: "r0123456789", from: "pending", to: "running", revision: 3 },
    },
  ]);
});

describe("nothing else gets in", () => {
  const table: readonly { says: string; fields: unknown }[] = [
    {
      says: "a field that is not on the list",
      fields: { password: canary, body: canary, view: canary, reason: canary },
    },
    { says: "an object under a known name", fields: { detail: { deep: canary }, server: [canary] } },
    { says: "an error under a known name", fields: { error: new Error(canary) } },
  ];
  test.each(table)("$says is dropped", ({ fields }) => {
    const { log, lines } = opened();
    log.error("Static words", fields as LogFields);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("Canary");
  });

  test("a long text is cut, and says so", () => {
    const { log, written } = opened();
    log.info("Long", { detail: "x".repeat(9_000) });
    expect(written()[0]).toMatchObject({ detail: `${"x".repeat(500)}… (9000 characters)` });
  });
});

describe("a live secret is hidden wherever it turns up", () => {
  const forms = [
    { as: "plain", text: canary },
    { as: "inside a sentence", text: `refused: ${canary} is too short` },
    { as: "in an address", text: `https://x/?p=${encodeURIComponent(canary)}` },
  ];
  test.each(forms)("$as", ({ text }) => {
    const { log, lines } = opened();
    log.hide(new Secret(canary));
    log.info("Words", { detail: text });
    expect(lines[0]).toContain("[secret]");
    expect(lines[0]).not.toContain("Canary");
  });

  test("in the words themselves", () => {
    const { log, lines } = opened();
    log.hide(new Secret(canary));
    log.info(`Words with ${canary}`);
    expect(lines[0]).not.toContain("Canary");
  });

  test("among thousands, only the oldest are forgotten", () => {
    const { log, lines } = opened();
    for (let n = 0; n < 3_000; n += 1) log.hide(new Secret(`password-${n}-end`));
    log.info("Words", { detail: "password-2999-end" });
    expect(lines[0]).toContain("[secret]");
  });

  test.each(["xoxb-", "xapp-", "AKID"])("what begins with %s is known by that", (beginning) => {
    const { log, lines } = opened();
    log.info("Words", { detail: `sent ${beginning}${"made0up".repeat(3)}` });
    expect(lines[0]).toContain("sent [secret]");
    expect(lines[0]).not.toContain("made0up");
  });
});

test("the level is kept", () => {
  const { log, lines } = opened("warn");
  log.info("quiet");
  log.warn("loud");
  expect(lines).toHaveLength(1);
});

test("an error is told by name, code and place, never by its message", () => {
  const error = Object.assign(new RangeError(`bad body: ${canary}`), { code: "ECONNRESET" });
  const fields = about(error);
  expect(fields).toMatchObject({ error: "RangeError", code: "ECONNRESET" });
  expect(fields["where"]).toContain("log.test.ts");
  expect(JSON.stringify(fields)).not.toContain("Canary");
  expect(about(canary)).toEqual({ error: "string" });
});

describe("the logger that Slack's libraries get", () => {
  test("has no debug, whatever level they set", () => {
    const { log, lines } = opened();
    const logger = libraryLogger(log);
    logger.setLevel("debug" as never);
    logger.debug(`Received a message on the WebSocket: ${canary}`);
    expect(logger.getLevel()).toBe("info");
    expect(lines).toEqual([]);
  });

  test("keeps an Error that stands last, by name, and not its message", () => {
    const { log, lines, written } = opened();
    libraryLogger(log).error("An error occurred", Object.assign(new TypeError(canary), { code: "slack_error" }));
    expect(written()[0]).toMatchObject({ detail: "An error occurred", error: "TypeError", code: "slack_error" });
    expect(lines[0]).not.toContain("Canary");
  });

  test("may be called with anything", () => {
    const { log, written } = opened();
    libraryLogger(log).warn({ body: canary }, undefined, 7);
    expect(written()[0]).toMatchObject({ msg: "Slack library", detail: "" });
  });
});

describe("what cannot be written stops no work", () => {
  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), "log-"));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }

  test("a disk that takes it gets every line", () => {
    const path = join(folder(), "log");
    const file = openSync(path, "w");
    const write = writerTo(file);
    for (const line of ["one\n", "two\n"]) write(line);
    closeSync(file);
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  });

  test("a full disk", () => {
    const file = openSync("/dev/full", "w");
    const write = writerTo(file);
    expect(() => write("one\n")).not.toThrow();
    expect(() => write("two\n")).not.toThrow();
    closeSync(file);
  });

  test("a pipe that nobody reads any more", () => {
    const path = join(folder(), "pipe");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    closeSync(reader);
    const write = writerTo(writer);
    expect(() => write("one\n")).not.toThrow();
    expect(() => write("two\n")).not.toThrow();
    closeSync(writer);
  });

  test("a pipe whose reader is there and does not read: what it has room for, and then some, is there when it reads", () => {
    const path = join(folder(), "pipe");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    const write = logWriterTo(writer);
    const lines = Array.from({ length: 30_000 }, (_, n) => `${n} ${"x".repeat(100)}\n`);
    for (const line of lines) write(line);
    const read = () => {
      const piece = Buffer.alloc(100_000);
      try {
        return piece.toString("utf8", 0, readSync(reader, piece));
      } catch {
        return "";
      }
    };
    let seen = "";
    for (let tries = 0; tries < 100; tries += 1) {
      seen += read();
      write("");
    }
    closeSync(reader);
    closeSync(writer);
    expect(seen.length).toBeGreaterThan(1_000_000);
    expect(seen.split("\n").slice(0, 9_000)).toEqual(lines.slice(0, 9_000).map((line) => line.trimEnd()));
  });
});
