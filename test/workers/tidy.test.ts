import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { samplesWrite } from "../../src/acts/systems/record-samples.ts";
import { type Store, sortable } from "../../src/domain/store.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { chunkKey, chunkMs, chunkOf } from "../../src/records/series.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { tidySlot } from "../../src/workers/tidy.ts";
import { systemWith } from "../integrations/systems.ts";

const hour = 3_600_000;
const day = 24 * hour;

function openStore(clock: { at: number }): Store {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-tidy-"));
  const store = openSqliteStore({ path: join(folder, "state.db"), now: () => clock.at });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

function configured(keepMs: number, ...systems: readonly System[]) {
  return () => ({ systems: { all: () => systems, find: () => undefined }, history: { everyMs: 15_000, keepMs } });
}

async function keep(store: Store, system: string, at: number): Promise<void> {
  const round = [{ system, metric: "lag", sample: { at, value: 1 } }];
  await store.commit({ id: crypto.randomUUID(), ...(await samplesWrite(store, round)) });
}

async function chunksOf(store: Store, system: string, range: { from: number; to: number }): Promise<number[]> {
  const found: number[] = [];
  for (let from = chunkOf(range.from); from <= range.to; from += chunkMs) {
    const [document] = await store.read([chunkKey(system, "lag", from)]);
    if (document) found.push(from);
  }
  return found;
}

it("samples go when they are old enough, also of a system that is no longer configured", async () => {
  const clock = { at: Date.UTC(2026, 0, 2, 3, 0) };
  const began = clock.at;
  const store = openStore(clock);
  for (; clock.at < began + 3 * hour; clock.at += chunkMs) await keep(store, "gone", clock.at);
  await tidySlot(store, configured(hour)).run();
  const left = await chunksOf(store, "gone", { from: began, to: clock.at });
  expect(left[0]).toBeGreaterThanOrEqual(clock.at - hour - 2 * chunkMs);
  expect(left.at(-1)).toBe(began + 3 * hour - chunkMs);
});

it("what has piled up goes in one round, however much it is, unless the round's time is over", async () => {
  const clock = { at: Date.UTC(2026, 0, 2) };
  const store = openStore(clock);
  const old = Array.from({ length: 1_200 }, (_, at) => ({
    key: `invocation/console:ana:${at}`,
    value: {},
    index: { at: sortable(clock.at - 2 * day) },
  }));
  const pile = (): Promise<unknown> => store.commit({ id: crypto.randomUUID(), put: old });
  const left = async (): Promise<number> => (await store.list("invocation", "at")).length;

  await pile();
  expect(await tidySlot(store, configured(day)).run()).toEqual({});
  expect(await left()).toBe(0);

  await pile();
  let at = 0;
  const slow = tidySlot(store, configured(day), () => (at += 20_000));
  expect(await slow.run()).toEqual({ more: true });
  expect(await left()).toBe(700);
});

it("samples that the release before kept are found by their age too", async () => {
  const clock = { at: Date.UTC(2026, 0, 2, 3, 0) };
  const began = clock.at;
  const store = openStore(clock);
  const metrics = [{ id: "lag", title: "Lag", source: { json: { url: "http://127.0.0.1:1/", path: "/lag" } } }];
  const system = systemWith({ id: "trader", metrics });
  // As it wrote them: without an index.
  for (let from = chunkOf(began); from < began + 3 * hour; from += chunkMs) {
    const value = { format: 1, from, samples: [[0, 1]] };
    await store.commit({ id: crypto.randomUUID(), put: [{ key: chunkKey("trader", "lag", from), value }] });
  }
  clock.at += 3 * hour;
  const slot = tidySlot(store, configured(2 * hour, system));
  await slot.run();
  expect(await chunksOf(store, "trader", { from: began, to: clock.at })).toHaveLength(13);
  clock.at += 3 * hour;
  await slot.run();
  expect(await chunksOf(store, "trader", { from: began, to: clock.at })).toEqual([]);
});
