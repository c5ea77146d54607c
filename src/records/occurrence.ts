import { z } from "zod";
import type { Occurrence } from "../domain/alerts/told-alert.ts";
import { type Document, type Put, sortable } from "../domain/store.ts";
import { legible } from "./legible.ts";

const Texts = z.record(z.string(), z.string());
const StoredOccurrence = z.object({
  format: z.literal(1),
  sender: z.string(),
  fingerprint: z.string(),
  state: z.enum(["firing", "resolved"]),
  startsAt: z.number(),
  endedAt: z.number().exactOptional(),
  labels: Texts,
  annotations: Texts,
  link: z.string().exactOptional(),
  at: z.number(),
});

/** One document an alert, whichever of its occurrences is the last. */
export function occurrenceKey({ sender, fingerprint }: Pick<Occurrence, "sender" | "fingerprint">): string {
  return `alert-occurrence/${sender}/${fingerprint}`;
}

/** Throws UnreadableRecord. */
export function parseOccurrence(document: Document): Occurrence {
  const { format: _, ...occurrence } = legible(document, (value) => StoredOccurrence.parse(value));
  return occurrence;
}

/** Found by its age once it is over. */
export function putOccurrence(occurrence: Occurrence): Put {
  const { state, at } = occurrence;
  return {
    key: occurrenceKey(occurrence),
    value: { format: 1, ...occurrence },
    index: state === "resolved" ? { over: sortable(at) } : {},
  };
}
