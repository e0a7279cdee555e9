import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { botEnvironment, type CloudAccount, writeConfig } from "../playground/botconfig.ts";
import { huaweiSim } from "../playground/clouds/huawei.ts";
import { jdcloudSim } from "../playground/clouds/jdcloud.ts";
import { type CloudShell, cloudShell } from "../playground/clouds/shell.ts";
import { simCredentials } from "../playground/clouds/sim.ts";
import { tencentSim } from "../playground/clouds/tencent.ts";
import { freePort } from "../playground/doorbell.ts";
import { tokens } from "../playground/slack/people.ts";
import { SlackShell } from "../playground/slack/shell.ts";
import type { State } from "../playground/slack/state.ts";
import { runCheck } from "../src/check.ts";
import { realDisk } from "../src/disk.ts";
import { openLog } from "../src/log.ts";
import { realClock, realExchange, realRandom } from "../src/real.ts";
import { sealer, sealKeys } from "../src/seal.ts";
import { Secret } from "../src/secret.ts";
import { readSettings } from "../src/settings.ts";
import { openStore } from "../src/store.ts";
import { listing, pending, putOne } from "./setup/storekit.ts";

const project = huaweiSim.site.regions[0]?.project ?? "";
const region = huaweiSim.site.regions[0]?.name ?? "";
const accounts: readonly (CloudAccount & { endpoint: string })[] = [
  { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou", "ap-hongkong"], endpoint: "" },
  { name: "asia", cloud: "huawei", site: "huawei", regions: [region], project: { [region]: project }, endpoint: "" },
  { name: "jd", cloud: "jdcloud", site: "cn", regions: ["cn-north-1"], endpoint: "" },
];

const clock = realClock();
const slack = new SlackShell({ clock });
const sims = [tencentSim, huaweiSim, jdcloudSim];
// biome-ignore lint/suspicious/noExplicitAny: a core's state is its own affair; the shell only carries it.
const clouds: CloudShell<any>[] = sims.map((sim: any) => cloudShell(sim, { clock, speed: 1 }));
const folder = mkdtempSync(join(tmpdir(), "check-"));
let endpoints: readonly string[] = [];
let slackUrl = "";
let good: State;
let begun: readonly unknown[] = [];

beforeAll(async () => {
  slackUrl = (await slack.listen()).url;
  endpoints = await Promise.all(clouds.map((cloud) => cloud.listen()));
  good = slack.state();
  begun = clouds.map((cloud) => cloud.state());
});
afterAll(async () => {
  await slack.close();
  await Promise.all(clouds.map((cloud) => cloud.close()));
  rmSync(folder, { recursive: true, force: true });
});

type Accounts = readonly (CloudAccount & { endpoint: string })[];
interface Case {
  accounts?: (given: Accounts) => Accounts;
  config?: (text: string) => string;
  env?: Record<string, string | undefined>;
  slack?: (state: State) => State;
  httpPort?: number;
}

/** What stands in the files, in the environment and in Slack for this case. */
function arranged(wanted: Case): Record<string, string | undefined> {
  slack.arrange(() => (wanted.slack ?? ((state) => state))({ ...good, count: slack.state().count }));
  // Cases follow each other faster than a cloud lets anybody ask.
  for (const [n, cloud] of clouds.entries()) cloud.arrange(() => begun[n]);
  const whole = accounts.map((account, n) => ({ ...account, endpoint: endpoints[n] ?? "" }));
  const config = writeConfig(folder, wanted.accounts?.(whole) ?? whole, wanted.httpPort ?? null);
  if (wanted.config) writeFileSync(config, wanted.config(readFileSync(config, "utf8")));
  const http = wanted.httpPort !== undefined;
  return { ...botEnvironment({ folder, config, slackUrl, http }), REINSTALL_DATA: "data", ...wanted.env };
}

/** Runs `npm start -- --check` in its own process against the stand-ins. */
function started(wanted: Case = {}): Promise<{ code: number | null; says: string }> {
  return run(["--check"], arranged(wanted));
}

/** The same without a process of its own, which is most of what a check costs. */
async function check(wanted: Case = {}): Promise<{ code: number; says: string }> {
  const env = arranged(wanted);
  const data = join(folder, env["REINSTALL_DATA"] ?? "");
  const settings = readSettings({ ...env, REINSTALL_DATA: data }, (path) => ({ text: readFileSync(path, "utf8") }));
  if ("mistakes" in settings) throw new Error(settings.mistakes.join("; "));
  const lines: string[] = [];
  const out = (line: string): void => void lines.push(line.replaceAll(`${folder}/`, ""));
  const log = openLog({ clock, level: "silent" });
  const code = await runCheck(settings.config, { clock, log, out, random: realRandom, exchange: realExchange(clock) });
  return { code, says: lines.join("\n") };
}

function run(args: readonly string[], env: Readonly<Record<string, string | undefined>>, entry = "main.js") {
  return new Promise<{ code: number | null; says: string }>((resolve) => {
    const main = join(import.meta.dirname, "../dist", entry);
    const { PATH } = process.env;
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH, ...env } });
    let says = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (piece) => {
        says += String(piece);
      });
    child.on("close", (code) => resolve({ code, says: says.trimEnd() }));
  });
}

