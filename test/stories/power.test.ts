import { afterEach, describe, expect, test } from "vitest";
import { type CloudCase, cases, jdcloudCase, type Stopping } from "../setup/cases.ts";
import { approve, ask, ends, root, stateOf, threadTexts, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

type Stops = CloudCase & { stopping: Stopping };
const stopping = cases.filter((of): of is Stops => !("never" in of.stopping));

function isRechecked(): boolean {
  const request = now.request();
  return "attempts" in request && request.attempts[0]?.steps.find(({ id }) => id === "recheck")?.state === "done";
}

/** What came of the step that stops the server. */
function stopped() {
  const request = now.request();
  return "attempts" in request ? request.attempts[0]?.steps.find(({ id }) => id === "stop") : undefined;
}

describe.each(stopping)("$title: a server that the bot stops first", (of) => {
  const { account, standby, stubborn, startRefused } = of.stopping;
  /** As long as the bot waits for a busy server. */
  const busyMs = (of.account.cloud === "huawei" ? 30 : 15) * 60_000;
  const cloud = () => now.cloud(of.account.name);

  test("is stopped, reinstalled, and runs again", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of);
    await approve(now);
    await ends(now, "done");
    expect(root(now).text).toMatch(/✅ Stopped .*\n✅ Reinstalled/);
    expect(stateOf(now, of)).toBe(of.running);
    expect(wipes(now, of)).toBe(1);
  });

  test("is on the card with what follows when it does not heed a soft stop; a stopped one is not", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of);
    const isHard = of.stopping.hard === true;
    expect(root(now).text).toMatch(
      isHard ? /\*Stop\* softly, hard after \d min/ : /\*Stop\* softly only: no hard stop here/,
    );
    await now.meanwhile(now.ana.press(root(now, now.ana), "Details"));
    await now.until("the details are shown", () => now.ana.modalText().includes("Request r"));
    expect(now.ana.modalText()).toContain("*Stop* The server is shut down first; if it still runs after ");
    expect(now.ana.modalText()).toContain(
      isHard
        ? "it is switched off hard"
        : "nothing is erased and a person must stop it, as there is no hard stop here.",
    );
    await ask(now, of, { server: standby });
    expect(root(now).text).not.toContain("*Stop*");
  });

  test("is started again when the flow ends before the reinstall is accepted, and the thread says so", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of);
    cloud().arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    expect(stateOf(now, of)).toBe(of.running);
    expect(wipes(now, of)).toBe(0);
    expect(root(now).text).toContain("The bot had stopped the server; it is running again.");
    expect(threadTexts(now).at(-1)).toContain("Nothing was erased.");
  });

  test.each([
    { start: "never arrived", how: "lost", runs: true },
    { start: "was accepted and came to nothing", how: "answer", runs: false },
  ])("is not taken for started by a reading from before the stop, when the start $start", async ({ how, runs }) => {
    now = await story({ cases: [of], account });
    await ask(now, of);
    const running = cloud().state();
    cloud().arm(of.faults.refused, true);
    const isStale = (sinceMs: number) => sinceMs >= 0 && sinceMs < 40_000;
    let before = running;
    let lostAt = Number.POSITIVE_INFINITY;
    cloud().onRequest((request, reply) => {
      const at = now.clock.now();
      if (of.is("start", request) && lostAt > at) {
        lostAt = at;
        cloud().arrange(() => before);
        Object.assign(reply, { how });
      }
      before = cloud().state();
      if (of.is("read", request) && isStale(at - lostAt)) Object.assign(reply, of.sim.handle(running, request, at)[1]);
    });
    await approve(now);
    await ends(now, "failed");
    expect(lostAt).toBeLessThan(now.clock.now());
    expect(stateOf(now, of)).toBe(runs ? of.running : of.stopped);
    expect(root(now).text).toContain(runs ? "it is running again." : "could not start it again");
  });

  test("and whose start's job nobody may read runs again once no older reading can show, without a word of trouble", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of);
    cloud().arm(of.faults.refused, true);
    cloud().onRequest(({ path }, reply) => {
      if (path.includes("/jobs/")) Object.assign(reply, { status: 403, body: "{}" });
    });
    await approve(now);
    const said: unknown[] = [];
    await now.until("it is put back", () => {
      const request = now.request();
      const step = "attempts" in request ? request.attempts[0]?.steps.find(({ id }) => id === "put-back") : undefined;
      said.push(step?.says, step?.heldSince);
      return root(now).text.includes("it is running again.");
    });
    expect(said.filter((one) => one !== undefined)).toEqual([]);
    expect(stateOf(now, of)).toBe(of.running);
  });

  test("is not taken for one that never stopped by a reading from before a stop that was given up", async () => {
    now = await story({ cases: [of], account, pollMs: 10_000 });
    await ask(now, of);
    const { id } = now.request().order.server;
    let busySince = Number.POSITIVE_INFINITY;
    let stoppedAt = Number.POSITIVE_INFINITY;
    let before = cloud().state();
    let running = before;
    cloud().onRequest((request, reply) => {
      const at = now.clock.now();
      const isRead = of.is("read", request);
      if (of.is("stop", request) && stoppedAt > at && reply.status < 300) {
        [stoppedAt, running] = [at, before];
        Object.assign(reply, { how: "lost" });
      } else if (stoppedAt <= at && at < stoppedAt + 35_000) Object.assign(reply, { status: 503, body: "{}" });
      else if (isRead && stoppedAt <= at && at < stoppedAt + 58_000) {
        Object.assign(reply, of.sim.handle(running, request, at)[1]);
      } else if (isRead && stoppedAt > at && isRechecked()) {
        busySince = Math.min(busySince, at);
        const stopping = of.sim.console(cloud().state(), id, "stop", at - 5_000);
        if (at < busySince + busyMs - 20_000) Object.assign(reply, of.sim.handle(stopping, request, at)[1]);
      }
      before = cloud().state();
    });
    await approve(now);
    await ends(now, "failed", "done");
    await now.pass(5 * 60_000);
    const said = root(now).text;
    expect(said).toMatch(/was reinstalled|it is running again|it runs as before|could not start it again/);
    expect(stateOf(now, of)).toBe(said.includes("could not start it again") ? of.stopped : of.running);
  });

  test("is stopped again at a Retry, whatever a reading from before the start that put it back says", async () => {
    now = await story({ cases: [of], account, pollMs: 5_000 });
    await ask(now, of);
    cloud().arm(of.faults.refused, true);
    let stopped = cloud().state();
    let startedAt = Number.POSITIVE_INFINITY;
    let retried = false;
    const wipedWhile: string[] = [];
    cloud().onRequest((request, reply) => {
      const at = now.clock.now();
      if (of.is("start", request)) startedAt = Math.min(startedAt, at);
      if (of.is("reinstall", request) && retried) wipedWhile.push(stateOf(now, of));
      if (startedAt > at && stateOf(now, of) === of.stopped) stopped = cloud().state();
      const isStale = retried && at < startedAt + 58_000;
      if (isStale && of.is("read", request)) Object.assign(reply, of.sim.handle(stopped, request, at)[1]);
    });
    await approve(now);
    await now.until("it failed and Retry is offered", () => root(now).text.startsWith("❌"));
    cloud().arm(of.faults.refused, false);
    retried = true;
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect(wipedWhile.length).toBeGreaterThan(0);
    expect(new Set(wipedWhile)).not.toContain(of.running);
    expect(root(now).text).not.toContain("Stop: not needed");
  });

  test("and that cannot be started again is said plainly", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of);
    cloud().arm(of.faults.refused, true);
    cloud().arm(startRefused, true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("could not start it again");
    expect(stateOf(now, of)).toBe(of.stopped);
  });

  test("and whose reinstall fails after it was accepted is not started again, and that is said", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of);
    cloud().arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    const says = `The bot had stopped the server and does not start it again; its state is \`${stateOf(now, of)}\`.`;
    expect(root(now).text).toContain(says);
    expect(threadTexts(now).at(-1)).toContain(says);
  });

  test("and that ignores the soft stop is stopped hard; where there is no hard stop nothing is erased", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of, { server: stubborn });
    if (of.stopping.stubbornBy !== undefined) cloud().arm(of.stopping.stubbornBy, true);
    await approve(now);
    const { hard } = of.stopping;
    await ends(now, hard === true ? "done" : "failed");
    expect(wipes(now, of, stubborn)).toBe(hard === true ? 1 : 0);
    if (hard === true) expect(stopped()?.hard).toBe(true);
    else expect(root(now).text).toContain(hard.says);
    if (hard !== true) expect(root(now).text).toContain("It runs as before");
    expect(root(now).text).not.toContain("Started again");
    expect(stateOf(now, of, stubborn)).toBe(of.running);
  });

  test("and that was stopped before is not started again when the flow ends early", async () => {
    now = await story({ cases: [of], account });
    await ask(now, of, { server: standby });
    cloud().arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    expect(stateOf(now, of, standby)).toBe(of.stopped);
  });
});

