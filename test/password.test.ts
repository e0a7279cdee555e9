import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brokenRules, generate, type PasswordRules } from "../src/clouds/password.ts";
import { passwordRules } from "../src/clouds/tencent-login.ts";
import { seeded } from "./tencent-samples.ts";

const administrator = { name: "Administrator", reversed: false, runMax: 0 };
const linux = passwordRules.linux;
const windows: PasswordRules = { ...passwordRules.windows, user: administrator };

/** https://support.huaweicloud.com/eu/api-ecs/ecs_02_0201.html (adminpass) */
const huawei: PasswordRules = {
  os: "Windows",
  minLength: 8,
  maxLength: 26,
  kindsMin: 3,
  symbols: "!@$%^-_=+[{}]:,./?~#*",
  forbidden: [],
  notFirst: "",
  sequenceMax: 0,
  user: { name: "Administrator", reversed: true, runMax: 2 },
};

/** https://docs.jdcloud.com/cn/virtual-machines/api/general_parameters */
const jdcloud: PasswordRules = {
  minLength: 8,
  maxLength: 30,
  kindsMin: 3,
  symbols: "()`~!@#$%^&*_-+=|{}[]:\";'<>,.?/",
  forbidden: ["jd", "JD", "360", "bug", "BUG", "com", "COM", "cloud", "CLOUD", "password", "PASSWORD"].map((text) => ({
    text,
    anyCase: false,
    says: `May not contain ${text}.`,
  })),
  notFirst: "",
  sequenceMax: 3,
  user: { name: "root", reversed: false, runMax: 0 },
};

const rows: readonly { rules: PasswordRules; of: string; password: string; says: readonly string[] }[] = [
  { of: "Tencent Linux", rules: linux, password: "abcdef12", says: [] },
  { of: "Tencent Linux", rules: linux, password: "abcde1!", says: ["Too short: 8 to 30 characters for Linux."] },
  { of: "Tencent Linux", rules: linux, password: "a1".repeat(15), says: [] },
  {
    of: "Tencent Linux",
    rules: linux,
    password: `${"a1".repeat(15)}b`,
    says: ["Too long: 8 to 30 characters for Linux."],
  },
  {
    of: "Tencent Linux",
    rules: linux,
    password: "abcdefgh",
    says: ["Needs one more kind: lower case, upper case, digit, symbol (2 of 4)."],
  },
  { of: "Tencent Linux", rules: linux, password: "/abcdef12", says: ["May not begin with /"] },
  {
    of: "Tencent Linux",
    rules: linux,
    password: "abc def12ä",
    says: ["May not contain a space or ä. Symbols that are allowed: ()`~!@#$%^&*-+=|{}[]:;',.?/"],
  },
  {
    of: "Tencent Linux",
    rules: linux,
    password: "abcdef_12",
    says: ["May not contain _. Symbols that are allowed: ()`~!@#$%^&*-+=|{}[]:;',.?/"],
  },
  {
    of: "Tencent Linux",
    rules: linux,
    password: "abcdef12\u200b",
    says: ["May not contain an invisible character. Symbols that are allowed: ()`~!@#$%^&*-+=|{}[]:;',.?/"],
  },
  {
    of: "Tencent Linux",
    rules: linux,
    password: "abcdef12äöüéèñ",
    says: ["May not contain ä, ö, ü, é, è or others. Symbols that are allowed: ()`~!@#$%^&*-+=|{}[]:;',.?/"],
  },
  { of: "Tencent Windows", rules: windows, password: "Abcdefgh1234", says: [] },
  {
    of: "Tencent Windows",
    rules: windows,
    password: "Abcdefg1234",
    says: ["Too short: 12 to 30 characters for Windows."],
  },
  {
    of: "Tencent Windows",
    rules: windows,
    password: "abcdefgh1234",
    says: ["Needs one more kind: lower case, upper case, digit, symbol (3 of 4)."],
  },
  {
    of: "Tencent Windows",
    rules: windows,
    password: "abcdefghijkl",
    says: ["Needs 2 more kinds: lower case, upper case, digit, symbol (3 of 4)."],
  },
  {
    of: "Tencent Windows",
    rules: windows,
    password: "My-administrator-1",
    says: ["May not contain the user name (Administrator)."],
  },
  {
    of: "Tencent Windows",
    rules: windows,
    password: "",
    says: [
      "Too short: 12 to 30 characters for Windows.",
      "Needs 3 more kinds: lower case, upper case, digit, symbol (3 of 4).",
    ],
  },
  { of: "Huawei", rules: huawei, password: "Winter-2026", says: [] },
  {
    of: "Huawei",
    rules: huawei,
    password: "rotartsinimdA-1",
    says: ["May not contain the user name backwards (Administrator)."],
  },
  {
    of: "Huawei",
    rules: huawei,
    password: "Xk-4711-INI",
    says: ["May not contain more than 2 characters in a row of the user name (Administrator)."],
  },
  { of: "Huawei", rules: huawei, password: "Xk-4711-in", says: [] },
  {
    of: "Huawei",
    rules: huawei,
    password: "Xk&4711-zz",
    says: ["May not contain &. Symbols that are allowed: !@$%^-_=+[{}]:,./?~#*"],
  },
  { of: "JD", rules: jdcloud, password: "Wx-4820-Kv", says: [] },
  { of: "JD", rules: jdcloud, password: "Wx-4820-Kvjd", says: ["May not contain jd."] },
  {
    of: "JD",
    rules: jdcloud,
    password: "Wx-4820-Kvcom-CLOUD",
    says: ["May not contain com.", "May not contain CLOUD."],
  },
  { of: "JD", rules: jdcloud, password: "Wx-4820-Cloud", says: [] },
  {
    of: "JD",
    rules: jdcloud,
    password: "Wx-9876-Kv",
    says: ["May not contain 3 or more characters in order, or next to each other on the keyboard (987)."],
  },
  {
    of: "JD",
    rules: jdcloud,
    password: "Wx-4820-CbA",
    says: ["May not contain 3 or more characters in order, or next to each other on the keyboard (cba)."],
  },
  {
    of: "JD",
    rules: jdcloud,
    password: "qaZ-4820-Kv",
    says: ["May not contain 3 or more characters in order, or next to each other on the keyboard (qaz)."],
  },
  {
    of: "JD",
    rules: jdcloud,
    password: "Wx-4820-rewK",
    says: ["May not contain 3 or more characters in order, or next to each other on the keyboard (rew)."],
  },
  { of: "JD", rules: jdcloud, password: "Root-4820-Kv", says: ["May not contain the user name (root)."] },
];

