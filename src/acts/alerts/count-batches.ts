import { noOutcomes } from "../../domain/alerts/episode.ts";
import { addFates, type FateCounts, noFates, sumOfFates } from "../../domain/alerts/fate.ts";
import { addOutcomes, ledgerFault } from "../../domain/alerts/ledger.ts";
import { countFates } from "../../domain/alerts/settle.ts";
import type { Store } from "../../domain/store.ts";
import type { UnreadableRecord } from "../../domain/unreadable.ts";
import { type AlertFates, fatesOf } from "../../records/alert-fate.ts";
import { type Batch, batchKey, putBatch, uncountedBatches } from "../../records/batch.ts";
import { newId } from "../../records/ids.ts";
import { type LedgerTotals, ledgerOf, putTotals, readTotals, totalsKey } from "../../records/ledger.ts";

/** So many batches are counted in one commit. */
const perRound = 100;

/** What a round over the books found. */
export interface CountedBatches {
  /** Batches whose books balance and are now in the totals. */
  readonly counted: readonly Batch[];
  /** Batches of which not all is on record yet, or not all that is to be told has been. */
  readonly waiting: readonly { readonly batch: Batch; readonly untold: number }[];
  /** Batches whose books do not balance, and why. They stay where they are. */
  readonly wrong: readonly { readonly batch: Batch; readonly fault: string }[];
  readonly unreadable: readonly UnreadableRecord[];
  /** There may be more, that came at this time or after it, ms. */
  readonly next?: number;
}

/**
 * Counts the rows of finished batches, oldest first, and adds those that balance to the totals, each once. What waits holds up nothing
 * that came after it: those that came `since` a time are looked at alone.
 */
export async function countBatches(store: Store, since = 0): Promise<CountedBatches> {
  const now = await store.now();
  const { found, unreadable } = await uncountedBatches(store, perRound, since);
  const judged = await Promise.all(
    found.map(async ({ batch, revision }) => {
      if (batch.next < batch.events) return { batch, revision, untold: 0, counts: noFates, isWhole: false };
      const [rows, fates] = [await ledgerOf(store, batch.id), await fatesOf(store, batch.id)];
      const counts = countFates(fates.flatMap(({ events }) => events.map(([, fate]) => fate)));
      const untold = batch.outcomes.recorded - sumOfFates(counts);
      const fault = ledgerFault(batch, rows) ?? fateFault(batch, fates);
      return { batch, revision, untold, counts, fault, isWhole: untold === 0 };
    }),
  );
  const wrong = judged.flatMap(({ batch, fault }) => (fault === undefined ? [] : [{ batch, fault }]));
  const waiting = judged.filter(({ fault, isWhole }) => fault === undefined && !isWhole);
  const right = judged.filter(({ fault, isWhole }) => fault === undefined && isWhole);
  const last = found.at(-1)?.batch.at ?? since;
  // Where all of a round came at one time and waits, the next one would look at the same.
  const isMore = found.length + unreadable.length >= perRound && (right.length > 0 || last > since);
  const seen = { waiting, wrong, unreadable, ...(isMore && { next: last }) };
  if (right.length === 0) return { ...seen, counted: [] };
  const standing = await readTotals(store);
  const { outcome } = await store.commit({
    id: newId(),
    expect: {
      [totalsKey]: standing?.revision ?? null,
      ...Object.fromEntries(right.map(({ batch, revision }) => [batchKey(batch.id), revision])),
    },
    put: [
      putTotals(
        right.reduce((sum, { batch, counts }) => withBatch(sum, batch, counts), standing?.totals ?? noTotals(now)),
      ),
      ...right.map(({ batch }) => putBatch({ ...batch, countedAt: now })),
    ],
  });
  // Another replica counts as well: what it has counted is seen the next time.
  const isOurs = outcome === "committed";
  if (isOurs) return { ...seen, counted: right.map(({ batch }) => batch) };
  return { waiting, wrong, unreadable, counted: [] };
}

/** More events with a fate than told something new would be one too many. */
function fateFault({ outcomes }: Batch, runs: readonly AlertFates[]): string | undefined {
  const all = runs.reduce((sum, { events }) => sum + events.length, 0);
  return all > outcomes.recorded
    ? `${outcomes.recorded} alerts told something new, and of ${all} it is on record what became`
    : undefined;
}

function noTotals(since: number): LedgerTotals {
  return { since, batches: 0, events: 0, leftOut: 0, outcomes: noOutcomes, fates: noFates };
}

function withBatch(totals: LedgerTotals, batch: Batch, counts: FateCounts): LedgerTotals {
  const { since, batches, events, leftOut, outcomes, fates = noFates } = totals;
  return {
    since,
    batches: batches + 1,
    events: events + batch.events,
    leftOut: leftOut + batch.leftOut,
    outcomes: addOutcomes(outcomes, batch.outcomes),
    fates: addFates(fates, counts),
  };
}
