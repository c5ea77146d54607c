import { expect, it, onTestFinished, vi } from "vitest";
import { claimRun } from "../../src/acts/approvals/claim-run.ts";
import { recordEnd, recordFinish, recordStart } from "../../src/acts/approvals/record-run.ts";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import type { Courier, MessageRef, Outgoing } from "../../src/domain/messages/message.ts";
import { createLog } from "../../src/ops/log.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { startNoticeWorkers } from "../../src/workers/deliver.ts";
import { createBench } from "../acts/approvals/request-bench.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";

it("a run shows that it began and how it ended at once, and its steps now and then", async () => {
  const bench = await createBench();
  const shown: string[] = [];
  const show = (channel: string, { about, card }: Outgoing): void =>
    void (channel === "ops" && shown.push(about?.state ?? card.title));
  const courier: Courier = {
    surface: "console",
    post: async (place, message): Promise<MessageRef> => {
      show(place.channel, message);
      return { surface: "console", channel: place.channel, id: place.channel };
    },
    edit: async (ref, message) => {
      show(ref.channel, message);
      return ref;
    },
  };
  const workers = startNoticeWorkers({
    store: bench.store,
    log: createLog({ level: "silent" }),
    meter: createMeasurements().meter,
    surface: "console",
    surfaces: knownSurfaces,
    outlets: new Map([["console", { courier }]]),
    policyInForce: async () => policy(),
  });
  onTestFinished(async () => {
    await Promise.all([...workers.values()].map((each) => each.stop()));
  });
  const nothingOwed = async (): Promise<void> => {
    for (const worker of workers.values()) worker.wake();
    await vi.waitFor(async () => expect((await bench.store.owed("notices/console")).count).toBe(0), 60_000);
  };

  const asked = await bench.ask("ana");
  await nothingOwed();
  shown.length = 0;
  await bench.decide("approve", "boris", asked);
  const claimed = await claimRun(bench.store, {
    directory: bench.directory,
    id: asked.request.id,
    owner: "w1",
    check: { drift: [] },
  });
  if (!claimed.claimed) throw new Error(claimed.why);
  await nothingOwed();
  const at = { id: asked.request.id, owner: "w1", fence: claimed.fence };
  const copies = shown.length;
  await recordStart(bench.store, { ...at, step: "flatten", budgetMs: 60_000 });
  for (const worker of workers.values()) worker.wake();
  await recordEnd(bench.store, { ...at, step: "flatten", outcome: { outcome: "done", detail: "closed" } });
  for (const worker of workers.values()) worker.wake();
  // Held back: claimed, and handed back for later.
  await vi.waitFor(async () => expect((await bench.store.owed("notices/console")).oldestDue).toBe(1_003_000), 60_000);
  expect(shown).toHaveLength(copies);
  bench.clock.now += 3_000;
  await nothingOwed();
  expect(shown.slice(copies)).toEqual(["EXECUTING"]);
  await recordStart(bench.store, { ...at, step: "flat", budgetMs: 60_000 });
  await recordEnd(bench.store, { ...at, step: "flat", outcome: { outcome: "done", detail: "flat" } });
  await recordFinish(bench.store, at);
  await nothingOwed();
  expect(shown.slice(copies)).toEqual(["EXECUTING", "SUCCEEDED"]);
});
