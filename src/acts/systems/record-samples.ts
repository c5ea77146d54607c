import { type Commit, type Store, sortable } from "../../domain/store.ts";
import type { Sample } from "../../domain/systems/metrics.ts";
import { chunkKey, chunkKeys, chunkMs, chunkOf, putChunk, withSample } from "../../domain/systems/series.ts";
import { newId } from "../../records/ids.ts";

export interface Measured {
  readonly system: string;
  readonly metric: string;
  readonly sample: Sample;
}

/** What adds one round of samples to their series, for one commit. Not journalled: nobody did anything. */
export async function samplesWrite(store: Store, round: readonly Measured[]): Promise<Pick<Commit, "put">> {
  const keys = round.map((each) => chunkKey(each.system, each.metric, chunkOf(each.sample.at)));
  const chunks = await store.read(keys);
  return { put: round.map((each, at) => putChunk(keys[at] ?? "", withSample(chunks[at], each.sample))) };
}

/**
 * Drops chunks that are older than `keepMs`, of every series there is, also of systems that are no longer configured.
 * Answers how many went, at most `limit`.
 */
export async function dropOldSamples(
  store: Store,
  { keepMs, limit }: { readonly keepMs: number; readonly limit: number },
): Promise<number> {
  const oldest = chunkOf((await store.now()) - keepMs) - chunkMs;
  const gone = await store.list("series", "from", { to: sortable(oldest), limit });
  if (gone.length > 0) await store.commit({ id: newId(), remove: gone.map((document) => document.key) });
  return gone.length;
}

const indexedKey = "series-index/done";
const batch = 200;

/**
 * Gives chunks of the release before, which only their key leads to, the index that `dropOldSamples` goes by. Done once for
 * a store; a chunk that is written meanwhile has the index already.
 */
export async function indexOldSamples(
  store: Store,
  series: readonly { readonly system: string; readonly metric: string }[],
  keepMs: number,
): Promise<void> {
  const [done] = await store.read([indexedKey]);
  if (done) return;
  const now = await store.now();
  const keys = series.flatMap(({ system, metric }) => chunkKeys(system, metric, { from: now - 2 * keepMs, to: now }));
  for (let from = 0; from < keys.length; from += batch) {
    const found = (await store.read(keys.slice(from, from + batch))).filter((document) => document !== undefined);
    if (found.length === 0) continue;
    const { outcome } = await store.commit({
      id: newId(),
      expect: Object.fromEntries(found.map(({ key, revision }) => [key, revision])),
      put: found.map(({ key, value }) => putChunk(key, value)),
    });
    if (outcome === "conflict") throw new Error("samples were written while the old ones were given their index");
  }
  await store.commit({ id: newId(), put: [{ key: indexedKey, value: { format: 1 } }] });
}
