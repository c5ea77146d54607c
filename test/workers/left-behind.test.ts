import { describe, expect, it } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { recordStart } from "../../src/acts/approvals/record-run.ts";
import { takeOverRuns } from "../../src/acts/approvals/take-over-runs.ts";
import type { Identity } from "../../src/domain/systems/health.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import { lockKey, parseLock } from "../../src/records/lock.ts";
import { executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

// What a process left behind that was claimed, and never begun or never ended.

const patience = { timeout: 60_000 };
const post = (id: string) => ({ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } });
const watch = { json: { url: "http://127.0.0.1:1/m", path: "/x" }, is: "value == 0", every: "1s", within: "20s" };
const restart = OperationFile.parse({ summary: "x", risk: "destructive", steps: [post("first"), post("second")] });
const drain = OperationFile.parse({
  summary: "x",
  risk: "destructive",
  steps: [{ id: "drained", title: "Drained", watch }, post("wipe")],
});
const stop = OperationFile.parse({
  summary: "x",
  risk: "change",
  direction: "reduces",
  permission: "stop",
  urgent: true,
  steps: [post("stop")],
});
const operations = { restart, drain, stop };

/** A request that a process claimed which is gone since. */
async function claimed(name: string, operation: Operation) {
  const bench = await createBench(policy());
  const plan = planner.plan(operation, {});
  const asked = await bench.ask("ana", { operation: name, risk: "destructive", direction: "neutral", plan });
  const { id } = asked.request;
  await bench.decide("approve", "boris", asked);
  await bench.store.claim("runs", { leaseMs: 30_000, limit: 10 });
  const claim = await claimRun(bench.store, {
    id,
    owner: "gone",
    check: { drift: [] },
    directory: bench.directory,
  });
  const begin = (step: string, more: object = {}) =>
    recordStart(bench.store, {
      id,
      owner: "gone",
      fence: claim.claimed ? claim.fence : 0,
      step,
      budgetMs: 10_000,
      ...more,
    });
  return { bench, asked, begin, state: async () => (await bench.now(asked)).request.state };
}

it("one whose target cannot be read any more fails, and frees what it held", async () => {
  const { bench, state } = await claimed("restart", restart);
  await takeOverRuns(bench.store);
  const health = {
    identify: async () => ({ is: "unread", why: "it did not answer" }) as const,
    check: () => Promise.reject(new Error("not asked")),
  };
  startExecutor(executorOn(bench, operations, { owner: "next", systems: { health } }));
  await expect.poll(state, patience).toBe("FAILED");
  expect(parseLock((await bench.store.read([lockKey("alphapulse")]))[0])?.holders).toEqual([]);
});

it("one that waits for a silent platform past its window has failed, nothing sent", async () => {
  const { bench, state } = await claimed("restart", restart);
  bench.standings.set("console:ana", "silent");
  bench.clock.now += 7 * 86_400_000;
  const executor = executorOn(bench, operations, { owner: "next" });
  startExecutor(executor);
  await expect.poll(state, patience).toBe("FAILED");
  expect(executor.sent).toEqual([]);
});

it("one left at a reading sends nothing past its hard deadline, whatever the reading says then", async () => {
  const { bench, state, begin } = await claimed("drain", drain);
  await begin("drained", { reads: true });
  bench.clock.now += 86_400_000;
  await takeOverRuns(bench.store);
  const executor = executorOn(bench, operations, { owner: "next" });
  startExecutor(executor);
  await expect.poll(state, patience).toBe("FAILED");
  expect(executor.sent.filter((key) => key.endsWith("wipe"))).toEqual([]);
});

describe("one left at a reading, and found again in time,", () => {
  const gone = { ok: false, why: "was deactivated", remedy: "Ask again." } as const;
  const silent = { is: "unread", why: "it did not answer" } as const;

  async function left(how: Parameters<typeof executorOn>[2] = {}) {
    const at = await claimed("drain", drain);
    await at.begin("drained", { reads: true });
    at.bench.clock.now += 100_000;
    const executor = executorOn(at.bench, operations, { owner: "next", ...how });
    return { ...at, executor, wiped: () => executor.sent.filter((key) => key.endsWith("wipe")) };
  }

  it("goes on with the same deadlines, and holds what it held", async () => {
    const at = await left();
    const before = (await at.bench.now(at.asked)).run;
    startExecutor(at.executor);
    await expect.poll(at.state, patience).toBe("SUCCEEDED");
    expect(at.wiped()).toHaveLength(1);
    expect((await at.bench.now(at.asked)).run).toMatchObject({ owner: "next", beginBy: before?.beginBy });
  });

  it.each<[string, (bench: Bench) => unknown, string]>([
    [
      "after the rules have changed",
      (bench) => bench.adopt(policy({ revision: "r2", people: policy().people.filter(({ id }) => id === "chen") })),
      "The approval rules changed after this was approved.",
    ],
    [
      "after somebody who approved it is gone",
      ({ standings }) => standings.set("console:boris", gone),
      "Somebody who approved it may no longer do so.",
    ],
    [
      "after who asked for it is gone",
      ({ standings }) => standings.set("console:ana", gone),
      "ana may no longer ask for this.",
    ],
  ])("%s, sends nothing more and frees what it held", async (_when, change, why) => {
    const at = await left();
    await change(at.bench);
    startExecutor(at.executor);
    await expect.poll(at.state, patience).toBe("FAILED");
    expect((await at.bench.now(at.asked)).request.why).toBe(`${why} Nothing more was sent.`);
    expect(at.executor.sent).toEqual([]);
    expect(parseLock((await at.bench.store.read([lockKey("alphapulse")]))[0])?.holders).toEqual([]);
  });

  it("at whose address another system answers by now, waits and sends nothing to it", async () => {
    let identity: Identity = { is: "contradicted", why: "it says market-ml" };
    const health = { identify: async () => identity, check: () => Promise.reject(new Error("not asked")) };
    const at = await left({ systems: { health } });
    startExecutor(at.executor);
    const looked = async (): Promise<number> => (await at.bench.store.owed("runs")).oldestDue ?? 0;
    await expect.poll(looked, patience).toBeGreaterThan(at.bench.clock.now);
    expect([await at.state(), at.executor.sent]).toEqual(["EXECUTING", []]);
    identity = silent;
    at.bench.clock.now += 2_000;
    await expect.poll(looked, patience).toBeGreaterThan(at.bench.clock.now);
    expect([await at.state(), at.executor.sent]).toEqual(["EXECUTING", []]);
    identity = { is: "proven" };
    at.bench.clock.now += 2_000;
    await expect.poll(at.state, patience).toBe("SUCCEEDED");
    expect(at.wiped()).toHaveLength(1);
  });

  it("waits for a platform that is silent, and is over when no act may begin any more", async () => {
    const at = await left();
    at.bench.standings.set("console:boris", "silent");
    startExecutor(at.executor);
    const looked = async (): Promise<number> => (await at.bench.store.owed("runs")).oldestDue ?? 0;
    await expect.poll(looked, patience).toBeGreaterThan(at.bench.clock.now);
    expect([await at.state(), at.executor.sent]).toEqual(["EXECUTING", []]);
    at.bench.clock.now += 100_000;
    await expect.poll(at.state, patience).toBe("FAILED");
    expect(at.wiped()).toEqual([]);
  });
});

