import { describe, expect, it } from "vitest";
import { type Context, commit, only } from "./context.ts";

export function queues({ store, state }: Context): void {
  describe("queues", () => {
    const owe = (id: string, due: number, body: string = id) => ({ queue: "out", id, due, body });
    const lease = { leaseMs: 60_000, limit: 10 };

    it("gives out what is due, oldest first, up to the limit, and nothing twice", async () => {
      const later = (await store().now()) + 3_600_000;
      await store().commit(commit({ notices: [owe("c", 3), owe("a", 1)], timers: [owe("b", 1), owe("z", later)] }));
      const first = await store().claim("out", { leaseMs: 60_000, limit: 2 });
      expect(first.map(({ id, due, body, fence, attempts }) => ({ id, due, body, fence, attempts }))).toEqual([
        { id: "a", due: 1, body: "a", fence: 1, attempts: 1 },
        { id: "b", due: 1, body: "b", fence: 1, attempts: 1 },
      ]);
      expect((await store().claim("out", lease)).map(({ id }) => id)).toEqual(["c"]);
      expect(await store().claim("out", lease)).toEqual([]);
      expect(await store().claim("else", lease)).toEqual([]);
      expect(await store().owed("out")).toEqual({ count: 4, oldestDue: 1 });
      expect(await store().owed("else")).toEqual({ count: 0 });
    });

    it("ends a claim by settling it", async () => {
      await store().commit(commit({ notices: [owe("a", 0)] }));
      const claimed = only(await store().claim("out", lease));
      expect(await store().commit(commit({ settle: [claimed] }))).toEqual({ outcome: "committed" });
      expect(await store().owed("out")).toEqual({ count: 0 });
      expect(await store().commit(commit({ settle: [claimed] }))).toEqual({ outcome: "conflict", keys: ["out:a"] });
    });

    it("hands an item back to be tried again later, once", async () => {
      await store().commit(commit({ notices: [owe("a", 0)] }));
      const claimed = only(await store().claim("out", lease));
      const retryAt = (await store().now()) + 20;
      await store().commit(commit({ settle: [{ ...claimed, retryAt }] }));
      expect(await store().owed("out")).toEqual({ count: 1, oldestDue: retryAt });
      const again = await store().commit(commit({ settle: [claimed] }));
      expect(again).toEqual({ outcome: "conflict", keys: ["out:a"] });
      await state().elapse(25);
      expect(only(await store().claim("out", lease))).toMatchObject({ id: "a", due: retryAt, fence: 2, attempts: 2 });
    });

    it("replaces the body of an item, and the newest one is what is claimed", async () => {
      await store().commit(commit({ notices: [owe("a", 5, "old")] }));
      const newer = commit({ notices: [owe("a", 3, "new")] });
      await store().commit(newer);
      expect(await store().owed("out")).toEqual({ count: 1, oldestDue: 3 });
      expect(only(await store().claim("out", lease))).toMatchObject({ body: "new", due: 3, version: newer.id });
    });

    it("keeps an item whose body was replaced while it was out, due at once after the settle", async () => {
      await store().commit(commit({ notices: [owe("a", 0, "old")] }));
      const claimed = only(await store().claim("out", lease));
      const newer = commit({ notices: [owe("a", (await store().now()) + 3_600_000, "new")] });
      await store().commit(newer);
      expect(await store().claim("out", lease)).toEqual([]);
      const retryAt = (await store().now()) + 3_600_000;
      expect(await store().commit(commit({ settle: [{ ...claimed, retryAt }] }))).toEqual({ outcome: "committed" });
      expect(only(await store().claim("out", lease))).toMatchObject({ body: "new", version: newer.id, fence: 2 });
    });

    it("drops a cancelled item whatever its lease, and its holder learns of it", async () => {
      await store().commit(commit({ notices: [owe("a", 0), owe("b", 0)] }));
      const [a] = await store().claim("out", { leaseMs: 60_000, limit: 1 });
      const cancel = ["a", "b", "never"].map((id) => ({ queue: "out", id }));
      expect(await store().commit(commit({ cancel }))).toEqual({ outcome: "committed" });
      expect(await store().owed("out")).toEqual({ count: 0 });
      expect((await store().commit(commit({ settle: a ? [a] : [] }))).outcome).toBe("conflict");
    });

    it("settles and owes anew in one commit", async () => {
      await store().commit(commit({ timers: [owe("a", 0, "first")] }));
      const claimed = only(await store().claim("out", lease));
      const next = commit({ settle: [claimed], timers: [owe("a", 7, "second")] });
      await store().commit(next);
      expect(only(await store().claim("out", lease))).toMatchObject({ body: "second", version: next.id, attempts: 1 });
    });

    it("cancels and owes anew in one commit: whoever held the item holds nothing, and who moved it may hold it", async () => {
      await store().commit(commit({ timers: [owe("a", 0, "first")] }));
      const held = only(await store().claim("out", lease));
      const cancel = [{ queue: "out", id: "a" }];
      const moved = commit({ cancel, timers: [owe("a", 0, "second")] });
      await store().commit(moved);
      expect((await store().commit(commit({ settle: [held] }))).outcome).toBe("conflict");
      expect(only(await store().claim("out", lease))).toMatchObject({ body: "second", version: moved.id, fence: 1 });
      const kept = commit({ cancel, timers: [{ ...owe("a", 0, "third"), leaseMs: 60_000 }] });
      await store().commit(kept);
      expect(await store().claim("out", lease)).toEqual([]);
      const own = { queue: "out", id: "a", fence: 1, version: kept.id };
      expect((await store().commit(commit({ settle: [own] }))).outcome).toBe("committed");
    });

    it("takes a due time without end", async () => {
      await store().commit(commit({ timers: [owe("a", Number.POSITIVE_INFINITY), owe("b", 0.5)] }));
      expect(only(await store().claim("out", lease))).toMatchObject({ id: "b", due: 1 });
      expect(await store().owed("out")).toEqual({ count: 2, oldestDue: 1 });
    });
  });
}

