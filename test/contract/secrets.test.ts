import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { simCredentials } from "../../playground/clouds/sim.ts";
import { cases } from "../setup/cases.ts";
import { receiptOf, World } from "./world.ts";

describe.each(cases.filter(({ logins }) => logins.includes("typed")))("$title keeps secrets", (of) => {
  const troubles = [...Object.values(of.faults), "none"];

  test.each(troubles)("no error, answer, reading or log holds the password or the key: %s", async (fault) => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before, { login: { kind: "typed", user: "root" } });
    const notices = await world.cloud.notices(act.order, before);
    if (fault !== "none") world.arm(fault);
    const sent = await world.send(act, before);
    const read = await world.read().catch((cause: unknown) => cause);
    const look = await world.looks(act, before, receiptOf(sent), 20_000).catch((cause: unknown) => cause);
    const shown = inspect([sent, notices, read, look, world.logs, world.cloud, act], { depth: 20, showHidden: true });
    const causes = "thrown" in sent && sent.thrown instanceof Error ? chain(sent.thrown) : "";
    const password = act.secret?.open() ?? "none";
    expect(world.acts().some(({ body }) => body.includes(password))).toBe(true);
    for (const hidden of [password, Buffer.from(password).toString("base64"), simCredentials.secret]) {
      expect(`${shown}${causes}`).not.toContain(hidden);
    }
  });
});

describe.each(cases.filter(({ logins }) => logins.includes("typed")))("$title repeats the password", (of) => {
  test.each([...Object.values(of.faults), "none"])(
    "in all it says, and it is still nowhere to be seen: %s",
    async (fault) => {
      const world = new World(of);
      const before = await world.ready();
      const act = await world.reinstall(before, { login: { kind: "typed", user: "root" } });
      const password = act.secret?.open() ?? "none";
      world.spoil = (_request, answer) => {
        const given = answer();
        return { ...given, body: JSON.stringify(repeating(JSON.parse(given.body), `no: '${password}'`)) };
      };
      if (fault !== "none") world.arm(fault);
      const sent = await world.send(act, before);
      const looks = await world.looks(act, before, receiptOf(sent), 20_000).catch((cause: unknown) => cause);
      const later = await world.read().catch((cause: unknown) => cause);
      const shown = inspect([sent, looks, later, world.logs], { depth: 20, showHidden: true });
      expect(shown).not.toContain(password);
      expect(shown).not.toContain(password.slice(2, 9));
    },
  );
});

const freeText = /^(message|Message|LatestOperationErrorMsg|fail_reason|error_msg|fault)$/;

/** The same answer with these words after every free text; a server without one is given one. */
function repeating(value: unknown, words: string): unknown {
  if (Array.isArray(value)) return value.map((each) => repeating(each, words));
  if (value === null || typeof value !== "object") return value;
  const isServer = "InstanceState" in value || "OS-EXT-STS:vm_state" in value || "instanceId" in value;
  const more = isServer ? { LatestOperationErrorMsg: "", fault: { message: "" }, message: "" } : {};
  return Object.fromEntries(
    Object.entries({ ...more, ...value }).map(([key, each]) => {
      const isText = freeText.test(key) && (typeof each === "string" || each === null);
      return [key, isText ? `${each ?? ""} ${words}`.trim() : repeating(each, words)];
    }),
  );
}

/** Message and stack of an error and of everything that caused it. */
function chain(error: Error): string {
  const { cause } = error;
  return `${error.message}${error.stack ?? ""}${cause instanceof Error ? chain(cause) : inspect(cause)}`;
}
