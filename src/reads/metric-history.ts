import type { Store } from "../domain/store.ts";
import type { Sample } from "../domain/systems/metrics.ts";
import { ifLegible } from "../records/legible.ts";
import { chunkKeys, samplesIn } from "../records/series.ts";

/** What was sampled of a metric of a system, oldest first, from a time (ms) until now. What cannot be read of it is a gap. */
export async function metricHistory(
  store: Pick<Store, "read" | "now">,
  system: string,
  metric: string,
  from: number,
): Promise<readonly Sample[]> {
  const chunks = await store.read(chunkKeys(system, metric, { from, to: await store.now() }));
  return chunks.flatMap((chunk) => ifLegible(() => samplesIn(chunk)) ?? []).filter((sample) => sample.at >= from);
}
