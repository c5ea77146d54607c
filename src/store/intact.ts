import type { ChainHead, JournalLink } from "../domain/store.ts";
import { bodyOf, linkHash } from "./chain.ts";

/** What is wrong with a link that should follow `last`, and at which place in the chain; undefined when it fits. */
export function faultOf(
  link: JournalLink,
  last: ChainHead,
): { readonly seq: number; readonly why: string } | undefined {
  const seq = last.seq + 1;
  if (link.seq !== seq) return { seq, why: `link ${seq} is missing, ${link.seq} follows ${last.seq}` };
  if (link.previous !== last.hash) return { seq, why: `link ${seq} does not follow from link ${last.seq}` };
  if (!link.archived && bodyOf(link.entries).hash !== link.bodyHash) {
    return { seq, why: `what link ${seq} says was changed after it was written` };
  }
  if (linkHash(last.hash, link) !== link.hash) return { seq, why: `the hash of link ${seq} does not fit` };
  return undefined;
}

/** The links up to the first that does not fit. What the first one follows is taken from itself. */
export function intactLinks(links: readonly JournalLink[]): JournalLink[] {
  const broken = links.findIndex((link, index) => {
    const last = links[index - 1] ?? { seq: link.seq - 1, hash: link.previous };
    return faultOf(link, last) !== undefined;
  });
  return broken < 0 ? [...links] : links.slice(0, broken);
}
