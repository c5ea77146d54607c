import { type Store, sortable } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { chunkMs, chunkOf } from "../../records/series.ts";

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