it.each([1_000, 30_000])(
  "one taken over %d ms after its reading began is looked at by the rules of now",
  async (ms) => {
    const { bench, state, begin } = await claimed("drain", drain);
    await begin("drained", { reads: true });
    bench.clock.now += ms;
    await takeOverRuns(bench.store);
    await bench.adopt(policy({ revision: "r2" }));
    const executor = executorOn(bench, operations, { owner: "next" });
    startExecutor(executor);
    await expect.poll(state, patience).toBe("FAILED");
    expect(executor.sent.filter((key) => key.endsWith("wipe"))).toEqual([]);
  },
);

it.each([3_000, 6_000, 10_000, 25_000])("what is not urgent is sent too where each commit takes %d ms", async (ms) => {
  const bench = await createBench(policy());
  const plan = planner.plan(restart, {});
  const asked = await bench.ask("ana", { operation: "restart", risk: "destructive", direction: "neutral", plan });
  await bench.decide("approve", "boris", asked);
  const commit = bench.store.commit.bind(bench.store);
  bench.store.commit = async (change) => {
    bench.clock.now += ms;
    return commit(change);
  };
  const executor = executorOn(bench, operations);
  startExecutor(executor);
  await expect.poll(async () => (await bench.now(asked)).request.state, patience).toBe("SUCCEEDED");
  expect(executor.sent.map((key) => key.split("-").at(-1))).toEqual(["first", "second"]);
});

it("two starts in a row believe a no no earlier than one", async () => {
  const { bench, asked, begin } = await claimed("restart", restart);
  await begin("first");
  await takeOverRuns(bench.store);
  const once = (await bench.now(asked)).run?.hardDeadline;
  bench.clock.now += 100;
  await takeOverRuns(bench.store);
  expect((await bench.now(asked)).run?.hardDeadline).toBe(once);
  expect(once).toBeGreaterThan(bench.clock.now);
});

it("a record that cannot be read is told, and keeps no other from being taken over", async () => {
  const { bench, asked } = await claimed("restart", restart);
  const { id } = asked.request;
  await bench.store.commit({ id: "damage", put: [{ key: `run/${id}`, value: { format: 99 } }] });
  expect(await takeOverRuns(bench.store)).toMatchObject({ count: 0, unreadable: [{ record: `run/${id}` }] });
});

it("a stop whose first try was lost with its process may have been sent, whatever the next tries are told", async () => {
  const channels = policy().channels.map((each) => ({ ...each, allow: [...each.allow, "stop" as const] }));
  const bench = await createBench(policy({ channels }));
  const seen = { id: "seen", title: "Seen", watch: { ...watch, within: "1s" } };
  const halting: Operation = OperationFile.parse({
    summary: "x",
    risk: "change",
    direction: "reduces",
    permission: "stop",
    urgent: true,
    hardDeadlineMs: 60_000,
    steps: [post("stop")],
    verify: [seen],
  });
  const { risk, direction, permission } = halting;
  const halt = await bench.ask("chen", {
    operation: "stop",
    risk,
    direction,
    permission,
    urgent: true,
    plan: planner.plan(halting, {}),
  });
  const { id } = halt.request;
  await bench.store.claim("runs/urgent", { leaseMs: 30_000, limit: 10 });
  const claim = await claimRun(bench.store, { id, owner: "gone", check: { drift: [] }, directory: bench.directory });
  const fence = claim.claimed ? claim.fence : 0;
  await recordStart(bench.store, { id, owner: "gone", fence, step: "stop", budgetMs: 10_000 });
  await takeOverRuns(bench.store);
  const run = async ({ id: step }: { readonly id: string }) =>
    step === "stop"
      ? ({ outcome: "refused", detail: "answered 409: already stopping" } as const)
      : ({ outcome: "unknown", detail: "/x is absent" } as const);
  startExecutor(executorOn(bench, { stop: halting }, { owner: "next", steps: { run } }));
  await expect
    .poll(
      async () => {
        bench.clock.now += 5_000;
        return (await bench.now(halt)).request.state;
      },
      { ...patience, interval: 100 },
    )
    .toBe("UNKNOWN");
});
