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

/** Message and stack of an error and of everything that caused it. */
function chain(error: Error): string {
  const { cause } = error;
  return `${error.message}${error.stack ?? ""}${cause instanceof Error ? chain(cause) : inspect(cause)}`;
}
