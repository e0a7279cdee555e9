/** The entry of a worker thread: it shuts the real world out and runs histories until there are no more. */
import { parentPort } from "node:worker_threads";
import { makeFast } from "./fast.ts";
import { shutTheWorldOut } from "./guard.ts";
import { doer, type Job } from "./job.ts";

const work = doer();
makeFast();
shutTheWorldOut();
parentPort?.on("message", (job: Job) => {
  work(job).then(
    (done) => parentPort?.postMessage({ done }),
    (cause: unknown) =>
      parentPort?.postMessage({ broke: cause instanceof Error ? `${cause.message}\n${cause.stack}` : String(cause) }),
  );
});
