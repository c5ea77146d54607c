import type { Commit, Store } from "../../domain/store.ts";
import type { Measured } from "../../domain/systems/metrics.ts";
import { ifLegible } from "../../records/legible.ts";
import { chunkKey, chunkOf, putChunk, withSample } from "../../records/series.ts";

/**
 * What adds one round of samples to their series, for one commit. Not journalled: nobody did anything. A chunk that cannot be
 * read is left as it is, and its series goes on with the next one.
 */
export async function samplesWrite(store: Store, round: readonly Measured[]): Promise<Pick<Commit, "put">> {
  const keys = round.map((each) => chunkKey(each.system, each.metric, chunkOf(each.sample.at)));
  const chunks = await store.read(keys);
  return {
    put: round.flatMap((each, at) => {
      const chunk = ifLegible(() => withSample(chunks[at], each.sample));
      return chunk === undefined ? [] : [putChunk(keys[at] ?? "", chunk)];
    }),
  };
}
