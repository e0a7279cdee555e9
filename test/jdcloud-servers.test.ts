import { describe, expect, test } from "vitest";
import type { Login } from "../src/clouds/cloud.ts";
import { card } from "../src/clouds/jdcloud-card.ts";
import { orderRows, preflight } from "../src/clouds/jdcloud-preflight.ts";
import { jdcloudWorld, orderFor, withKey, withPassword } from "./setup/jdcloud-world.ts";

interface Met {
  code: string;
  /** A server of the simulation that meets the row as it stands. */
  server: string;
  /** Another image, where it takes one. */
  image?: string;
  login?: Login;
  /** What the console does first. */
  first?: "delete";
}

const met: readonly Met[] = [
  { code: "gone", server: "jd-web-01", first: "delete" },
  { code: "busy", server: "jd-resizing" },
  { code: "unknown-state", server: "jd-suspended" },
  { code: "error", server: "jd-error" },
  { code: "charge", server: "jd-overdue" },
  { code: "charge", server: "jd-arrear" },
  { code: "charge-unknown", server: "jd-unpaid-maybe" },
  { code: "no-system-disk", server: "jd-diskless" },
  { code: "disk-moving", server: "jd-detaching" },
  { code: "disk-mount", server: "jd-detached" },
  { code: "disk-mount", server: "jd-attach-failed" },
  { code: "disk-mount", server: "jd-detach-failed" },
  { code: "image-gone", server: "jd-orphan" },
  { code: "image-misfit", server: "jd-mismatch" },
  { code: "login-kind", server: "jd-win-01", login: withKey },
  { code: "key-pair-name", server: "jd-web-01", login: { kind: "key-pair", id: "a b", name: "a b" } },
  { code: "key-pair-gone", server: "jd-web-01", login: { kind: "key-pair", id: "left", name: "left" } },
  {
    ...{ code: "key-pair-remade", server: "jd-web-01" },
    login: { kind: "key-pair", id: "oncall-2026", name: "oncall-2026", fingerprint: "00:11:22:33" },
  },
  { code: "no-stock", server: "jd-idle" },
  { code: "disk-differs", server: "jd-big-disk" },
  { code: "recommended-images", server: "jd-web-01", image: "img-shared00001" },
  { code: "recommended-images", server: "jd-web-01", image: "img-market-lamp" },
  { code: "keep-image", server: "jd-from-private" },
  { code: "keep-image", server: "jd-web-01", image: "img-private0001" },
];

describe("simulated JD Cloud has a server for each refusal and warning", () => {
  test.each(met)("$code: $server", async ({ code, server: name, image, login = withPassword, first }) => {
    const world = jdcloudWorld();
    const before = await world.read(name);
    if (first !== undefined) world.console(name, first);
    const server = first === undefined ? before : await world.cloud.server(before.ref);
    const chosen = image === undefined ? null : await world.cloud.image(server, image);
    const notices = await world.cloud.notices(orderFor(before, login, chosen), server);
    expect(notices.map((notice) => notice.code)).toContain(code);
  });

  test("every row that refuses, waits or warns is among them", () => {
    const grave = [...preflight, ...orderRows, ...card].filter(({ kind }) =>
      ["refused", "wait", "warning"].includes(kind),
    );
    expect([...new Set(met.map(({ code }) => code))].sort()).toEqual(
      [...new Set(grave.map(({ code }) => code))].sort(),
    );
  });
});
