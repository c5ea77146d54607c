import type { RunningRequest } from "../../domain/approvals/run.ts";
import { isSettleable } from "../../domain/approvals/settle-rules.ts";
import { hasReversed, hasTakenBack, isInverse, overWith, reversed, takenBack } from "../../domain/approvals/undoing.ts";
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
    await tellUndone(store, { id, undo }, (read) =>
      isReversible(read) ? { request: reversed(read.request, undo) } : undefined,
    );
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
    await tellUndone(store, { id, undo }, ({ request, run }, now) =>
      run && isSettleable(request.state) ? takenBack({ request, run }, { undo, now }) : undefined,
    );
}

/** How long before it was undone what follows something may have been opened, in ms. */
const followsForMs = 7 * 86_400_000;

/** What followed what this has undone, and failed meanwhile, is over: there is nothing left to follow. */
export async function endFollowing(store: Store, undo: ReadRequest): Promise<void> {
  if (!hasUndone(undo)) return;
  const { openedAt, reverses = [], undoes = [] } = undo.request;
  const undone = [...reverses, ...undoes];
  for (const { request } of await requestsOfSystemSince(store, undo.sealed.system, openedAt - followsForMs)) {
    const hasFollowed = request.follows !== undefined && undone.includes(request.follows);
    if (!hasFollowed || request.state !== "FAILED" || request.stateAt < openedAt) continue;
    await tellUndone(store, { id: request.id, undo }, (read) =>
      read.run && read.request.undoneBy === undefined
        ? overWith({ request: read.request, run: read.run }, undo)
        : undefined,
    );
  }
}

/** Commits what becomes of a request by what has undone it; nothing where that is undefined. */
async function tellUndone(
  store: Store,
  { id, undo }: { readonly id: string; readonly undo: ReadRequest },
  becomes: (read: ReadRequest, now: number) => RunningRequest | Pick<RunningRequest, "request"> | undefined,
): Promise<void> {
  await transact(store, async (now): Promise<Attempt<void>> => {
    const read = await readRequest(store, id);
    const after = read && becomes(read, now);
    if (!after) return { result: undefined };
    const details = { why: after.request.why, undoneBy: undo.request.id };
    const change = { ...after, now, kind: "undone", who: nobody, details } as const;
    return { result: undefined, commit: await stateCommit(store, read, change) };
  });
}

/** Was it done, and not only said to be? */
function hasUndone({ request }: Pick<ListedRequest, "request">): boolean {
  return request.state === "SUCCEEDED" && request.settledBy === undefined;
}

/** What has undone the request that this one follows by itself, and was asked since; undefined where nothing has. */
export async function undoesFollowed(store: Store, id: string): Promise<ListedRequest | undefined> {
  const followed = (await readRequest(store, id))?.request.follows;
  const first = followed === undefined ? undefined : await readRequest(store, followed);
  if (first?.sealed.plan.inverse === undefined) return undefined;
  const since = await requestsOfSystemSince(store, first.sealed.system, first.request.openedAt);
  return since.find((each) => hasUndone(each) && isInverse(each.sealed, first.sealed));
}
