import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const forbidden = [
  "setTimeout(() => {}, 1)",
  "setInterval(() => {}, 1)",
  "setImmediate(() => {})",
  "timers.setTimeout(() => {}, 1)",
  "wait(1)",
  'fetch("http://127.0.0.1:1")',
  "fs.readFileSync(import.meta.filename)",
  'readdirSync(".")',
  "fs.promises.readFile(import.meta.filename)",
  "readFile(import.meta.filename)",
  "Date.now()",
  "new Date()",
  "Math.random()",
  "randomBytes(1)",
  "performance.now()",
  "hooks.performance.now()",
  "performance.mark('a')",
  "process.hrtime()",
  "process.hrtime.bigint()",
  "hrtime.bigint()",
  "process.uptime()",
  "AbortSignal.timeout(1)",
  "scheduler.wait(1)",
  "getRandomValues(new Uint8Array(1))",
  "crypto.getRandomValues(new Uint8Array(1))",
  "crypto.randomUUID()",
  "webcrypto.getRandomValues(new Uint8Array(1))",
  'webcrypto.subtle.digest("SHA-256", new Uint8Array(1))',
  "randomFill(new Uint8Array(1), () => {})",
  'generateKeyPairSync("ed25519")',
  'net.connect(1, "127.0.0.1")',
  "new net.Socket()",
  "new Server()",
  'tls.connect(1, "127.0.0.1")',
  'http.get("http://127.0.0.1:1")',
  'https.request("https://127.0.0.1:1")',
  'http2.connect("http://127.0.0.1:1")',
  'dgram.createSocket("udp4")',
  'dns.lookup("localhost", () => {})',
  'dns.promises.resolve("localhost")',
  'lookup("localhost")',
  'childProcess.spawn("true")',
  'execFileSync("true")',
] as const;

let folder: string;
let says: Readonly<Record<string, string>>;

/** In a process of its own, which is lost to the world afterwards. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reinstall-guard-"));
  const outfile = join(folder, "guarded.mjs");
  const tries = forbidden.map((code) => `[${JSON.stringify(code)}, () => ${code}]`).join(", ");
  const contents = `import { shutTheWorldOut } from "./simulate/guard.ts";
    import childProcess, { execFileSync } from "node:child_process";
    import { generateKeyPairSync, getRandomValues, randomBytes, randomFill, webcrypto } from "node:crypto";
    import dgram from "node:dgram";
    import dns from "node:dns";
    import { lookup } from "node:dns/promises";
    import fs, { readdirSync } from "node:fs";
    import { readFile } from "node:fs/promises";
    import http from "node:http";
    import http2 from "node:http2";
    import https from "node:https";
    import net, { Server } from "node:net";
    import hooks from "node:perf_hooks";
    import { hrtime } from "node:process";
    import * as timers from "node:timers";
    import { scheduler, setTimeout as wait } from "node:timers/promises";
    import tls from "node:tls";
    shutTheWorldOut();
    const says = {};
    for (const [code, run] of [${tries}]) {
      try { run(); says[code] = "it ran"; } catch (error) { says[code] = error.message; }
    }
    process.stdout.write(JSON.stringify(says));`;
  await build({
    stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
    ...{ bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile]);
  says = JSON.parse(stdout);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(forbidden)("inside a run %s throws", (code) => {
  expect(says[code]).toMatch(/inside a run$/);
});
