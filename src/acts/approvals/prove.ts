import { isOpenedByItself, isUrgent, standingApprovals } from "../../domain/approvals/request.ts";
import { nobody, type PastEntry, type Who } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { readEntry } from "../../records/journal.ts";
import type { ReadRequest } from "../../records/request.ts";

/** A commit is late ten seconds after it was decided on, and waits for others a moment; nothing later can be its link. */
const linkedWithinMs = 30_000;
const pageLinks = 200;
/** So far back what the release before left waiting is looked for: it waits for minutes. */
const searchedLinks = 5_000;

type Journal = Pick<Store, "journal" | "head">;

/**
 * What of an approved request stands in no link of the journal that holds together: its opening, or an approval that counts. Such
 * a record was written by something else than a decision. Undefined when all of it stands there. What is urgent waits for no
 * journal: it only reduces, and takes nobody's yes.
 */
export async function unproven(store: Journal, { request, sealed }: ReadRequest): Promise<string | undefined> {
  if (isUrgent(sealed)) return undefined;
  const { requester } = sealed;
  const by = isOpenedByItself(sealed) ? nobody : requester;
  const opened = { kind: "request.opened", at: request.openedAt, by, after: request.journalledAfter };
  if (!(await stands(store, request, opened))) return `That ${requester.name} asked for it stands in no journal entry.`;
  for (const decision of standingApprovals(request)) {
    const approved = { kind: "request.approved", at: decision.at, by: decision, after: decision.journalledAfter };
    if (!(await stands(store, request, approved)))
      return `The approval of ${decision.name} stands in no journal entry.`;
  }
  return undefined;
}

interface Told {
  readonly kind: string;
  readonly at: number;
  readonly by: Pick<Who, "person" | "account">;
  /** The end of the journal just before. The release before did not keep it. */
  readonly after: number | undefined;
}

async function stands(store: Journal, request: ReadRequest["request"], told: Told): Promise<boolean> {
  const after = told.after ?? Math.max(0, (await store.head()).seq - searchedLinks);
  for (let from = after + 1; ; from += pageLinks) {
    const links = await store.journal({ fromSeq: from, limit: pageLinks, intact: true });
    if (links.some(({ entries }) => entries.some((entry) => tells(readEntry(entry), request, told)))) return true;
    const last = links.at(-1);
    if (!last || links.length < pageLinks || last.at > told.at + linkedWithinMs) return false;
  }
}

function tells({ kind, who, fields }: PastEntry, { id, digest }: ReadRequest["request"], told: Told): boolean {
  const about =
    kind === told.kind && fields["request"] === id && fields["digest"] === digest && fields["at"] === told.at;
  return about && who.person === told.by.person && who.account === told.by.account;
}
