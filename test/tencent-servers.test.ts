import { describe, expect, test } from "vitest";
import { tencentSim } from "../playground/clouds/tencent.ts";
import type { Login } from "../src/clouds/cloud.ts";
import { card } from "../src/clouds/tencent-card.ts";
import { preflight } from "../src/clouds/tencent-preflight.ts";
import { keyPair, simulated, the } from "./tencent-simulated.ts";

const typed: Login = { kind: "typed", user: "root" };

interface Met {
  code: string;
  /** A server of the simulation that meets the row as it stands. */
  server: string;
  /** Another image, by its name, where it takes one. */
  image?: string;
  login?: Login;
  diskGb?: number;
  /** What the console does first. */
  first?: "delete";
}

const met: readonly Met[] = [
  { code: "gone", server: "web-02", first: "delete" },
  { code: "spot", server: "batch-spot-01" },
  { code: "stopped-without-charge", server: "report-night-01" },
  { code: "expired", server: "legacy-shop-01" },
  { code: "restricted", server: "old-demo-01" },
  { code: "isolated", server: "old-demo-01" },
  { code: "terminating", server: "retired-01" },
  { code: "rescue", server: "auth-02" },
  { code: "launch-failed", server: "stillborn-01" },
  { code: "migrating", server: "moving-01" },
  { code: "busy", server: "build-07" },
  { code: "unknown-state", server: "odd-01" },
  { code: "reinstall-failed", server: "crm-02" },
  { code: "disk-type", server: "archive-01" },
  { code: "image-gone", server: "billing-03" },
  { code: "image-state", server: "web-01", image: "nightly-snapshot-running" },
  { code: "image-unfit", server: "web-01", image: "edge-arm" },
  { code: "image-too-big", server: "archive-01", image: "warehouse-full-200g" },
  { code: "disk-too-small", server: "web-01", image: "warehouse-full-200g" },
  { code: "disk-fixed", server: "archive-01", diskGb: 40 },
  { code: "disk-shrinks", server: "web-01", diskGb: 40 },
  { code: "disk-too-big", server: "web-01", diskGb: 4096 },
  { code: "licence", server: "erp-01", image: "ad-controller" },
  { code: "cross-system", server: "hk-web-01", image: "Windows Server 2019 DataCenter 64bit English" },
  { code: "old-local-disk", server: "archive-01", image: "ad-controller" },
  { code: "key-pair-windows", server: "win-01", login: keyPair },
  { code: "no-own-login", server: "web-01", login: { kind: "keep-image" } },
  { code: "image-deprecated", server: "web-01", image: "web-golden-2026-09" },
  { code: "cross-system-disk", server: "web-01", image: "ad-controller" },
  { code: "recommended-images", server: "web-01", image: "security-baseline-centos" },
  { code: "meanwhile", server: "web-01" },
];

/** The API documents that each instance names its system disk, so the simulation has none without; the row is for an answer that breaks that. */
const undocumented = "no-system-disk";

describe("simulated Tencent Cloud has a server for each refusal and warning", () => {
  test.each(met)("$code: $server", async ({ code, server: name, image: imageName, login = typed, diskGb, first }) => {
    const world = simulated();
    const before = await world.named(name);
    if (first !== undefined) world.state = tencentSim.console(world.state, before.ref.id, first, world.clock.nowMs);
    const server = first === undefined ? before : await world.cloud.server(before.ref);
    const chosen = world.state.images.find((each) => each.name === imageName);
    const image = await world.cloud.image(before, chosen === undefined ? before.image.id : chosen.id);
    const { id, name: called, kind, os } = image ?? { ...before.image, kind: "public" as const, os: before.os };
    if (imageName !== undefined) the(chosen);
    const ordered = { id, name: called, kind, os, same: chosen === undefined };
    const order = { server: before.ref, image: ordered, login, ...(diskGb === undefined ? {} : { diskGb }) };
    const notices = await world.cloud.notices(order, server);
    expect(notices.map((notice) => notice.code)).toContain(code);
  });

  test("every row that refuses, waits or warns is among them", () => {
    const grave = [...preflight, ...card].filter(({ kind }) => ["refused", "wait", "warning"].includes(kind));
    expect([...new Set(met.map(({ code }) => code)), undocumented].sort()).toEqual(
      grave.map(({ code }) => code).sort(),
    );
  });
});
