import { describe, expect, it, onTestFinished, vi } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { recordEnd, recordStart } from "../../src/acts/approvals/record-run.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import type { StepOutcome, StepRunner } from "../../src/domain/systems/steps.ts";
import { lockKey, parseLock } from "../../src/records/lock.ts";
import type { ReadRequest } from "../../src/records/request.ts";
import { boundStore } from "../../src/store/bound-store.ts";
import type { RunPorts } from "../../src/workers/run.ts";
import { type Executor, executorOn, startExecutor } from "../acts/approvals/executor.ts";
import { alphapulse, type Bench, createBench } from "../acts/approvals/request-bench.ts";
import { flatten, policy } from "../domain/approvals/request-fixtures.ts";
import { OperationFile, planner } from "../fakes/backends.ts";

/** As the requests of this bench are asked for: resting on no positions. */
const { precondition: _, ...unconditional } = flatten;

/** The machine may be busy. */
const patience = { timeout: 60_000 };

const stateOf = async (bench: Bench, asked: ReadRequest) => (await bench.now(asked)).request.state;

describe("what was approved", () => {
  async function runs(
    { bench, ...executor }: Executor & { readonly bench: Bench },
    plan: Parameters<Bench["ask"]>[1] = {},
  ): Promise<string> {
    const asked = await bench.ask("ana", plan);
    await bench.decide("approve", "boris", asked);
    const { stop } = startExecutor(executor);
    await expect.poll(() => stateOf(bench, asked), patience).toMatch(/SUCCEEDED|FAILED|INVALIDATED/);
    await stop();
    return stateOf(bench, asked);
  }

  async function work(operation: Operation = unconditional, how: Parameters<typeof executorOn>[2] = {}) {
    const bench = await createBench();
    return { bench, ...executorOn(bench, { flatten: operation }, how) };
  }

  const steps = (sent: readonly string[]): string[] => sent.map((key) => key.replace(/^.*-/, ""));

  it("runs", async () => {
    const at = await work();
    expect(await runs(at)).toBe("SUCCEEDED");
    expect(steps(at.sent)).toEqual(["flatten", "flat"]);
  });

  it("is read late rather than not at all: only what has an effect is held back", async () => {
    const bench = await createBench();
    let begun = 0;
    const store: RunPorts["store"] = {
      ...boundStore(bench.store),
      async commit(commit) {
        const result = await bench.store.commit(commit);
        if (!commit.journal?.some(({ kind }) => kind === "request.step-started")) return result;
        begun += 1;
        // The disk took its time when the step that verifies was written down.
        if (begun === 2) bench.clock.now += 6_000;
        return result;
      },
    };
    const at = { bench, ...executorOn(bench, { flatten: unconditional }, { store }) };
    expect(await runs(at)).toBe("SUCCEEDED");
    expect(steps(at.sent)).toEqual(["flatten", "flat"]);
  });

  it("is asked again when the operation is configured otherwise than when it was approved (B24)", async () => {
    const at = await work({ ...unconditional, summary: "Close every position elsewhere" });
    expect(await runs(at)).toBe("INVALIDATED");
    expect(at.sent).toEqual([]);
  });

  it.each([
    ["at another risk", { risk: "change" }],
    ["in another direction", { direction: "increases" }],
    ["for other people", { permission: "stop" }],
    ["on other terms", { precondition: { positions: { growth: 0.5 } } }],
  ] as const)("is asked again when it would be planned %s", async (_what, change) => {
    const at = await work({ ...unconditional, ...change });
    expect(await runs(at)).toBe("INVALIDATED");
    expect(at.sent).toEqual([]);
  });

  it.each([
    ["is there still", ["b1"], "SUCCEEDED"],
    ["is gone by now", ["b2"], "INVALIDATED"],
    ["cannot be looked up any more", undefined, "FAILED"],
  ] as const)("runs only while what an argument names %s", async (_what, listed, state) => {
    const backup = { type: "text" as const, title: "Backup", required: true, from: "backups" };
    const reading = { at: 0, latencyMs: 0 };
    const read = async () =>
      listed
        ? { ok: true as const, value: listed.map((value) => ({ value, label: "" })), ...reading }
        : { ok: false as const, fault: "unreachable" as const, detail: "refused", ...reading };
    const at = await work({ ...unconditional, arguments: { backup } }, { systems: { lists: { read } } });
    expect(await runs(at, { arguments: { backup: "b1" } })).toBe(state);
    expect(steps(at.sent)).toEqual(state === "SUCCEEDED" ? ["flatten", "flat"] : []);
  });

  it("fails without a step sent where the target cannot prove itself, claimed and over in one", async () => {
    const contradicted = { is: "contradicted", why: "another answers" } as const;
    const health = { identify: async () => contradicted, check: () => Promise.reject(new Error("not asked")) };
    const at = await work(unconditional, { systems: { health } });
    expect(await runs(at)).toBe("FAILED");
    expect(at.sent).toEqual([]);
    const told = (await at.bench.store.journal({ limit: 20 })).map(({ entries }) => entries.map(({ kind }) => kind));
    expect(told).toContainEqual(["request.claimed", "request.finished"]);
  });

  it("is not sent by an executor that was held up between writing a step down and sending it (I5)", async () => {
    const bench = await createBench();
    const commit = bench.store.commit.bind(bench.store);
    const late = async (change: Parameters<typeof commit>[0]) => {
      const answer = await commit(change);
      if (change.journal?.some((entry) => entry.kind === "request.step-started")) bench.clock.now += 3_600_000;
      return answer;
    };
    const store = new Proxy(bench.store, {
      get(target, name) {
        if (name === "commit") return late;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const executor = executorOn(bench, { flatten: unconditional }, { store });
    expect(await runs({ bench, ...executor })).toBe("FAILED");
    expect(executor.sent).toEqual([]);
  });
});

const restart = OperationFile.parse({
  summary: "Restart both",
  risk: "destructive",
  steps: ["first", "second"].map((id) => {
    return { id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}`, timeoutMs: 1_000 } };
  }),
  verify: [
    {
      id: "up",
      title: "Both are up",
      watch: {
        json: { url: "http://127.0.0.1:1/up", path: "/up" },
        is: "value == true",
        times: 3,
        every: "1s",
        within: "60s",
      },
    },
  ],
});

describe("a run whose process died", () => {
  /** Claimed by a process that carries out so many steps, writes down that it sends one more if it is to, and is gone. */
  async function diedAfter(steps: number, { out = false } = {}) {
    const bench = await createBench();
    const asked = await bench.ask("ana", {
      operation: "restart",
      direction: "neutral",
      plan: planner.plan(restart, {}),
    });
    const { id } = asked.request;
    await bench.decide("approve", "boris", asked);
    const claimed = await claimRun(bench.store, {
      id,
      owner: "gone",
      check: { drift: [] },
      directory: bench.directory,
    });
    if (!claimed.claimed) throw new Error(claimed.why);
    for (const [place, step] of ["first", "second"].entries()) {
      const at = { id, owner: "gone", fence: claimed.fence, step };
      if (place < steps || (place === steps && out)) await recordStart(bench.store, { ...at, budgetMs: 1_000 });
      if (place < steps) await recordEnd(bench.store, { ...at, outcome: { outcome: "done", detail: "done" } });
    }
    const executor = executorOn(bench, { restart }, { owner: "next" });
    return { bench, asked, id, fence: claimed.fence, ...executor };
  }

  const gone = { ok: false, why: "deactivated", remedy: "" } as const;

  it("between two steps goes on with the next, under a fence of its own", async () => {
    const left = await diedAfter(1);
    left.bench.clock.now += 60_000;
    startExecutor(left);
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("SUCCEEDED");
    expect(left.sent).toEqual(["second", "up"].map((step) => `wardroom-${left.id}-${step}`));
    expect((await left.bench.now(left.asked)).run).toMatchObject({ owner: "next", fence: left.fence + 1 });
    const next = await left.bench.ask("ana");
    await left.bench.decide("approve", "boris", next);
    const by = { owner: "w", check: { drift: [] }, directory: left.bench.directory };
    expect(await claimRun(left.bench.store, { id: next.request.id, ...by })).toMatchObject({ fence: left.fence + 2 });
  });

  it("is nobody's to go on with while its owner still may", async () => {
    const left = await diedAfter(1);
    left.bench.clock.now += 4_999;
    expect(await left.bench.store.claim("runs", { leaseMs: 1, limit: 5 })).toEqual([]);
    left.bench.clock.now += 1;
    const due = await left.bench.store.claim("runs", { leaseMs: 1, limit: 5 });
    expect(due.map(({ id }) => id)).toEqual([`run:${left.id}`]);
  });

  it("while a step was out is unknown, and nothing is sent again", async () => {
    const left = await diedAfter(1, { out: true });
    left.bench.clock.now += 6_000;
    startExecutor(left);
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("UNKNOWN");
    expect(left.sent).toEqual([]);
    left.bench.clock.now += planner.plan(restart, {}).hardDeadlineMs;
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("SUCCEEDED");
    expect(left.lookedUp).toEqual(["second", "up"].map((step) => `wardroom-${left.id}-${step}`));
  });

  it("before its first step is taken by another, who reads anew what it rests on", async () => {
    const left = await diedAfter(0);
    left.bench.clock.now += 5_000;
    startExecutor(left);
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("SUCCEEDED");
    expect((await left.bench.now(left.asked)).run).toMatchObject({ owner: "next", fence: left.fence + 1 });
    expect(left.sent).toHaveLength(3);
  });

  it.each([
    ["its time to start is over", (bench: Bench): void => void (bench.clock.now += 300_000)],
    ["somebody who approved may no longer", (bench: Bench): void => void bench.standings.set("console:boris", gone)],
  ] as const)("before its first step, and %s: it has failed, and nothing was sent", async (_when, change) => {
    const left = await diedAfter(0);
    left.bench.clock.now += 5_000;
    change(left.bench);
    startExecutor(left);
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("FAILED");
    expect((await left.bench.now(left.asked)).request.why).toMatch(/Nothing was sent\.$/);
    expect(left.sent).toEqual([]);
    const [lock] = await left.bench.store.read([lockKey("alphapulse")]);
    expect(parseLock(lock)?.holders).toEqual([]);
  });

  it("before its first step waits for a platform that does not answer about people, and holds what it held", async () => {
    const left = await diedAfter(0);
    left.bench.standings.set("console:boris", "silent");
    left.bench.clock.now += 5_000;
    startExecutor(left);
    const looked = async (): Promise<number> => (await left.bench.store.owed("runs")).oldestDue ?? 0;
    await expect.poll(looked, patience).toBeGreaterThan(left.bench.clock.now);
    expect(await stateOf(left.bench, left.asked)).toBe("EXECUTING");
    left.bench.standings.delete("console:boris");
    left.bench.clock.now += 2_000;
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("SUCCEEDED");
  });

  it("and was left until its hard deadline stays half-way", async () => {
    const left = await diedAfter(1);
    left.bench.clock.now += planner.plan(restart, {}).hardDeadlineMs;
    startExecutor(left);
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("PARTIAL");
    expect(left.sent).toEqual([]);
  });

  it("while it waited is looked at on, with the readings in a row that it had", async () => {
    const left = await diedAfter(2);
    const seen: unknown[] = [];
    const run: StepRunner["run"] = async (_step, { progress = 0 }): Promise<StepOutcome> => {
      seen.push(progress);
      const inRow = Number(progress) + 1;
      return inRow >= 3
        ? { outcome: "done", detail: "up" }
        : { outcome: "waiting", detail: "up", progress: inRow, againInMs: 500 };
    };
    for (const owner of ["one", "two", "three"]) {
      left.bench.clock.now += 10_000;
      const { stop } = startExecutor(executorOn(left.bench, { restart }, { owner, steps: { run } }));
      await expect.poll(() => seen.length, patience).toBeGreaterThanOrEqual(["one", "two", "three"].indexOf(owner) + 1);
      await stop();
    }
    expect(seen).toEqual([0, 1, 2]);
    startExecutor(left);
    await expect.poll(() => stateOf(left.bench, left.asked), patience).toBe("SUCCEEDED");
  });
});

describe("what is sealed", () => {
  it("is written once: its steps are written down beside it", async () => {
    const bench = await createBench();
    const asked = await bench.ask("ana");
    await bench.decide("approve", "boris", asked);
    const puts: string[] = [];
    const commit = bench.store.commit.bind(bench.store);
    vi.spyOn(bench.store, "commit").mockImplementation((change) => {
      puts.push(...(change.put ?? []).map(({ key }) => key.replace(/\/.*$/, "")));
      return commit(change);
    });
    startExecutor(executorOn(bench, { flatten: unconditional }));
    await expect.poll(() => stateOf(bench, asked), patience).toBe("SUCCEEDED");
    expect(puts.filter((kind) => kind === "run").length).toBeGreaterThan(3);
    // Claimed and finished.
    expect(puts.filter((kind) => kind === "request")).toHaveLength(2);
  });
});

describe("an emergency stop", () => {
  const stop = OperationFile.parse({ ...written("stop"), risk: "change", direction: "reduces", permission: "stop" });
  const slow = OperationFile.parse({ ...written("slow"), risk: "change", direction: "neutral" });
  const halving = OperationFile.parse({ ...written("halve"), risk: "change", direction: "reduces" });

  function written(id: string): object {
    return { summary: id, steps: [{ id, title: id, http: { method: "POST", url: `http://127.0.0.1:1/${id}` } }] };
  }

  it.each([
    ["that change something", "slow", slow],
    ["that reduce what can be lost", "halve", halving],
  ] as const)("is sent at once while sixteen runs hang %s", async (_what, name, hanging) => {
    const bench = await createBench(policy({ rules: [{ tier: "notice" }] }));
    const release = Promise.withResolvers<StepOutcome>();
    const done = { outcome: "done", detail: "done" } as const;
    const run: StepRunner["run"] = ({ id }) => (id === "stop" ? Promise.resolve(done) : release.promise);
    const executor = executorOn(bench, { stop, [name]: hanging }, { steps: { run } });
    const ask = (system: string, operation: string, by: Operation, person: string) =>
      bench.ask(person, {
        system: { ...alphapulse, id: system },
        operation,
        risk: by.risk,
        direction: by.direction,
        permission: by.permission,
        plan: planner.plan(by, {}),
      });
    for (let number = 0; number < 16; number += 1) await ask(`system-${number}`, name, hanging, "ana");
    startExecutor(executor);
    onTestFinished(() => release.resolve(done));
    await expect.poll(() => executor.sent.length, patience).toBe(16);
    const asked = await ask("another", "stop", stop, "chen");
    await expect.poll(() => stateOf(bench, asked), patience).toBe("SUCCEEDED");
    expect(executor.sent.at(-1)).toBe(`wardroom-${asked.request.id}-stop`);
  });
});
