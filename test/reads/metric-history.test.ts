import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { dropOldSamples } from "../../src/acts/systems/drop-old-samples.ts";
import { samplesWrite } from "../../src/acts/systems/record-samples.ts";
import type { Commit, Store } from "../../src/domain/store.ts";
import type { Measured, Metrics } from "../../src/domain/systems/metrics.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { createMetrics } from "../../src/integrations/metrics.ts";
import { metricHistory } from "../../src/reads/metric-history.ts";
import { boundStore } from "../../src/store/bound-store.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { MetricLooks } from "../../src/workers/look.ts";
import { sampleSlot } from "../../src/workers/sample.ts";
import { type ScheduleSlot, startSchedule } from "../../src/workers/schedule.ts";
import { type Backend, hang, json, openBackend, openBackends, text } from "../integrations/backend.ts";
import { asksNothing, quiet, systemWith } from "../integrations/systems.ts";

const minute = 60_000;
const day = 86_400_000;

async function stateFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wardroom-history-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "state.db");
}

async function openStore(options: { readonly path?: string; readonly now?: () => number } = {}): Promise<Store> {
  const store = openSqliteStore({
    path: options.path ?? (await stateFile()),
    ...(options.now && { now: options.now }),
  });
  onTestFinished(() => store.close());
  return store;
}

function systemOf(id: string, sources: Readonly<Record<string, object>>): System {
  const metrics = Object.entries(sources).map(([metric, source]) => ({ id: metric, title: metric, source }));
  return systemWith({ id, metrics });
}

function jsonMetric(backend: Backend, path = "/lag"): object {
  return { json: { url: backend.url, path } };
}

function configured(systems: readonly System[], history: { readonly everyMs: number; readonly keepMs: number }) {
  return () => ({
    systems: { all: () => systems, find: (id: string) => systems.find((each) => each.id === id) },
    history,
  });
}

/** Samples until what is asked for holds, then stops for good. */
async function sampleUntil(
  parts: { readonly store: Store; readonly systems: readonly System[]; readonly everyMs?: number },
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const metrics = createMetrics({ backends: openBackends() });
  const history = { everyMs: parts.everyMs ?? 40, keepMs: day };
  const current = configured(parts.systems, history);
  const slot = sampleSlot({ store: parts.store, current, looks: new MetricLooks({ current, metrics, log: quiet }) });
  const schedule = startSchedule({ store: parts.store, log: quiet, slots: [slot] });
  await vi.waitUntil(holds, { timeout: 60_000, interval: 10 });
  await schedule.stop();
}

/** Keeps one round, as the slot's commit does. */
async function keep(store: Store, round: readonly Measured[]): Promise<void> {
  await store.commit({ id: crypto.randomUUID(), ...(await samplesWrite(store, round)) });
}

it("what is sampled is the history, oldest first, and outlives the process", async () => {
  const path = await stateFile();
  const backend = await openBackend((request, response) => json({ lag: backend.calls.length })(request, response));
  const system = systemOf("trader", { lag: jsonMetric(backend) });
  const store = openSqliteStore({ path });
  await sampleUntil({ store, systems: [system] }, () => backend.calls.length >= 5);
  await store.close();

  const later = await openStore({ path });
  const samples = await metricHistory(later, "trader", "lag", 0 + Date.now() - minute);
  expect(samples.length).toBeGreaterThanOrEqual(4);
  expect(samples.map(({ value }) => value)).toEqual(samples.map((_, at) => at + 1));
  expect(samples.map(({ at }) => at)).toEqual(samples.map(({ at }) => at).toSorted((a, b) => a - b));
});

it("after the process is back, sampling goes on where it was", async () => {
  const backend = await openBackend((request, response) => json({ lag: backend.calls.length })(request, response));
  const system = systemOf("trader", { lag: jsonMetric(backend) });
  const store = await openStore();
  await sampleUntil({ store, systems: [system] }, () => backend.calls.length >= 3);
  const before = backend.calls.length;
  await sampleUntil({ store, systems: [system] }, () => backend.calls.length >= before + 3);
  const samples = await metricHistory(store, "trader", "lag", Date.now() - minute);
  expect(samples.length).toBeGreaterThanOrEqual(before + 2);
});

