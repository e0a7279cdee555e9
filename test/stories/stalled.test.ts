import { afterEach, describe, expect, test } from "vitest";
import { alter } from "../setup/altered.ts";
import { type CloudCase, cases } from "../setup/cases.ts";
import { approve, ask, ends, root, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

/** A UUID, as ECS asks for one; the other clouds take it too. */
const otherDisk = "00000000-0000-4000-8000-0000000d15c0";

/** Only the order is left to be sent. */
function isNextToSend(): boolean {
  const request = now.request();
  const steps = "attempts" in request ? (request.attempts.at(-1)?.steps ?? []) : [];
  const next = steps.find(({ state }) => state !== "done" && state !== "skipped");
  return next?.id === "reinstall" && next.state === "todo";
}

/** The server is looked at just before the order; then the process stands still for so long, and `meanwhile` happens. */
function standsStill(of: CloudCase, ms: number, meanwhile: () => void): () => boolean {
  let hasStood = false;
  now.cloud(of.account.name).onRequest((request) => {
    if (hasStood || !of.is("read", request) || !isNextToSend()) return;
    hasStood = true;
    meanwhile();
    now.clock.stall(ms);
  });
  return () => hasStood;
}

describe.each(cases)(
  "$title: a process that stands still between looking at the server and sending the order",
  (of) => {
    test("looks again first, and so sees that it has another system disk by now", async () => {
      now = await story({ cases: [of] });
      await ask(now, of);
      const hasStood = standsStill(of, 4 * 60_000, () =>
        alter(now, of.account.name, "servers", (server) => {
          const disk = server["systemDisk"] as object | null;
          return server["name"] === of.server && disk !== null
            ? { ...server, systemDisk: { ...disk, id: otherDisk } }
            : server;
        }),
      );
      await approve(now);
      await ends(now, "failed");
      expect(hasStood()).toBe(true);
      expect(root(now).text).toContain("no longer the one that was approved");
      expect(wipes(now, of)).toBe(0);
    });

    test("looks again, and sends it once where all is as it was", async () => {
      now = await story({ cases: [of] });
      await ask(now, of);
      const hasStood = standsStill(of, 4 * 60_000, () => {});
      await approve(now);
      await ends(now, "done");
      expect(hasStood()).toBe(true);
      expect(wipes(now, of)).toBe(1);
    });
  },
);
