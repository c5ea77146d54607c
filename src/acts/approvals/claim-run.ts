import { type Request, standingApprovals } from "../../domain/approvals/request.ts";
import { claim, expire, invalidate } from "../../domain/approvals/request-rules.ts";
import { leaseMarginMs, type RunningRequest, refuseRun } from "../../domain/approvals/run.ts";
import { nobody, type RequestEvent } from "../../domain/journal.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { lockKey, parseLock, putLock } from "../../records/lock.ts";
import { parsePolicy, policyKey } from "../../records/policy.ts";
import { type ReadRequest, readRequest } from "../../records/request.ts";
import { policyWith, readStandings } from "../people/read-standings.ts";
import { type Attempt, transact } from "../transact.ts";
import type { Recheck } from "./plan.ts";
import { movedEntry, type StateChange, stateCommit } from "./state-commit.ts";

/** What became of an attempt to take a run. */
export type ClaimOutcome =
  | { readonly claimed: true; readonly fence: number }
  /** `later`: the target is held by another; try again. `over`: the request will not run. */
  | { readonly claimed: false; readonly next: "later" | "over"; readonly why: string };

/**
 * Takes an approved request for execution: one winner, whatever the number of executors. Durable before it returns,
 * because an effect follows. With drift it is no longer what was approved; what could not be checked fails, nothing sent.
 */
export async function claimRun(
  store: Store,
  by: {
    readonly id: string;
    readonly owner: string;
    /** What the plan rests on, compared with how it is now. */
    readonly check: Recheck;
    readonly directory: Directory;
  },
): Promise<ClaimOutcome> {
  const storeEpoch = await store.epoch();
  const { drift } = by.check;
  const outcome = await transact(store, async (now): Promise<Attempt<ClaimOutcome>> => {
    const read = await readRequest(store, by.id);
    if (!read) return { result: { claimed: false, next: "over", why: "the request is gone" } };
    const lapsed = expire(read.request, read.sealed, now);
    if (lapsed) return endInstead(store, read, { request: lapsed, now, kind: "expired" });
    const drifted =
      drift.length > 0 && invalidate(read.request, `No longer what was approved: ${drift.join("; ")}. Ask again.`, now);
    if (drifted && drifted.ok) return endInstead(store, read, { request: drifted.request, now, kind: "invalidated" });
    // Who approved and who asked must still be who their platforms say, and in the groups their roles come from.
    const acting = [...standingApprovals(read.request), read.sealed.requester];
    const standings = await readStandings(by.directory, acting).catch(() => undefined);
    if (!standings)
      return { result: { claimed: false, next: "later", why: "a platform could not be asked about people" } };
    return attemptClaim(store, read, {
      owner: by.owner,
      unsure: by.check.unsure,
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
  readonly unsure: string | undefined;
  readonly now: number;
  readonly storeEpoch: string;
  /** The policy with what the platforms say of the people concerned. */
  readonly see: (policy: Policy) => Policy;
}

async function attemptClaim(store: Store, read: ReadRequest, by: Claiming): Promise<Attempt<ClaimOutcome>> {
  const key = lockKey(read.sealed.system);
  const [policyDocument, lockDocument] = await store.read([policyKey, key]);
  const policy = by.see(parsePolicy(policyDocument));
  const ruling = claim(read.request, read.sealed, {
    ...by,
    leaseMs: leaseMarginMs,
    policy,
    lock: parseLock(lockDocument),
  });
  if (!ruling.ok) {
    if (ruling.code === "locked") return { result: { claimed: false, next: "later", why: ruling.why } };
    const ended = invalidate(read.request, `${ruling.why} Ask again.`, by.now);
    if (!ended.ok) return { result: { claimed: false, next: "over", why: ruling.why } };
    return endInstead(store, read, { request: ended.request, now: by.now, kind: "invalidated" });
  }
  const { result, commit } = await claimed(store, read, { ...by, claimed: ruling });
  return {
    result,
    commit: {
      ...commit,
      expect: {
        ...commit.expect,
        [policyKey]: policyDocument?.revision ?? null,
        [key]: lockDocument?.revision ?? null,
      },
      validUntil: Math.min(read.request.executeBy ?? by.now, by.now + 10_000),
      durable: true,
    },
  };
}

/** It is taken and holds its target; or, where something could not be checked, it was taken and is over at once. */
async function claimed(
  store: Store,
  read: ReadRequest,
  by: Claiming & { readonly claimed: RunningRequest },
): Promise<{ result: ClaimOutcome; commit: Omit<Commit, "id"> }> {
  const { request, run } = by.claimed;
  const { fence } = run;
  const { system } = read.sealed;
  const taken: StateChange = {
    request,
    run,
    now: by.now,
    kind: "claimed",
    who: nobody,
    details: { owner: by.owner, fence },
  };
  const refused = by.unsure === undefined ? undefined : refuseRun(by.claimed, { fence, now: by.now, why: by.unsure });
  if (!refused) {
    const commit = await stateCommit(store, read, taken);
    return {
      result: { claimed: true, fence },
      commit: { ...commit, put: [...(commit.put ?? []), putLock(system, { request: request.id, fence })] },
    };
  }
  const { why } = refused.request;
  const commit = await stateCommit(store, read, { ...taken, ...refused, kind: "finished", details: { why, fence } });
  return {
    result: { claimed: false, next: "over", why },
    commit: {
      ...commit,
      put: [...(commit.put ?? []), putLock(system, { request: null, fence })],
      journal: [movedEntry(read.sealed, taken), ...(commit.journal ?? [])],
    },
  };
}

/** It will not run: its time is over, or it is no longer what was approved. */
async function endInstead(
  store: Store,
  read: ReadRequest,
  change: { request: Request; now: number; kind: RequestEvent },
): Promise<Attempt<ClaimOutcome>> {
  const { why } = change.request;
  const commit = await stateCommit(store, read, { ...change, who: nobody, details: { why } });
  return { result: { claimed: false, next: "over", why }, commit };
}
