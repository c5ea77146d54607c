import { z } from "zod";
import { type AskedLately, nothingAsked } from "../domain/approvals/asking.ts";
import type { Document, Put } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";

const StoredAsking = z.object({
  format: z.literal(1),
  asked: z.array(z.number()),
  denied: z.array(z.object({ action: z.string(), at: z.number() })),
});

/** What a person asked of late. Whoever opens a request expects it, so that asking at once passes no limit. */
export function askingKey(person: string): string {
  return `asking/${person}`;
}

/** A limit that cannot be read keeps nobody from asking, and nobody from saying no. It counts anew. */
export function parseAsking(document: Document | undefined): AskedLately {
  const stored = document && ifLegible(() => legible(document, (value) => StoredAsking.parse(value)));
  if (!stored) return nothingAsked;
  const { format: _, ...asking } = stored;
  return asking;
}

export function putAsking(person: string, asking: AskedLately): Put {
  return { key: askingKey(person), value: { format: 1, ...asking } };
}
