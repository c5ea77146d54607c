import type { AuditEntry, PastEntry } from "../domain/journal.ts";
import { everySystem } from "../domain/people/policy.ts";
import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Json, Store, StoredEntry } from "../domain/store.ts";
import type { Systems } from "../domain/systems/system.ts";
import { readEntry } from "../records/journal.ts";

const pageLinks = 200;
/** At most so many links are walked back for one answer. */
const mostLinks = 5_000;

export interface AuditQuestion {
  /** Nothing older than this, ms. */
  readonly from: number;
  readonly limit: number;
  /** Id of a person: only what they did, and what was done to an account of theirs. */
  readonly person?: string;
  /** Id of a system: only what concerns it. */
  readonly system?: string;
}

/**
 * What the journal holds of that, newest first, as far as the viewer may audit it. `all` is false when there is more
 * than the limit, or than can be walked for one answer.
 */
export async function auditEntries(
  store: Pick<Store, "head" | "journal">,
  systems: Systems,
  viewer: Viewer,
  question: AuditQuestion,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly all: boolean }> {
  const entries: AuditEntry[] = [];
  const { seq: end } = await store.head();
  const oldest = Math.max(0, end - mostLinks);
  for (let last = end; last > oldest; last -= pageLinks) {
    const first = Math.max(oldest, last - pageLinks) + 1;
    const links = await store.journal({ fromSeq: first, limit: last - first + 1 });
    for (const link of links.toReversed()) {
      if (link.at < question.from) return { entries, all: true };
      for (const stored of link.entries.toReversed()) {
        const entry = readEntry(stored);
        if (!isWanted(entry, question, systems) || !isShown(entry, viewer, systems)) continue;
        if (entries.length === question.limit) return { entries, all: false };
        entries.push({ ...entry, seq: link.seq, at: link.at });
      }
    }
  }
  return { entries, all: oldest === 0 };
}

function isWanted(entry: PastEntry, { person, system }: AuditQuestion, systems: Systems): boolean {
  if (person !== undefined && entry.who.person !== person && entry.person !== person) return false;
  return system === undefined || systemOf(entry, systems) === system;
}

/** What concerns a system is shown to those who may audit that system here, and the rest to those who may audit all of them. */
function isShown(entry: PastEntry, viewer: Viewer, systems: Systems): boolean {
  return may(viewer, "audit", systemOf(entry, systems) ?? everySystem).allowed;
}

/** The id of the system that an entry concerns, by whatever name it was asked for. */
function systemOf({ fields }: PastEntry, systems: Systems): string | undefined {
  const named = ownSystem(fields) ?? argumentSystem(fields["arguments"]);
  return named === undefined ? undefined : (systems.find(named)?.id ?? named);
}

function ownSystem(fields: StoredEntry): string | undefined {
  return typeof fields["system"] === "string" ? fields["system"] : undefined;
}

function argumentSystem(given: Json | undefined): string | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const named = Object.entries(given).find(([name]) => name === "system")?.[1];
  return typeof named === "string" ? named : undefined;
}
