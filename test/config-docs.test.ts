import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configReference } from "../scripts/config-reference.ts";
import { readConfig } from "../src/config.ts";
import { env } from "./setup/configtext.ts";

const page = readFileSync("docs/config.md", "utf8");

test("docs/config.md is what the schemas say (else: node scripts/config-docs.mjs)", () => {
  expect(page).toBe(configReference());
});

test("every key has a meaning there", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| key"));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => row.endsWith("|  |"))).toEqual([]);
});

test("every variable of the environment that the sources name stands there", () => {
  const sources = readdirSync("src")
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(`src/${name}`, "utf8"));
  const named = new Set(sources.join("\n").match(/\b(?:SLACK|REINSTALL|LOG)_[A-Z_]+\b/g));
  expect([...named].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("the line of the example for HTTP is right when it is uncommented", () => {
  const text = readFileSync("config.example.yml", "utf8").replace(/^# (?=slack:)/m, "");
  expect(parse(text).slack).toEqual({ mode: "http", port: 3000 });
  const secret = "0123456789abcdef0123456789abcdef";
  const read = readConfig(text, { ...env, SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: secret });
  expect("config" in read && read.config.slack).toMatchObject({ mode: "http", host: "127.0.0.1", port: 3000 });
});

const running = readFileSync("docs/running.md", "utf8");

test("docs/running.md names no variable that there is not", () => {
  const named = new Set(running.match(/\b(?:SLACK|REINSTALL)_[A-Z_]+\b/g));
  expect([...named].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("docs/running.md names every verb of the store command, and no other", () => {
  const named = new Set([...running.matchAll(/npm run store -- (\w+)/g)].map(([, verb]) => verb));
  const usage = readFileSync("src/store-command.ts", "utf8").matchAll(/"npm run store -- (\w+)/g);
  expect([...named].sort()).toEqual([...new Set([...usage].map(([, verb]) => verb))].sort());
});
