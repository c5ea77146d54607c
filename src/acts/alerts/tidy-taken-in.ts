import type { Store } from "../../domain/store.ts";
import { removeOld } from "../remove-old.ts";

/** What became of an alert can be asked for so long after it was over, ms. */
export const takenInKeptMs = 30 * 86_400_000;

/** A picture is large, and what is still edited a week later has grown out of it. */
const graphKeptMs = 7 * 86_400_000;

/** Removes episodes that have long been over, what is on record of their batches, and whom they called. Answers how many went. */
export async function tidyTakenIn(store: Store): Promise<number> {
  const before = (await store.now()) - takenInKeptMs;
  const removed = [
    await removeOld(store, "alert", "over", before),
    await removeOld(store, "alert-occurrence", "over", before),
    await removeOld(store, "alert-ledger", "at", before),
    await removeOld(store, "alert-quarantine", "at", before),
    await removeOld(store, "alert-unusable", "at", before),
    await removeOld(store, "alert-batch", "counted", before),
    await removeOld(store, "alert-fate", "at", before),
    await removeOld(store, "alert-told", "at", before),
    await removeOld(store, "alert-member", "at", before),
    await removeOld(store, "alert-group", "at", before),
    await removeOld(store, "alert-graph", "at", before + takenInKeptMs - graphKeptMs),
    await removeOld(store, "silence", "until", before),
    await removeOld(store, "escalation", "over", before),
    await removeOld(store, "page", "at", before),
    await removeOld(store, "oncall-override", "to", before),
  ];
  return removed.reduce((sum, each) => sum + each, 0);
}
