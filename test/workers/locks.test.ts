import { describe, expect, it } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { rebuildLock } from "../../src/acts/approvals/rebuild-lock.ts";
import type { StepOutcome } from "../../src/domain/systems/steps.ts";
import { lockKey, parseLock } from "../../src/records/lock.ts";
import { putRequest } from "../../src/records/request.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

// Locks that an earlier build forgot to free, and locks that cannot be read.

const patience = { timeout: 60_000 };
const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const restart = OperationFile.parse({ summary: "x", risk: "destructive", steps: [post("first"), post("second")] });
const operations = { restart };
const plan = planner.plan(restart, {});
const torn = { key: lockKey("alphapulse"), value: { format: 9 } };
const operator = { person: null, account: "os:root" };

async function approved(bench: Bench, who: string, service: string) {
  const asked = await bench.ask(who, {
    operation: "restart",
    risk: "destructive",
    direction: "neutral",
    arguments: { service },
    plan,
  });
  await bench.decide("approve", "boris", asked);
  return asked;
}

const stateOf = (bench: Bench, asked: Parameters<Bench["now"]>[0]) => async () =>
  (await bench.now(asked)).request.state;
const lockOf = async (bench: Bench) => parseLock((await bench.store.read([torn.key]))[0]);

describe("a holder that holds nothing any more", () => {
  it.each(["FAILED", "SUCCEEDED", "EXPIRED"] as const)(
    "as %s is none, and neither is one that is not there",
    async (state) => {
      const bench = await createBench(policy());
      const { request, sealed } = await approved(bench, "ana", "api");
      const holders = [request.id, "gone"].map((each) => ({ request: each, targets: [] }));
      await bench.store.commit({
        id: "stuck",
        put: [putRequest({ ...request, state }, sealed), { key: torn.key, value: { format: 2, holders, fence: 7 } }],
        cancel: [{ queue: "runs", id: `claim:${request.id}` }],
      });
      const next = await approved(bench, "ana", "db");
      startExecutor(executorOn(bench, operations));
      await expect.poll(stateOf(bench, next), patience).toBe("SUCCEEDED");
      expect((await bench.now(next)).run?.fence).toBeGreaterThan(7);
      expect((await lockOf(bench))?.holders).toEqual([]);
    },
  );
});

describe("a lock that cannot be read", () => {
  it.each([
    ["ends well", { outcome: "done", detail: "" }, "SUCCEEDED"],
    ["is lost", { outcome: "unknown", detail: "lost" }, "UNKNOWN"],
  ] as const)("is left as it is, and how a run %s is written down all the same", async (_what, second, state) => {
    const bench = await createBench(policy());
    const asked = await approved(bench, "ana", "api");
    const executor = executorOn(bench, operations, {
      steps: {
        async run({ id }): Promise<StepOutcome> {
          if (id === "first") await bench.store.commit({ id: "torn", put: [torn] });
          return id === "second" ? second : { outcome: "done", detail: "" };
        },
        probe: async () => ({ outcome: "unknown", detail: "lost" }),
      },
    });
    startExecutor(executor);
    await expect.poll(stateOf(bench, asked), patience).toBe(state);
    expect((await bench.store.read([torn.key]))[0]?.value).toEqual(torn.value);
  });

  it("holds up what is not urgent, says so on its card, and is freed by whoever runs Wardroom, on record", async () => {
    const bench = await createBench(policy());
    await bench.store.commit({ id: "torn", put: [torn] });
    const asked = await approved(bench, "ana", "api");
    startExecutor(executorOn(bench, operations));
    await expect
      .poll(async () => (await bench.now(asked)).request.heldUp, patience)
      .toBe("until the lock of alphapulse can be read, which wardroom doctor tells how to free");
    expect(await rebuildLock(bench.store, "alphapulse", operator)).toEqual({ holders: [], unreadable: [] });
    await expect.poll(stateOf(bench, asked), patience).toBe("SUCCEEDED");
    const entries = (await bench.store.journal({ limit: 50 })).flatMap((link) => link.entries);
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: "lock.rebuilt", system: "alphapulse", who: operator, holders: [] }),
    );
  });

  it("is written anew with what is under way, and past every fence there was", async () => {
    const bench = await createBench(policy());
    const { store, directory } = bench;
    const first = await approved(bench, "ana", "api");
    await store.claim("runs", { leaseMs: 30_000, limit: 10 });
    const { id, code } = first.request;
    await claimRun(store, { id, owner: "w", check: { drift: [] }, directory });
    const before = await lockOf(bench);
    expect(await rebuildLock(store, "alphapulse", operator)).toBeUndefined();
    expect(await rebuildLock(store, "pulseguard", operator)).toBeUndefined();
    await store.commit({ id: "torn", put: [torn, { key: "request/torn", value: torn.value, index: { open: "0" } }] });
    expect(await rebuildLock(store, "alphapulse", operator)).toMatchObject({
      holders: [{ code, operation: "restart" }],
      unreadable: [{ record: "request/torn" }],
    });
    expect((await lockOf(bench))?.holders).toEqual(before?.holders);
    expect((await lockOf(bench))?.fence).toBeGreaterThan(before?.fence ?? Infinity);
  });
});
