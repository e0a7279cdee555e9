import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type PageAct, type PageAnswer, type PageState, paths } from "../playground/page/contract.ts";
import { channelIds, userIds } from "../playground/slack/people.ts";
import { type Stage, setStage } from "../playground/stage.ts";

const data = mkdtempSync(join(tmpdir(), "playground-"));
const built = join(import.meta.dirname, "../dist");
const patient = { timeout: 20_000 };

describe("the playground with --http", () => {
  let stage: Stage;
  let page: WebSocket;
  let state: PageState;
  beforeAll(async () => {
    stage = await setStage({ port: 0, speed: 100, data, bot: true, http: true }, built, () => undefined);
    page = new WebSocket(`${stage.url.replace("http", "ws")}${paths.socket.slice(1)}?user=${userIds.engineer}`);
    page.on("message", (text) => {
      state = JSON.parse(String(text));
    });
    await new Promise((resolve) => page.once("open", resolve));
  });
  afterAll(async () => {
    page.terminate();
    await stage.close();
    rmSync(data, { recursive: true, force: true });
  });

  async function act(wanted: PageAct): Promise<PageAnswer> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${stage.url}${paths.act.slice(1)}`, {
      ...{ method: "POST", headers, body: JSON.stringify(wanted) },
    });
    return (await answer.json()) as PageAnswer;
  }
  const command = () =>
    act({ do: "command", user: userIds.engineer, channel: channelIds.incident, text: "/reinstall web-01" });

  test("gives the bot a signing secret instead of an app token, and a port instead of sockets", () => {
    expect(stage.environment["SLACK_APP_TOKEN"]).toBeUndefined();
    expect(stage.environment["SLACK_SIGNING_SECRET"]).toBeDefined();
    expect(readFileSync(join(data, "config.yml"), "utf8")).toMatch(/slack:\n {2}mode: http\n {2}port: \d+/);
  });

  test("a command opens the form", async () => {
    await expect.poll(() => state.bot.state, patient).toBe("running");
    expect(await command()).toEqual({ ok: true });
    await expect.poll(() => JSON.stringify(state.modal?.view ?? ""), patient).toContain("web-01");
  });

  test("the page sees the bot go when it is killed, and come back", async () => {
    expect(await act({ do: "kill-bot" })).toEqual({ ok: true });
    await expect.poll(() => state.bot.state, patient).not.toBe("running");
    expect(await command()).toEqual({ ok: false, says: '/reinstall failed with the error "dispatch_failed"' });
    await expect.poll(() => state.bot, patient).toEqual({ state: "running", kills: 1, starts: 2 });
    expect(await command()).toEqual({ ok: true });
  });
});
