import { z } from "zod";
import type { OutcomeCounts } from "../domain/alerts/episode.ts";
import { senderKinds } from "../domain/alerts/sender.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";
import { StoredOutcomes } from "./outcomes.ts";

/** Where batches wait until what they tell is put on record. */
export const batchQueue = "alert-batches";

/** Where runs of alerts that are on record wait until they are told, or kept from people. */
export const tellQueue = "alert-telling";

const StoredBatch = z.object({
  format: z.literal(1),
  id: z.string(),
  sender: z.string(),
  kind: z.enum(senderKinds),
  /** Of its alerts, where no label names another. */
  system: z.string(),
  at: z.number(),
  /** Set of what was found by looking at the sender, and not posted by it: when that look began. */
  lookedAt: z.number().exactOptional(),
  /** Set of what was taken in later than it was posted, as from quarantine: when that was. */
  postedAt: z.number().exactOptional(),
  /** Of the body, in bytes, and its SHA-256 in hex. */
  bytes: z.number(),
  digest: z.string(),
  /** The group of alerts that it tells of, as the sender tells groups apart: a hash of that, empty where it does not. */
  group: z.string().default(""),
  /** Systems that labels in it name, as they stand there, where not all of it is on record yet. */
  names: z.array(z.string()).exactOptional(),
  /** How many alerts it tells of; 1 for a body that could not be read. */
  events: z.number(),
  /** How many more the sender says that it left out. */
  leftOut: z.number(),
  /** Alerts before this one have their outcome. */
  next: z.number(),
  outcomes: StoredOutcomes,
  /** Set once the ledger's rows of it were counted and summed up. */
  countedAt: z.number().exactOptional(),
});
/** A body that was accepted, and what has become of the alerts in it. */
export type Batch = Readonly<Omit<z.output<typeof StoredBatch>, "format">> & { readonly outcomes: OutcomeCounts };

const StoredBody = z.object({ format: z.literal(1), text: z.string() });

export function batchKey(id: string): string {
  return `alert-batch/${id}`;
}

export function bodyKey(id: string): string {
  return `alert-body/${id}`;
}

export function parseBatch(document: Document): Batch {
  const { format: _, ...batch } = legible(document, (value) => StoredBatch.parse(value));
  return batch;
}

export async function readBatch(
  store: Pick<Store, "read">,
  id: string,
): Promise<{ readonly batch: Batch; readonly revision: string } | undefined> {
  const [document] = await store.read([batchKey(id)]);
  return document && { batch: parseBatch(document), revision: document.revision };
}

/** Until it was counted it is found among those that wait for it, then by its age; among those not on record while it is not. */
export function putBatch(batch: Batch): Put {
  const { id, at, countedAt, next, events } = batch;
  const counting = countedAt === undefined ? { uncounted: sortable(at) } : { counted: sortable(countedAt) };
  const index = { ...counting, ...(next < events && { unrecorded: sortable(at) }) };
  return { key: batchKey(id), value: { format: 1, ...batch }, index };
}

/** Batches of which not all is on record yet, oldest first. */
export async function unrecordedBatches(store: Pick<Store, "list">, limit: number): Promise<Listed<Batch>> {
  return eachLegible(await store.list("alert-batch", "unrecorded", { limit }), parseBatch);
}

/** Batches that were not counted yet, oldest first, those that came at a time or after it, ms. */
export async function uncountedBatches(
  store: Pick<Store, "list">,
  limit: number,
  since = 0,
): Promise<Listed<{ readonly batch: Batch; readonly revision: string }>> {
  return eachLegible(await store.list("alert-batch", "uncounted", { limit, from: sortable(since) }), (document) => ({
    batch: parseBatch(document),
    revision: document.revision,
  }));
}

/** The body as it came. */
export function putBody(id: string, text: string): Put {
  return { key: bodyKey(id), value: { format: 1, text } };
}

/** The body; undefined once all of it is on record. */
export async function readBody(store: Pick<Store, "read">, id: string): Promise<string | undefined> {
  const [document] = await store.read([bodyKey(id)]);
  return document && legible(document, (value) => StoredBody.parse(value)).text;
}
