import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { paths } from "../playground/page/contract.ts";
import { type Fixture, startFixture } from "./page-fixture.ts";

let page: Fixture;
beforeAll(async () => {
  page = await startFixture();
});
afterAll(() => page.close());

interface Asked {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

function ask({ method = "GET", path, headers = {}, body = "" }: Asked): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, page.url), { method, headers, agent: false }, async (response) => {
      let text = "";
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode ?? 0, body: text });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const json = { "content-type": "application/json" };
const kill = JSON.stringify({ do: "kill-bot" });

describe("the page's server", () => {
  test.each([
    ["under a name that only points here", { host: "evil.example" }, 403],
    ["from another site's page", { origin: "https://evil.example" }, 403],
    ["from another page of this machine", { origin: "http://127.0.0.1:1" }, 403],
    ["as a form, which needs no leave", { "content-type": "text/plain" }, 415],
    ["from itself", {}, 200],
  ])("an act %s is answered with %o → %d", async (_says, headers, status) => {
    const answer = await ask({ method: "POST", path: paths.act, headers: { ...json, ...headers }, body: kill });
    expect(answer.status).toBe(status);
  });

  test.each(["not json", "{}", '{"do":"say"}', '{"do":"fault","cloud":"tencent","fault":"x","armed":"yes"}'])(
    "%s is not an act",
    async (body) => {
      expect((await ask({ method: "POST", path: paths.act, headers: json, body })).status).toBe(400);
    },
  );

  test.each(["/../package.json", "/page.js/../../main.js", "/nothing"])("%s is not served", async (path) => {
    expect((await ask({ path })).status).toBe(404);
  });

  test("a socket of another site is refused", async () => {
    const socket = new WebSocket(`${page.url.replace("http", "ws")}page/socket`, { origin: "https://evil.example" });
    await expect(new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject))).rejects.toThrow();
  });

  test("a burst of changes comes as few states, the last one whole", async () => {
    const socket = new WebSocket(`${page.url.replace("http", "ws")}page/socket?user=U2`);
    const states: { me: string; speed: number }[] = [];
    const last = new Promise<void>((resolve) => {
      socket.on("message", (data) => {
        states.push(JSON.parse(String(data)));
        if (states.at(-1)?.speed === 200) resolve();
      });
    });
    await new Promise((resolve) => socket.on("open", resolve));
    for (let speed = 101; speed <= 200; speed += 1) page.set({ speed });
    await last;
    socket.terminate();
    expect(states.length).toBeLessThanOrEqual(3);
    expect(new Set(states.map((state) => state.me))).toEqual(new Set(["U2"]));
  });
});
