import { z } from "zod";
import { readMatchers } from "../domain/alerts/read-matchers.ts";
import { isOwedThere, type Silence } from "../domain/alerts/silence.ts";
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
  worst: z.literal(true).exactOptional(),
  there: z
    .array(
      z.object({
        sender: z.string(),
        match: z.string(),
        id: z.string().exactOptional(),
        starts: z.array(z.string()).exactOptional(),
        lost: z.object({ times: z.number(), at: z.number() }).exactOptional(),
        over: z.literal(true).exactOptional(),
        fault: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
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

/** Found by when it ends, by its age after that, and while Alertmanager is to hear of it. */
export function putSilence(silence: Silence, now: number): Put {
  const { id, match, from, until, by, comment, codes, there, worst } = silence;
  const asked = there?.map(({ starts, lost, ...each }) => ({
    ...Object.fromEntries(Object.entries(each).filter(([, value]) => value !== undefined)),
    ...(starts && { starts: [...starts] }),
    ...(lost && { lost: { ...lost } }),
  }));
  return {
    key: silenceKey(id),
    value: {
      format: 1,
      id,
      match,
      from,
      until,
      by,
      comment,
      codes,
      ...(asked && { there: asked }),
      ...(worst && { worst }),
    },
    index: { until: sortable(until), ...(isOwedThere(silence, now) && { owed: sortable(from) }) },
  };
}

/** Silences that some Alertmanager is yet to hear of, the oldest first. */
export async function silencesOwed(store: Pick<Store, "list">, limit: number): Promise<Listed<ReadSilence>> {
  return eachLegible(await store.list("silence", "owed", { limit }), parseSilence);
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
