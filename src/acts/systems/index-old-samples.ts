import type { Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { ifLegible } from "../../records/legible.ts";
import { chunkKeys, indexedKey, putChunk } from "../../records/series.ts";

/** At most so many chunks get their index in one commit. */
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
      put: found.flatMap(({ key, value }) => ifLegible(() => putChunk(key, value)) ?? []),
    });
    if (outcome === "conflict") throw new Error("samples were written while the old ones were given their index");
  }
  await store.commit({ id: newId(), put: [{ key: indexedKey, value: { format: 1 } }] });
}
