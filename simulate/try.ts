Error.stackTraceLimit = 0;

import { makeFast } from "./fast.ts";
import { planOf } from "./plan.ts";
import { run } from "./run.ts";
import { simClouds } from "./truth.ts";

if (process.env["SLOW"] === undefined) makeFast();
const sims = simClouds();
for (const s of sims)
  console.log(s.of.title, s.servers.length, s.otherImage, s.keyPair, Object.keys((s.start as any).images).length);
const [from = 1, n = 1, flows = 1, trace = 0] = process.argv.slice(2).map(Number);
const t0 = performance.now();
const c0 = process.cpuUsage();
const counts = new Map<string, number>();
let bad = 0,
  steps = 0;
const why = new Map<string, number[]>();
for (let seed = from; seed < from + n; seed += 1) {
  const out = await run(planOf(seed, flows), sims, trace === 1);
  steps += out.steps;
  if ((seed - from) % 500 === 499) { const u = process.cpuUsage(c0); console.log(seed, "wall", Math.round(performance.now() - t0), "cpu", Math.round((u.user + u.system) / 1000)); }
  for (const [k, c] of out.counts) counts.set(k, (counts.get(k) ?? 0) + c);
  if (trace === 1) console.log(out.trace.join("\n"), out.calls.length, out.steps);
  if (out.violations.length) {
    bad += 1;
    const w = (out.violations[0] ?? "").replace(/r[a-z2-7]{10}/g, "R").slice(0, 110);
    why.set(w, [...(why.get(w) ?? []), seed]);
  }
}
console.log([...counts].map(([k, c]) => `${k}: ${c}`).join(", "));
for (const [w, s] of [...why].sort((a, b) => b[1].length - a[1].length))
  console.log(s.length, w, s.slice(0, 8).join(" "));
console.log(
  `${n} seeds, ${bad} violations, ${((n / (performance.now() - t0)) * 1000).toFixed(0)}/s, ${steps} steps, cpu ${((process.cpuUsage(c0).user + process.cpuUsage(c0).system) / 1000 / n).toFixed(1)} ms each`,
);
