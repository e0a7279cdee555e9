import { describe, expect, test } from "vitest";
import { code, outside, time } from "../src/views/text.ts";

describe("outside text in a message says what it says and formats nothing", () => {
  const rows: readonly { says: string; given: string; text: string; asCode: string }[] = [
    { says: "a name", given: "web-01 (prod)", text: "web-01 (prod)", asCode: "`web-01 (prod)`" },
    { says: "spaces around it", given: "  web-01 ", text: "web-01", asCode: "`web-01`" },
    { says: "nothing", given: "", text: "", asCode: "` `" },
    { says: "nothing but spaces", given: "   ", text: "", asCode: "` `" },
    {
      says: "a mention",
      given: "<!channel> & co",
      text: "&lt;!channel&gt; &amp; co",
      asCode: "`&lt;!channel&gt; &amp; co`",
    },
    { says: "one mark", given: "web_01", text: "web_01", asCode: "`web_01`" },
    { says: "a pair of marks", given: "*web*", text: "\u200b*web\u200b*", asCode: "`*web*`" },
    { says: "the end of code", given: "a`b", text: "aˋb", asCode: "`aˋb`" },
    { says: "a line break", given: "a\nb", text: "a b", asCode: "`a b`" },
    { says: "line separators of other alphabets", given: "a\u2028b\u2029c", text: "a b c", asCode: "`a b c`" },
    { says: "what turns a line round", given: "\u202ea\u2066b\u061c", text: "ab", asCode: "`ab`" },
    { says: "what is not seen", given: "\ufeffa\u200b\u00adb\u{e0041}", text: "ab", asCode: "`ab`" },
    { says: "nothing that is seen", given: "\u202e\u200b\u0000", text: "", asCode: "` `" },
    {
      says: "signs made of several",
      given: "👩\u200d🔧 ⚠\ufe0f",
      text: "👩\u200d🔧 ⚠\ufe0f",
      asCode: "`👩\u200d🔧 ⚠\ufe0f`",
    },
    { says: "the name of an emoji", given: ":fire: 3:21:07", text: ":\u200bfire: 3:21:07", asCode: "`:fire: 3:21:07`" },
    {
      says: "signs that are emoji by their name",
      given: ":+1: :100:",
      text: ":\u200b+1: :\u200b100:",
      asCode: "`:+1: :100:`",
    },
    {
      says: "an underscore within words",
      given: "init_7.4_64bit_40G",
      text: "init_7.4_64bit_40G",
      asCode: "`init_7.4_64bit_40G`",
    },
    { says: "other letters", given: "größer", text: "größer", asCode: "`größer`" },
    {
      says: "one letter too many",
      given: "a".repeat(21),
      text: `${"a".repeat(19)}…`,
      asCode: `\`${"a".repeat(19)}…\``,
    },
    { says: "as many as there may be", given: "a".repeat(20), text: "a".repeat(20), asCode: `\`${"a".repeat(20)}\`` },
  ];
  test.each(rows)("$says", ({ given, text, asCode }) => {
    const max = given.startsWith("aaa") ? 20 : 200;
    expect(outside(given, max)).toBe(text);
    expect(code(given, max)).toBe(asCode);
  });
});

describe("what people copy out of a sentence is copied as it is", () => {
  test.each([
    ["an address", "Kept: public IP 2001:db8:a:b::1, port 22.", "Kept: public IP `2001:db8:a:b::1`, port 22."],
    ["an address in brackets", "(fe80::abcd:1)", "(`fe80::abcd:1`)"],
    ["a fingerprint", "it was 12:ab:34 and is 56:cd:78.", "it was `12:ab:34` and is `56:cd:78`."],
    ["a permission", "Allow “ecs:cloudServers:changeOS”.", "Allow “`ecs:cloudServers:changeOS`”."],
    ["a web address", "see http://[::1]:8080/a:b:c", "see `http://[::1]:8080/a:b:c`"],
    ["with what is escaped", "<a:b:c>", "`&lt;a:b:c&gt;`"],
    ["beside marks that format", "*x* a_b:c:d_e", "\u200b*x\u200b* `a_b:c:d_e`"],
    ["cut", "12:ab:34:cd:56", "`12:ab:34:cd`…", 12],
    ["beside a backtick, which could end the code and so is a similar sign", "`a b:c:d", "ˋa `b:c:d`"],
    ["nor a time of day", "at 12:30:45, 2026-11-21T03:00:00Z", "at 12:30:45, 2026-11-21T03:00:00Z"],
  ])("%s", (_says, given, text, max = 200) => {
    expect(outside(given, max)).toBe(text);
  });
});

test("a time is shown in the reader's own zone, in UTC where that cannot be", () => {
  expect(time(Date.UTC(2026, 10, 21, 3, 4, 59))).toBe("<!date^1795230299^{time}|03:04 UTC>");
  expect(time(Date.UTC(2026, 10, 21, 23, 59, 0))).toBe("<!date^1795305540^{time}|23:59 UTC>");
});
