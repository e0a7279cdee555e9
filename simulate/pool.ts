/** The only place that spreads jobs over worker threads. */
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Done, Job } from "./job.ts";

export interface Pool {
  /** Does all of it, calls `each` as the answers come; ends early when `each` says so. */
  all(jobs: Iterable<Job>, each: (done: Done, job: Job) => "go on" | "enough"): Promise<void>;
  one(job: Job): Promise<Done>;
  close(): Promise<void>;
}

export function pool(script: URL | string, size: number): Pool {
  // Much code runs a few times each in a short life: compiled at once it costs a fifth less.
  setFlagsFromString("--always-sparkplug");
  const workers = Array.from(
    { length: size },
    () => new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: 64 } }),
  );
  const ask = (worker: Worker, job: Job) =>
    new Promise<Done>((resolve, reject) => {
      worker.once("message", (said: { done?: Done; broke?: string }) => {
        worker.off("error", reject);
        if (said.done === undefined) reject(new Error(said.broke));
        else resolve(said.done);
      });
      worker.once("error", reject);
      worker.postMessage(job);
    });
  return {
    async all(jobs, each) {
      const left = jobs[Symbol.iterator]();
      let enough = false;
      await Promise.all(
        workers.map(async (worker) => {
          while (!enough) {
            const { value: job, done } = left.next();
            if (done === true) return;
            if (each(await ask(worker, job), job) === "enough") enough = true;
          }
        }),
      );
    },
    one(job) {
      const [worker] = workers;
      if (worker === undefined) throw new Error("there is no worker");
      return ask(worker, job);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
