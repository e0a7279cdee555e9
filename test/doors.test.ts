import { spawn } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { type Doors, type Guest, openDoors } from "../playground/doors.ts";

const address = "203.0.113.7";
let doors: Doors;
afterEach(() => doors.close());

/** What a process finds that starts with the way to the doors, as the playground's bot does: one line of the outside, or the error's code. */
async function called(port: number, host = address): Promise<string> {
  const script = `
    import { connect } from "node:net";
    import { createHash } from "node:crypto";
    import ssh2 from "ssh2";
    const socket = connect({ host: "${host}", port: ${port} });
    const say = (words) => { console.log(words); process.exit(); };
    socket.once("error", ({ code }) => say(code));
    if (${port} !== 22) socket.once("connect", () => say("open"));
    else new ssh2.Client().on("error", () => {}).connect({ sock: socket, username: "x",
      hostVerifier: (key) => say(createHash("sha256").update(key).digest("base64")) });`;
  const words = ["--import", doors.route, "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, words, { cwd: import.meta.dirname });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  await new Promise((resolve) => child.once("close", resolve));
  return said.trim();
}

test("a server shows one host key until it is reinstalled, then another; while it is stopped it refuses", async () => {
  let guest: Guest = { system: "first", up: true, windows: false };
  doors = await openDoors((asked) => (asked === address ? guest : null));
  const before = await called(22);
  expect(before).toMatch(/^[\w+/]{43}=$/);
  expect(await called(22)).toBe(before);
  guest = { system: "second", up: false, windows: false };
  expect(await called(22)).toBe("ECONNREFUSED");
  guest = { ...guest, up: true };
  const after = await called(22);
  expect(after).toMatch(/^[\w+/]{43}=$/);
  expect(after).not.toBe(before);
});

test("Windows takes connections on its own port alone, and no other address answers", async () => {
  doors = await openDoors((asked) => (asked === address ? { system: "only", up: true, windows: true } : null));
  expect(await called(3389)).toBe("open");
  expect(await called(22)).toBe("ECONNREFUSED");
  expect(await called(3389, "203.0.113.8")).toBe("ECONNREFUSED");
});