describe("a typed password is told every rule that it breaks", () => {
  test.each(rows)("$of: $password → $says", ({ rules, password, says }) => {
    expect(brokenRules(rules, password)).toEqual(says);
  });

  test("words are compared without regard to case where the cloud does so", () => {
    const rules = { ...linux, forbidden: [{ text: "tencent", anyCase: true, says: "May not contain tencent." }] };
    expect(brokenRules(rules, "My-TenCent-1")).toEqual(["May not contain tencent."]);
  });
});

describe("a generated password", () => {
  const narrow: PasswordRules = { ...linux, maxLength: 12, symbols: "#" };
  const bare: PasswordRules = { ...linux, symbols: "" };
  const sets = { linux, windows, unknown: passwordRules.unknown, huawei, jdcloud, narrow, bare };
  test.each(Object.entries(sets))("always meets the rules of %s", (_, rules) => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const password = generate(rules, seeded(seed)).open();
        expect(brokenRules(rules, password)).toEqual([]);
        expect(password).toHaveLength(Math.min(20, rules.maxLength));
        for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/]) expect(password).toMatch(kind);
        if (rules.symbols !== "") expect([...password].some((one) => rules.symbols.includes(one))).toBe(true);
        expect(password).not.toMatch(/[0O1lI`'"<>&*\\]/);
      }),
      { numRuns: 200, seed: 4711 },
    );
  });

  test("draws every character about equally often", () => {
    const random = seeded("even");
    const counts = new Map<string, number>();
    for (let n = 0; n < 3_000; n++) {
      for (const one of generate(linux, random).open()) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    // 48 letters, 8 digits and 9 symbols. Digits and symbols come a little more often, since each password has some.
    expect(counts.size).toBe(48 + 8 + 9);
    for (const kind of [/[a-zA-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) {
      const alike = [...counts].filter(([one]) => kind.test(one)).map(([, count]) => count);
      expect(Math.max(...alike) / Math.min(...alike)).toBeLessThan(1.25);
    }
  });

  test("is a secret: nothing prints it", () => {
    const secret = generate(linux, seeded("print"));
    expect(`${secret} ${JSON.stringify({ secret })}`).toBe('[secret] {"secret":"[secret]"}');
  });

  test("is refused by a broken random source rather than made weak", () => {
    expect(() => generate(linux, (n) => new Uint8Array(n))).toThrow("no password fits these rules");
    expect(() => generate(linux, (n) => new Uint8Array(n).fill(255))).toThrow("no password fits these rules");
  });
});
