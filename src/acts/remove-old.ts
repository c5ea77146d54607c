import { type Store, sortable } from "../domain/store.ts";
import { newId } from "../records/ids.ts";

/** So many a commit, so that none blocks the store for long. */
const perCommit = 500;
/** Who loses this many races leaves the rest to the next time. */
const mostTries = 5;

/**
 * Removes documents of a kind whose index lies before a store time, oldest first. What somebody has written anew since it
 * was read stays. Answers how many went: more may be left, as long as any did.
 */
export async function removeOld(store: Store, kind: string, index: string, before: number): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const old = await store.list(kind, index, { to: sortable(before), limit: perCommit });
    if (old.length === 0) return 0;
    const expect = Object.fromEntries(old.map(({ key, revision }) => [key, revision]));
    const { outcome } = await store.commit({ id: newId(), expect, remove: old.map(({ key }) => key), relaxed: true });
    if (outcome === "committed") return old.length;
  }
  return 0;
}
