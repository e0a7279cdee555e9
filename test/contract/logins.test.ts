import { describe, expect, test } from "vitest";
import type { Image, Login, LoginKind } from "../../src/clouds/cloud.ts";
import { type CloudCase, cases } from "../setup/cases.ts";
import { World, whatCame } from "./world.ts";

const kinds: readonly LoginKind[] = ["key-pair", "generated", "keep-image", "provider", "typed"];

/** The images that matter to a login: another public one, and a custom one that has a login of its own. */
const images = (of: CloudCase) => [of.otherImage, ...("image" in of.ownLogin ? [of.ownLogin.image] : [])];

async function imageNamed(world: World, text: string): Promise<Image> {
  const server = await world.read();
  for (const kind of world.cloud.choices(server, null).imageKinds) {
    const found = (await world.cloud.images(server, kind, text)).found.find((each) => each.unusable === undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`there is no image ${text}`);
}

async function loginOf(world: World, kind: LoginKind): Promise<Login> {
  if (kind === "key-pair") return world.keyPair(await world.read());
  return kind === "generated" || kind === "typed" ? { kind, user: "root" } : { kind };
}

describe.each(cases)("$title keeps the promises of a cloud: logins", (of) => {
  const all = images(of).flatMap((image) => kinds.map((kind) => ({ image, kind })));

  test.each(all)("$kind with $image: offered, let pass and taken; or none of these", async ({ image, kind }) => {
    const world = new World(of);
    const server = await world.ready();
    const chosen = await imageNamed(world, image);
    const choice = world.cloud.choices(server, chosen).logins.find((login) => login.kind === kind);
    const offered = choice !== undefined && choice.refused === undefined;
    const act = await world.reinstall(server, { image: chosen, login: await loginOf(world, kind) });
    const refused = (await world.cloud.notices(act.order, server)).filter((notice) => notice.kind === "refused");
    expect([...new Set(refused.map(({ at }) => at))]).toEqual(offered ? [] : ["login"]);
    const came = whatCame(await world.send(act, server));
    expect(came === "accepted").toBe(offered);
  });

  test("what a login amounts to of which the bot knows nothing is said in the form and again how to get in", async () => {
    const world = new World(of);
    const server = await world.read();
    const chosen = await imageNamed(world, images(of).at(-1) ?? "");
    const { logins } = world.cloud.choices(server, chosen);
    for (const { kind, refused, means } of logins) {
      const isOthers = kind === "keep-image" || kind === "provider";
      if (!isOthers || refused !== undefined) continue;
      expect(means).toMatch(/^[A-Z].*\.$/);
      const order = await world.order(server, { image: chosen, login: { kind } });
      const codes = (await world.cloud.notices(order, server)).map(({ code }) => code);
      expect(codes).toContain("get-in");
    }
  });
});

/** The same pairs under the same names, with other keys; where the cloud gives them ids, with other ids. */
function remade(body: string): string {
  return body
    .replaceAll(/("(?:fingerprint|keyFingerprint)": ?")[^"]+"/g, '$100:11:22:33"')
    .replaceAll(/("KeyId": ?")skey-[^"]+"/g, '$1skey-anew0000"');
}

describe.each(cases)("$title: a key pair that was deleted and made anew under the same name", (of) => {
  const found = async (anew: boolean) => {
    const world = new World(of);
    const server = await world.ready();
    const act = await world.reinstall(server);
    world.spoil = (_request, answer) => {
      const reply = answer();
      return anew ? { ...reply, body: remade(reply.body) } : reply;
    };
    const { login } = act.order;
    const later = await world.cloud.server(server.ref);
    const now = (await world.cloud.keyPairs(later)).find(({ id }) => "id" in login && id === login.id);
    const refused = (await world.cloud.notices(act.order, later)).filter(({ kind }) => kind === "refused");
    return { login, now, refused };
  };

  test("is another one: by its id, or by the fingerprint that was sealed with its name", async () => {
    const { login, now, refused } = await found(true);
    if (login.kind !== "key-pair") throw new Error("there is no key pair");
    if (login.id !== login.name) return expect(now).toBeUndefined();
    expect(now?.fingerprint).toBe("00:11:22:33");
    expect(refused.map(({ at, code }) => `${at} ${code}`)).toEqual(["login key-pair-remade"]);
    expect(refused[0]?.says).toContain(`its fingerprint was ${login.fingerprint} and is 00:11:22:33`);
  });

  test("is the same one as long as nobody touched it", async () => {
    const { login, now, refused } = await found(false);
    expect(now).toMatchObject({ id: "id" in login ? login.id : "" });
    expect(refused).toEqual([]);
  });
});
