import { z } from "zod";
import type { Life, Listening } from "../domain/alerts/sign-of-life.ts";
import type { Document, Put } from "../domain/store.ts";
import { legible } from "./legible.ts";

const StoredLife = z.object({
  format: z.literal(1),
  id: z.string(),
  since: z.number(),
  lastAt: z.number().exactOptional(),
  overdueSince: z.number().exactOptional(),
});
const StoredListening = z.object({ format: z.literal(1), since: z.number(), at: z.number() });

export function lifeKey(id: string): string {
  return `alert-life/${id}`;
}

/** Throws UnreadableRecord. */
export function parseLife(document: Document): Life {
  const { format: _, ...life } = legible(document, (value) => StoredLife.parse(value));
  return life;
}

/** Found with all others, so that what is no longer awaited goes. */
export function putLife(life: Life): Put {
  return { key: lifeKey(life.id), value: { format: 1, ...life }, index: { id: life.id } };
}

/** Since when somebody listens, over all replicas. */
export const listeningKey = "alert-listening/all";

/** Throws UnreadableRecord. */
export function parseListening(document: Document): Listening {
  const { format: _, ...listening } = legible(document, (value) => StoredListening.parse(value));
  return listening;
}

export function putListening(listening: Listening): Put {
  return { key: listeningKey, value: { format: 1, ...listening } };
}
