import { describe, expect, it } from "vitest";
import type { Request } from "../src/request.ts";
import type { Store } from "../src/storeport.ts";
import { memoryDisk } from "./setup/memorydisk.ts";
import { finish, next, november, open, pending, putOne, setClock, whyNot, withdrawn } from "./setup/storekit.ts";

describe("a change", () => {
  it("is there after the process was killed and after the power went", async () => {
    for (const power of ["kept", "lost"] as const) {
      const { store, disk } = await open();
      const given = await store.change(() => ({ put: [pending("ra")], give: "yes" }));
      const again = await open(disk.reopen({ power }));
      expect(given).toBe("yes");
      expect(await again.store.get("ra")).toEqual(pending("ra"));
      expect(again.store.openFor("tencent/main/ap-guangzhou/ins-ra")?.id).toBe("ra");
      expect(again.store.hot()).toHaveLength(1);
    }
  });

  it("is written after a restart as it would have been without one", async () => {
    const changed = async (store: Store): Promise<void> => {
      const found = await store.get("ra");
      if (found !== null) await putOne(store, { ...found, revision: found.revision + 1, reason: "second thoughts" });
    };
    const { reason, v, ...rest } = pending("ra");
    const stored = { v, reason, ...rest } as Request;
    const through = await open();
    await putOne(through.store, stored);
    await changed(through.store);
    const before = await open();
    await putOne(before.store, stored);
    const after = await open(before.disk.reopen());
    await changed(after.store);
    expect(after.disk.peek("log-1").toString()).toBe(through.disk.peek("log-1").toString());
  });

  it("sees the changes before it, while everybody else sees only what is durable", async () => {
    const { store } = await open();
    const first = putOne(store, pending("ra"));
    const second = store.change((records) => ({ put: [], give: records.get("ra")?.revision }));
    expect(store.hot()).toEqual([]);
    expect(store.openFor("tencent/main/ap-guangzhou/ins-ra")).toBeNull();
    expect(await store.get("ra")).toBeNull();
    await first;
    expect(store.hot()).toHaveLength(1);
    expect(await second).toBe(1);
  });

  it("that puts nothing waits for what it saw to be durable", async () => {
    const { store, disk } = await open();
    disk.fault = ({ op }) => (op === "sync" ? { crash: "before" } : null);
    void putOne(store, pending("ra"));
    const told: string[] = [];
    void store.change((records) => ({ put: [], give: records.get("ra") })).then(() => told.push("answered"));
    void store
      .change(() => {
        throw new Error("refused");
      })
      .catch(() => told.push("refused"));
    await disk.crashed;
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
  });

  it("that puts nothing and saw nothing new is answered without a write", async () => {
    const { store, disk } = await open();
    await putOne(store, pending("ra"));
    const before = disk.calls.filter(({ op }) => op === "sync").length;
    expect(await store.change((records) => ({ put: [], give: records.get("ra")?.id }))).toBe("ra");
    expect(disk.calls.filter(({ op }) => op === "sync")).toHaveLength(before);
  });

  const a = pending("ra");
  const wrong = [
    { says: "with a revision that does not follow", put: [next(next(a))], error: /revision 3 where 2 was due/ },
    { says: "new with another revision than 1", put: [next(pending("rb"))], error: /revision 2 where 1 was due/ },
    { says: "twice", put: [next(a), next(a)], error: /same request twice/ },
    { says: "beside another open one of its server", put: [pending("rb", { server: "ins-ra" })], error: /two open/ },
    { says: "in pairs for one server", put: ["rb", "rc"].map((id) => pending(id, { server: "x" })), error: /two open/ },
    { says: "with another server", put: [next(pending("ra", { server: "other" }))], error: /another server/ },
    { says: "in a shape that cannot be read again", put: [{ ...next(a), askedAt: Number.NaN }], error: /askedAt/ },
  ];
  it.each(wrong)("that puts a request $says throws and changes nothing", async ({ put, error }) => {
    const { store, disk } = await open();
    await putOne(store, a);
    await expect(store.change(() => ({ put, give: null }))).rejects.toThrow(error);
    expect(store.hot()).toEqual([a]);
    expect((await open(disk.reopen({ power: "kept" }))).store.hot()).toEqual([a]);
  });

  it("may close one request and open another for the same server, in either order", async () => {
    for (const turn of [0, 1]) {
      const { store, disk } = await open();
      const other = pending("rb", { server: "ins-ra" });
      await putOne(store, a);
      const put = turn === 0 ? [withdrawn(a), other] : [other, withdrawn(a)];
      await store.change(() => ({ put, give: null }));
      expect(store.openFor("tencent/main/ap-guangzhou/ins-ra")?.id).toBe("rb");
      const again = await open(disk.reopen());
      expect(again.store.openFor("tencent/main/ap-guangzhou/ins-ra")?.id).toBe("rb");
    }
  });

  it("never opens a closed request again", async () => {
    const { store } = await open();
    await putOne(store, a);
    await putOne(store, withdrawn(a));
    await expect(putOne(store, next(next(a)))).rejects.toThrow(/cannot be opened again/);
  });

  it("is refused once the store is closed, and closing waits for what is in hand", async () => {
    const { store, disk } = await open();
    const saved = putOne(store, a);
    await store.close();
    await saved;
    await expect(putOne(store, pending("rb"))).rejects.toThrow(/closed/);
    expect((await open(disk.reopen({ power: "lost" }))).store.hot()).toEqual([a]);
  });
});

