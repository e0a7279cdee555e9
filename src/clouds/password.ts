/** The only place where passwords are judged and made, by the rules that each cloud states as data. */
import type { Random } from "../seams.ts";
import { Secret } from "../secret.ts";

/** One rule a password must meet: `test` is a regular expression source (flags "u"), `says` names the rule when it is broken. */
export interface PasswordRules {
  /** The system they are for, named where a length is refused: "12 to 30 characters for Windows". */
  os?: string;
  minLength: number;
  maxLength: number;
  /** How many of lower case, upper case, digit, symbol. */
  kindsMin: number;
  /** The symbols the provider allows, each once. */
  symbols: string;
  /** Texts that may not occur in it, compared without regard to case when `anyCase`. */
  forbidden: readonly { text: string; anyCase: boolean; says: string }[];
  /** It may not begin with any of these. */
  notFirst: string;
  /** No runs of this many digits or letters in order, or neighbours on a keyboard; 0 when the provider does not mind. */
  sequenceMax: number;
  /** It may not contain the user name, nor (huawei) its reverse, nor (huawei, Windows) more than this many of its characters in a row. */
  user: { name: string; reversed: boolean; runMax: number } | null;
}

/** Every rule that the password breaks, a sentence each; empty when the cloud will take it. */
export function brokenRules(rules: PasswordRules, password: string): readonly string[] {
  return judges.flatMap((judge) => judge(rules, password) ?? []);
}

const generatedLength = 20;
/** A draw breaks a rule rarely; a random source that never gives a fit one is broken itself. */
const drawsMax = 1_000;
/** Left out, where the cloud leaves a choice: what one reads or types wrongly on a phone (0 O o 1 l I), and what a shell or a chat would change. */
const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
const digits = "23456789";
const plainSymbols = "-+=.:,@%^_";

/** 20 characters, or as near to it as the cloud's limits allow; all four kinds are in it, and each such password is equally likely. */
export function generate(rules: PasswordRules, random: Random): Secret {
  const plain = [...plainSymbols].filter((symbol) => rules.symbols.includes(symbol)).join("");
  const alphabet = `${letters}${digits}${plain || rules.symbols}`;
  const length = Math.max(rules.minLength, Math.min(generatedLength, rules.maxLength));
  const kindsWanted = rules.symbols === "" ? 3 : 4;
  for (let draw = 0; draw < drawsMax; draw++) {
    const password = drawn(alphabet, length, random);
    if (kindsIn(rules, password) === kindsWanted && brokenRules(rules, password).length === 0)
      return new Secret(password);
  }
  throw new Error("no password fits these rules");
}

function drawn(alphabet: string, length: number, random: Random): string {
  // Bytes from the last, incomplete round of the alphabet are thrown away: kept, they would favour its beginning.
  const fairMax = 256 - (256 % alphabet.length);
  let text = "";
  for (let round = 0; text.length < length && round < drawsMax; round++) {
    for (const byte of random(length - text.length)) {
      if (byte < fairMax) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}

type Judge = (rules: PasswordRules, password: string) => string | readonly string[] | null;

const judges: readonly Judge[] = [
  tooShort,
  tooLong,
  tooFewKinds,
  notAllowed,
  badStart,
  forbidden,
  likeTheUser,
  inSequence,
];

function tooShort(rules: PasswordRules, password: string): string | null {
  return [...password].length < rules.minLength ? `Too short: ${lengths(rules)}.` : null;
}

function tooLong(rules: PasswordRules, password: string): string | null {
  return [...password].length > rules.maxLength ? `Too long: ${lengths(rules)}.` : null;
}

function lengths(rules: PasswordRules): string {
  return `${rules.minLength} to ${rules.maxLength} characters${rules.os === undefined ? "" : ` for ${rules.os}`}`;
}

const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/];

function kindsIn(rules: PasswordRules, password: string): number {
  const symbol = [...password].some((character) => rules.symbols.includes(character));
  return kinds.filter((kind) => kind.test(password)).length + Number(symbol);
}

function tooFewKinds(rules: PasswordRules, password: string): string | null {
  const missing = rules.kindsMin - kindsIn(rules, password);
  if (missing <= 0) return null;
  const how = missing === 1 ? "one more kind" : `${missing} more kinds`;
  return `Needs ${how}: lower case, upper case, digit, symbol (${rules.kindsMin} of 4).`;
}

/** More than these are not named one by one. */
const namedMax = 5;
const nameless: Readonly<Record<string, string>> = {
  " ": "a space",
  "\t": "a tab",
  "\n": "a line break",
  "\r": "a line break",
};

function notAllowed(rules: PasswordRules, password: string): string | null {
  const strange = [...password].filter((one) => !/[a-zA-Z0-9]/.test(one) && !rules.symbols.includes(one));
  const names = [
    ...new Set(strange.map((one) => nameless[one] ?? (/\p{C}/u.test(one) ? "an invisible character" : one))),
  ];
  if (names.length === 0) return null;
  const shown = names.length > namedMax ? [...names.slice(0, namedMax), "others"] : names;
  return `May not contain ${listed(shown)}. Symbols that are allowed: ${rules.symbols}`;
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function badStart(rules: PasswordRules, password: string): string | null {
  const first = password.charAt(0);
  return first !== "" && rules.notFirst.includes(first) ? `May not begin with ${first}` : null;
}

function forbidden(rules: PasswordRules, password: string): readonly string[] {
  const lower = password.toLowerCase();
  return rules.forbidden
    .filter(({ text, anyCase }) => (anyCase ? lower.includes(text.toLowerCase()) : password.includes(text)))
    .map(({ says }) => says);
}

/** The longest run of the user's name is named alone: whoever types the whole name need not hear of its parts. */
function likeTheUser(rules: PasswordRules, password: string): string | null {
  const { user } = rules;
  if (user === null || user.name === "") return null;
  const lower = password.toLowerCase();
  const name = user.name.toLowerCase();
  if (lower.includes(name)) return `May not contain the user name (${user.name}).`;
  if (user.reversed && lower.includes([...name].reverse().join(""))) {
    return `May not contain the user name backwards (${user.name}).`;
  }
  if (user.runMax > 0 && runsOf(name, user.runMax + 1).some((run) => lower.includes(run))) {
    return `May not contain more than ${user.runMax} characters in a row of the user name (${user.name}).`;
  }
  return null;
}

function inSequence(rules: PasswordRules, password: string): string | null {
  const { sequenceMax: max } = rules;
  if (max === 0) return null;
  const run = runsOf(password.toLowerCase(), max).find((each) => sequences.some((line) => line.includes(each)));
  if (run === undefined) return null;
  return `May not contain ${max} or more characters in order, or next to each other on the keyboard (${run}).`;
}

/** Every piece of this length. */
function runsOf(text: string, length: number): readonly string[] {
  const pieces = Math.max(text.length - length + 1, 0);
  return Array.from({ length: pieces }, (_, at) => text.slice(at, at + length));
}

/** The alphabet, the digits, the rows of a keyboard and its slanting columns, in both directions. */
const lines = [
  "abcdefghijklmnopqrstuvwxyz",
  "0123456789",
  ...["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"],
  ...["1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol"],
];
const sequences: readonly string[] = [...lines, ...lines.map((line) => [...line].reverse().join(""))];
