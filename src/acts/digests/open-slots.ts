import type { Digest } from "../../domain/digests/digest.ts";
import { type DigestSlot, judgeSlots, slotsSince, slotUntil } from "../../domain/digests/schedule.ts";
import { nobody } from "../../domain/journal.ts";
import type { Owed, Store } from "../../domain/store.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import {
  type DigestIdentity,
  type DigestRecord,
  digestId,
  digestQueue,
  digestsUntil,
  parseProgress,
  progressKey,
  putDigest,
  putProgress,
} from "../../records/digest.ts";
import { transact } from "../transact.ts";

/**
 * Puts on record which slots have come: the newest is owed, what is too late to be read was missed. Once over all replicas, each
 * local date once, whatever clocks and schedules do. A digest that is new begins with its next slot.
 */
export async function openDigestSlots(store: Store, digests: readonly Digest[]): Promise<void> {
  for (const digest of digests.filter(({ channels }) => channels.length > 0)) await openSlotsOf(store, digest);
}

async function openSlotsOf(store: Store, digest: Digest): Promise<void> {
  await transact(store, async (now) => {
    const key = progressKey(digest.name);
    const [document] = await store.read([key]);
    const progress = document && parseProgress(document);
    const expect = { [key]: document?.revision ?? null };
    if (!progress) {
      const last = slotUntil(digest, now)?.date ?? zonedAt(now, digest.zone).toPlainDate().toString();
      return { result: undefined, commit: { expect, put: [putProgress(digest.name, { last, at: now })] } };
    }
    const slots = slotsSince(digest, progress.last, now);
    const newest = slots.at(-1);
    if (!newest) return { result: undefined };
    const { due, missed } = judgeSlots(slots, { now, catchUpMs: digest.catchUpMs });
    const told = await toldUntil(store, digest, newest);
    const records = [
      ...missed.map((slot): DigestRecord => ({ ...recordOf(digest, slot, told), state: "missed", why: tooLate })),
      ...(due ? [recordOf(digest, due, told)] : []),
    ];
    return {
      result: undefined,
      commit: {
        expect,
        put: [putProgress(digest.name, { last: newest.date, at: now }), ...records.map(putDigest)],
        journal: missed.map(({ date, at: dueAt }) => ({
          kind: "digest.missed" as const,
          at: now,
          who: nobody,
          digest: digest.name,
          slot: date,
          dueAt,
          why: tooLate,
        })),
        timers: due ? [owedDigest({ name: digest.name, slot: due.date }, now)] : [],
      },
    };
  });
}

const tooLate = "nobody ran when it was due, nor soon enough after that";

/** The end of what the last one told of; the slot before where there is none. */
async function toldUntil(store: Store, digest: Digest, slot: DigestSlot): Promise<number> {
  const { found } = await digestsUntil(store, digest.name, { until: slot.at - 1, limit: mostLookedThrough });
  const last = found.find(({ state, askedBy }) => state === "made" && askedBy === undefined);
  const before = slotUntil(digest, slot.at - 1)?.at ?? slot.at - dayMs;
  return Math.max(last?.to ?? before, slot.at - longestMs);
}

const dayMs = 86_400_000;
/** More than a month is no news. */
const longestMs = 31 * dayMs;
const mostLookedThrough = 40;

function recordOf({ name, title, zone }: Digest, { date, at }: DigestSlot, from: number): DigestRecord {
  return {
    name,
    title,
    zone,
    slot: date,
    dueAt: at,
    from: Math.min(from, at),
    to: at,
    state: "due",
    sections: [],
    comparedWith: [],
  };
}

/** Owes a digest to whoever makes them. */
export function owedDigest({ name, slot }: DigestIdentity, now: number): Owed {
  return { queue: digestQueue, id: digestId({ name, slot }), due: now, body: { name, slot } };
}
