import { z } from "zod";
import { type EventOutcome, eventOutcomes, noOutcomes, type OutcomeCounts } from "../domain/alerts/episode.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import { eachLegible, legible } from "./legible.ts";
import { StoredFateCounts, StoredOutcomes } from "./outcomes.ts";

const StoredRows = z.object({
  format: z.literal(1),
  batch: z.string(),
  /** The place in its batch of the first alert here. */
  from: z.number(),
  at: z.number(),
  /** For each alert what became of it, and the record that holds it; for what ends nothing, the one that it would have changed. */
  events: z.array(z.tuple([z.enum(eventOutcomes), z.string()])),
});

/** What became of a run of alerts of one batch. */
export type LedgerRows = Readonly<Omit<z.output<typeof StoredRows>, "format">>;

export function ledgerKey({ batch, from }: Pick<LedgerRows, "batch" | "from">): string {
  return `alert-ledger/${batch}.${from}`;
}

/** The rows that a document holds. Throws UnreadableRecord. */
export function parseLedgerRows(document: Document): LedgerRows {
  const { format: _, ...rows } = legible(document, (value) => StoredRows.parse(value));
  return rows;
}

/** Found by the batch, and by its age. */
export function putLedgerRows(rows: LedgerRows): Put {
  const { batch, from, at } = rows;
  return {
    key: ledgerKey(rows),
    value: { format: 1, ...rows },
    index: { batch: `${batch}/${sortable(from)}`, at: sortable(at) },
  };
}

/** Everything on record of a batch, in order. Throws UnreadableRecord. */
export async function ledgerOf(store: Pick<Store, "list">, batch: string): Promise<readonly LedgerRows[]> {
  const documents = await store.list("alert-ledger", "batch", rangeBelow(batch));
  return documents.map(parseLedgerRows);
}

/** How many events came to each outcome. */
export function countOutcomes(outcomes: readonly EventOutcome[], before: OutcomeCounts = noOutcomes): OutcomeCounts {
  const counts = { ...before };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

const StoredTotals = z.object({
  format: z.literal(1),
  since: z.number(),
  batches: z.number(),
  events: z.number(),
  leftOut: z.number(),
  outcomes: StoredOutcomes,
  /** What became of what told something new. */
  fates: StoredFateCounts.exactOptional(),
});
/** Everything that was counted, since a time. */
export type LedgerTotals = Readonly<Omit<z.output<typeof StoredTotals>, "format">> & {
  readonly outcomes: OutcomeCounts;
};

export const totalsKey = "alert-totals/all";

export async function readTotals(
  store: Pick<Store, "read">,
): Promise<{ readonly totals: LedgerTotals; readonly revision: string } | undefined> {
  const [document] = await store.read([totalsKey]);
  if (!document) return undefined;
  const { format: _, ...totals } = legible(document, (value) => StoredTotals.parse(value));
  return { totals, revision: document.revision };
}

export function putTotals(totals: LedgerTotals): Put {
  return { key: totalsKey, value: { format: 1, ...totals } };
}

const StoredQuarantine = z.object({
  format: z.literal(1),
  batch: z.string(),
  sender: z.string(),
  system: z.string(),
  /** The place in its batch; left out of a body of which nothing could be read. */
  place: z.number().exactOptional(),
  at: z.number(),
  why: z.string(),
  /** Its beginning, as it came but for what looks like a secret. */
  text: z.string(),
  /** Set once somebody took it in anew, or dropped it. */
  ended: z.object({ as: z.enum(["replayed", "dropped"]), by: z.string(), at: z.number() }).exactOptional(),
});
/** Something that was posted as an alert and could not be used. */
export type Quarantined = Readonly<Omit<z.output<typeof StoredQuarantine>, "format">>;

export function quarantineKey({ batch, place }: Pick<Quarantined, "batch" | "place">): string {
  return `alert-quarantine/${batch}${place === undefined ? "" : `.${place}`}`;
}

/** What people call it: its batch, and its place there from 1 on. */
export function letterName({ batch, place }: Pick<Quarantined, "batch" | "place">): string {
  return place === undefined ? batch : `${batch}.${place + 1}`;
}

/** What is called so; undefined for what is no such name. */
export function placeNamed(name: string): Pick<Quarantined, "batch" | "place"> | undefined {
  const [, batch, place] = /^([0-9a-f]{32})(?:\.(\d{1,6}))?$/.exec(name.trim().toLowerCase()) ?? [];
  return batch === undefined ? undefined : { batch, ...(place !== undefined && { place: Number(place) - 1 }) };
}

export function putQuarantined(entry: Quarantined): Put {
  return { key: quarantineKey(entry), value: { format: 1, ...entry }, index: { at: sortable(entry.at) } };
}

/** What was quarantined since a time, newest first. */
export async function quarantinedSince(
  store: Pick<Store, "list">,
  from: number,
  limit: number,
): Promise<readonly Quarantined[]> {
  const documents = await store.list("alert-quarantine", "at", { from: sortable(from), reverse: true, limit });
  return eachLegible(documents, parseQuarantined).found;
}

export function parseQuarantined(document: Document): Quarantined {
  const { format: _, ...entry } = legible(document, (value) => StoredQuarantine.parse(value));
  return entry;
}
