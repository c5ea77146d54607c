import { expect, it } from "vitest";
import { acceptBatch } from "../../src/acts/alerts/accept-batch.ts";
import { explodeNext } from "../../src/acts/alerts/explode-batch.ts";
import { tellRuns } from "../../src/acts/alerts/tell-episodes.ts";
import { batchIn } from "../../src/domain/alerts/reported-alert.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import type { Trouble, Troubles } from "../../src/domain/messages/trouble.ts";
import type { Store } from "../../src/domain/store.ts";
import { readTotals } from "../../src/records/ledger.ts";
import { lookAtLedger } from "../../src/workers/watch-ledger.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { postedAlert, postedBatch } from "../fakes/posted-alerts.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

const sender = { id: "am", kind: "alertmanager", system: "logos" } as const;

class Told implements Troubles {
  readonly now = new Map<string, Trouble>();
  raise(trouble: Trouble): void {
    this.now.set(trouble.id, trouble);
  }
  clear(id: string): void {
    this.now.delete(id);
  }
}

/** With nowhere to tell it, everything is settled as soon as it was looked at. */
function nowhere(store: Store): Parameters<typeof tellRuns>[0] {
  const routing = routingOf(AlertsInFile.parse({}), []);
  return { store, routing: () => routing, policyInForce: async () => policy(), system: () => undefined };
}

/** Accepts a batch of so many alerts, and puts so many commits of them on record. */
async function posted(store: Store, count: number, commits: number, more: object = {}): Promise<string> {
  const text = postedBatch(
    [...Array(count).keys()].map((at) => postedAlert({ labels: { instance: `db-${at}` } })),
    more,
  );
  const batch = batchIn(text);
  if ("unusable" in batch) throw new Error(batch.unusable);
  const id = await acceptBatch(store, { sender, text, bytes: text.length, digest: "d" }, batch);
  for (let time = 0; time < commits; time += 1) {
    await explodeNext({ store, system: () => undefined }, id, batch.alerts);
    await tellRuns(nowhere(store), [{ batch: id, from: time * 200 }]);
  }
  return id;
}

it("finished batches are counted once, and nobody is told of what balances", async () => {
  const store = scratchStore();
  const troubles = new Told();
  await posted(store, 450, 3);
  await posted(store, 3, 1);
  await lookAtLedger({ store, troubles });
  await lookAtLedger({ store, troubles });
  expect((await readTotals(store))?.totals).toMatchObject({
    batches: 2,
    events: 453,
    outcomes: { recorded: 450, duplicate: 3 },
  });
  expect([...troubles.now]).toEqual([]);
});

it("a row that is gone, and a batch that stays behind, are told until they are put right", async () => {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const store = scratchStore(clock);
  const troubles = new Told();
  const whole = await posted(store, 250, 2);
  const half = await posted(store, 250, 1);
  const [row] = await store.list("alert-ledger", "batch", { from: `${whole}/`, to: `${whole}0` });
  if (!row) throw new Error("there is no row");
  await store.commit({ id: "loss", remove: [row.key] });
  clock.now += 301_000;
  await lookAtLedger({ store, troubles });
  const { what } = troubles.now.get("alert-ledger") ?? { what: "" };
  expect(what).toContain(`Of the batch ${whole} of am alert 0 has no row.`);
  expect(what).toContain(
    `The batch ${half} of am came at 2026-01-01T00:00:00Z, and 50 alerts of it are not on record.`,
  );
  expect(await readTotals(store)).toBeUndefined();

  await store.commit({
    id: "repair",
    put: [{ key: row.key, value: row.value ?? "", index: { batch: `${whole}/${"0".repeat(16)}` } }],
  });
  await explodeNext(
    { store, system: () => undefined },
    half,
    [...Array(250).keys()].map(() => postedAlert({})),
  );
  await tellRuns(nowhere(store), [{ batch: half, from: 200 }]);
  await lookAtLedger({ store, troubles });
  expect([...troubles.now]).toEqual([]);
  expect((await readTotals(store))?.totals).toMatchObject({ batches: 2, events: 500 });
});

it("a batch that waits holds up the books of none that came after it, however many those are", async () => {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const store = scratchStore(clock);
  const troubles = new Told();
  await posted(store, 1, 0);
  for (let count = 0; count < 120; count += 1) {
    clock.now += 1;
    await posted(store, 1, 1);
  }
  await lookAtLedger({ store, troubles });
  expect((await readTotals(store))?.totals).toMatchObject({ batches: 120, events: 120 });
  expect([...troubles.now]).toEqual([]);
});

it("what a sender left out of its batches is told", async () => {
  const store = scratchStore();
  const troubles = new Told();
  await posted(store, 2, 1, { truncatedAlerts: 98 });
  await lookAtLedger({ store, troubles });
  expect(troubles.now.get("alerts-left-out")?.what).toContain("98 alerts");
});
