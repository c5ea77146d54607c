import { type Request, standingApprovals } from "../../domain/approvals/request.ts";
import { claim, expire, invalidate } from "../../domain/approvals/request-rules.ts";
import { endStep, finishRun, loseRun, reconcile, refuseRun, startStep } from "../../domain/approvals/run-rules.ts";
import { nobody, type RequestEvent } from "../../domain/journal.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Commit, Store } from "../../domain/store.ts";
import type { StepOutcome } from "../../domain/systems/steps.ts";
import { lockKey, parseLock, putLock } from "../../records/lock.ts";
import { parsePolicy, policyKey } from "../../records/policy.ts";
import { type ReadRequest, readRequest } from "../../records/request.ts";
import { policyWith, readStandings } from "../people/read-standings.ts";
import { type Attempt, transact } from "../transact.ts";
import { stateCommit } from "./state-commit.ts";

/** What became of an attempt to take a run. */
export type ClaimOutcome =
  | { readonly claimed: true; readonly fence: number; readonly read: ReadRequest }
  /** `later`: the target is held by another; try again. `over`: the request will not run. */
  | { readonly claimed: false; readonly next: "later" | "over"; readonly why: string };

/**
 * Takes an approved request for execution: one winner, whatever the number of executors. Durable before it returns,
 * because an effect follows. `drift` is what the target looks like now compared with the plan, empty when it may run.
 */
export async function claimRun(
  store: Store,
  by: {
    readonly id: string;
    readonly owner: string;
    readonly leaseMs: number;
    readonly drift: readonly string[];
    readonly directory: Directory;
  },
): Promise<ClaimOutcome> {
  const storeEpoch = await store.epoch();
  const outcome = await transact(store, async (now): Promise<Attempt<ClaimOutcome>> => {
    const read = await readRequest(store, by.id);
    if (!read) return { result: { claimed: false, next: "over", why: "the request is gone" } };
    const lapsed = expire(read.request, read.sealed, now);
    if (lapsed) return over(store, read, { request: lapsed, now, kind: "expired" });
    const drifted =
      by.drift.length > 0 &&
      invalidate(read.request, `No longer what was approved: ${by.drift.join("; ")}. Ask again.`, now);
    if (drifted && drifted.ok) return over(store, read, { request: drifted.request, now, kind: "invalidated" });
    // Who approved and who asked must still be who their platforms say, and in the groups their roles come from.
    const acting = [...standingApprovals(read.request), read.sealed.requester];
    const standings = await readStandings(by.directory, acting).catch(() => undefined);
    if (!standings)
      return { result: { claimed: false, next: "later", why: "a platform could not be asked about people" } };
    return attemptClaim(store, read, {
      ...by,
      now,
      storeEpoch,
      see: (policy) => policyWith(policy, acting, standings),
    });
  });
  if (outcome.repeated) throw new Error("a claim is never a delivery");
  return outcome.result;
}

interface Claiming {
  readonly owner: string;
  readonly leaseMs: number;
  readonly now: number;
  readonly storeEpoch: string;
  /** The policy with what the platforms say of the people concerned. */
  readonly see: (policy: Policy) => Policy;
}

async function attemptClaim(store: Store, read: ReadRequest, by: Claiming): Promise<Attempt<ClaimOutcome>> {
  const key = lockKey(read.sealed.system);
  const [policyDocument, lockDocument] = await store.read([policyKey, key]);
  const policy = by.see(parsePolicy(policyDocument));
  const lock = parseLock(lockDocument);
  const ruling = claim(read.request, read.sealed, { ...by, policy, lock });
  if (!ruling.ok) {
    if (ruling.code === "locked") return { result: { claimed: false, next: "later", why: ruling.why } };
    const ended = invalidate(read.request, `${ruling.why} Ask again.`, by.now);
    if (!ended.ok) return { result: { claimed: false, next: "over", why: ruling.why } };
    return over(store, read, { request: ended.request, now: by.now, kind: "invalidated" });
  }
  const fence = ruling.request.run?.fence ?? 0;
  const commit = await stateCommit(store, read, {
    request: ruling.request,
    now: by.now,
    kind: "claimed",
    who: nobody,
    details: { owner: by.owner, fence },
  });
  return {
    result: { claimed: true, fence, read: { ...read, request: ruling.request } },
    commit: {
      ...commit,
      expect: {
        ...commit.expect,
        [policyKey]: policyDocument?.revision ?? null,
        [key]: lockDocument?.revision ?? null,
      },
      put: [...(commit.put ?? []), putLock(read.sealed.system, { request: read.request.id, fence })],
      validUntil: Math.min(read.request.executeBy ?? by.now, by.now + 10_000),
      durable: true,
    },
  };
}

