import { describe, expect, test } from "vitest";
import { readName, searchable, shortName } from "../src/line.ts";

describe("a name is read from a cloud as one line that can be seen, and no longer than any cloud allows", () => {
  test.each([
    ["an ordinary one", "web-01 (prod)", "web-01 (prod)"],
    ["none", null, ""],
    ["one with line breaks and control characters", "web\r\n\u0000\u001b[31m01\u2028", "web [31m01"],
    ["one that is turned round", "\u202e10-bew\u2069", "10-bew"],
    ["one that shows nothing", "\u200b\u202e\ufeff", ""],
    ["10,000 characters", "a".repeat(10_000), `${"a".repeat(254)}…`],
    ["10,000 characters of two units", "😀".repeat(5_000), `${"😀".repeat(127)}…`],
  ])("%s", (_says, given, name) => {
    expect(readName(given)).toBe(name);
  });
});

test("in a sentence a name takes 60 characters at most, and the id stands for one that shows nothing", () => {
  expect(shortName("web-01", "i-1")).toBe("web-01");
  expect(shortName("a".repeat(61), "i-1")).toBe(`${"a".repeat(59)}…`);
  expect(shortName("\u202e\u0000", "i-1")).toBe("i-1");
});

describe("what is typed is looked for as it was read", () => {
  test.each([
    ["in another case", "Web-01", "web-01"],
    ["where a line break is shown as a space", "web\n01", "web 01"],
    ["with one space where there are more", "web   01", "web 01"],
    ["with the sign that stands for a backtick in a message", "a`b", "aˋb"],
    ["with the signs that keep marks from formatting", "*web*", "\u200b*web\u200b*"],
    ["with accents as signs of their own", "Andr\u00e9", "andre\u0301"],
    ["with a capital that has a dot", "İstanbul", "istanbul"],
    ["with the sign of a cut", "web-01", "web-01…"],
  ])("%s", (_says, name, typed) => {
    expect(searchable(typed)).toBe(searchable(name));
  });
});