/** The lines that say that something is wrong. */
async function wrong(wanted: Case): Promise<{ code: number; lines: readonly string[] }> {
  const { code, says } = await check(wanted);
  return { code, lines: says.split("\n").filter((line) => line.startsWith("wrong")) };
}

/** A request that waits with a sealed password, as the bot stores it. */
async function keep(data: string, key: string): Promise<void> {
  const keys = sealKeys({ current: new Secret(key), older: [] });
  const bound = { request: "ra", server: "s", image: "i", requester: "T1/U1" };
  const sealed = sealer({ keys, random: realRandom }).seal(new Secret("Waiting-Passw0rt"), bound);
  const die = (why: string): never => {
    throw new Error(why);
  };
  const disk = await realDisk(join(folder, data));
  const store = await openStore({ disk, clock, log: listing([]), die });
  await putOne(store, pending("ra", { sealed }));
  await store.close();
}

describe("npm start -- --check", () => {
  test("says what it found when all is well", async () => {
    const { code, says } = await started();
    expect(code).toBe(0);
    expect(says.replace(/\d+(?= (servers|public images|key pairs?))/g, "n")).toMatchInlineSnapshot(`
      "ok     config.yml: 3 accounts, 1 rule
      ok     Slack bot token: belongs to the workspace Playground
      ok     Slack scopes: all 8 are there
      ok     Slack app token: may open a connection
      ok     user group S0ONCALL: 3 members
      ok     user group S0APPROVERS: 2 members
      ok     prod (Tencent Cloud), ap-guangzhou: n servers, n public images, n key pairs can be read
      ok     prod (Tencent Cloud), ap-hongkong: n servers, n public images, n key pair can be read
      ok     asia (Huawei Cloud), ap-southeast-3: n servers, more than n public images, n key pairs can be read
      ok     jd (JD Cloud), cn-north-1: n servers, n public images, n key pairs can be read
      ok     data directory data: can be written
      ok     store: There is no store here yet: the data directory is new.
      ok     sealing key: current one; 0 waiting passwords can be opened
      All 13 are ok."
    `);
  });

  test("over HTTP it tries the port instead of the app token", async () => {
    const port = await freePort();
    const { code, says } = await check({ httpPort: port });
    expect(code).toBe(0);
    expect(says).toContain(`ok     port ${port} on 127.0.0.1: can be opened`);
    expect(says).not.toContain("app token");
    const taken = createServer().listen(port, "127.0.0.1");
    expect((await wrong({ httpPort: port })).lines).toEqual([
      `wrong  port ${port} on 127.0.0.1: cannot be opened. Stop what listens there (the bot itself?), or choose another slack.port.`,
    ]);
    taken.close();
  });

  const nothing = "http://127.0.0.1:1";
  const table: readonly { says: string; given: Case; lines: readonly RegExp[] }[] = [
    {
      says: "a bot token that Slack does not know",
      given: { env: { SLACK_BOT_TOKEN: "xoxb-wrong-wrong" } },
      lines: [
        /^wrong {2}Slack bot token: Slack does not know this token.*\(invalid_auth\)$/,
        /^wrong {2}rules: not tried/,
      ],
    },
    {
      says: "an app token that Slack does not know",
      given: { env: { SLACK_APP_TOKEN: "xapp-wrong-wrong" } },
      lines: [/^wrong {2}Slack app token: .*\(invalid_auth\)$/],
    },
    {
      says: "Slack out of reach",
      given: { env: { SLACK_API_URL: `${nothing}/api/` } },
      lines: [
        /Slack bot token: Slack gave no clear answer/,
        /Slack app token: Slack gave no clear answer/,
        /rules: not tried/,
      ],
    },
    {
      says: "a missing scope",
      given: { slack: (state) => ({ ...state, scopes: state.scopes.filter((scope) => scope !== "groups:history") }) },
      lines: [/^wrong {2}Slack scopes: groups:history is missing \(.*install the app again\.$/],
    },
    {
      says: "a missing scope for user groups",
      given: { slack: (state) => ({ ...state, scopes: state.scopes.filter((scope) => scope !== "usergroups:read") }) },
      lines: [
        /Slack scopes: usergroups:read/,
        /user group S0ONCALL: .*\(missing_scope\)/,
        /S0APPROVERS: .*\(missing_scope\)/,
      ],
    },
    {
      says: "user groups without a paid plan",
      given: { slack: (state) => ({ ...state, paid: false }) },
      lines: [/S0ONCALL: user groups need a paid plan/, /S0APPROVERS: user groups need a paid plan/],
    },
    {
      says: "an unknown group, an empty one, and people who can never decide",
      given: {
        config: (text) =>
          text.replace("- S0ONCALL", "- S0NOBODY\n      - S0ONCALL\n      - U0GUEST\n      - U0NOWHERE"),
        slack: (state) => ({
          ...state,
          groups: state.groups.map((one) => (one.id === "S0ONCALL" ? { ...one, users: [] } : one)),
        }),
      },
      lines: [
        /user group S0NOBODY: Slack has no such user group.*\(no_such_subteam\)/,
        /user group S0ONCALL: has nobody in it/,
        /user U0GUEST: gita is a guest/,
        /user U0NOWHERE: Slack has no such user.*\(user_not_found\)/,
      ],
    },
    {
      says: "wrong keys of the clouds",
      given: { env: { PLAYGROUND_CLOUD_SECRET: "some-wrong-secret" } },
      lines: [
        /prod \(Tencent Cloud\), ap-guangzhou: .*check the SecretKey.*\(AuthFailure\.SignatureFailure\)/,
        /prod \(Tencent Cloud\), ap-hongkong: .*check the SecretKey/,
        /asia \(Huawei Cloud\), .*does not accept the access key.*\(APIGW\.0301\)/,
        /jd \(JD Cloud\), cn-north-1: .*check the configured key/,
      ],
    },
    {
      says: "regions and projects that there are not",
      given: {
        accounts: (all) =>
          all.map((account) =>
            account.cloud === "huawei"
              ? { ...account, project: { [region]: "0".repeat(32) } }
              : { ...account, regions: ["ap-nowhere"] },
          ),
      },
      lines: [
        /prod .*, ap-nowhere: servers, public images, key pairs: .*check the regions.*\(UnsupportedRegion\)/,
        /asia .*: .*Check `project` in the configuration/,
        /jd .*, ap-nowhere: public images: The cloud shows not one.*Check the region's name/,
      ],
    },
    {
      says: "clouds that are down",
      given: { accounts: (all) => all.map((account) => ({ ...account, endpoint: nothing })) },
      lines: [
        ...["prod", "prod", "asia", "jd"].map(
          (name) =>
            new RegExp(`^wrong {2}${name} .*\\(no-answer\\) Check the region's name, and the way from this machine`),
        ),
      ],
    },
    {
      says: "a data directory that is none",
      given: { env: { REINSTALL_DATA: "config.yml/data" } },
      lines: [/^wrong {2}data directory config.yml\/data: .*is not a directory.*\(ENOTDIR\)/],
    },
  ];
  test.each(table)("$says: told with what to do, exit code 1", async ({ given, lines }) => {
    const found = await wrong(given);
    expect(found.lines).toEqual(lines.map((line) => expect.stringMatching(line)));
    expect(found.code).toBe(1);
  });

  test("a data directory that the bot works in, and one with damage", async () => {
    const disk = await realDisk(join(folder, "busy"));
    const unlock = await disk.lock();
    expect((await wrong({ env: { REINSTALL_DATA: "busy" } })).lines).toEqual([
      expect.stringContaining("store: Another process already works in"),
    ]);
    await unlock();
    await keep("busy", Buffer.alloc(32, 1).toString("base64"));
    for (const name of (await disk.list()).filter((each) => /^(log|snapshot)/.test(each)))
      writeFileSync(join(folder, "busy", name), "not a log");
    expect((await wrong({ env: { REINSTALL_DATA: "busy" } })).lines).toEqual([
      expect.stringMatching(/^wrong {2}store: .*can be read.*npm run store -- repair/),
    ]);
  });

  test("leaves nothing behind but the data directory", async () => {
    await check({ env: { REINSTALL_DATA: "fresh" } });
    expect(readdirSync(join(folder, "fresh"))).toEqual([]);
  });

  test("never prints a key or a token, whatever is wrong", async () => {
    const secrets = [tokens.bot, tokens.app, simCredentials.secret, readFileSync(join(folder, "sealing-key"), "utf8")];
    const down = await started({ accounts: (all) => all.map((account) => ({ ...account, endpoint: nothing })) });
    expect(down.code).toBe(1);
    for (const { says } of [await started(), down]) for (const secret of secrets) expect(says).not.toContain(secret);
  });
});

describe("a configuration that cannot be read is exit code 2, with every mistake at once", () => {
  test("no file and no tokens", async () => {
    const { code, says } = await run(["--check"], { REINSTALL_CONFIG: "nowhere.yml" });
    expect(code).toBe(2);
    expect(says.split("\n")).toEqual([
      expect.stringContaining("There is no nowhere.yml."),
      expect.stringContaining("SLACK_BOT_TOKEN: not set"),
      expect.stringContaining("SLACK_APP_TOKEN: not set"),
    ]);
  });

  test("a directory where the file should be", async () => {
    const { code, says } = await started({ env: { REINSTALL_CONFIG: "." } });
    expect({ code, says }).toEqual({
      code: 2,
      says: ". is a directory, not a file. Put the filled in config.example.yml in its place, or name another file in REINSTALL_CONFIG.",
    });
  });

  test.each([
    { failed: "ENOENT", says: "There is no config.yml. Copy config.example.yml" },
    {
      failed: "EACCES",
      says: "config.yml is there, and the bot may not read it (EACCES). Let the user it runs as read it",
    },
    { failed: "EIO", says: "config.yml cannot be read (EIO). Look at the disk that holds it" },
  ])("a file that fails with $failed is called what it is", ({ failed, says }) => {
    const read = readSettings({}, () => ({ failed }));
    expect("mistakes" in read && read.mistakes[0]).toContain(says);
  });

  test("mistakes in the file and in the environment", async () => {
    const { code, says } = await started({
      config: (text) => text.replace("pollSeconds: 1", "pollSeconds: 0\npolSeconds: 3"),
      env: { SLACK_APP_TOKEN: tokens.bot, REINSTALL_SEALING_KEY: "short", REINSTALL_HEALTH_PORT: "80a" },
    });
    expect(code).toBe(2);
    expect(says.split("\n")).toEqual([
      "config.yml: pollSeconds: expected whole seconds from 1 to 60.",
      "config.yml: polSeconds: is not known here; pollSeconds is perhaps meant.",
      "SLACK_APP_TOKEN: expected an app-level token, which begins with xapp-.",
      "REINSTALL_SEALING_KEY: expected 32 bytes in base64, as `openssl rand -base64 32` prints.",
      "REINSTALL_HEALTH_PORT: expected a port from 1 to 65535, or nothing to have no /healthz.",
    ]);
  });

  test("mode http without a signing secret", async () => {
    expect(await started({ httpPort: 3_000, env: { SLACK_SIGNING_SECRET: undefined } })).toEqual({
      code: 2,
      says: "SLACK_SIGNING_SECRET: not set; expected the signing secret of the app, since config.yml says mode: http.",
    });
  });

  test("another word than --check", async () => {
    const { code, says } = await run(["--chek"], {});
    expect(code).toBe(2);
    expect(says).toContain("npm start -- --check");
  });
});

describe("changing the sealing key", () => {
  const older = Buffer.alloc(32, 1).toString("base64");
  const current = Buffer.alloc(32, 2).toString("base64");
  const env = { REINSTALL_DATA: "rotated", REINSTALL_SEALING_KEY: current };

  test("a waiting password is missed without its key, opened with it among the older ones, and needs it no more after rewrap", async () => {
    await keep("rotated", older);
    const missed = await wrong({ env });
    expect(missed.lines).toEqual([
      expect.stringMatching(/sealing key: .*is not configured.*REINSTALL_SEALING_KEYS_OLDER/),
    ]);
    const both = { ...env, REINSTALL_SEALING_KEYS_OLDER: older };
    expect((await check({ env: both })).says).toContain(
      "sealing key: current one and 1 older one; 1 waiting password can be opened",
    );
    expect(await run(["rewrap"], both, "store.js")).toEqual({
      code: 0,
      says: "1 sealed passwords were put under the current key. Older keys are no longer needed.",
    });
    expect((await check({ env })).code).toBe(0);
    expect((await run(["show"], env, "store.js")).says).toContain("pending");
  });

  test("older keys without a current one are a mistake, for the store too", async () => {
    const alone = { REINSTALL_SEALING_KEYS_OLDER: `${older}, ${current}` };
    const says = expect.stringContaining("REINSTALL_SEALING_KEYS_OLDER: there is no REINSTALL_SEALING_KEY");
    expect(await run(["check"], alone, "store.js")).toEqual({ code: 2, says });
  });
});
