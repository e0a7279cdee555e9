import { describe, expect, test } from "vitest";
import { redrawer } from "../src/commands/redraw.ts";
import { type Slack, SlackBusy, SlackRefused, SlackUnclear, type View } from "../src/seams.ts";
import { storyClock } from "./setup/clock.ts";

/** One open form as Slack keeps it: a picture that names an older one is refused. */
function opened() {
  const clock = storyClock(0);
  const form = { shows: "loading", hash: 0, troubles: [] as Error[], tries: 0 };
  const update: Slack["update"] = async (_, view, hash) => {
    form.tries += 1;
    const trouble = form.troubles.shift();
    if (trouble !== undefined) throw trouble;
    if (hash !== undefined && hash !== `${form.hash}`) throw new SlackRefused("hash_conflict");
    form.shows = `${view.callback_id}`;
    form.hash += 1;
    return { hash: `${form.hash}` };
  };
  const redraw = redrawer({ slack: { update } as Slack, clock });
  const press = (picture: string | Promise<string>) =>
    redraw({ id: "V1", hash: `${form.hash}` }, async () => pictureOf(await picture));
  return { form, clock, press };
}

function pictureOf(name: string): View {
  return { type: "modal", callback_id: name, blocks: [] } as unknown as View;
}

function held(): { picture: Promise<string>; draw(name: string): void } {
  let draw: (name: string) => void = () => {};
  const picture = new Promise<string>((resolve) => {
    draw = resolve;
  });
  return { picture, draw };
}

describe("a form that is pressed again before it was drawn", () => {
  test("shows the later press, also when the earlier one was drawn in between", async () => {
    const { form, press } = opened();
    const later = held();
    const first = press("backed up already");
    const second = press(later.picture);
    await first;
    form.hash += 1;
    later.draw("nothing to keep");
    await second;
    expect(form.shows).toBe("nothing to keep");
  });

  test("is not drawn over by the earlier press when that takes longer", async () => {
    const { form, press } = opened();
    const earlier = held();
    const first = press(earlier.picture);
    await press("nothing to keep");
    earlier.draw("backed up already");
    await first;
    expect(form.shows).toBe("nothing to keep");
    expect(form.tries).toBe(1);
  });
});

describe("a form whose picture Slack does not take", () => {
  test("is drawn after the time that Slack asks for", async () => {
    const { form, clock, press } = opened();
    form.troubles.push(new SlackBusy(2_000));
    const pressed = press("server chosen");
    await turn();
    clock.pass(1_999);
    await turn();
    expect(form.shows).toBe("loading");
    clock.pass(1);
    await pressed;
    expect(form.shows).toBe("server chosen");
  });

  test("is drawn again when the answer was lost, whether or not it had been drawn", async () => {
    const { form, clock, press } = opened();
    form.troubles.push(new SlackUnclear("no answer"));
    const pressed = press("server chosen");
    await turn();
    form.hash += 1;
    clock.pass(1_000);
    await pressed;
    expect(form.shows).toBe("server chosen");
  });

  test("is given up when it was closed, and after three more tries", async () => {
    const { form, clock, press } = opened();
    form.troubles.push(new SlackRefused("not_found"));
    await expect(press("server chosen")).rejects.toThrow("not_found");
    form.troubles.push(...[1, 2, 3, 4].map((n) => new SlackUnclear(`no answer ${n}`)));
    const pressed = expect(press("server chosen")).rejects.toThrow("no answer 4");
    for (const ms of [1_000, 3_000, 6_000]) {
      await turn();
      clock.pass(ms);
    }
    await pressed;
    expect(form.tries).toBe(5);
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
