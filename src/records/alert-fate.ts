import { z } from "zod";
import { type FateCounts, fates, noFates } from "../domain/alerts/fate.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredFates = z.object({
  format: z.literal(1),
  batch: z.string(),
  /** The place in its batch at which the rows of the ledger begin that these are of. */
  from: z.number(),
  at: z.number(),
  /**
   * For each event that told something new its place in the batch and what became of it; `owed` until the messages that it is
   * put on have been sent, each with the revision of its group that tells it.
   */
  events: z.array(z.tuple([z.number(), z.enum([...fates, "owed"]), z.array(z.tuple([z.string(), z.number()]))])),
});

/** What became of what a run of alerts of one batch told. */
export type AlertFates = Readonly<Omit<z.output<typeof StoredFates>, "format">>;

export function fatesKey({ batch, from }: Pick<AlertFates, "batch" | "from">): string {
  return `alert-fate/${batch}.${from}`;
}

/** Found by the batch, by its age, and among those of which something is owed yet. */
export function putFates(of: AlertFates): Put {
  const { batch, from, at, events } = of;
  const isOpen = events.some(([, fate]) => fate === "owed");
  return {
    key: fatesKey(of),
    value: { format: 1, ...of },
    index: { batch: `${batch}/${sortable(from)}`, at: sortable(at), ...(isOpen && { open: openIndex(of) }) },
  };
}

/** In the order of their age, and no two at one place in it. */
function openIndex({ batch, from, at }: Pick<AlertFates, "batch" | "from" | "at">): string {
  return `${sortable(at)}/${batch}/${sortable(from)}`;
}

export interface ReadFates {
  readonly fates: AlertFates;
  readonly revision: string;
}

function parseFates(document: Document): ReadFates {
  const { format: _, ...found } = legible(document, (value) => StoredFates.parse(value));
  return { fates: found, revision: document.revision };
}

/** Everything on record of a batch, in order. Throws UnreadableRecord. */
export async function fatesOf(store: Pick<Store, "list">, batch: string): Promise<readonly AlertFates[]> {
  const documents = await store.list("alert-fate", "batch", rangeBelow(batch));
  return documents.map((document) => parseFates(document).fates);
}

/** What something is owed of yet, the oldest first, from a place on that the part before it answered: where the `next` one begins. */
export async function openFates(
  store: Pick<Store, "list">,
  limit: number,
  from = "",
): Promise<Listed<ReadFates> & { readonly next?: string }> {
  const documents = await store.list("alert-fate", "open", { from, limit });
  const listed = eachLegible(documents, parseFates);
  const last = listed.found.at(-1);
  // A space comes before whatever another index could go on with.
  return documents.length < limit || !last ? listed : { ...listed, next: `${openIndex(last.fates)} ` };
}

/** As many runs of one time are counted. */
const mostCounted = 10_000;

/** How many events of a time (ms) came to each fate; what is still owed is not among them. */
export async function fatesBetween(
  store: Pick<Store, "list">,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<FateCounts> {
  const documents = await store.list("alert-fate", "at", {
    from: sortable(from),
    to: sortable(to),
    limit: mostCounted,
  });
  const counts = { ...noFates };
  for (const { fates: found } of eachLegible(documents, parseFates).found)
    for (const [, fate] of found.events) if (fate !== "owed") counts[fate] += 1;
  return counts;
}