async function over(
  store: Store,
  read: ReadRequest,
  change: { request: Request; now: number; kind: RequestEvent },
): Promise<Attempt<ClaimOutcome>> {
  const commit: Omit<Commit, "id"> = await stateCommit(store, read, {
    ...change,
    who: nobody,
    details: { why: change.request.why },
  });
  return { result: { claimed: false, next: "over", why: change.request.why }, commit };
}

/** A change by the run's owner. False when the fence has moved: the caller owns nothing any more and must stop. */
async function changeRun(
  store: Store,
  id: string,
  change: {
    readonly kind: RequestEvent;
    readonly durable?: boolean;
    readonly rule: (read: ReadRequest, now: number) => Request | undefined;
  },
): Promise<boolean> {
  const outcome = await transact(store, async (now): Promise<Attempt<boolean>> => {
    const read = await readRequest(store, id);
    const request = read && change.rule(read, now);
    if (!read || !request) return { result: false };
    const commit = await stateCommit(store, read, {
      request,
      now,
      kind: change.kind,
      who: nobody,
      details: { why: request.why, fence: request.run?.fence ?? 0 },
    });
    return { result: true, commit: { ...commit, ...(change.durable && { durable: true }) } };
  });
  return !outcome.repeated && outcome.result;
}

/**
 * Writes down that a step is about to be sent. Durable, because a crash must leave the trace. Answers until when it may be
 * sent, store time in ms: after that others may take the run for lost. Undefined when the run has passed to another.
 */
export async function recordStart(
  store: Store,
  at: { readonly id: string; readonly fence: number; readonly step: string; readonly leaseMs: number },
): Promise<number | undefined> {
  let leaseUntil = 0;
  const started = await changeRun(store, at.id, {
    kind: "step-started",
    durable: true,
    rule({ request }, now) {
      leaseUntil = now + at.leaseMs;
      return startStep(request, { ...at, now, leaseUntil });
    },
  });
  return started ? leaseUntil : undefined;
}

export function recordEnd(
  store: Store,
  at: { readonly id: string; readonly fence: number; readonly step: string; readonly outcome: StepOutcome },
): Promise<boolean> {
  return changeRun(store, at.id, { kind: "step-ended", rule: ({ request }, now) => endStep(request, { ...at, now }) });
}

export function recordFinish(store: Store, at: { readonly id: string; readonly fence: number }): Promise<boolean> {
  return changeRun(store, at.id, { kind: "finished", rule: ({ request }, now) => finishRun(request, { ...at, now }) });
}

export function recordRefusal(
  store: Store,
  at: { readonly id: string; readonly fence: number; readonly why: string },
): Promise<boolean> {
  return changeRun(store, at.id, { kind: "finished", rule: ({ request }, now) => refuseRun(request, { ...at, now }) });
}

/** The lease ran out: the outcome is unknown until it is looked up. */
export function recordLoss(store: Store, id: string): Promise<boolean> {
  return changeRun(store, id, { kind: "lost", rule: ({ request }, now) => loseRun(request, now) });
}

/** What a look at the target found. When that settles nothing, another look is due later. */
export async function recordReconciliation(
  store: Store,
  id: string,
  outcomes: readonly { readonly step: string; readonly outcome: StepOutcome }[],
): Promise<boolean> {
  return changeRun(store, id, {
    kind: "reconciled",
    rule: ({ request }, now) => reconcile(request, { outcomes, now }),
  });
}

/** Ends what has waited too long. The sweeper only tidies: every decision checks the time itself. */
export function recordLapse(store: Store, id: string): Promise<boolean> {
  return changeRun(store, id, { kind: "expired", rule: ({ request, sealed }, now) => expire(request, sealed, now) });
}
