import type { Store } from "../../domain/store.ts";
import type { Sample } from "../../domain/systems/metrics.ts";
import { chunkKey, chunkMs, chunkOf, withSample } from "../../domain/systems/series.ts";
import { newId } from "../../records/ids.ts";

export interface Measured {
  readonly system: string;
  readonly metric: string;
  readonly sample: Sample;
}

/** Chunks that may be left from a time when nobody was there to remove them: looked for one keeping time further back. */
function expired(each: Measured, keepMs: number): string[] {
  const oldest = chunkOf(each.sample.at - keepMs) - chunkMs;
  return [chunkKey(each.system, each.metric, oldest), chunkKey(each.system, each.metric, oldest - chunkMs)];
}

/** Adds one round of samples in one commit and drops what is older than `keepMs`. Not journalled: nobody did anything. */
export async function recordSamples(store: Store, round: readonly Measured[], keepMs: number): Promise<void> {
  if (round.length === 0) return;
  const keys = round.map((each) => chunkKey(each.system, each.metric, chunkOf(each.sample.at)));
  const chunks = await store.read(keys);
  await store.commit({
    id: newId(),
    put: round.map((each, at) => ({ key: keys[at] ?? "", value: withSample(chunks[at], each.sample) })),
    remove: round.flatMap((each) => expired(each, keepMs)),
  });
}

/** Drops every chunk that may have expired while the bot was not running, as far back as one keeping time. */
export async function dropOldSamples(
  store: Store,
  series: readonly { readonly system: string; readonly metric: string }[],
  range: { readonly now: number; readonly keepMs: number },
): Promise<void> {
  const remove = series.flatMap(({ system, metric }) => {
    const keys: string[] = [];
    for (let chunk = chunkOf(range.now - 2 * range.keepMs); chunk < chunkOf(range.now - range.keepMs); chunk += chunkMs)
      keys.push(chunkKey(system, metric, chunk));
    return keys;
  });
  if (remove.length > 0) await store.commit({ id: newId(), remove });
}
