import { noOutcomes } from "../../domain/alerts/episode.ts";
import { type AlertBatch, systemNamedIn } from "../../domain/alerts/reported-alert.ts";
import type { SenderKind } from "../../domain/alerts/sender.ts";
import { nobody } from "../../domain/journal.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { redact } from "../../domain/text/redact.ts";
import { type Batch, batchQueue, putBatch, putBody } from "../../records/batch.ts";
import { newId, sha256 } from "../../records/ids.ts";
import { putLedgerRows, putQuarantined, quarantineKey } from "../../records/ledger.ts";
import { putUnusable } from "../../records/unusable-post.ts";

/** A body as it was posted, by whom and when. */
export interface PostedBody {
  readonly sender: { readonly id: string; readonly kind: SenderKind; readonly system: string };
  readonly text: string;
  /** Its size, and its SHA-256 in hex. */
  readonly bytes: number;
  readonly digest: string;
  /** Set of what was found by looking at the sender, and not posted by it: when that look began, store time in ms. */
  readonly lookedAt?: number;
  /** Set of what is taken in later than it was posted: when that was, store time in ms. */
  readonly postedAt?: number;
}

/** Of what could not be used so many characters are kept. */
const keptText = 65_536;
/** A batch tells of so many systems at the most; a system by another name is told of once it is on record. */
const mostNames = 200;

/** Keeps a body as it came, in one commit with the work that it makes. Answers its id. Throws when the store cannot. */
export async function acceptBatch(store: Store, posted: PostedBody, batch: AlertBatch): Promise<string> {
  const { id, ...commit } = acceptedBatch(posted, batch, await store.now());
  await mustCommit(store, commit);
  return id;
}

/**
 * The part of a commit that keeps a body as it came, with the work that it makes, and the id of its batch. The first alerts of it
 * may be on record already: so many as there are in `unmatched`, which end or acknowledge nothing, each with the record that they
 * are about.
 */
export function acceptedBatch(
  posted: PostedBody,
  { alerts, leftOut, group, unmatched = [] }: AlertBatch & { readonly unmatched?: readonly string[] },
  at: number,
): { readonly id: string } & Required<Pick<Commit, "put" | "timers" | "journal">> {
  const names = [...new Set(alerts.map(systemNamedIn))].filter((name) => name !== "").slice(0, mostNames);
  const batch: Batch = {
    ...newBatch(posted, at),
    events: alerts.length,
    leftOut,
    next: unmatched.length,
    outcomes: { ...noOutcomes, unmatched: unmatched.length },
    ...(group !== undefined && { group: sha256(group).slice(0, 32) }),
    ...(names.length > 0 && { names }),
  };
  const isWaiting = batch.next < batch.events;
  return {
    id: batch.id,
    put: [
      putBatch(batch),
      // One that tells of no alert leaves nothing to put on record.
      ...(isWaiting ? [putBody(batch.id, posted.text)] : []),
      ...(unmatched.length > 0
        ? [putLedgerRows({ batch: batch.id, from: 0, at, events: unmatched.map((key) => ["unmatched", key]) })]
        : []),
    ],
    timers: isWaiting ? [{ queue: batchQueue, id: batch.id, due: at, body: { batch: batch.id } }] : [],
    journal: [receivedEntry("alerts.received", batch)],
  };
}

/** Keeps on record that a body came of which nothing could be read, and why. Counts as one event. Answers its id. */
export async function quarantineBody(store: Store, posted: PostedBody, why: string): Promise<string> {
  const at = await store.now();
  const batch: Batch = { ...newBatch(posted, at), next: 1, outcomes: { ...noOutcomes, quarantined: 1 } };
  const { id, sender, system } = batch;
  const text = redact(posted.text.slice(0, keptText));
  await mustCommit(store, {
    put: [
      putBatch(batch),
      putQuarantined({ batch: id, sender, system, at, why, text }),
      putLedgerRows({ batch: id, from: 0, at, events: [["quarantined", quarantineKey({ batch: id })]] }),
      putUnusable({ batch: id, sender, group: "", systems: [system], at, why }),
    ],
    journal: [receivedEntry("alerts.quarantined", batch)],
  });
  return id;
}

function newBatch(posted: Omit<PostedBody, "text">, at: number): Batch {
  const { sender, bytes, digest, lookedAt, postedAt } = posted;
  const counts = { events: 1, leftOut: 0, next: 0, outcomes: noOutcomes, group: "" };
  return {
    id: newId(),
    sender: sender.id,
    kind: sender.kind,
    system: sender.system,
    at,
    bytes,
    digest,
    ...counts,
    ...(lookedAt !== undefined && { lookedAt }),
    ...(postedAt !== undefined && { postedAt }),
  };
}

function receivedEntry(kind: "alerts.received" | "alerts.quarantined", batch: Batch) {
  const { id, sender, system, events, digest, at } = batch;
  return { kind, at, who: nobody, batch: id, sender, system, alerts: events, digest };
}

async function mustCommit(store: Store, commit: Omit<Commit, "id">): Promise<void> {
  const { outcome } = await store.commit({ id: newId(), ...commit });
  if (outcome !== "committed") throw new Error(`a new document was answered with ${outcome}`);
}
