import type { RequestState } from "../../domain/approvals/request.ts";
import { isSettleable } from "../../domain/approvals/settle-rules.ts";
import { hasReversed, hasTakenBack, isInverse, reversed, takenBack } from "../../domain/approvals/undoing.ts";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import {
  type ListedRequest,
  type ReadRequest,
  readRequest,
  requestsOfSystemSince,
  requestsOfSystemUntil,
} from "../../records/request.ts";
import { type Attempt, transact } from "../transact.ts";
import { stateCommit } from "./state-commit.ts";

/** What was done says that it is undone once what undoes it was done. */
export async function endReversed(store: Store, undo: ReadRequest): Promise<void> {
  if (!hasReversed(undo.request)) return;
  for (const id of undo.request.reverses ?? [])
    await transact(store, async (now): Promise<Attempt<void>> => {
      const read = await readRequest(store, id);
      if (!read || !isReversible(read)) return { result: undefined };
      const request = reversed(read.request, undo);
      const details = { why: request.why, undoneBy: undo.request.id };
      return {
        result: undefined,
        commit: await stateCommit(store, read, { request, now, kind: "undone", who: nobody, details }),
      };
    });
}

/** What is done and stands, and exactly this would undo. */
export async function reversedBy(store: Store, { request, sealed }: ListedRequest): Promise<string[]> {
  const earlier = await requestsOfSystemUntil(store, sealed.system, request.openedAt);
  return earlier.filter((each) => isReversible(each) && isInverse(sealed, each.sealed)).map((each) => each.request.id);
}

function isReversible({ request: { state, undoneBy } }: ListedRequest): boolean {
  return state === "SUCCEEDED" && undoneBy === undefined;
}

/** What stopped half-way is over once what undoes it was done and read back, and frees what it held. */
export async function endTakenBack(store: Store, undo: ReadRequest): Promise<void> {
  if (!hasTakenBack(undo.request, undo.sealed)) return;
  for (const id of undo.request.undoes ?? [])
    await transact(store, async (now): Promise<Attempt<void>> => {
      const read = await readRequest(store, id);
      if (!read?.run || !isSettleable(read.request.state)) return { result: undefined };
      const after = takenBack({ request: read.request, run: read.run }, { undo, now });
      const details = { why: after.request.why, undoneBy: undo.request.id };
      const change = { ...after, now, kind: "undone", who: nobody, details } as const;
      return { result: undefined, commit: await stateCommit(store, read, change) };
    });
}

/** What may have taken effect, or does. */
const mayHaveUndone: readonly RequestState[] = ["EXECUTING", "SUCCEEDED", "PARTIAL", "UNKNOWN"];

/** What undoes the request that this one follows by itself, and was begun since; undefined where nothing does. */
export async function undoesFollowed(store: Store, id: string): Promise<ListedRequest | undefined> {
  const followed = (await readRequest(store, id))?.request.follows;
  const first = followed === undefined ? undefined : await readRequest(store, followed);
  if (first?.sealed.plan.inverse === undefined) return undefined;
  const since = await requestsOfSystemSince(store, first.sealed.system, first.request.openedAt);
  return since.find(({ request, sealed }) => mayHaveUndone.includes(request.state) && isInverse(sealed, first.sealed));
}