describe("JD Cloud: an account that turns overdue after the card was drawn", () => {
  const of = jdcloudCase;
  const cloud = () => now.cloud(of.account.name);
  const sentence = "The server is overdue, and JD Cloud would not start it again. Settle the bill first.";

  test("has nothing stopped and nothing erased, and may press Retry once the bill is settled", async () => {
    now = await story({ cases: [of] });
    const sent: string[] = [];
    cloud().onRequest((request) => void sent.push(`${request.method} ${decodeURIComponent(request.path)}`));
    await ask(now, of);
    cloud().arm("overdue", true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(root(now).text).toContain(sentence);
    expect(root(now).text).toContain("The bot stopped nothing.");
    expect(root(now).text).toContain("Press Retry");
    expect(sent.filter((call) => call.startsWith("POST"))).toEqual([]);
    expect(stateOf(now, of)).toBe(of.running);
    cloud().arm("overdue", false);
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("is not told that nothing was stopped when the attempt before had stopped the server", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    cloud().arm(of.faults.refused, true);
    await approve(now);
    await now.until("it is stopped", () => stateOf(now, of) === of.stopped);
    cloud().arm("overdue", true);
    await ends(now, "failed");
    expect(root(now).text).toContain("could not start it again: The server is overdue or in arrears");
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await now.until("it failed again", () => root(now).text.includes("This was the second failure"));
    expect(root(now).text).toContain(sentence);
    expect(root(now).text).toContain("could not start it again: The server is overdue or in arrears");
    expect(root(now).text).not.toMatch(/nothing (was|has been) stopped|stopped nothing/i);
    expect(wipes(now, of)).toBe(0);
    expect(stateOf(now, of)).toBe(of.stopped);
  });
});
