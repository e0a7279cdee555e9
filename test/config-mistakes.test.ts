import { describe, expect, test } from "vitest";
import { account, accountWith, env, file, mistakes, rule } from "./setup/configtext.ts";

describe("a mistake is told with its place and what is expected", () => {
  const project = '"0123456789abcdef0123456789abcdef"';
  const table: readonly { wrong: string; text: string; says: string }[] = [
    {
      wrong: "no regions",
      text: file({ accounts: `${account}, ${accountWith({ name: "b", regions: "[]" })}` }),
      says: 'config.yml: accounts[1].regions: expected at least one region, e.g. "ap-guangzhou".',
    },
    {
      wrong: "regions left out",
      text: file({ accounts: accountWith({ regions: null }) }),
      says: 'config.yml: accounts[0].regions: expected at least one region, e.g. "ap-guangzhou".',
    },
    {
      wrong: "an alias of nothing",
      text: "version: *one",
      says: "config.yml: Unresolved alias (the anchor must be set before the alias): one",
    },
    {
      wrong: "aliases of aliases without end",
      text: `a: &a [1, 1, 1, 1, 1]\nb: &b [${"*a, ".repeat(9)}]\nc: &c [${"*b, ".repeat(9)}]\nd: [${"*c, ".repeat(9)}]`,
      says: "config.yml: Excessive alias count indicates a resource exhaustion attack",
    },
    {
      wrong: "a region twice",
      text: file({ accounts: accountWith({ regions: "[ap-guangzhou, ap-guangzhou]" }) }),
      says: "config.yml: accounts[0].regions: the same region stands here twice.",
    },
    {
      wrong: "nobody may approve",
      text: file({ rules: "{ name: default, requesters: [S0ONCALL], approvers: [] }" }),
      says: "config.yml: rules[0].approvers: nobody is named, so nobody could approve. Name user ids (U…) or user groups (S…).",
    },
    {
      wrong: "nobody may ask",
      text: file({ rules: "{ name: default, requesters: [], approvers: [U0LEAD] }" }),
      says: "config.yml: rules[0].requesters: nobody is named, so nobody could ask. Name user ids (U…) or user groups (S…).",
    },
    {
      wrong: "one person alone asks and approves",
      text: file({ rules: "{ name: default, requesters: [U0LEAD], approvers: [U0LEAD] }" }),
      says: "config.yml: rules[0].approvers: U0LEAD is the only one who may ask and the only one who may approve, and nobody approves their own request. Name a second person.",
    },
    {
      wrong: "a person by name",
      text: file({ rules: '{ name: default, requesters: ["@oncall"], approvers: [U0LEAD] }' }),
      says: "config.yml: rules[0].requesters[0]: expected a Slack user id (U…) or user group id (S…), not a name.",
    },
    {
      wrong: "two rules",
      text: file({ rules: `${rule}, ${rule}` }),
      says: "config.yml: rules: expected a list with exactly one rule.",
    },
    {
      wrong: "an approval that lives for days",
      text: file({ rules: "{ name: default, requesters: [S0ONCALL], approvers: [U0LEAD], approvalMinutes: 9000 }" }),
      says: "config.yml: rules[0].approvalMinutes: expected whole minutes from 1 to 1440, e.g. 60.",
    },
    {
      wrong: "a misspelt key",
      text: file({ accounts: accountWith({ stopfirst: "true" }) }),
      says: "config.yml: accounts[0].stopfirst: is not known here; stopFirst is perhaps meant.",
    },
    {
      wrong: "a misspelt key at the top",
      text: file({ rest: "pollSecond: 5" }),
      says: "config.yml: pollSecond: is not known here; pollSeconds is perhaps meant.",
    },
    {
      wrong: "a misspelt credential",
      text: file({
        accounts: accountWith({
          credentials: "{ idFrom: TENCENT_SECRET_ID, secretKeyFrom: TENCENT_SECRET_KEY, secretKeyForm: A }",
        }),
      }),
      says: "config.yml: accounts[0].credentials.secretKeyForm: is not known here; secretKeyFrom is perhaps meant.",
    },
    {
      wrong: "another cloud's key",
      text: file({ accounts: accountWith({ hostnameMark: "true" }) }),
      says: "config.yml: accounts[0].hostnameMark: is not known here. Known are name, regions, credentials, endpoint, probe, cloud, site, stopFirst.",
    },
    {
      wrong: "an unknown cloud",
      text: file({ accounts: accountWith({ cloud: "azure" }) }),
      says: "config.yml: accounts[0].cloud: expected tencent, huawei or jdcloud.",
    },
    {
      wrong: "another cloud's site",
      text: file({ accounts: accountWith({ site: "otc" }) }),
      says: "config.yml: accounts[0].site: expected mainland or international.",
    },
    {
      wrong: "a name too long for a card",
      text: file({ accounts: accountWith({ name: "production-guangzhou-1" }) }),
      says: 'config.yml: accounts[0].name: expected at most 20 letters, digits, "-" or "_", e.g. "prod".',
    },
    {
      wrong: "one name for two accounts",
      text: file({ accounts: `${account}, ${account}` }),
      says: 'config.yml: accounts[1].name: "prod" is taken by an account above; every account needs its own.',
    },
    {
      wrong: "plain http to another machine",
      text: file({ accounts: accountWith({ endpoint: "http://10.0.0.9:80" }) }),
      says: "config.yml: accounts[0].endpoint: expected https; plain http is taken only for this machine (127.0.0.1).",
    },
    {
      wrong: "an endpoint with a path",
      text: file({ accounts: accountWith({ endpoint: "https://example.com/v2" }) }),
      says: "config.yml: accounts[0].endpoint: expected only scheme, host and port.",
    },
    {
      wrong: "one project for two regions",
      text: file({
        accounts: accountWith({
          cloud: "huawei",
          site: "otc",
          regions: "[eu-de, eu-nl]",
          project: `{ eu-de: ${project} }`,
        }),
      }),
      says: "config.yml: accounts[0].project: a project belongs to one region; expected one for eu-nl too, e.g. { eu-nl: … }.",
    },
    {
      wrong: "no project",
      text: file({ accounts: accountWith({ cloud: "huawei", site: "otc" }) }),
      says: "config.yml: accounts[0].project: expected the project id, 32 characters of 0-9 and a-f, or one for each region: { eu-de: … }.",
    },
    {
      wrong: "a version from the future",
      text: file({}).replace("version: 1", "version: 2"),
      says: "config.yml: version: expected 1.",
    },
    {
      wrong: "polling every hour",
      text: file({ rest: "pollSeconds: 3600" }),
      says: "config.yml: pollSeconds: expected whole seconds from 1 to 60.",
    },
    {
      wrong: "a key written twice",
      text: `${file({})}\nversion: 1`,
      says: "config.yml: Map keys must be unique at line 5, column 1.",
    },
  ];
  test.each(table)("$wrong", ({ text, says }) => {
    expect(mistakes(text)).toEqual([says]);
  });

  test("all of them at once, the environment's too", () => {
    const text = "version: 3\nacounts: []\nrules: [{ name: x, requesters: [], approvers: [] }]";
    expect(mistakes(text, { ...env, SLACK_APP_TOKEN: "xoxb-wrong-one" })).toMatchInlineSnapshot(`
      [
        "config.yml: version: expected 1.",
        "config.yml: accounts: expected a list of cloud accounts.",
        "config.yml: rules[0].requesters: nobody is named, so nobody could ask. Name user ids (U…) or user groups (S…).",
        "config.yml: rules[0].approvers: nobody is named, so nobody could approve. Name user ids (U…) or user groups (S…).",
        "config.yml: acounts: is not known here; accounts is perhaps meant.",
        "SLACK_APP_TOKEN: expected an app-level token, which begins with xapp-.",
      ]
    `);
  });

  test("an empty file says everything it needs", () => {
    expect(mistakes("")).toMatchInlineSnapshot(`
      [
        "config.yml: version: expected 1.",
        "config.yml: accounts: expected a list of cloud accounts.",
        "config.yml: rules: expected a list with exactly one rule.",
      ]
    `);
  });
});
