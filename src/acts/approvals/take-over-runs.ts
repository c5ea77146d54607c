import { abandonRun } from "../../domain/approvals/lost-run.ts";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { type LeftBehind, UnreadableRecord } from "../../domain/unreadable.ts";
import { openRequests, readRequest, requestKey } from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { dueAtOnce, stateCommit } from "./state-commit.ts";

/** More than this were never open at a time. */
const takenOverMost = 1_000;

/**
 * Has everything that was under way, or due, gone on with at once, without waiting for the leases of whoever was at it. For a
 * store that only one process uses, as it starts: whoever was at it is gone. Answers how many runs were under way, and what
 * cannot be read of them: that is left where it is, and keeps nobody from starting.
 */
export async function takeOverRuns(store: Store): Promise<LeftBehind> {
  const { found, unreadable: others } = await openRequests(store, takenOverMost);
  const unreadable = [...others];
  let count = 0;
  for (const { request } of found) {
    const { id } = request;
    try {
      const outcome = await transact(store, (now) => attemptTakeOver(store, id, now));
      if (!outcome.repeated && outcome.result) count += 1;
    } catch (error) {
      unreadable.push(error instanceof UnreadableRecord ? error : new UnreadableRecord(requestKey(id), error));
    }
  }
  return { count, unreadable };
}

/** True for a run that was under way. */
async function attemptTakeOver(store: Store, id: string, now: number): Promise<Attempt<boolean>> {
  const read = await readRequest(store, id);
  const due = read && dueAtOnce(read.request, read.sealed, now);
  if (!read || !due) return { result: false };
  const { request, run, sealed } = read;
  const abandoned = run && abandonRun({ request, run }, { plan: sealed.plan, now });
  if (!abandoned) return { result: false, commit: due };
  const details = { why: "The process that was at it is gone." };
  const change = { ...abandoned, now, kind: "taken-over", who: nobody, details } as const;
  const commit = await stateCommit(store, read, change);
  return {
    result: true,
    commit: { ...commit, timers: due.timers, cancel: [...(commit.cancel ?? []), ...due.cancel] },
  };
}
