import type { AuditEntry } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { readEntry } from "../../records/journal.ts";
import type { Stretch } from "./asked-section.ts";

const pageLinks = 500;
/** More links than this of one time are counted up to there, and it is said. */
const mostLinks = 20_000;

/** Entries of the journal of a time, oldest first. `isAll` is false where there are more than are walked through. */
export async function journalBetween(
  store: Pick<Store, "head" | "journal">,
  { from, to }: Stretch,
  isWanted: (kind: string) => boolean,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly isAll: boolean }> {
  const { seq: end } = await store.head();
  const oldest = Math.max(0, end - mostLinks);
  const entries: AuditEntry[] = [];
  for (let last = end; last > oldest; last -= pageLinks) {
    const first = Math.max(oldest, last - pageLinks) + 1;
    const links = await store.journal({ fromSeq: first, limit: last - first + 1 });
    for (const { seq, at, entries: stored } of links.toReversed()) {
      if (at < from) return { entries: entries.toReversed(), isAll: true };
      if (at >= to) continue;
      for (const each of stored.toReversed()) if (isWanted(each.kind)) entries.push({ ...readEntry(each), seq, at });
    }
  }
  return { entries: entries.toReversed(), isAll: oldest === 0 };
}
