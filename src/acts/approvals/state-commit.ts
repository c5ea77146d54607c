import { isRevival } from "../../domain/approvals/halts.ts";
import { freedOf, heldBy } from "../../domain/approvals/lock.ts";
import { concernedSystem, isOpen, isUrgent, type Request, type Sealed } from "../../domain/approvals/request.ts";
import {
  isOut,
  keepsLock,
  leaseMarginMs,
  nextFor,
  nextLookAt,
  type Run,
  type RunningRequest,
} from "../../domain/approvals/run.ts";
import { isSettleable } from "../../domain/approvals/settle-rules.ts";
import { hasReversed, hasTakenBack } from "../../domain/approvals/undoing.ts";
import type { JournalEntry, RequestDetails, RequestEvent, Who } from "../../domain/journal.ts";
import type { Commit, Owed, Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { ifLegible, nothingUnreadable } from "../../records/legible.ts";
import { lockKey, putLock, type ReadLock, readLock } from "../../records/lock.ts";
import { putRequest, type ReadRequest, requestKey, runQueue, runQueues } from "../../records/request.ts";
import { putRun, runKey } from "../../records/run.ts";
import { parseTwin, twinKey } from "../../records/twin.ts";
import {
  behindNotices,
  copyNotices,
  followedNotices,
  listOpenOnce,
  type OpenList,
  settledNotices,
  settlingNotices,
} from "./copies.ts";

/** How a request moves on, and what is told of it. */
export interface StateChange {
  readonly request: Request;
  /** Left out while it has none. */
  readonly run?: Run | undefined;
  readonly now: number;
  readonly kind: RequestEvent;
  readonly who: Who;
  readonly details?: RequestDetails;
  /** Of one that was just claimed: the lock that the claim was ruled by, as it was read. */
  readonly ruledBy?: ReadLock | undefined;
  /** Where the same commit says more of what is open: the list that it rests on. */
  readonly open?: OpenList;
}

/** What every entry of the journal about a request names it by. */
export function journalled({ id, code, state, digest }: Request) {
  return { request: id, code, state, digest };
}

/** The entry of the journal about a request that moves on. */
export function movedEntry(sealed: Sealed, change: StateChange): JournalEntry {
  return {
    kind: `request.${change.kind}`,
    at: change.now,
    who: change.who,
    ...journalled(change.request),
    system: concernedSystem(sealed),
    operation: sealed.operation,
    ...change.details,
  };
}

/**
 * The commit that moves a request or its run on: their documents, their timers, the lock, the journal and every copy of
 * the card. Both documents are expected as they were read, whichever of them changes. A run that has no document of its own,
 * because the release before kept it in the request, gets one here, or it would be gone with the request's new format.
 */
export async function stateCommit(store: Store, before: ReadRequest, change: StateChange): Promise<Omit<Commit, "id">> {
  const { request, now } = change;
  const run = await withReceipt(store, before, { request, run: change.run ?? before.run });
  const parts = [await twinPart(store, change), await lockPart(store, before, { ...change, run })];
  const { timers, cancel } = followUps(before, { request, run }, now);
  return {
    expect: Object.assign(asRead(before), ...parts.map(({ expect }) => expect)),
    put: [
      ...(request === before.request ? [] : [putRequest(request, before.sealed)]),
      ...(run && (run !== before.run || before.runRevision === null) ? [putRun(request.id, run)] : []),
      ...parts.flatMap(({ put }) => put),
    ],
    remove: parts.flatMap(({ remove }) => remove),
    journal: [movedEntry(before.sealed, change)],
    notices: [...copyNotices(request, now), ...(await noticesElsewhere(store, before, change))],
    timers,
    cancel,
  };
}

/** Of the cards of others that tell how it stands. */
async function noticesElsewhere(
  store: Store,
  before: ReadRequest,
  { request, now, open = listOpenOnce(store) }: StateChange,
): Promise<Owed[]> {
  const { sealed } = before;
  const moves = request.state !== before.request.state;
  const approved = before.request.state === "APPROVED" || request.state === "APPROVED";
  const holds = keepsLock(before.request.state) || keepsLock(request.state);
  return [
    ...(await settledNotices(store, sealed, now)),
    ...(holds ? await behindNotices({ request, sealed, open }, now) : []),
    ...(moves ? await followedNotices(store, { request, sealed, open }, now) : []),
    ...(approved ? await settlingNotices({ request, sealed, open }, now) : []),
  ];
}

/** The commit that writes down how a step stands that waits. It can be looked at again, so nobody waits for the disk. */
export function waitCommit(before: ReadRequest, run: Run, now: number): Omit<Commit, "id"> {
  const { request } = before;
  return {
    expect: asRead(before),
    put: [putRun(request.id, run)],
    ...followUps(before, { request, run }, now),
    relaxed: true,
  };
}

/** Two changes as one commit. What the second one did is told first: it is why the first could be done. */
export function bothCommits(one: Omit<Commit, "id">, other: Omit<Commit, "id">): Omit<Commit, "id"> {
  return {
    expect: { ...one.expect, ...other.expect },
    put: [...(one.put ?? []), ...(other.put ?? [])],
    remove: [...(one.remove ?? []), ...(other.remove ?? [])],
    journal: [...(other.journal ?? []), ...(one.journal ?? [])],
    notices: [...(one.notices ?? []), ...(other.notices ?? [])],
    timers: [...(one.timers ?? []), ...(other.timers ?? [])],
    cancel: [...(one.cancel ?? []), ...(other.cancel ?? [])],
  };
}

/** The end of a run says where the journal stood: its own entry follows there, so the head before it is the newest to have. */
async function withReceipt(
  store: Store,
  before: ReadRequest,
  { request, run }: { readonly request: Request; readonly run: Run | undefined },
): Promise<Run | undefined> {
  if (!run || request.state === "EXECUTING" || request.state === before.request.state) return run;
  return { ...run, journalHead: await store.head() };
}

function asRead({ request: { id }, revision, runRevision }: ReadRequest): Record<string, string | null> {
  return { [requestKey(id)]: revision, [runKey(id)]: runRevision };
}

type Part = Required<Pick<Commit, "expect" | "put" | "remove">>;
const nothing: Part = { expect: {}, put: [], remove: [] };

/** A request that is over frees the key of its twins. A later one for the same thing may have taken it: that stays. */
async function twinPart(store: Store, { request }: Pick<StateChange, "request">): Promise<Part> {
  if (isOpen(request.state)) return nothing;
  const key = twinKey(request.twin);
  const [document] = await store.read([key]);
  if (!document || ifLegible(() => parseTwin(document)) !== request.id) return nothing;
  return { expect: { [key]: document.revision }, put: [], remove: [key] };
}

/**
 * The one place that writes a lock. Whoever was just claimed holds its targets, and what leaves nothing in doubt at the target
 * is freed. What is urgent holds none. How a run ended is written down also where its lock cannot be read: that stays as it is,
 * and is told to the operators.
 */
async function lockPart(store: Store, { sealed }: ReadRequest, change: StateChange): Promise<Part> {
  const { request, run, ruledBy } = change;
  const holds = keepsLock(request.state);
  if (isUrgent(sealed) || (holds && !ruledBy)) return nothing;
  const read = ruledBy ?? (await readLock(store, sealed.system).catch(nothingUnreadable));
  if (!read) return nothing;
  const fence = run?.fence ?? 0;
  const taken = ruledBy
    ? heldBy(read.lock, { request: request.id, targets: sealed.plan.targets ?? [] }, fence)
    : read.lock;
  const lock = holds ? taken : freedOf(taken, request.id, fence);
  if (!lock) return nothing;
  return { expect: { [lockKey(sealed.system)]: read.revision }, put: [putLock(sealed.system, lock)], remove: [] };
}

/**
 * What time must still do about a request in this state. An item that is moved is cancelled first, whoever holds it. `lost` is
 * the timer that the release before had for the lease of a run.
 */
export function followUps(
  before: Pick<ReadRequest, "request" | "sealed">,
  { request, run }: { readonly request: Request; readonly run: Run | undefined },
  now: number,
): { timers: Owed[]; cancel: { queue: string; id: string }[] } {
  const queue = runQueue(before.sealed);
  const timer: Timer = (kind, due) => ({
    queue,
    id: `${kind}:${request.id}`,
    due,
    body: { kind, request: request.id },
  });
  const ids = (...kinds: string[]) => kinds.map((kind) => ({ queue, id: `${kind}:${request.id}` }));
  switch (request.state) {
    case "PENDING":
      return { timers: [timer("lapse", before.sealed.decideBy)], cancel: ids("claim") };
    case "APPROVED":
      return { timers: [timer("claim", now), timer("lapse", request.executeBy ?? now)], cancel: [] };
    case "EXECUTING":
      return {
        timers: run ? [whenNext(timer, { request, run }, now)] : [],
        cancel: ids("claim", "lapse", "run", "lost"),
      };
    case "UNKNOWN": {
      // What was out when its process died has not been looked up yet; after that the worker says when to look again.
      const first = run && !isOut(run) ? nextLookAt(run, now) : now;
      const timers = before.request.state === "UNKNOWN" ? [] : [timer("reconcile", first)];
      return { timers, cancel: ids("run", "lapse", "lost") };
    }
    case "PARTIAL":
    case "SUCCEEDED":
    case "FAILED": {
      // What people said before of how it ended waits for nobody's yes any more.
      const settled = isSettleable(before.request.state) ? [timer("settlements", now)] : [];
      // What followed a halt is not wanted any more where this has undone that; what was undone, and what followed it, is over.
      const revives = before.request.state !== "SUCCEEDED" && isRevival({ request, sealed: before.sealed });
      const isDone = before.request.state !== "SUCCEEDED" && request.state === "SUCCEEDED";
      const undoes = isDone && (hasTakenBack(request, before.sealed) || hasReversed(request));
      const undone = revives || undoes ? [timer("undone", now)] : [];
      const followed = isDone && before.sealed.plan.followUp?.once === "done" ? [followUpTimer(request.id, now)] : [];
      const told = run ? tellingTimer(timer, { request, run }, now) : [];
      const timers = [...settled, ...undone, ...followed, ...told];
      return { timers, cancel: ids("claim", "lapse", "run", "lost", "reconcile") };
    }
    case "DENIED":
    case "CANCELLED":
    case "EXPIRED":
      return { timers: [], cancel: ids("claim", "lapse", "run", "lost", "reconcile") };
    case "INVALIDATED":
      return { timers: askedAnew(request, now), cancel: ids("claim", "lapse", "run", "lost", "reconcile") };
  }
}

type Timer = (kind: string, due: number) => Owed;

/** Has what time must do about a request done at once, whoever has taken it; undefined where there is nothing. */
export function dueAtOnce(
  { id, state }: Request,
  sealed: Sealed,
  now: number,
): { readonly timers: Owed[]; readonly cancel: { queue: string; id: string }[] } | undefined {
  const kind = state === "APPROVED" ? "claim" : state === "EXECUTING" ? "run" : "reconcile";
  if (state !== "APPROVED" && state !== "EXECUTING" && state !== "UNKNOWN") return undefined;
  const item = { queue: runQueue(sealed), id: `${kind}:${id}` };
  return { timers: [{ ...item, due: now, body: { kind, request: id } }], cancel: [item] };
}

/**
 * Asking for what follows a request waits behind nothing that is urgent: it reads its target, which may hang. `instead`: the
 * request that followed it so far and is no longer valid.
 */
export function followUpTimer(request: string, due: number, instead?: string): Owed {
  return {
    queue: runQueues.ordinary,
    id: instead === undefined ? `follow-up:${request}` : `follow-up:${request}:${instead}`,
    due,
    body: { kind: "follow-up", request, ...(instead !== undefined && { instead }) },
  };
}

/** What followed by itself is asked for anew by itself: after a stop, what is left open must not be forgotten. */
function askedAnew({ id, follows }: Request, now: number): Owed[] {
  return follows === undefined ? [] : [followUpTimer(follows, now, id)];
}

/** Has what was asked under other rules than those now in force ended at once, by whoever takes it up. It stands behind little. */
export function outdatedTimer(due: number): Owed {
  return { queue: runQueues.reducing, id: `outdated:${newId()}`, due, body: { kind: "outdated" } };
}

/** What tells of a stop that was read back past its deadline is begun once that is done, by whoever comes across it. */
function tellingTimer(timer: Timer, running: RunningRequest, now: number): Owed[] {
  const action = nextFor(running, now);
  if (action.next === "finished") return [];
  return [timer("run", action.next === "look-again" ? action.at : now)];
}

/** Whoever has written this down goes on with the run at once; others do when it falls silent. */
function whenNext(timer: Timer, { request, run }: RunningRequest, now: number): Owed {
  const action = nextFor({ request, run }, now);
  return action.next === "look-again"
    ? timer("run", action.at)
    : { ...timer("run", now), leaseMs: Math.max(leaseMarginMs, run.leaseUntil - now) };
}
