import { describe, expect, it } from "vitest";
import { finish, november, open, pending, putOne } from "./setup/storekit.ts";

describe("turns", () => {
  it("are due at once for every hot record after a start, and for a new one when it is durable", async () => {
    const { store, disk } = await open();
    let woken = 0;
    store.onDue(() => {
      woken += 1;
    });
    expect(store.nextDue()).toBeNull();
    await putOne(store, pending("ra"));
    await putOne(store, pending("rb"));
    expect(woken).toBe(2);
    const again = (await open(disk.reopen())).store;
    expect(again.nextDue()).toBe(0);
    expect(again.take(november, 1, 1000)).toEqual(["ra"]);
    expect(again.take(november, 10, 1000)).toEqual(["rb"]);
    expect(again.take(november, 10, 1000)).toEqual([]);
  });

  it("end with the time of the next one; a lost turn comes back when its lease ends", async () => {
    const { store } = await open();
    await putOne(store, pending("ra"));
    store.take(november, 1, 1000);
    expect(store.nextDue()).toBe(november + 1000);
    expect(store.take(november + 1000, 1, 1000)).toEqual(["ra"]);
    store.done("ra", november + 9000);
    expect(store.nextDue()).toBe(november + 9000);
    expect(store.take(november + 8999, 1, 1000)).toEqual([]);
    store.due("ra");
    expect(store.take(november, 1, 1000)).toEqual(["ra"]);
  });

  it("follow right after when something came up during one", async () => {
    const { store } = await open();
    await putOne(store, pending("ra"));
    store.take(november, 1, 1000);
    store.due("ra");
    expect(store.take(november, 1, 1000)).toEqual([]);
    store.done("ra", november + 9000);
    expect(store.take(november, 1, 1000)).toEqual(["ra"]);
  });

  it("are no longer asked for by a retired record", async () => {
    const { store } = await open();
    await finish(store, "ra");
    store.due("ra");
    store.done("ra", november);
    expect(store.nextDue()).toBeNull();
  });
});
