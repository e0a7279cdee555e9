import { afterEach, describe, expect, test } from "vitest";
import { type CloudCase, cases, tencentCase } from "../setup/cases.ts";
import { approve, ask, ends, root, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

/** A second account of the same cloud and regions, which does not have the server. */
async function twoAccounts(of: CloudCase): Promise<void> {
  const other = { ...of, account: { ...of.account, name: "other" } };
  now = await story({
    cases: [other, of],
    arrange: (begun) => {
      const cloud = begun.cloud("other");
      const id = cloud.panel().find(({ name }) => name === of.server)?.id ?? "";
      cloud.console(id, "delete");
      begun.clock.pass(10 * 60_000);
    },
  });
}

async function restart(change: Parameters<Story["configure"]>[0]): Promise<void> {
  await now.kill();
  now.configure(change);
  await now.boot();
}

describe.each(cases)("$title: the account of a request leaves the config", (of) => {
  test("another one that does not have the server is no proof that the server is gone: it waits, then says what is missing", async () => {
    await twoAccounts(of);
    await ask(now, of);
    await restart((account) => (account.name === of.account.name ? null : account));
    await approve(now);
    await now.until("it says what it waits for", () => root(now).text.includes("and other does not have this server"));
    expect(now.request().status).toBe("running");
    await ends(now, "failed");
    expect(root(now).text).toContain(`no longer names the account ${of.account.name}`);
    expect(root(now).text).not.toContain("no longer has a server");
    expect(wipes(now, of)).toBe(0);
  });

  test("put back while the bot waits, the request goes on", async () => {
    await twoAccounts(of);
    await ask(now, of);
    const gone: Parameters<Parameters<Story["configure"]>[0]>[0][] = [];
    await restart((account) => {
      if (account.name !== of.account.name) return account;
      gone.push(account);
      return null;
    });
    await approve(now);
    await now.until("it says what it waits for", () => root(now).text.includes("and other does not have this server"));
    await restart((account) => gone[0] ?? account);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });
});

test("an account that goes by another name has its server, and is found beside one that does not", async () => {
  await twoAccounts(tencentCase);
  await ask(now, tencentCase);
  await restart((account) => (account.name === "other" ? account : { ...account, name: "renamed" }));
  await approve(now);
  await ends(now, "done");
  expect(wipes(now, tencentCase)).toBe(1);
});

test("a doubt stays a doubt where no account has the server, until an approver's word closes it", async () => {
  await twoAccounts(tencentCase);
  await ask(now, tencentCase);
  now.cloud(tencentCase.account.name).arm(tencentCase.faults.lost, true);
  await approve(now);
  await ends(now, "unsure");
  await restart((account) => (account.name === "other" ? account : null));
  await now.until("it says what is missing", () => root(now).text.includes("and other does not have this server"));
  await now.pass(60 * 60_000);
  expect(now.request().status).toBe("unsure");
  expect(root(now).text).not.toContain("no longer has a server");
  await now.meanwhile(now.ana.press(root(now, now.ana), "It was reinstalled"));
  await ends(now, "failed");
  expect(root(now).text).toContain("An approver says that it was reinstalled. It could not be checked.");
  expect(wipes(now, tencentCase)).toBe(1);
});