export function leases({ store, state }: Context): void {
  describe("leases", () => {
    const lease = { leaseMs: 60_000, limit: 10 };
    const item = { queue: "out", id: "a", due: 0, body: "a" };

    it("gives an item to another when its lease is over, and the first holder's settle conflicts", async () => {
      await store().commit(commit({ notices: [item] }));
      const slow = only(await store().claim("out", { leaseMs: 20, limit: 1 }));
      await state().elapse(25);
      const other = await state().open();
      const taken = only(await other.claim("out", lease));
      expect(taken).toMatchObject({ fence: slow.fence + 1, attempts: 2 });
      const put = [{ key: "note/a", value: "from the slow one" }];
      expect(await store().commit(commit({ settle: [slow], put }))).toEqual({ outcome: "conflict", keys: ["out:a"] });
      expect(await store().read(["note/a"])).toEqual([undefined]);
      expect(await other.commit(commit({ settle: [taken] }))).toEqual({ outcome: "committed" });
      await other.close();
    });

    it("lets a holder settle after its lease while nobody else has taken the item", async () => {
      await store().commit(commit({ notices: [item] }));
      const slow = only(await store().claim("out", { leaseMs: 5, limit: 1 }));
      await state().elapse(10);
      expect(await store().commit(commit({ settle: [slow] }))).toEqual({ outcome: "committed" });
    });

    it("bears an item leased to its committer, who settles it with fence 1 and its own id", async () => {
      const born = commit({ notices: [{ ...item, leaseMs: 60_000 }] });
      await store().commit(born);
      expect(await store().claim("out", lease)).toEqual([]);
      const settle = [{ queue: "out", id: "a", fence: 1, version: born.id }];
      expect(await store().commit(commit({ settle }))).toEqual({ outcome: "committed" });
      expect(await store().owed("out")).toEqual({ count: 0 });
    });

    it("gives an item born leased to a worker when its committer does not come back", async () => {
      const born = commit({ notices: [{ ...item, leaseMs: 15 }] });
      await store().commit(born);
      await state().elapse(20);
      expect(only(await store().claim("out", lease))).toMatchObject({ fence: 2, attempts: 2, version: born.id });
      const settle = [{ queue: "out", id: "a", fence: 1, version: born.id }];
      expect((await store().commit(commit({ settle }))).outcome).toBe("conflict");
    });

    it("does not lease an existing item to whoever puts a newer body", async () => {
      await store().commit(commit({ notices: [item] }));
      await store().commit(commit({ notices: [{ ...item, body: "b", leaseMs: 60_000 }] }));
      expect(only(await store().claim("out", lease))).toMatchObject({ body: "b", fence: 1 });
    });

    it("does not take the settle of an earlier item of the same id for one of the present lease", async () => {
      await store().commit(commit({ notices: [item] }));
      const old = only(await store().claim("out", lease));
      await store().commit(commit({ cancel: [item] }));
      await store().commit(commit({ notices: [item] }));
      const present = only(await store().claim("out", lease));
      expect(present.fence).toBe(old.fence);
      expect((await store().commit(commit({ settle: [old] }))).outcome).toBe("conflict");
      expect(await store().commit(commit({ settle: [present] }))).toEqual({ outcome: "committed" });
    });
  });
}
