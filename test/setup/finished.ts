/** The only place that makes requests that are done, for the tests of what is read from them. */
import { type Of, Request, type Step } from "../../src/request.ts";
import { pending } from "./storekit.ts";

export const sent = Date.UTC(2026, 10, 21, 3, 21, 0);
export const minute = 60_000;

type Family = "linux" | "windows" | "unknown";

export interface Finished {
  /** How long the reinstall took, from sending to proof. */
  tookMs?: number;
  proof?: "receipt" | "mark" | "person";
  region?: string;
  os?: { family: Family; name: string };
  imageName?: string;
  from?: Family;
  same?: boolean;
  disks?: number;
  verify?: Partial<Step>;
}

export function finished(n: number, with_: Finished = {}): Of<"done"> {
  const base = pending(`r${String(n).padStart(10, "a")}`);
  const { tookMs = 6 * minute, proof = "receipt", os = { family: "linux", name: "Ubuntu 22.04" } } = with_;
  const server = { ...base.order.server, region: with_.region ?? base.order.server.region };
  const dataDisks = Array.from({ length: with_.disks ?? 0 }, (_, at) => {
    return { id: `disk-data${at + 1}`, sizeGb: 100, kind: "cloud", type: "CLOUD_SSD" };
  });
  const endedAt = sent + tookMs;
  const ips = { public: ["203.0.113.7"], private: ["10.0.0.7"] };
  const done = Request.parse({
    ...base,
    status: "done",
    order: {
      ...base.order,
      server,
      image: { id: "img-1", name: with_.imageName ?? os.name, kind: "public", os, same: with_.same ?? false },
    },
    drawn: { ...base.drawn, dataDisks, os: { family: with_.from ?? "linux", name: "" } },
    attempts: [
      {
        n: 1,
        startedAt: sent - minute,
        startedBy: { team: "T1", user: "U2" },
        steps: [
          { id: "recheck", state: "done", endedAt: sent },
          { id: "reinstall", state: "done", startedAt: sent, signedAt: sent, endedAt, proof },
          { id: "verify", state: "done", startedAt: endedAt, endedAt, ...with_.verify },
        ],
      },
    ],
    endedAt: with_.verify?.endedAt ?? endedAt,
    proof,
    found: { ...base.drawn, dataDisks, ips, os },
  });
  if (done.status !== "done") throw new Error("it is not done");
  return done;
}
