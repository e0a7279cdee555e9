import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../src/seams.ts";
import { cases } from "../setup/cases.ts";
import { World } from "./world.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/permissions.md"), "utf8");

/** The calls in the table of a section; those that are made in some accounts only begin their last column so. */
function documented(section: string): readonly { call: string; sometimes: boolean }[] {
  const part = text.split(/^## /m).find((one) => one.startsWith(section)) ?? "";
  return [...part.matchAll(/^\| `([^`]+)` \| .+ \| (.+) \|$/gm)].map(([, call = "", why = ""]) => ({
    call,
    sometimes: why.startsWith("Only "),
  }));
}

/** A request as the provider's documents name the call, by the word of the cloud in the config. */
const namesOf: Readonly<Record<string, { section: string; name(request: HttpRequest): string }>> = {
  tencent: { section: "Tencent Cloud", name: ({ headers }) => headers["x-tc-action"] ?? "" },
  huawei: {
    section: "Huawei Cloud and Open Telekom Cloud",
    name: ({ method, url }) => {
      const { hostname, pathname } = new URL(url);
      const path = pathname
        .replace(/\/jobs\/\w+$/, "/jobs/{job_id}")
        .replaceAll(/[0-9a-f]{32}/g, "{project_id}")
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "{server_id}");
      return `${hostname.split(".")[0]} ${method} ${path}`;
    },
  },
  jdcloud: {
    section: "JD Cloud",
    name: ({ method, url }) => {
      const path = decodeURIComponent(new URL(url).pathname)
        .replace(/^\/v1\/regions\/[^/]+/, "")
        .replace(/\/i-\w+/, "/{instanceId}")
        .replace(/\/img-[\w-]+/, "/{imageId}");
      return `${method} ${path}`;
    },
  },
};

/** Everything the bot ever asks of a cloud, once. */
async function everything(world: World): Promise<void> {
  const { cloud } = world;
  const server = await world.read();
  await cloud.servers();
  await cloud.server({ ...server.ref, id: `${server.ref.id.slice(0, -4)}ffff` });
  for (const kind of cloud.choices(server, null).imageKinds) {
    for (const image of (await cloud.images(server, kind, "")).found.slice(0, 2)) await cloud.image(server, image.id);
  }
  await cloud.refusals(server);
  const order = await world.order(server);
  const { diskGrowth } = cloud.choices(server, null);
  const grows = diskGrowth !== undefined && "leastGb" in diskGrowth ? { diskGb: diskGrowth.leastGb } : {};
  await cloud.notices({ ...order, ...grows }, server);
  await world.settle({ kind: "converge", act: "stop", hard: false }, server);
  const stopped = await world.read();
  await cloud.backups.room(stopped);
  const made = await cloud.backups.make(stopped, "before-reinstall", world.now);
  for (let n = 0; n < 200; n += 1) {
    const seen = await cloud.backups.find(stopped, "before-reinstall", "accepted" in made ? made.accepted : null);
    if (seen.is === "done") break;
    world.pass(5000);
  }
  for (const image of [undefined, await world.otherImage(stopped)]) {
    const before = await world.ready();
    const act = await world.reinstall(before, image === undefined ? {} : { image });
    const sent = await world.send(act, before);
    const receipt = "answer" in sent && "accepted" in sent.answer ? sent.answer.accepted : null;
    await world.looks(act, before, receipt, 60 * 60_000, ({ is }) => is === "done");
    if ((await world.read()).power === "running") continue;
    await world.settle({ kind: "converge", act: "start" }, await world.read());
  }
  await world.settle({ kind: "converge", act: "stop", hard: false }, await world.read());
  await world.settle({ kind: "converge", act: "start" }, await world.read());
}

describe("docs/permissions.md", () => {
  test.each(cases)("names every call to $title, and no other", async (of) => {
    const names = namesOf[of.account.cloud];
    if (names === undefined) throw new Error(`no section for ${of.account.cloud}`);
    const world = new World(of);
    await everything(world);
    const called = [...new Set(world.sent.map((request) => names.name(request)))].sort();
    const calls = documented(names.section);
    const always = calls.filter(({ sometimes }) => !sometimes).map(({ call }) => call);
    expect(called).toEqual([...always].sort());
    expect(new Set(calls.map(({ call }) => call)).size).toBe(calls.length);
  });
});
