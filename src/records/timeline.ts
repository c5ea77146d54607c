import { z } from "zod";
import { type TimelineEntry, timelineKinds } from "../domain/incidents/timeline.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredEntry = z.object({
  format: z.literal(1),
  id: z.string(),
  incident: z.int(),
  at: z.number(),
  kind: z.enum(timelineKinds),
  who: z.object({ person: z.string(), name: z.string() }).exactOptional(),
  text: z.string(),
  source: z.string().exactOptional(),
});

/** `seq`: the link of the journal that tells it, or that was the next one then. What is journalled later sorts later. */
export function entryId(seq: number, rest: string): string {
  return `${sortable(seq)}-${rest}`;
}

export function timelineKey({ incident, id }: Pick<TimelineEntry, "incident" | "id">): string {
  return `timeline/${incident}/${id}`;
}

/** One entry is one document, found below its incident in the order in which things happened. */
export function putEntry(entry: TimelineEntry): Put {
  const of = `${sortable(entry.incident)}/${sortable(entry.at)}/${entry.id}`;
  return { key: timelineKey(entry), value: { format: 1, ...entry }, index: { of } };
}

function parseEntry(document: Document): TimelineEntry {
  const { format: _, ...entry } = legible(document, (value) => StoredEntry.parse(value));
  return entry;
}

/** What is kept of an incident's timeline, newest first, at most so many. */
export async function timelineEntries(
  store: Pick<Store, "list">,
  incident: number,
  limit: number,
): Promise<Listed<TimelineEntry>> {
  const below = rangeBelow(sortable(incident));
  return eachLegible(await store.list("timeline", "of", { ...below, reverse: true, limit }), parseEntry);
}
