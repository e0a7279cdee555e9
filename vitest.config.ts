import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/setup/order.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup/build.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One more than cores: the files that run real processes mostly wait.
    maxWorkers: 3,
    // Nothing in src or in the stand-ins is kept at module level, so a worker loads it once for all its files.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    env: { http_proxy: "", https_proxy: "", HTTP_PROXY: "", HTTPS_PROXY: "", NO_COLOR: "1" },
  },
});
