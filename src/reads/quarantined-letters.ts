import type { Store } from "../domain/store.ts";
import { type Quarantined, quarantinedSince } from "../records/ledger.ts";

/** So many are looked through, and so many shown. */
const mostRead = 500;
const mostShown = 20;

/** What is in quarantine that somebody may see, the newest first. */
export async function quarantinedLetters(
  store: Pick<Store, "list">,
  isVisible: (letter: Quarantined) => boolean,
): Promise<{ readonly letters: readonly Quarantined[]; readonly isMore: boolean }> {
  const visible = (await quarantinedSince(store, 0, mostRead)).filter(isVisible);
  return { letters: visible.slice(0, mostShown), isMore: visible.length > mostShown };
}
