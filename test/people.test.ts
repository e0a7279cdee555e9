import { describe, expect, test } from "vitest";
import { type Because, type Named, standing } from "../src/people.ts";
import { type Member, type Slack, SlackBusy, SlackRefused, SlackUnclear } from "../src/seams.ts";

const plain: Member = { user: "U1", team: "T1", name: "Ada", guest: false, external: false, gone: false, bot: false };
const busy = new SlackBusy(1_000);
const nobody: Named = { users: [], groups: [] };

/** Slack as one test needs it: what it says of the person, and who is in which group. */
function slackSays(member: Member | Error, groups: Readonly<Record<string, readonly string[] | Error>> = {}) {
  return {
    person: async () => orThrow(member),
    group: async (id: string) => orThrow(groups[id] ?? new SlackRefused("no_such_subteam")),
  } satisfies Pick<Slack, "person" | "group">;
}

function orThrow<T>(said: T | Error): T {
  if (said instanceof Error) throw said;
  return said;
}

const person = { team: "T1", user: "U1" };

describe("who may approve", () => {
  const table: readonly {
    says: string;
    approvers: Named;
    member?: Member | Error;
    groups?: Readonly<Record<string, readonly string[] | Error>>;
    because: Because | null;
  }[] = [
    { says: "a person named by id", approvers: { users: ["U1"], groups: [] }, because: null },
    {
      says: "a person in a named group",
      approvers: { users: [], groups: ["S1"] },
      groups: { S1: ["U9", "U1"] },
      because: null,
    },
    {
      says: "a person in the second group, the first being empty",
      approvers: { users: [], groups: ["S1", "S2"] },
      groups: { S1: [], S2: ["U1"] },
      because: null,
    },
    {
      says: "nobody who is not named",
      approvers: { users: ["U2"], groups: ["S1"] },
      groups: { S1: ["U9"] },
      because: "not-named",
    },
    { says: "nobody, where nobody is named", approvers: nobody, because: "not-named" },
    { says: "nobody whose id is a group's", approvers: { users: [], groups: ["U1"] }, because: "unreadable" },
    {
      says: "no guest, though named",
      approvers: { users: ["U1"], groups: [] },
      member: { ...plain, guest: true },
      because: "guest",
    },
    {
      says: "nobody from outside, though named",
      approvers: { users: ["U1"], groups: [] },
      member: { ...plain, external: true },
      because: "external",
    },
    {
      says: "nobody deactivated, though named",
      approvers: { users: ["U1"], groups: [] },
      member: { ...plain, gone: true },
      because: "gone",
    },
    {
      says: "no bot, though named",
      approvers: { users: ["U1"], groups: [] },
      member: { ...plain, bot: true },
      because: "bot",
    },
    {
      says: "nobody while Slack cannot say who they are",
      approvers: { users: ["U1"], groups: [] },
      member: busy,
      because: "unreadable",
    },
    {
      says: "nobody while their group cannot be read",
      approvers: { users: [], groups: ["S1"] },
      groups: { S1: new SlackUnclear("x") },
      because: "unreadable",
    },
    {
      says: "a person found in one group while another cannot be read",
      approvers: { users: [], groups: ["S1", "S2"] },
      groups: { S1: busy, S2: ["U1"] },
      because: null,
    },
    { says: "nobody by a group that is gone", approvers: { users: [], groups: ["S404"] }, because: "unreadable" },
  ];
  test.each(table)("$says", async ({ approvers, member = plain, groups = {}, because }) => {
    const found = await standing(slackSays(member, groups), { requesters: nobody, approvers }, person);
    expect(found.because.approve).toBe(because);
    expect(found.mayApprove).toBe(because === null);
  });
});

test("asking and approving are told apart, each with its own reason", async () => {
  const rule = { requesters: { users: ["U1"], groups: [] }, approvers: { users: [], groups: ["S1"] } };
  expect(await standing(slackSays(plain, { S1: busy }), rule, person)).toEqual({
    mayRequest: true,
    mayApprove: false,
    because: { request: null, approve: "unreadable" },
  });
});

test("a fault of our own is not taken for Slack's silence", async () => {
  const rule = { requesters: nobody, approvers: nobody };
  await expect(standing(slackSays(new TypeError("ours")), rule, person)).rejects.toThrow("ours");
});
