/** The only place that says how one may log in after a rebuild, and which passwords JD Cloud takes. */
import type { Choices, Os } from "./cloud.ts";
import type { PasswordRules } from "./password.ts";

/** Whom to log in as. JD Cloud names the user of each image (`loginName`); these are what its own images have. */
export function userOf(family: Os["family"]): string {
  return family === "windows" ? "administrator" : "root";
}

/** A new login is set at every rebuild: a password, or on Linux a key pair in its place. https://docs.jdcloud.com/cn/virtual-machines/rebuild-instance */
export function loginsFor(family: Os["family"]): Choices["logins"] {
  const noKeys: Record<Os["family"], string | undefined> = {
    linux: undefined,
    windows: "JD Cloud uses key pairs on Linux only. Choose a password.",
    unknown:
      "JD Cloud uses key pairs on Linux only, and does not say which system this image holds. Choose a password.",
  };
  const refused = noKeys[family];
  return [
    { kind: "key-pair", ...(refused === undefined ? {} : { refused }) },
    { kind: "generated" },
    {
      // One of JD Cloud's SDKs has a field `imageInherit` that would keep it; its documents do not, and ask for a new login.
      kind: "keep-image",
      refused: "JD Cloud asks for a new login at every rebuild: a password, or a key pair on Linux.",
    },
    { kind: "typed" },
  ];
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/createkeypair: letters, digits, "_" and "-", at most 32. */
export function isKeyPairName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,32}$/.test(name);
}

/** JD Cloud compares these exactly: "Cloud" is allowed where "cloud" and "CLOUD" are not. */
const forbiddenWords = ["jd", "JD", "360", "bug", "BUG", "com", "COM", "cloud", "CLOUD", "password", "PASSWORD"];

/** https://docs.jdcloud.com/cn/virtual-machines/api/general_parameters */
export function passwordRules(user: string): PasswordRules {
  return {
    minLength: 8,
    maxLength: 30,
    kindsMin: 3,
    symbols: "()`~!@#$%^&*_-+=|{}[]:\";'<>,.?/",
    forbidden: forbiddenWords.map((text) => ({
      text,
      anyCase: false,
      says: `May not contain “${text}”, which JD Cloud forbids in passwords.`,
    })),
    notFirst: "",
    sequenceMax: 3,
    user: { name: user, reversed: false, runMax: 0 },
  };
}
