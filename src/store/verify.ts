import { z } from "zod";
import type { ChainHead, JournalLink, Store } from "../domain/store.ts";
import { archiveHash, genesis } from "./chain.ts";
import { faultOf } from "./intact.ts";

/** `seq` is the first link that does not fit; `links` how many were good before it. `archived` bodies are covered by an entry. */
export type ChainVerdict =
  | { readonly ok: true; readonly links: number; readonly archived: number; readonly head: ChainHead }
  | { readonly ok: false; readonly seq: number; readonly why: string; readonly links: number };

/** A head that was noted elsewhere: the hash or its beginning, and its place when that was noted too. */
export interface NotedHead {
  readonly seq?: number;
  readonly hash: string;
}

type Journal = Pick<Store, "journal" | "head">;

/** What an entry of an archiving says: these links' text is elsewhere, and this is the hash over their hashes. */
const Archived = z.object({
  kind: z.literal("journal.archived"),
  from: z.int().min(1),
  to: z.int(),
  hash: z.string(),
});
type Archived = z.output<typeof Archived>;

/** What the walk has come across so far. */
interface Walk {
  last: ChainHead;
  /** Links without their text. */
  readonly emptied: number[];
  readonly archives: (Archived & { readonly seq: number })[];
  isNotedMet: boolean;
}

const pageSize = 500;

/**
 * Walks the whole chain from its first link and compares its end with the head the store remembers. Text that is gone has
 * to be covered by an entry of its archiving. A head that was noted elsewhere has to be met on the way: who rewrites the
 * chain or cuts off its end can make the rest fit, but not that.
 */
export async function verifyJournal(store: Journal, noted?: NotedHead): Promise<ChainVerdict> {
  const walk: Walk = {
    last: genesis,
    emptied: [],
    archives: [],
    // What stands before the first link is in every journal, and proves nothing of any.
    isNotedMet: noted === undefined,
  };
  for (;;) {
    const page = await store.journal({ fromSeq: walk.last.seq + 1, limit: pageSize });
    for (const link of page) {
      const why = faultOf(link, walk.last);
      if (why !== undefined) return { ok: false, seq: why.seq, why: why.why, links: walk.last.seq };
      pass(walk, link, noted);
    }
    if (page.length > 0) continue;
    const end = await compareEnd(store, walk.last);
    if (end === "more") continue;
    if (end !== "fits") return { ok: false, ...end, links: walk.last.seq };
    return judge(store, walk, noted);
  }
}

function pass(walk: Walk, link: JournalLink, noted: NotedHead | undefined): void {
  const { seq, hash } = link;
  walk.last = { seq, hash };
  if (link.archived) walk.emptied.push(seq);
  if (noted && fits(noted, walk.last)) walk.isNotedMet = true;
  for (const entry of link.entries) {
    const archived = Archived.safeParse(entry);
    if (archived.success && archived.data.to < seq) walk.archives.push({ ...archived.data, seq });
  }
}

function fits(noted: NotedHead, at: ChainHead): boolean {
  return (noted.seq === undefined || noted.seq === at.seq) && at.hash.startsWith(noted.hash);
}

/** The chain fits in itself; whether it is the whole one, and the one that was noted. */
async function judge(store: Journal, walk: Walk, noted: NotedHead | undefined): Promise<ChainVerdict> {
  const { last, emptied } = walk;
  const uncovered = await withoutArchive(store, walk);
  if (uncovered !== undefined) {
    const why = `what link ${uncovered} said is gone, and no entry says that it was archived`;
    return { ok: false, seq: uncovered, why, links: uncovered - 1 };
  }
  if (noted && !walk.isNotedMet) {
    const name = noted.seq === undefined ? noted.hash : `${noted.seq}:${noted.hash}`;
    const why = `the head ${name} is not in this chain: its end was cut off, or it was written anew`;
    return { ok: false, seq: noted.seq ?? last.seq, why, links: last.seq };
  }
  return { ok: true, links: last.seq, archived: emptied.length, head: last };
}

/** The first link whose text is gone and that no archiving covers. An entry whose hash is not that of its links covers nothing. */
async function withoutArchive(store: Journal, { emptied, archives }: Walk): Promise<number | undefined> {
  let open: readonly number[] = emptied;
  for (const archive of archives) {
    if (!open.some((seq) => seq >= archive.from && seq <= archive.to)) continue;
    if ((await hashOfRange(store, archive)) !== archive.hash) continue;
    open = open.filter((seq) => seq < archive.from || seq > archive.to);
  }
  return open[0];
}

async function hashOfRange(store: Journal, { from, to }: Archived): Promise<string> {
  const hashes: string[] = [];
  for (let next = from; next <= to; next += pageSize) {
    const page = await store.journal({ fromSeq: next, limit: Math.min(pageSize, to - next + 1) });
    hashes.push(...page.map((link) => link.bodyHash));
  }
  return archiveHash(hashes);
}

/** Commits may arrive while the chain is walked, so an end beyond the last page is looked for once more. */
async function compareEnd(store: Journal, last: ChainHead): Promise<"fits" | "more" | { seq: number; why: string }> {
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
