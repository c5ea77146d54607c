import { z } from "zod";
import { readMatchers } from "../domain/alerts/read-matchers.ts";
import type { Silence } from "../domain/alerts/silence.ts";
import { type Document, type Json, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const StoredSilence = z.object({
  format: z.literal(1),
  id: z.string(),
  match: z.string(),
  from: z.number(),
  until: z.number(),
  by: z.object({ person: z.string(), name: z.string() }),
  comment: z.string(),
  codes: z.array(z.string()),
});

export interface ReadSilence {
  readonly silence: Silence;
  readonly revision: string;
}

export function silenceKey(id: string): string {
  return `silence/${id}`;
}

function parseSilence(document: Document): ReadSilence {
  return legible(document, (value) => {
    const { format: _, ...kept } = StoredSilence.parse(value);
    return { silence: { ...kept, matchers: readMatchers(kept.match).matchers }, revision: document.revision };
  });
}

/** Found by when it ends, and by its age after that. */
export function putSilence({ id, match, from, until, by, comment, codes }: Silence): Put {
  return {
    key: silenceKey(id),
    value: { format: 1, id, match, from, until, by, comment, codes },
    index: { until: sortable(until) },
  };
}

export async function readSilence(store: Pick<Store, "read">, id: string): Promise<ReadSilence | undefined> {
  const [document] = await store.read([silenceKey(id)]);
  return document && parseSilence(document);
}

/** A silence that a delivery was answered with before. */
export function parseSilenceAnswer(value: Json): Silence {
  return parseSilence({ key: "silence/answer", revision: "", value }).silence;
}

/** Silences that hold at a time in ms, those that end first first. One that cannot be read silences nothing, and is told. */
export async function silencesAt(store: Pick<Store, "list">, at: number, limit = 1_000): Promise<Listed<ReadSilence>> {
  return eachLegible(await store.list("silence", "until", { from: sortable(at + 1), limit }), parseSilence);
}
