import type { ChainHead, JournalLink, Store } from "../domain/store.ts";
import { bodyOf, genesis, linkHash } from "./chain.ts";

/** `seq` is the first link that does not fit; `links` how many were good before it. `archived` bodies could not be looked at. */
export type ChainVerdict =
  | { readonly ok: true; readonly links: number; readonly archived: number }
  | { readonly ok: false; readonly seq: number; readonly why: string; readonly links: number };

const pageSize = 500;

/** Walks the whole chain from its first link and compares its end with the head the store remembers. */
export async function verifyJournal(store: Pick<Store, "journal" | "head">): Promise<ChainVerdict> {
  let last = genesis;
  let archived = 0;
  for (;;) {
    const page = await store.journal({ fromSeq: last.seq + 1, limit: pageSize });
    for (const link of page) {
      const why = fault(link, last);
      if (why !== undefined) return { ok: false, seq: why.seq, why: why.why, links: last.seq };
      if (link.archived) archived += 1;
      last = { seq: link.seq, hash: link.hash };
    }
    if (page.length > 0) continue;
    const end = await compareEnd(store, last);
    if (end === "more") continue;
    return end === "fits" ? { ok: true, links: last.seq, archived } : { ok: false, ...end, links: last.seq };
  }
}

function fault(link: JournalLink, last: ChainHead): { seq: number; why: string } | undefined {
  const seq = last.seq + 1;
  if (link.seq !== seq) return { seq, why: `link ${seq} is missing, ${link.seq} follows ${last.seq}` };
  if (link.previous !== last.hash) return { seq, why: `link ${seq} does not follow from link ${last.seq}` };
  if (!link.archived && bodyOf(link.entries).hash !== link.bodyHash) {
    return { seq, why: `what link ${seq} says was changed after it was written` };
  }
  if (linkHash(last.hash, link) !== link.hash) return { seq, why: `the hash of link ${seq} does not fit` };
  return undefined;
}

/** Commits may arrive while the chain is walked, so an end beyond the last page is looked for once more. */
async function compareEnd(
  store: Pick<Store, "journal" | "head">,
  last: ChainHead,
): Promise<"fits" | "more" | { seq: number; why: string }> {
  const head = await store.head();
  if (head.seq === last.seq) {
    return head.hash === last.hash ? "fits" : { seq: last.seq, why: "the chain ends on another hash than remembered" };
  }
  if (head.seq < last.seq) return { seq: head.seq + 1, why: `the chain is remembered to end at link ${head.seq}` };
  const more = await store.journal({ fromSeq: last.seq + 1, limit: 1 });
  return more.length > 0
    ? "more"
    : { seq: last.seq + 1, why: `links ${last.seq + 1} to ${head.seq} have been cut off the end` };
}
