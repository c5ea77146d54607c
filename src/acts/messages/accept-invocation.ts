import type { Owed, Store } from "../../domain/store.ts";
import type { LeftBehind } from "../../domain/unreadable.ts";
import { newId } from "../../records/ids.ts";
import {
  type InvocationRecord,
  invocationQueue,
  openInvocations,
  putInvocation,
  type ReadInvocation,
  readInvocation,
} from "../../records/invocation.ts";
import { transact } from "../transact.ts";

/** How long nobody needs to have held a command that is not answered until another process takes it up. */
const heldForMs = 15_000;

/** More than this were never left by one process. */
const takenUpMost = 1_000;

/**
 * Accepts a delivery: from here on it will be answered, once. A delivery that came before gets its record back, with
 * the answer when there is one already. A `question` changes nothing, so nothing but its answer is lost where the power
 * fails at that moment, and it need not wait for the disk; what may change something does.
 */
export async function acceptInvocation(
  store: Store,
  { question, ...given }: Pick<InvocationRecord, "key" | "account" | "place" | "content"> & { question: boolean },
): Promise<ReadInvocation & { readonly repeated: boolean }> {
  const revision = newId();
  const outcome = await transact(store, async (now) => {
    const record: InvocationRecord = { format: 2, ...given, acceptedAt: now };
    return {
      result: record,
      commit: {
        id: revision,
        once: { key: `in:${given.key}`, answer: { invocation: given.key } },
        put: [putInvocation(record)],
        timers: [heldUntil(given.key, now + heldForMs)],
        relaxed: question,
      },
    };
  });
  if (!outcome.repeated) return { record: outcome.result, revision, repeated: false };
  const before = await readInvocation(store, given.key);
  if (!before) throw new Error("a delivery that was accepted before has no record");
  return { ...before, repeated: true };
}

/** Says that this process is still at work on it. Ends before its answer is recorded, or it would be owed once more. */
export async function holdInvocation(store: Store, key: string): Promise<void> {
  await store.commit({ id: newId(), timers: [heldUntil(key, (await store.now()) + heldForMs)], relaxed: true });
}

/**
 * Has everything that was accepted and not answered taken up at once. For a store that only one process uses: whatever is
 * unanswered when it starts was left by one that is gone. Answers how many were taken up, and what cannot be read of them.
 */
export async function takeUpInvocations(store: Store): Promise<LeftBehind> {
  const { found, unreadable } = await openInvocations(store, takenUpMost);
  const now = await store.now();
  const timers = found.map(({ record }) => heldUntil(record.key, now));
  if (timers.length > 0) await store.commit({ id: newId(), timers });
  return { count: timers.length, unreadable };
}

function heldUntil(key: string, due: number): Owed {
  return { queue: invocationQueue, id: key, due, body: { invocation: key } };
}
