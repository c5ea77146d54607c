import { describe, expect, it } from "vitest";
import type { Store, StoredEntry } from "../../../src/domain/store.ts";
import { verifyJournal } from "../../../src/store/verify.ts";
import { type Context, commit } from "./context.ts";

export function journal({ store, state }: Context): void {
  describe("journal", () => {
    it("links one commit's entries to the one before and reads them both ways", async () => {
      await store().commit(commit({ journal: [{ kind: "a", who: "ana" }, { kind: "b" }] }));
      await store().commit(commit({ put: [{ key: "note/quiet", value: 1 }] }));
      await store().commit(commit({ journal: [{ kind: "c" }] }));
      const links = await store().journal({ limit: 10 });
      expect(links.map(({ seq, entries }) => ({ seq, kinds: entries.map(({ kind }) => kind) }))).toEqual([
        { seq: 1, kinds: ["a", "b"] },
        { seq: 2, kinds: ["c"] },
      ]);
      expect(links[0]?.previous).toBe("0".repeat(64));
      expect(links[1]?.previous).toBe(links[0]?.hash);
      expect(await store().journal({ limit: 1, reverse: true })).toEqual([links[1]]);
      expect(await store().journal({ fromSeq: 2, limit: 5 })).toEqual([links[1]]);
      expect(await store().journal({ fromSeq: 2, limit: 5, reverse: true })).toEqual([links[1]]);
      expect(await store().journal({ limit: 10, intact: true })).toEqual(links);
      expect(await store().journal({ fromSeq: 2, limit: 5, intact: true })).toEqual([links[1]]);
      expect(await store().head()).toEqual({ seq: 2, hash: links[1]?.hash });
      expect(await verifyJournal(store())).toEqual({ ok: true, links: 2, archived: 0, head: await store().head() });
    });

    it("hashes the same entries alike whatever the order of their fields", async () => {
      await store().commit(commit({ journal: [{ kind: "a", x: 1, y: 2 }] }));
      await store().commit(commit({ journal: [{ y: 2, x: 1, kind: "a" }] }));
      const [one, two] = await store().journal({ limit: 2 });
      expect(one?.bodyHash).toBe(two?.bodyHash);
      expect(one?.hash).not.toBe(two?.hash);
    });

    it("journals text that is not well-formed", async () => {
      await store().commit(commit({ journal: [{ kind: "alert", label: "half \ud800 \\ud800 pair" }] }));
      const [link] = await store().journal({ limit: 1 });
      expect(link?.entries).toEqual([{ kind: "alert", label: "half \ufffd \\ud800 pair" }]);
      expect(await verifyJournal(store())).toMatchObject({ ok: true });
    });

    it("finds an empty chain sound, and keeps clock and epoch over an opening", async () => {
      expect(await verifyJournal(store())).toEqual({ ok: true, links: 0, archived: 0, head: await store().head() });
      const other = await state().open();
      expect(await other.epoch()).toBe(await store().epoch());
      expect(Math.abs((await other.now()) - (await store().now()))).toBeLessThan(5_000);
      await other.close();
    });
  });
}

export function concurrency({ store, state }: Context): void {
  describe("many at once", () => {
    it("keeps one chain under committers of several instances", async () => {
      const instances = [store(), await state().open(), await state().open()];
      const write = async (instance: Store<StoredEntry>, at: number) => {
        const parts = { put: [{ key: `note/${at}`, value: at }], journal: [{ kind: "n", at }] };
        return instance.commit(commit(parts));
      };
      const results = await Promise.all(
        instances.flatMap((instance, i) => Array.from({ length: 100 }, (_, j) => write(instance, i * 100 + j))),
      );
      expect(results.every(({ outcome }) => outcome === "committed")).toBe(true);
      expect(await verifyJournal(store())).toEqual({ ok: true, links: 300, archived: 0, head: await store().head() });
      const said = (await store().journal({ limit: 1_000 })).map(({ entries }) => entries[0]?.["at"]);
      expect(new Set(said).size).toBe(300);
      await Promise.all(instances.slice(1).map((instance) => instance.close()));
    });

    it("spoils no commit of a group for another's fault", async () => {
      const many = Array.from({ length: 60 }, (_, at) =>
        at % 3 === 0
          ? commit({
              expect: { [`note/${at}`]: "never" },
              put: [{ key: `note/${at}`, value: at }],
              journal: [{ kind: "x" }],
            })
          : commit({ put: [{ key: `note/${at}`, value: at }], journal: [{ kind: "x" }] }),
      );
      const results = await Promise.all(many.map((one) => store().commit(one)));
      expect(results.map(({ outcome }) => outcome)).toEqual(
        many.map((_, at) => (at % 3 === 0 ? "conflict" : "committed")),
      );
      expect(await verifyJournal(store())).toEqual({ ok: true, links: 40, archived: 0, head: await store().head() });
    });

    it("loses no update of one hot key under fifty who read, change and write it", async () => {
      const instances = [store(), await state().open()];
      const increment = async (instance: Store<StoredEntry>): Promise<void> => {
        for (;;) {
          const [read] = await instance.read(["count/hot"]);
          const value = typeof read?.value === "number" ? read.value + 1 : 1;
          const write = commit({
            expect: { "count/hot": read?.revision ?? null },
            put: [{ key: "count/hot", value }],
            journal: [{ kind: "count", value }],
          });
          const { outcome } = await instance.commit(write);
          if (outcome === "committed") return;
        }
      };
      await Promise.all(instances.flatMap((instance) => Array.from({ length: 25 }, () => increment(instance))));
      expect((await store().read(["count/hot"]))[0]?.value).toBe(50);
      const counted = (await store().journal({ limit: 100 })).map(({ entries }) => entries[0]?.["value"]);
      expect(counted).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
      await instances[1]?.close();
    });

    it("gives each item to one of several claimers", async () => {
      const notices = Array.from({ length: 60 }, (_, at) => ({ queue: "out", id: `n${at}`, due: 0, body: at }));
      await store().commit(commit({ notices }));
      const instances = [store(), await state().open(), await state().open()];
      const claims = await Promise.all(
        instances.flatMap((instance) =>
          Array.from({ length: 5 }, () => instance.claim("out", { leaseMs: 60_000, limit: 5 })),
        ),
      );
      const ids = claims.flat().map(({ id }) => id);
      expect(ids).toHaveLength(60);
      expect(new Set(ids).size).toBe(60);
      await Promise.all(instances.slice(1).map((instance) => instance.close()));
    });
  });
}
