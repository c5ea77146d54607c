import { expect, it, onTestFinished, vi } from "vitest";
import { noOutcomes } from "../../src/domain/alerts/episode.ts";
import { fingerprintOf } from "../../src/domain/alerts/fingerprint.ts";
import { addOutcomes } from "../../src/domain/alerts/ledger.ts";
import type { Store } from "../../src/domain/store.ts";
import { type Batch, uncountedBatches } from "../../src/records/batch.ts";
import { firingEpisodes } from "../../src/records/episode.ts";
import { type AlertmanagerProcess, startAlertmanager } from "../fakes/alertmanager-process.ts";
import { type Intake, openIntake } from "./intake.ts";

async function alertmanagerFor(
  { url }: Intake,
  pace?: Parameters<typeof startAlertmanager>[1],
): Promise<AlertmanagerProcess> {
  const alertmanager = await startAlertmanager({ url: `${url}/webhooks/alertmanager`, token: "second-token" }, pace);
  onTestFinished(() => alertmanager.stop());
  return alertmanager;
}

function alerts(count: number, more: object = {}): readonly object[] {
  return [...Array(count).keys()].map((at) => ({
    labels: { alertname: "DiskFull", instance: `db-${at}`, severity: "warning", zone: "été" },
    annotations: { summary: `The disk of db-${at} is full` },
    startsAt: new Date().toISOString(),
    ...more,
  }));
}

/** All batches so far once every alert of them has its outcome and these hold; with what all alerts came to. */
async function settled(store: Store, holds: (batches: readonly Batch[]) => void) {
  return vi.waitFor(
    async () => {
      const batches = (await uncountedBatches(store, 100)).found.map(({ batch }) => batch);
      if (batches.some((batch) => batch.next < batch.events)) throw new Error("not all is on record yet");
      holds(batches);
      return { batches, outcomes: batches.reduce((sum, batch) => addOutcomes(sum, batch.outcomes), noOutcomes) };
    },
    { timeout: 120_000, interval: 50 },
  );
}

it("ten thousand alerts of a real Alertmanager come as one body, and each is an episode", async () => {
  const intake = await openIntake();
  intake.work();
  // On a busy machine it may post the first of them alone; then all of them follow.
  const alertmanager = await alertmanagerFor(intake, { wait: "2s", interval: "3s" });
  await alertmanager.fires(alerts(10_000));
  const { batches, outcomes } = await settled(intake.store, (each) =>
    expect(each.map(({ events }) => events)).toContain(10_000),
  );
  expect(Math.max(...batches.map(({ bytes }) => bytes))).toBeGreaterThan(2_500_000);
  const events = batches.reduce((sum, batch) => sum + batch.events, 0);
  expect(outcomes).toEqual({ ...noOutcomes, recorded: 10_000, duplicate: events - 10_000 });
  const { found } = await firingEpisodes(intake.store, "logos", 20_000);
  expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(10_000);
  // What is worked out from labels is what Alertmanager itself makes of them.
  for (const { fingerprint, labels } of found.slice(0, 50)) expect(fingerprintOf(labels)).toBe(fingerprint);
}, 300_000);

it("what is answered 503 a real Alertmanager posts again, and what it repeats tells nothing new until it is over", async () => {
  const refusals = { left: 2 };
  const intake = await openIntake({
    store: (store) => ({
      ...store,
      now: () => store.now(),
      commit(commit) {
        if (refusals.left === 0) return store.commit(commit);
        refusals.left -= 1;
        return Promise.reject(new Error("the disk is full"));
      },
    }),
  });
  intake.work();
  const alertmanager = await alertmanagerFor(intake, { repeat: "1s" });
  const fired = alerts(3);
  await alertmanager.fires(fired);
  const again = await settled(intake.store, (each) => expect(each.length).toBeGreaterThan(1));
  expect(refusals.left).toBe(0);
  expect(again.outcomes).toMatchObject({ recorded: 3, outOfOrder: 0, quarantined: 0 });
  expect(again.outcomes.duplicate).toBeGreaterThan(0);

  await alertmanager.fires(fired.map((each) => ({ ...each, endsAt: new Date(Date.now() - 1_000).toISOString() })));
  await vi.waitFor(async () => expect((await firingEpisodes(intake.store, "logos", 10)).found).toEqual([]), {
    timeout: 60_000,
    interval: 50,
  });
  const over = await settled(intake.store, () => {});
  expect(over.outcomes).toMatchObject({ recorded: 6, outOfOrder: 0, quarantined: 0 });
}, 300_000);