describe("the loop that saves", () => {
  it("puts changes that come together under one sync", async () => {
    const { store, disk } = await open();
    const before = disk.calls.filter(({ op }) => op === "sync").length;
    await Promise.all(Array.from({ length: 50 }, (_, n) => putOne(store, pending(`r${n}`))));
    expect(disk.calls.filter(({ op }) => op === "sync")).toHaveLength(before + 1);
  });

  it("answers a writer after two batches at most, however long others go on", async () => {
    const { store, disk } = await open();
    let others = 0;
    let stop = false;
    async function goOn(id: string): Promise<void> {
      let request = pending(id);
      await putOne(store, request);
      while (!stop) {
        request = next(request);
        await putOne(store, request);
        others += 1;
      }
    }
    const crowd = ["ra", "rb", "rc"].map(goOn);
    while (others < 30) await null;
    const before = disk.calls.filter(({ op }) => op === "sync").length;
    await putOne(store, pending("rz"));
    const batches = disk.calls.filter(({ op }) => op === "sync").length - before;
    stop = true;
    await Promise.all(crowd);
    expect(batches).toBeLessThanOrEqual(2);
  });
});

describe("finished requests", () => {
  it("leave the hot set when retired, and are found afterwards, also after a restart", async () => {
    const { store, disk } = await open();
    await finish(store, "ra");
    await store.retire("ra");
    expect(store.hot()).toEqual([]);
    const again = await open(disk.reopen({ power: "lost" }));
    for (const each of [store, again.store]) {
      expect((await each.get("ra"))?.status).toBe("withdrawn");
      expect(each.latest(5).map(({ id }) => id)).toEqual(["ra"]);
      expect(await each.change((records) => ({ put: [], give: records.get("ra")?.status }))).toBe("withdrawn");
      await expect(putOne(each, pending("ra"))).rejects.toThrow(/finished and put away/);
    }
  });

  it("are retired only when they exist and are closed", async () => {
    const { store } = await open();
    await putOne(store, pending("ra"));
    await expect(store.retire("ra")).rejects.toThrow(/is open/);
    await expect(store.retire("rb")).rejects.toThrow(/no request rb/);
  });

  it("are served newest first, closed ones that are still hot among them", async () => {
    const { store } = await open();
    await finish(store, "ra", november + 1);
    await finish(store, "rb", november + 3);
    await putOne(store, pending("rc"));
    await putOne(store, withdrawn(pending("rc"), november + 2));
    expect(store.latest(10).map(({ id }) => id)).toEqual(["rb", "rc", "ra"]);
    expect(store.latest(1).map(({ id }) => id)).toEqual(["rb"]);
  });

  it("beyond the latest are found by id in the archive of any month", async () => {
    const clock = setClock(Date.UTC(2026, 8, 1));
    const { store, disk } = await open(memoryDisk(), { clock, finishedMax: 2 });
    for (let n = 0; n < 9; n += 1) {
      await finish(store, `r${n}`);
      clock.set(clock.now() + 10 * 86_400_000);
    }
    expect(
      store
        .latest(10)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["r7", "r8"]);
    expect(disk.names().filter((name) => name.startsWith("archive"))).toHaveLength(3);
    const again = await open(disk.reopen(), { clock, finishedMax: 2 });
    for (let n = 0; n < 9; n += 1) expect((await again.store.get(`r${n}`))?.id).toBe(`r${n}`);
    expect(
      again.store
        .latest(10)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["r7", "r8"]);
    expect(await again.store.get("r9")).toBeNull();
  });

  it("are found also where an archive line is longer than a piece of the scan", async () => {
    const { store, disk } = await open(memoryDisk(), { finishedMax: 1 });
    for (const id of ["ra", "rb", "rc"]) {
      const request = pending(id, { reason: id.repeat(400_000) });
      await putOne(store, request);
      await putOne(store, withdrawn(request));
      await store.retire(id);
    }
    const again = await open(disk.reopen(), { finishedMax: 1 });
    for (const id of ["ra", "rb", "rc"]) expect((await again.store.get(id))?.id).toBe(id);
  });

  it("cost a save nothing: the bytes written for a change do not depend on them", async () => {
    const bytes: number[] = [];
    for (const finished of [0, 300]) {
      const { store, disk } = await open(memoryDisk(), { logMaxBytes: 1_000 });
      for (let n = 0; n < finished; n += 1) await finish(store, `r${n}`);
      await store.close();
      const again = await open(disk.reopen());
      const written = (names: string[]) =>
        names.filter((name) => !name.startsWith("audit")).map((name) => again.disk.peek(name).length);
      const total = () => written(again.disk.names()).reduce((sum, size) => sum + size, 0);
      const before = total();
      await putOne(again.store, pending("rz"));
      bytes.push(total() - before);
    }
    const [none = 0, many = 0] = bytes;
    expect(many).toBeLessThan(none + 20);
  });
});

describe("a second process", () => {
  it("is refused with a sentence, and may start when the first has closed", async () => {
    const { store, disk } = await open();
    expect(await whyNot(disk)).toMatch(/Another process already works/);
    await store.close();
    expect(await whyNot(disk)).toBe("it opened");
  });
});
