import { noOutcomes } from "../../domain/alerts/episode.ts";
import { addOutcomes, ledgerFault } from "../../domain/alerts/ledger.ts";
import type { Store } from "../../domain/store.ts";
import type { UnreadableRecord } from "../../domain/unreadable.ts";
import { type Batch, batchKey, putBatch, uncountedBatches } from "../../records/batch.ts";
import { newId } from "../../records/ids.ts";
import { type LedgerTotals, ledgerOf, putTotals, readTotals, totalsKey } from "../../records/ledger.ts";

/** So many batches are counted in one commit. */
const perRound = 100;

/** What a round over the books found. */
export interface CountedBatches {
  /** Batches whose books balance and are now in the totals. */
  readonly counted: readonly Batch[];
  /** Batches of which not all is on record yet. */
  readonly waiting: readonly Batch[];
  /** Batches whose books do not balance, and why. They stay where they are. */
  readonly wrong: readonly { readonly batch: Batch; readonly fault: string }[];
  readonly unreadable: readonly UnreadableRecord[];
  /** There may be more: all that was looked at was counted. */
  readonly more: boolean;
}

/** Counts the rows of finished batches, oldest first, and adds those that balance to the totals, each once. */
export async function countBatches(store: Store, limit = perRound): Promise<CountedBatches> {
  const now = await store.now();
  const { found, unreadable } = await uncountedBatches(store, limit);
  const waiting = found.flatMap(({ batch }) => (batch.next < batch.events ? [batch] : []));
  const judged = await Promise.all(
    found
      .filter(({ batch }) => batch.next >= batch.events)
      .map(async (each) => ({ ...each, fault: ledgerFault(each.batch, await ledgerOf(store, each.batch.id)) })),
  );
  const wrong = judged.flatMap(({ batch, fault }) => (fault === undefined ? [] : [{ batch, fault }]));
  const right = judged.filter(({ fault }) => fault === undefined);
  const seen = { waiting, wrong, unreadable };
  if (right.length === 0) return { ...seen, counted: [], more: false };
  const standing = await readTotals(store);
  const { outcome } = await store.commit({
    id: newId(),
    expect: {
      [totalsKey]: standing?.revision ?? null,
      ...Object.fromEntries(right.map(({ batch, revision }) => [batchKey(batch.id), revision])),
    },
    put: [
      putTotals(right.reduce((sum, { batch }) => withBatch(sum, batch), standing?.totals ?? noTotals(now))),
      ...right.map(({ batch }) => putBatch({ ...batch, countedAt: now })),
    ],
  });
  // Another replica counts as well: what it has counted is seen the next time.
  const isOurs = outcome === "committed";
  return { ...seen, counted: isOurs ? right.map(({ batch }) => batch) : [], more: isOurs && right.length === limit };
}

function noTotals(since: number): LedgerTotals {
  return { since, batches: 0, events: 0, leftOut: 0, outcomes: noOutcomes };
}

function withBatch({ since, batches, events, leftOut, outcomes }: LedgerTotals, batch: Batch): LedgerTotals {
  return {
    since,
    batches: batches + 1,
    events: events + batch.events,
    leftOut: leftOut + batch.leftOut,
    outcomes: addOutcomes(outcomes, batch.outcomes),
  };
}
