import { expect, test } from "vitest";
import { openAccount } from "../src/clouds/clouds.ts";
import { refOf } from "../src/commands/readings.ts";
import { Secret } from "../src/secret.ts";
import { network, seeded, silentLog, testClock } from "./tencent-samples.ts";

const keys = { id: "AKID", secret: new Secret("secret-key") };
const prod = openAccount(
  { ...{ name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] }, ...keys },
  { clock: testClock(), random: seeded("choice"), log: silentLog, exchange: network(() => ({})).exchange },
);
const account = (name: string) => (name === "prod" ? prod : null);

test("a form names a server only in an account and a region of the config", () => {
  const chosen = (server: string) => refOf({ account }, { server, imageChoice: "same" });
  expect(chosen("prod/ap-guangzhou/ins-r8hr2upy")).toMatchObject({ region: "ap-guangzhou", id: "ins-r8hr2upy" });
  expect(chosen("prod/ap-hongkong/ins-r8hr2upy")).toBeNull();
  expect(chosen("prod/evil.example#/ins-r8hr2upy")).toBeNull();
  expect(chosen("test/ap-guangzhou/ins-r8hr2upy")).toBeNull();
});
