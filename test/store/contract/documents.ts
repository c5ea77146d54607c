import { beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../../src/domain/store.ts";
import { type Context, commit } from "./context.ts";

export function documents({ store }: Context): void {
  describe("documents", () => {
    it("reads what was put, in the order asked, with the commit's id as revision", async () => {
      const write = commit({
        put: [{ key: "note/a", value: { text: "zażółć \u0000 \ud83d\ude00 \ud800", n: [1, null, true] } }],
      });
      expect(await store().commit(write)).toEqual({ outcome: "committed" });
      expect(await store().read(["note/b", "note/a", "note/c"])).toEqual([
        undefined,
        { key: "note/a", revision: write.id, value: { text: "zażółć \u0000 \ud83d\ude00 \ud800", n: [1, null, true] } },
        undefined,
      ]);
      expect(await store().read([])).toEqual([]);
    });

    it("commits on the revision read and conflicts on any other, naming every key", async () => {
      const first = commit({ expect: { "note/a": null }, put: [{ key: "note/a", value: 1 }] });
      await store().commit(first);
      const wrong = commit({
        expect: { "note/a": null, "note/b": "never", "note/c": null },
        put: [{ key: "note/c", value: 1 }],
        journal: [{ kind: "wrong" }],
      });
      expect(await store().commit(wrong)).toEqual({ outcome: "conflict", keys: ["note/a", "note/b"] });
      expect(await store().read(["note/c"])).toEqual([undefined]);
      expect(await store().journal({ limit: 10 })).toEqual([]);
      const second = commit({ expect: { "note/a": first.id }, put: [{ key: "note/a", value: 2 }] });
      expect(await store().commit(second)).toEqual({ outcome: "committed" });
      const stale = commit({ expect: { "note/a": first.id }, remove: ["note/a"] });
      expect(await store().commit(stale)).toEqual({ outcome: "conflict", keys: ["note/a"] });
    });

    it("removes, and a removed key is absent again", async () => {
      const write = commit({ put: [{ key: "note/a", value: 1, index: { at: "1" } }] });
      await store().commit(write);
      await store().commit(commit({ expect: { "note/a": write.id }, remove: ["note/a", "note/never"] }));
      expect(await store().read(["note/a"])).toEqual([undefined]);
      expect(await store().list("note", "at")).toEqual([]);
      expect(await store().commit(commit({ expect: { "note/a": null } }))).toEqual({ outcome: "committed" });
    });

    it("refuses what it could not find again, and the commits beside it go through", async () => {
      const results = await Promise.allSettled([
        store().commit(commit({ put: [{ key: "note/good", value: 1 }] })),
        store().commit(commit({ put: [{ key: "nokind", value: 1 }] })),
        store().commit(commit({ put: [{ key: "note/\u0000", value: 1 }] })),
        store().commit(commit({ put: [{ key: "note/\ud800", value: 1 }] })),
        store().commit(commit({ timers: [{ queue: "t", id: "x", due: Number.NaN, body: 1 }] })),
        store().commit(commit({ put: [{ key: "note/fine", value: 1 }] })),
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        "fulfilled",
        "rejected",
        "rejected",
        "rejected",
        "rejected",
        "fulfilled",
      ]);
      const [good, fine] = await store().read(["note/good", "note/fine"]);
      expect([good?.value, fine?.value]).toEqual([1, 1]);
    });

    it("stores the value as it was when the commit was handed over", async () => {
      const value = { n: 1 };
      const done = store().commit(commit({ put: [{ key: "note/a", value }] }));
      value.n = 2;
      await done;
      expect((await store().read(["note/a"]))[0]?.value).toEqual({ n: 1 });
    });
  });
}

export function repeats({ store, state }: Context): void {
  describe("repeats and lateness", () => {
    it("answers committed to a commit sent again, even when others have moved on, and changes nothing", async () => {
      const first = commit({
        expect: { "note/a": null },
        put: [{ key: "note/a", value: 1 }],
        journal: [{ kind: "first" }],
        notices: [{ queue: "out", id: "n", due: 0, body: 1 }],
      });
      await store().commit(first);
      await store().commit(commit({ put: [{ key: "note/a", value: 2 }], cancel: [{ queue: "out", id: "n" }] }));
      expect(await store().commit(first)).toEqual({ outcome: "committed" });
      const other = await state().open();
      expect(await other.commit(first)).toEqual({ outcome: "committed" });
      await other.close();
      expect((await store().read(["note/a"]))[0]?.value).toBe(2);
      expect(await store().journal({ limit: 10 })).toHaveLength(1);
      expect(await store().owed("out")).toEqual({ count: 0 });
    });

    it("commits once when the same commit is handed over twice at the same time", async () => {
      const twice = commit({
        expect: { "note/a": null },
        put: [{ key: "note/a", value: 1 }],
        journal: [{ kind: "x" }],
      });
      expect(await Promise.all([store().commit(twice), store().commit(twice)])).toEqual([
        { outcome: "committed" },
        { outcome: "committed" },
      ]);
      expect(await store().journal({ limit: 10 })).toHaveLength(1);
    });

    it("gives a redelivery the recorded answer and leaves the state alone", async () => {
      const once = { key: "slack:Ev1", answer: { text: "done", nested: [null] } };
      await store().commit(commit({ once, put: [{ key: "note/a", value: 1 }] }));
      const again = commit({
        once: { key: "slack:Ev1", answer: "other" },
        expect: { "note/a": null },
        validUntil: 0,
        put: [{ key: "note/a", value: 2 }],
      });
      expect(await store().commit(again)).toEqual({ outcome: "repeated", answer: { text: "done", nested: [null] } });
      expect((await store().read(["note/a"]))[0]?.value).toBe(1);
    });

    it("does not record a delivery whose commit was refused", async () => {
      const refused = commit({ once: { key: "d", answer: 1 }, expect: { "note/a": "never" } });
      expect((await store().commit(refused)).outcome).toBe("conflict");
      const retried = commit({ once: { key: "d", answer: 2 } });
      expect(await store().commit(retried)).toEqual({ outcome: "committed" });
      expect(await store().commit(commit({ once: { key: "d", answer: 3 } }))).toEqual({
        outcome: "repeated",
        answer: 2,
      });
    });

    it("is late by the store's clock at the moment of the commit", async () => {
      const inTime = await store().now();
      expect(await store().commit(commit({ validUntil: inTime + 60_000 }))).toEqual({ outcome: "committed" });
      await state().elapse(5);
      const late = commit({ validUntil: inTime, put: [{ key: "note/a", value: 1 }], journal: [{ kind: "late" }] });
      const result = await store().commit(late);
      expect(result.outcome).toBe("late");
      expect(result).toHaveProperty(
        "now",
        expect.toSatisfy((at: number) => at >= inTime + 5),
      );
      expect(await store().read(["note/a"])).toEqual([undefined]);
      expect(await store().head()).toMatchObject({ seq: 0 });
    });

    it("keeps late what was late, and every lease, although the clock is set back, also over an opening", async () => {
      const validUntil = await store().now();
      await state().setClock({ aheadMs: 3_600_000 });
      expect(await store().now()).toBeGreaterThan(validUntil + 3_500_000);
      await store().commit(commit({ notices: [{ queue: "q", id: "a", due: validUntil, body: 1, leaseMs: 60_000 }] }));
      const newest = await store().now();
      await state().setClock({ aheadMs: 0 });
      // To a tenth of a second.
      expect(await store().now()).toBeGreaterThan(newest - 200);
      expect((await store().commit(commit({ validUntil }))).outcome).toBe("late");
      expect(await store().claim("q", { leaseMs: 1_000, limit: 1 })).toEqual([]);
      const other = await state().open();
      expect((await other.commit(commit({ validUntil }))).outcome).toBe("late");
      const before = await other.now();
      expect(await store().now()).toBeGreaterThanOrEqual(before);
      await state().elapse(300);
      expect(await other.now()).toBeGreaterThanOrEqual(before + 200);
      expect(await other.now()).toBeLessThan(before + 1_800_000);
      await other.close();
    });
  });
}

export function indexes({ store }: Context): void {
  describe("indexes", () => {
    const put = (id: string, at: string, more: Record<string, string> = {}) => ({
      key: `note/${id}`,
      value: id,
      index: { at, ...more },
    });
    const ids = async (range?: Parameters<Store["list"]>[2]) =>
      (await store().list("note", "at", range)).map(({ value }) => value);

    beforeEach(async () => {
      const notes = [put("c", "20"), put("a", "10"), put("b", "20"), put("e", ""), put("d", "2")];
      await store().commit(commit({ put: [...notes, { key: "other/x", value: "x", index: { at: "15" } }] }));
    });

    it("lists a kind in the order of the index, then of the key", async () => {
      expect(await ids()).toEqual(["e", "a", "d", "b", "c"]);
      expect(await ids({ reverse: true })).toEqual(["c", "b", "d", "a", "e"]);
      expect(await store().list("note", "by")).toEqual([]);
      expect(await store().list("nothing", "at")).toEqual([]);
    });

    it("takes a range from its lower bound on, up to and without its upper bound, and a limit", async () => {
      expect(await ids({ from: "10", to: "20" })).toEqual(["a", "d"]);
      expect(await ids({ from: "2" })).toEqual(["d", "b", "c"]);
      expect(await ids({ to: "2" })).toEqual(["e", "a"]);
      expect(await ids({ from: "10", to: "21", limit: 3 })).toEqual(["a", "d", "b"]);
      expect(await ids({ from: "10", to: "21", limit: 2, reverse: true })).toEqual(["c", "b"]);
      expect(await ids({ limit: 0 })).toEqual([]);
    });

    it("moves a document when its index changes and drops an index left out", async () => {
      await store().commit(commit({ put: [put("a", "30", { by: "ana" }), { key: "note/b", value: "b" }] }));
      expect(await ids()).toEqual(["e", "d", "c", "a"]);
      expect((await store().list("note", "by", { from: "ana", to: "anb" })).map(({ key }) => key)).toEqual(["note/a"]);
      const [b] = await store().read(["note/b"]);
      expect(b?.value).toBe("b");
      await store().commit(commit({ put: [put("a", "30")] }));
      expect(await store().list("note", "by")).toEqual([]);
      expect(await ids()).toEqual(["e", "d", "c", "a"]);
    });
  });
}
