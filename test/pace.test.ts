import { describe, expect, test } from "vitest";
import { pace } from "../src/pace.ts";

const start = 1_000_000;

/** Requests that want to post one message each in one channel, and come back when they were told to. Times in ms. */
function posting(count: number): { posted: readonly number[]; asked: number } {
  const bucket = pace();
  const due = new Map(Array.from({ length: count }, (_, n) => [`r${n}`, start]));
  const posted: number[] = [];
  let asked = 0;
  while (due.size > 0) {
    const now = Math.min(...due.values());
    for (const [request] of [...due].filter(([, at]) => at === now)) {
      const wait = bucket.wait("post", "C1", "reply", now, request);
      asked += 1;
      if (wait > 0) due.set(request, now + wait);
      else {
        due.delete(request);
        posted.push(now - start);
      }
    }
  }
  return { posted, asked };
}

describe("many that want to post in one channel", () => {
  test("go one after the other, as fast as Slack lets them", () => {
    const { posted } = posting(20);
    const between = posted.slice(2).map((at, n) => at - (posted[n + 1] ?? 0));
    expect(posted.slice(0, 2)).toEqual([0, 0]);
    expect(Math.min(...between)).toBeGreaterThanOrEqual(1_090);
    expect(Math.max(...between)).toBeLessThanOrEqual(1_110);
  });

  test("are not all looked at for each place that comes free", () => {
    const { posted, asked } = posting(1_000);
    expect(posted.at(-1)).toBeLessThan(998 * 1_110);
    expect(
      asked,
      "a line of a thousand stands for eighteen minutes, and each looks up every twenty seconds",
    ).toBeLessThan(32_000);
  });
});

describe("a place in line", () => {
  const waiting = (bucket: ReturnType<typeof pace>, request: string, urgency: "final" | "reply", now = start) =>
    bucket.wait("post", "C1", urgency, now, request);

  test("is one for each request, however often it asks", () => {
    const bucket = pace();
    for (const request of ["r1", "r2"]) expect(waiting(bucket, request, "reply")).toBe(0);
    for (let times = 0; times < 5; times += 1) expect(waiting(bucket, "r3", "reply")).toBe(1_100);
    expect(waiting(bucket, "r4", "reply")).toBe(2_200);
    expect(waiting(bucket, "r3", "reply", start + 1_100)).toBe(0);
    expect(waiting(bucket, "r4", "reply", start + 1_100)).toBe(1_100);
  });

  test("is before those of less urgent ones", () => {
    const bucket = pace();
    for (const request of ["r1", "r2"]) waiting(bucket, request, "reply");
    for (const request of ["r3", "r4", "r5"]) waiting(bucket, request, "reply");
    expect(waiting(bucket, "r6", "final")).toBe(1_100);
    expect(waiting(bucket, "r5", "final")).toBe(2_200);
  });

  test("is the next one for whoever came in time and found another quicker", () => {
    const bucket = pace();
    for (const request of ["r1", "r2", "r3", "r4", "r5"]) waiting(bucket, request, "reply");
    expect(waiting(bucket, "r9", "reply", start + 1_100), "nobody is asked to wait while there is room").toBe(0);
    expect(waiting(bucket, "r3", "reply", start + 1_100)).toBe(1_100);
  });

  test("that is given up holds nobody back for good", () => {
    const bucket = pace();
    for (const request of ["r1", "r2", "r3", "r4"]) waiting(bucket, request, "reply");
    expect(waiting(bucket, "r9", "reply", start + 60_000)).toBe(0);
    expect(waiting(bucket, "r8", "reply", start + 60_000)).toBe(0);
    expect(waiting(bucket, "r7", "reply", start + 60_000)).toBe(1_100);
  });
});