it("what cannot be read leaves a gap, never a zero, and holds the others up no longer than its deadline", async () => {
  const [well, broken, stuck] = [
    await openBackend(json({ lag: 7 })),
    await openBackend(json({}, 500)),
    await openBackend(hang),
  ];
  const systems = [
    systemOf("mixed", {
      well: jsonMetric(well),
      broken: jsonMetric(broken),
      endless: { prometheus: { urls: [(await openBackend(text("x +Inf\n"))).url], name: "x" } },
    }),
    systemOf("stuck", { lag: jsonMetric(stuck) }),
  ];
  const store = await openStore();
  const history = async (system: string, metric: string): Promise<number[]> =>
    (await metricHistory(store, system, metric, Date.now() - minute)).map(({ value }) => value);
  await sampleUntil({ store, systems }, async () => (await history("mixed", "well")).length > 0);
  expect(new Set(await history("mixed", "well"))).toEqual(new Set([7]));
  expect(await history("mixed", "broken")).toEqual([]);
  expect(await history("mixed", "endless")).toEqual([]);
  expect(await history("stuck", "lag")).toEqual([]);
});

it("a round is one commit without a journal entry, of a few kilobytes however long it has gone on", async () => {
  let at = Date.UTC(2026, 0, 2, 3, 0);
  const bare = await openStore({ now: () => at });
  const commits: Commit[] = [];
  const store: Store = {
    ...boundStore(bare),
    commit(commit) {
      commits.push(commit);
      return bare.commit(commit);
    },
  };
  const metrics = Array.from({ length: 25 }, (_, index) => `metric_${index}`);
  for (let round = 0; round < 120; round += 1, at += 15_000) {
    await keep(
      store,
      metrics.map((metric) => ({ system: "trader", metric, sample: { at, value: round / 7 } })),
    );
  }
  expect(commits).toHaveLength(120);
  const bytes = commits.map((commit) => JSON.stringify(commit.put).length);
  expect(Math.max(...bytes)).toBeLessThan(100_000);
  expect(await bare.head()).toMatchObject({ seq: 0 });
  const samples = await metricHistory(bare, "trader", "metric_3", at - day);
  expect(samples).toHaveLength(120);
});

it("what is older than it is kept for goes away while sampling goes on", async () => {
  let at = Date.UTC(2026, 0, 2, 3, 0);
  const store = await openStore({ now: () => at });
  const keepMs = 60 * minute;
  for (let round = 0; round < 4 * 60; round += 1, at += minute) {
    await keep(store, [{ system: "trader", metric: "lag", sample: { at, value: round } }]);
    await dropOldSamples(store, { keepMs, limit: 10 });
  }
  const samples = await metricHistory(store, "trader", "lag", at - day);
  const oldest = at - (samples[0]?.at ?? 0);
  expect(oldest).toBeGreaterThanOrEqual(keepMs);
  expect(oldest).toBeLessThan(keepMs + 30 * minute);
});

it("history begins where it is asked to", async () => {
  const at = Date.UTC(2026, 0, 2, 3, 0);
  const store = await openStore({ now: () => at });
  for (let back = 40; back >= 0; back -= 1) {
    await keep(store, [{ system: "trader", metric: "lag", sample: { at: at - back * minute, value: back } }]);
  }
  expect((await metricHistory(store, "trader", "lag", at - 25 * minute)).map(({ value }) => value)).toEqual(
    Array.from({ length: 26 }, (_, index) => 25 - index),
  );
  expect(await metricHistory(store, "trader", "other", at - day)).toEqual([]);
});

it("stopping waits for the round under way, so that nothing is lost or written to a closed store", async () => {
  const store = await openStore();
  const at = Date.now();
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const metrics: Metrics = {
    course: async () => undefined,
    ...asksNothing,
    async read() {
      await held.promise;
      return [{ id: "lag", reading: { ok: true, value: 3, at, latencyMs: 1 } }];
    },
  };
  const systems = [systemOf("trader", {})];
  const current = configured(systems, { everyMs: minute, keepMs: day });
  const sampling = sampleSlot({ store, current, looks: new MetricLooks({ current, metrics, log: quiet }) });
  const slot: ScheduleSlot = {
    ...sampling,
    run() {
      begun.resolve();
      return sampling.run();
    },
  };
  const schedule = startSchedule({ store, log: quiet, slots: [slot] });
  await begun.promise;
  const stopped = schedule.stop();
  held.resolve();
  await stopped;
  const kept = await metricHistory(store, "trader", "lag", at - minute);
  expect(kept).toEqual([{ at, value: 3 }]);
});
