import { heldIn } from "../domain/alerts/own-watch.ts";
import type { Store } from "../domain/store.ts";
import { ifLegible } from "../records/legible.ts";
import { ownWatchKey, parseOwnWatch } from "../records/own-watch.ts";

/** Since when what rules of files judge holds, by what each of their alerts is called, and the time in the store. */
export async function ruleHolds(
  store: Store,
  system: string,
): Promise<{ readonly held: Readonly<Record<string, number>>; readonly now: number }> {
  const [[document], now] = await Promise.all([store.read([ownWatchKey(system)]), store.now()]);
  const watch = document && ifLegible(() => parseOwnWatch(document));
  return { held: heldIn(watch, now), now };
}
