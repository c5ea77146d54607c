import { z } from "zod";
import { type Document, type Json, type Key, type Put, sortable } from "../domain/store.ts";
import type { Sample } from "../domain/systems/metrics.ts";
import { legible } from "./legible.ts";

/** Samples are kept in chunks of ten minutes: only the newest chunk of a series is ever written. */
export const chunkMs = 600_000;

/** Times are seconds into the chunk, values as measured: pairs keep a chunk small. */
const StoredChunk = z.object({
  format: z.literal(1),
  from: z.number(),
  samples: z.array(z.tuple([z.number(), z.number()])),
});

/** Marks a store whose chunks all have their index. */
export const indexedKey = "series-index/done";

/** When the chunk begins that holds a sample of this time. */
export function chunkOf(at: number): number {
  return Math.floor(at / chunkMs) * chunkMs;
}

/** `chunk` is the time at which the chunk begins. */
export function chunkKey(system: string, metric: string, chunk: number): Key {
  return `series/${system}/${metric}/${chunk}`;
}

/** Keys of every chunk that holds samples between two times, oldest first. */
export function chunkKeys(
  system: string,
  metric: string,
  range: { readonly from: number; readonly to: number },
): Key[] {
  const keys: Key[] = [];
  for (let chunk = chunkOf(range.from); chunk <= range.to; chunk += chunkMs) keys.push(chunkKey(system, metric, chunk));
  return keys;
}

/** The samples of a chunk, oldest first; none when there is no such chunk. */
export function samplesIn(document: Document | undefined): Sample[] {
  if (!document) return [];
  const { from, samples } = legible(document, (value) => StoredChunk.parse(value));
  return samples.map(([seconds, value]) => ({ at: from + seconds * 1_000, value }));
}

/** A chunk with one more sample. One older than the last is left out: time in a series only goes on. */
export function withSample(document: Document | undefined, sample: Sample): Json {
  const from = chunkOf(sample.at);
  const before = document ? legible(document, (value) => StoredChunk.parse(value)).samples : [];
  const seconds = (sample.at - from) / 1_000;
  const last = before.at(-1);
  const samples = last && last[0] >= seconds ? before : [...before, [seconds, sample.value] as const];
  return { format: 1, from, samples };
}

/** A chunk as it is kept: found by its key, and by its age when it is time to drop it. */
export function putChunk(key: Key, value: Json): Put {
  return { key, value, index: { from: sortable(legible({ key, value }, (chunk) => StoredChunk.parse(chunk)).from) } };
}
