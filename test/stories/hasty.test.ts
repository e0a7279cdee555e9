import { afterEach, describe, expect, test } from "vitest";
import { userIds } from "../../playground/slack/people.ts";
import { alter, type Entry } from "../setup/altered.ts";
import { cases, huaweiCase, tencentCase } from "../setup/cases.ts";
import { fill } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const first = "Make a custom image of this server first";

describe.each(cases)("$title: a form that is handed in before it is drawn anew", (of) => {
  test("takes no other image for the one made now, when the backup that makes it was just given up", async () => {
    now = await story({ cases: [of] });
    await fill(now, of, { backup: first, image: "made now" });
    const { erin } = now;
    await now.meanwhile(
      Promise.all([erin.choose("Backup", "Nothing to keep"), Promise.resolve().then(() => erin.submit())]),
    );
    await now.pass(10_000);
    expect(now.store.hot()).toHaveLength(0);
    expect(erin.messages(channel)).toHaveLength(0);
  });
});

/** Hands the open form in once more, as Slack does when a person presses again after an answer that was lost. */
async function handIn(view: Readonly<Record<string, unknown>>, password: string): Promise<unknown> {
  const value = { type: "plain_text_input", value: password };
  const said: unknown[] = [];
  const { askedBy } = now.request();
  const payload = {
    type: "view_submission",
    user: { id: userIds.engineer, team_id: askedBy.team },
    view: { ...view, id: "V1", state: { values: { password: { password: value } } } },
  };
  await now.meanwhile(now.dispatch(payload, async (answer) => void said.push(answer)));
  return said[0];
}

test("a password page that comes again is one request; with another password it is told which one counts", async () => {
  now = await story();
  const typed = "Canary-Pazzw0rt!73";
  await fill(now, tencentCase, { login: "typed" });
  await now.meanwhile(now.erin.submit());
  const view = now.erin.modal()?.view ?? {};
  await now.meanwhile(now.erin.type("Password", typed));
  await now.meanwhile(now.erin.submit());
  await now.pass(2000);
  expect(await handIn(view, typed)).toEqual({ response_action: "clear" });
  await now.pass(2000);
  expect(await handIn(view, "Another-Pazzw0rt!74")).toEqual({
    response_action: "errors",
    errors: { password: expect.stringContaining("It keeps the password that was typed first.") },
  });
  expect(now.store.hot()).toHaveLength(1);
});

test("a key pair that is deleted while the form is open is called so", async () => {
  now = await story();
  await fill(now, tencentCase);
  alter(now, "prod", "keyPairs", (pair) => (pair["name"] === tencentCase.keyPair ? null : pair));
  await now.meanwhile(now.erin.submit());
  expect(Object.values(now.erin.errors())).toEqual([
    "The cloud does not have this key pair here. Choose one that it has.",
  ]);
});

test.each([
  {
    ...{ says: "while another one is", server: "win-deh-01", error: "Choose another." },
    change: () => ({ dedicatedHost: false }),
  },
  {
    ...{ says: "nor is any other", server: "rhel-01", error: "There is none to choose now; open the form again." },
    change: (all: readonly Entry[]) => {
      const other = all.find(({ name }) => name === "lvm-01") ?? {};
      return { imageId: other["imageId"], imageName: other["imageName"], platform: other["platform"] };
    },
  },
])("a licence that is no longer offered, $says, is refused at its field", async ({ server, change, error }) => {
  now = await story({ cases: [huaweiCase] });
  await fill(now, huaweiCase, { server, licence: "Bring your own licence (BYOL)", login: "generated" });
  const { name } = huaweiCase.account;
  alter(now, name, "servers", (each, all) => (each["name"] === server ? { ...each, ...change(all) } : each));
  await now.meanwhile(now.erin.submit());
  expect(now.erin.errors()).toEqual({ Licence: `This licence is no longer offered here. ${error}` });
  expect(now.store.hot()).toHaveLength(0);
});
