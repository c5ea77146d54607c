import { type Ack, isStillGiven } from "../../domain/alerts/ack.ts";
import { episodeSummary } from "../../domain/alerts/episode.ts";
import { reportedAlert } from "../../domain/alerts/reported-alert.ts";
import { type Occurrence, occurrenceStep, type ToldEntry } from "../../domain/alerts/told-alert.ts";
import { nobody } from "../../domain/journal.ts";
import type { Commit, Document, Store } from "../../domain/store.ts";
import { ackKey, putAck, readAck } from "../../records/ack.ts";
import { shortCode } from "../../records/episode.ts";
import { ifLegible } from "../../records/legible.ts";
import { occurrenceKey, parseOccurrence, putOccurrence } from "../../records/occurrence.ts";
import { holdEscalations } from "../escalation/hold.ts";
import { transactAnew } from "../transact.ts";
import { acceptedBatch, type PostedBody } from "./accept-batch.ts";
import { alterTold } from "./alter-told.ts";

/**
 * Keeps what a sender told that need not know when its alerts began: which occurrence each is of is decided in the commit that
 * accepts it, in the order in which it comes. `also` is written with it. Answers the id of the batch, and of how many alerts it tells. Throws when the store
 * cannot.
 */
export async function acceptTold(
  store: Store,
  posted: Omit<PostedBody, "text">,
  told: readonly ToldEntry[],
  also: (now: number) => Promise<Pick<Commit, "expect" | "put" | "remove" | "journal">> = async () => ({}),
): Promise<{ readonly trace: string; readonly alerts: number }> {
  return transactAnew(store, async (now) => {
    const { sender } = posted;
    const keys = [...new Set(told.flatMap((each) => keysOf(sender.id, each)))];
    const documents = await store.read(keys);
    const steps = stepsOf(sender.id, told, { now: posted.postedAt ?? now, standing: standingIn(keys, documents) });
    const { unmatched } = steps;
    const alerts = [...unmatched.map(() => null), ...steps.reports];
    const text = JSON.stringify({ version: "4", alerts });
    const { id, ...batch } = acceptedBatch({ ...posted, text }, { alerts, leftOut: 0, unmatched }, now);
    const acked = await acknowledged(store, sender, { now, occurrences: steps.acknowledged });
    const more = await also(now);
    return {
      result: { trace: id, alerts: alerts.length },
      commit: {
        expect: {
          ...more.expect,
          ...acked.expect,
          ...Object.fromEntries(keys.map((key, place) => [key, documents[place]?.revision ?? null])),
        },
        put: [...batch.put, ...acked.put, ...[...steps.after.values()].map(putOccurrence), ...(more.put ?? [])],
        remove: more.remove ?? [],
        timers: batch.timers,
        notices: acked.notices,
        journal: [...batch.journal, ...acked.journal, ...(more.journal ?? [])],
      },
    };
  });
}

function keysOf(sender: string, entry: ToldEntry): readonly string[] {
  return "raw" in entry ? [] : [occurrenceKey({ sender, fingerprint: entry.fingerprint })];
}

function standingIn(
  keys: readonly string[],
  documents: readonly (Document | undefined)[],
): ReadonlyMap<string, Occurrence | undefined> {
  // A record that cannot be read is left behind: the next thing that is told of the alert writes it anew.
  return new Map(
    keys.map((key, place) => {
      const document = documents[place];
      return [key, document && ifLegible(() => parseOccurrence(document))];
    }),
  );
}

/** Each in its turn: one body may tell of an alert more than once. */
function stepsOf(
  sender: string,
  told: readonly ToldEntry[],
  { now, standing }: { readonly now: number; readonly standing: ReadonlyMap<string, Occurrence | undefined> },
): {
  readonly reports: readonly unknown[];
  /** Of what ends or acknowledges what does not fire, which occurrences: that is all there is to say of it. */
  readonly unmatched: readonly string[];
  readonly after: ReadonlyMap<string, Occurrence>;
  readonly acknowledged: readonly Occurrence[];
} {
  const after = new Map<string, Occurrence>();
  const acks: Occurrence[] = [];
  const unmatched: string[] = [];
  const reports = told.flatMap((each): readonly unknown[] => {
    if ("raw" in each) return [each.raw];
    const key = occurrenceKey({ sender, fingerprint: each.fingerprint });
    const step = occurrenceStep(after.get(key) ?? standing.get(key), each, { sender, now });
    if (!step.report || !step.after) {
      unmatched.push(key);
      return [];
    }
    const read = reportedAlert(step.report, now);
    // What cannot be used goes into quarantine with the rest of the batch, and is no occurrence.
    if ("unusable" in read) return [step.report];
    const { labels, annotations, link } = read;
    after.set(key, { ...step.after, labels, annotations, ...(link !== undefined && { link }) });
    if (each.event === "acknowledged") acks.push(step.after);
    return [step.report];
  });
  return { reports, unmatched, after, acknowledged: acks };
}

/** Whoever looks after it there, here the sender has said so: people are not called for it any more. */
async function acknowledged(
  store: Store,
  { id: sender, system }: PostedBody["sender"],
  { now, occurrences }: { readonly now: number; readonly occurrences: readonly Occurrence[] },
): Promise<Required<Pick<Commit, "expect" | "put" | "notices" | "journal">>> {
  const standing = await Promise.all(
    occurrences.map(async (each) => ({ each, before: await readAck(store, shortCode(each)) })),
  );
  const by = { person: "", name: sender, account: `sender:${sender}` };
  const acks = standing.flatMap(({ each, before }): { readonly ack: Ack; readonly revision: string | null }[] => {
    if (before && isStillGiven(before.ack, { since: each.startsAt }, now)) return [];
    const code = shortCode({ sender, fingerprint: each.fingerprint });
    const ack = { code, system, summary: episodeSummary(each), by, at: now };
    return [{ ack, revision: before?.revision ?? null }];
  });
  const codes = acks.map(({ ack }) => ack.code);
  const altered = await alterTold(store, codes, {
    now,
    what: "acknowledged",
    with: (member) => ({ ...member, ack: { name: sender, at: now } }),
  });
  const held = await holdEscalations(store, codes, { now, name: sender });
  return {
    expect: {
      ...altered.expect,
      ...held.expect,
      ...Object.fromEntries(acks.map(({ ack, revision }) => [ackKey(ack.code), revision])),
    },
    put: [...altered.put, ...held.put, ...acks.map(({ ack }) => putAck(ack))],
    notices: [...altered.notices, ...held.notices],
    journal: acks.map(({ ack: { code: alert, summary } }) => ({
      kind: "alert.acknowledged",
      at: now,
      who: nobody,
      alert,
      system,
      summary,
    })),
  };
}
