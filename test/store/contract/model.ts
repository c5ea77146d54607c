import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Commit, Settle, Store, StoredEntry } from "../../../src/domain/store.ts";
import { verifyJournal } from "../../../src/store/verify.ts";
import { never, StoreModel, sameResult } from "../model.ts";
import type { StateUnderTest } from "./context.ts";

interface Real {
  readonly store: Store<StoredEntry>;
  /** Claims to settle, those long lost among them. */
  readonly claims: Settle[];
}

type Step = fc.AsyncCommand<StoreModel, Real>;

const ids = fc.constantFrom("a", "b", "c");
const key = ids.map((id) => `note/${id}`);
const lease = fc.constantFrom(0, 600_000);
const at = fc.constantFrom("", "1", "10", "2", "ž");
const item = fc.record(
  { queue: fc.constantFrom("x", "y"), id: ids, due: fc.constantFrom(0, never), body: fc.nat(9), leaseMs: lease },
  { requiredKeys: ["queue", "id", "due", "body"] },
);

/** Picks are numbers, made into revisions and claims when the step runs: what exists then is not known before. */
const draft = fc.record(
  {
    repeat: fc.boolean(),
    once: ids,
    late: fc.boolean(),
    expect: fc.array(fc.tuple(key, fc.constantFrom("right", "absent", "wrong")), { maxLength: 2 }),
    put: fc.array(fc.record({ key, value: fc.nat(99), index: fc.dictionary(fc.constantFrom("at", "by"), at) }), {
      maxLength: 2,
    }),
    remove: fc.array(key, { maxLength: 1 }),
    notices: fc.array(item, { maxLength: 2 }),
    timers: fc.array(item, { maxLength: 1 }),
    cancel: fc.array(fc.record({ queue: fc.constantFrom("x", "y"), id: ids }), { maxLength: 1 }),
    settle: fc.array(fc.tuple(fc.nat(20), fc.constantFrom(undefined, 0, never)), { maxLength: 1 }),
    journal: fc.array(fc.record({ kind: fc.constant("step"), said: fc.string() }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
type Draft = typeof draft extends fc.Arbitrary<infer Value> ? Value : never;

let number = 0;
let previous: Commit<StoredEntry> | undefined;

function finish(parts: Draft, model: StoreModel, real: Real): Commit<StoredEntry> {
  if (parts.repeat && previous) return previous;
  number += 1;
  const { repeat: _, once, late, expect: expected = [], settle = [], ...rest } = parts;
  const revisions = expected.map(([name, which]) => {
    const right = model.documents.get(name)?.revision ?? null;
    return [name, which === "right" ? right : which === "absent" ? null : "wrong"] as const;
  });
  const settles = settle.flatMap(([pick, retryAt]) => {
    const claim = real.claims[pick % Math.max(1, real.claims.length)];
    return claim ? [retryAt === undefined ? claim : { ...claim, retryAt }] : [];
  });
  return {
    id: `commit-${number}`,
    ...rest,
    expect: Object.fromEntries(revisions),
    settle: settles,
    ...(once === undefined ? {} : { once: { key: once, answer: { number } } }),
    ...(late === undefined ? {} : { validUntil: late ? 0 : never }),
  };
}

function commitStep(parts: Draft): Step {
  return {
    check: () => true,
    toString: () => `commit ${JSON.stringify(parts)}`,
    run: async (model, real) => {
      const commit = finish(parts, model, real);
      previous = commit;
      const [result, predicted] = [await real.store.commit(commit), model.commit(commit)];
      expect(sameResult(result, predicted), `${JSON.stringify(result)}, not ${JSON.stringify(predicted)}`).toBe(true);
      for (const { queue, id, leaseMs } of commit.notices ?? []) {
        if (leaseMs !== undefined) real.claims.push({ queue, id, fence: 1, version: commit.id });
      }
    },
  };
}

function claimStep(queue: string, leaseMs: number): Step {
  return {
    check: () => true,
    toString: () => `claim ${queue} for ${leaseMs}`,
    run: async (model, real) => {
      const claimed = await real.store.claim(queue, { leaseMs, limit: 100 });
      const seen = claimed.map(({ id, body, fence, version, attempts }) => ({ id, body, fence, version, attempts }));
      const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
      expect(seen.toSorted(byId)).toEqual(model.claim(queue, leaseMs > 0).toSorted(byId));
      real.claims.push(...claimed.map(({ id, fence, version }) => ({ queue, id, fence, version })));
    },
  };
}

function readStep(index: string, range: { from?: string; to?: string; reverse?: boolean; limit?: number }): Step {
  return {
    check: () => true,
    toString: () => `list ${index} ${JSON.stringify(range)}`,
    run: async (model, { store }) => {
      expect((await store.list("note", index, range)).map((found) => found.key)).toEqual(
        model.list("note", index, range),
      );
      const keys = ["note/a", "note/b", "note/c"];
      const plain = keys.map((name) => model.documents.get(name)).map((kept) => kept && { ...kept, index: undefined });
      expect(await store.read(keys)).toEqual(plain);
      const counts = ["x", "y"].map((queue) => [...model.items.keys()].filter((name) => name[0] === queue).length);
      expect([(await store.owed("x")).count, (await store.owed("y")).count]).toEqual(counts);
    },
  };
}

const range = fc.record({ from: at, to: at, reverse: fc.boolean(), limit: fc.nat(3) }, { requiredKeys: [] });
const steps = [
  draft.map(commitStep),
  draft.map(commitStep),
  fc.tuple(fc.constantFrom("x", "y"), lease).map(([queue, leaseMs]) => claimStep(queue, leaseMs)),
  fc.tuple(fc.constantFrom("at", "by"), range).map(([index, bounds]) => readStep(index, bounds)),
];

/** Any sequence of calls has the results, and leaves the state, that a few maps have. */
export function agreesWithModel(fresh: () => Promise<StateUnderTest>): void {
  describe("against the model", () => {
    it("does what the reference model does under any sequence of calls", async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(steps, { size: "+1", maxCommands: 60 }), async (commands) => {
          const state = await fresh();
          const store = await state.open();
          const model = new StoreModel();
          previous = undefined;
          try {
            await fc.asyncModelRun(() => ({ model, real: { store, claims: [] } }), commands);
            const links = await store.journal({ limit: 1_000 });
            expect(links.map(({ entries }) => entries)).toEqual(model.journal);
            expect(await verifyJournal(store)).toMatchObject({ ok: true, links: model.journal.length });
          } finally {
            await store.close();
            await state.close();
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}
