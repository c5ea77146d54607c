import type { JournalLink } from "../domain/store.ts";
import { bodyOf, linkHash } from "./chain.ts";

/** The links up to the first whose body does not fit its hash, or which does not follow from the one before. */
export function intactLinks(links: readonly JournalLink[]): JournalLink[] {
  const broken = links.findIndex((link, index) => {
    const before = links[index - 1];
    const follows = before === undefined || (link.seq === before.seq + 1 && link.previous === before.hash);
    const says = link.archived || bodyOf(link.entries).hash === link.bodyHash;
    return !follows || !says || linkHash(link.previous, link) !== link.hash;
  });
  return broken < 0 ? [...links] : links.slice(0, broken);
}
