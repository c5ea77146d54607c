import { halts } from "../../domain/approvals/halts.ts";
import { inTheWay, type Lock } from "../../domain/approvals/lock.ts";
import { isUrgent, type Request, requestWords, standingApprovals } from "../../domain/approvals/request.ts";
import { claim, claimAgain, endedMeanwhile, expire, invalidated } from "../../domain/approvals/request-rules.ts";
import { isBegun, nextAction, type RunningRequest, refuseRun, silentMs } from "../../domain/approvals/run.ts";
import { undoes } from "../../domain/approvals/undoing.ts";
import { nobody, type RequestEvent } from "../../domain/journal.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { asSentence } from "../../domain/text/sentence.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { type ReadLock, readLock } from "../../records/lock.ts";
import { policyKey, rulesIn, rulesKeys } from "../../records/policy.ts";
import { type ReadRequest, readRequest, requestKey } from "../../records/request.ts";
import { policyWith, readStandings, type Standings, standingsAtOnce } from "../people/read-standings.ts";
import { type Attempt, transact } from "../transact.ts";
import { endedBehind } from "./end-behind.ts";
import { reversedBy } from "./end-taken-back.ts";
import { undoneSince } from "./end-undone.ts";
import { type HaltedSince, haltedSince, haltPart } from "./halted-since.ts";
import type { Recheck } from "./plan.ts";
import { unproven } from "./prove.ts";
import { followUpTimer, movedEntry, type StateChange, stateCommit } from "./state-commit.ts";

/** What became of an attempt to take a run. */
export type ClaimOutcome =
  | { readonly claimed: true; readonly fence: number }
  /** It cannot start yet: try again. `news`: this was not known of it before. */
  | { readonly claimed: false; readonly next: "later"; readonly why: string; readonly news: boolean }
  /** It will not run. */
  | { readonly claimed: false; readonly next: "over"; readonly why: string };

interface Claimant {
  readonly id: string;
  readonly owner: string;
  /** What the plan rests on, compared with how it is now. */
  readonly check: Recheck;
  readonly directory: Directory;
  /** How long the store was seen to take over a commit, in ms. */
  readonly slowMs?: number;
}

/** What was said of people for the decision counts for the claim that follows it, so that this waits for no platform. */
const standingMaxAgeMs = 10_000;

/**
 * Takes an approved request for execution: one winner, whatever the number of executors. Durable before it returns,
 * because an effect follows. With drift it is no longer what was approved; what could not be checked fails, nothing sent.
 * A run that was claimed before, and whose process has gone silent with an act to come, is taken in the same way: what has begun
 * goes on where it stands, or nothing more is sent. The lease of a claim that came too late is longer by what the commit took.
 */
export async function claimRun(store: Store, by: Claimant): Promise<ClaimOutcome> {
  const storeEpoch = await store.epoch();
  let tried: number | undefined;
  const outcome = await transact(store, async (asked): Promise<Attempt<ClaimOutcome>> => {
    const read = await readRequest(store, by.id);
    if (!read) return { result: { claimed: false, next: "over", why: "the request is gone" } };
    // Who approved and who asked must still be who their platforms say, and in the groups their roles come from.
    const acting = [...standingApprovals(read.request), read.sealed.requester];
    const standings = expire(read.request, read.sealed, asked) ? new Map() : await standingsFor(read, by, acting);
    // The platforms may have taken their time: everything that follows counts from now.
    const now = await store.now();
    const leaseMs = silentMs(Math.max(by.slowMs ?? 0, asked - (tried ?? asked)));
    tried = now;
    const halted = await haltedSince(store, read, now);
    const ended = halted.over ? { ...halted.over, now } : endedBefore(read, by, now);
    if (ended) return endInstead(store, read, ended);
    if (read.run && !isBegun(read.run) && now >= (read.request.executeBy ?? 0)) {
      const why = "The time to start it is over.";
      return refuseClaimed(store, { ...read, run: read.run }, { why, now, owner: by.owner });
    }
    if (!standings) return heldUp(store, read, { now, words: "until a platform can be asked about people" });
    const unheard = await unproven(store, read);
    if (unheard !== undefined && !read.run) return endInstead(store, read, unrecorded(read.request, unheard, now));
    const { drift, unsure } = by.check;
    const changed = drift.length > 0 ? `It is no longer what was approved: ${asSentence(drift.join("; "))}` : undefined;
    const why = unheard ?? halted.why ?? changed;
    if (read.run && why !== undefined)
      return refuseClaimed(store, { ...read, run: read.run }, { why, now, owner: by.owner });
    // Its target may be on its way up again after what was done to it.
    if (read.run && isBegun(read.run) && unsure !== undefined)
      return heldUp(store, read, { now, words: "until what it rests on can be read" });
    return attemptClaim(store, read, {
      owner: by.owner,
      leaseMs,
      unsure: by.check.unsure,
      halted,
      now,
      storeEpoch,
      see: (policy) => policyWith(policy, acting, standings),
    });
  });
  if (outcome.repeated) throw new Error("a claim is never a delivery");
  return outcome.result;
}

/** Undefined when a platform does not answer: nothing is begun on a guess, but for what is urgent. */
async function standingsFor(
  { sealed }: ReadRequest,
  { directory }: Claimant,
  acting: Parameters<typeof readStandings>[1],
): Promise<Standings | undefined> {
  if (isUrgent(sealed)) return standingsAtOnce(directory, acting, standingMaxAgeMs);
  return readStandings(directory, acting, standingMaxAgeMs).catch(() => undefined);
}

/** What stands in no journal was decided by nobody: it ends here, and can be asked for again. */
function unrecorded(request: Request, why: string, now: number): End {
  const ended = invalidated(request, `${why} Nothing was started. Ask again.`, now);
  return { request: ended?.request ?? request, now, kind: "invalidated" };
}

interface End {
  readonly request: Request;
  readonly now: number;
  readonly kind: RequestEvent;
}

/** How it is over before it began: its time has passed, or what it rests on is riskier now. */
function endedBefore({ request, sealed }: ReadRequest, { check: { drift } }: Claimant, now: number): End | undefined {
  const lapsed = expire(request, sealed, now);
  if (lapsed) return { request: lapsed, now, kind: "expired" };
  if (drift.length === 0) return undefined;
  if (request.state === "EXECUTING") return undefined;
  const drifted = invalidated(request, `No longer what was approved: ${asSentence(drift.join("; "))} Ask again.`, now);
  return drifted && { ...drifted, now };
}

interface Claiming {
  readonly owner: string;
  readonly leaseMs: number;
  readonly unsure: string | undefined;
  /** What it relies on: that nothing has halted its system since it was asked. */
  readonly halted: HaltedSince;
  readonly now: number;
  readonly storeEpoch: string;
  /** The policy with what the platforms say of the people concerned. */
  readonly see: (policy: Policy) => Policy;
}

async function attemptClaim(store: Store, read: ReadRequest, by: Claiming): Promise<Attempt<ClaimOutcome>> {
  const { system } = read.sealed;
  const [policyDocument, rooms] = await store.read([...rulesKeys]);
  const policy = by.see(rulesIn([policyDocument, rooms]));
  const urgent = isUrgent(read.sealed);
  const ruledBy = await readLock(store, system).catch(nothingUnreadable);
  if (!ruledBy && !urgent) return heldUp(store, read, { now: by.now, words: untilLegible(system) });
  // After the lock was read: whatever undid what this follows, or was before it, had its own until it was over.
  const over = urgent
    ? undefined
    : ((await undoneSince(store, read, by.now)) ?? (await endedBehind(store, read, by.now)));
  if (over) return endInstead(store, read, { ...over, now: by.now });
  const undone = urgent ? [] : await undoneBy(store, read, ruledBy?.lock);
  const claiming = { ...by, policy, lock: ruledBy?.lock, undone: undone.map(({ request }) => request.id) };
  const ruling = read.run ? claimAgain(read, claiming) : claim(read.request, read.sealed, claiming);
  if (!ruling.ok) {
    if (read.run) return refuseClaimed(store, { ...read, run: read.run }, { ...by, why: ruling.why });
    if ("holders" in ruling) return heldUp(store, read, { now: by.now, ...(await waitsFor(store, ruling.holders)) });
    const outdated = endedMeanwhile(read.request, read.sealed, { policy, now: by.now });
    if (outdated) return endInstead(store, read, { ...outdated, now: by.now });
    const ended = invalidated(read.request, `${ruling.why} Ask again.`, by.now);
    if (!ended) return { result: { claimed: false, next: "over", why: ruling.why } };
    return endInstead(store, read, { ...ended, now: by.now });
  }
  const past = urgent
    ? await lockPassed(store, ruledBy)
    : undone.map((each) => `the lock of ${requestWords(each)}, which it undoes`).join(" and ");
  const undoing = undone.length === 0 ? {} : { undoes: undone.map(({ request }) => request.id) };
  const reverses = urgent || read.run ? [] : await reversedBy(store, read);
  const taken = {
    ...ruling,
    request: {
      ...ruling.request,
      ...(past !== "" && { wentPast: past, ...undoing }),
      ...(reverses.length > 0 && { reverses }),
    },
  };
  const { result, commit } = await claimed(store, read, { ...by, claimed: taken, ruledBy });
  return {
    result,
    commit: {
      ...commit,
      expect: {
        ...commit.expect,
        ...Object.fromEntries(undone.map(({ request, revision }) => [requestKey(request.id), revision])),
        ...by.halted.expect,
        [policyKey]: policyDocument?.revision ?? null,
      },
      validUntil: claimedUntil(read, by),
      durable: true,
    },
  };
}

/** A claim that is committed later is made anew: most of its lease is left when it counts. What is urgent has the time it has. */
function claimedUntil({ request, sealed, run }: ReadRequest, { now, leaseMs }: Claiming): number {
  const startBy = run && isBegun(run) ? Infinity : (request.executeBy ?? now);
  return Math.min(startBy, isUrgent(sealed) ? Infinity : now + leaseMs / 2);
}

/** Those in the way whose runs stopped half-way, and that exactly this one undoes. One that cannot be read is in the way. */
async function undoneBy(store: Store, { sealed }: ReadRequest, lock: Lock | undefined): Promise<ReadRequest[]> {
  const holders = inTheWay(lock, sealed.plan.targets ?? []);
  const all = await Promise.all(holders.map(({ request }) => readRequest(store, request).catch(nothingUnreadable)));
  return all.flatMap((each) => (each && undoes(sealed, each) ? [each] : []));
}

/** The lock that something urgent goes past, in words. One that cannot be read holds it up as little as any other. */
async function lockPassed(store: Store, read: ReadLock | undefined): Promise<string> {
  if (!read) return "a lock that cannot be read";
  const { holders = [] } = read.lock ?? {};
  return holders.length > 0 ? `the lock of ${await holderWords(store, holders)}` : "";
}

/** Nobody can say what is held of a system whose lock cannot be read, so that nothing is begun on it. */
function untilLegible(system: string): string {
  return `until the lock of ${system} can be read, which wardroom doctor tells how to free`;
}

/**
 * What a claim would answer that waits for a lock, before anything is read of the target: whatever waits asks it nothing
 * meanwhile. Undefined where no lock is in the way.
 */
export async function lockedOut(store: Store, id: string): Promise<ClaimOutcome | undefined> {
  const outcome = await transact(store, async (now): Promise<Attempt<ClaimOutcome | undefined>> => {
    const read = await readRequest(store, id);
    if (read?.request.state !== "APPROVED" || isUrgent(read.sealed) || expire(read.request, read.sealed, now))
      return { result: undefined };
    const { system, plan } = read.sealed;
    const held = await readLock(store, system).catch(nothingUnreadable);
    if (!held) return heldUp(store, read, { now, words: untilLegible(system) });
    const over = await endedBehind(store, read, now);
    if (over) return endInstead(store, read, { ...over, now });
    const undone = (await undoneBy(store, read, held.lock)).map(({ request }) => request.id);
    const holders = inTheWay(held.lock, plan.targets ?? []).filter(({ request }) => !undone.includes(request));
    if (holders.length === 0) return { result: undefined };
    return heldUp(store, read, { now, ...(await waitsFor(store, holders)) });
  });
  return outcome.repeated ? undefined : outcome.result;
}

/** It is taken and holds its targets; or, where something could not be checked, it was taken and is over at once. */
async function claimed(
  store: Store,
  read: ReadRequest,
  by: Claiming & { readonly claimed: RunningRequest; readonly ruledBy: ReadLock | undefined },
): Promise<{ result: ClaimOutcome; commit: Omit<Commit, "id"> }> {
  const { request, run } = by.claimed;
  const { fence } = run;
  const { plan } = read.sealed;
  const taken: StateChange = {
    request,
    run,
    now: by.now,
    kind: "claimed",
    who: nobody,
    details: { owner: by.owner, fence },
    ruledBy: by.ruledBy,
  };
  const refused = by.unsure === undefined ? undefined : refuseRun(by.claimed, { fence, now: by.now, why: by.unsure });
  if (!refused) {
    const commit = await stateCommit(store, read, taken);
    const halting = !read.run && halts(read.sealed) ? haltPart(read.sealed, by.now) : { put: [], timers: [] };
    const followUp = plan.followUp && plan.followUp.once === undefined ? [followUpTimer(request.id, by.now)] : [];
    return {
      result: { claimed: true, fence },
      commit: {
        ...commit,
        put: [...(commit.put ?? []), ...halting.put],
        timers: [...(commit.timers ?? []), ...followUp, ...halting.timers],
      },
    };
  }
  const { why } = refused.request;
  const commit = await stateCommit(store, read, { ...taken, ...refused, kind: "finished", details: { why, fence } });
  return {
    result: { claimed: false, next: "over", why },
    commit: {
      ...commit,
      journal: [movedEntry(read.sealed, taken), ...(commit.journal ?? [])],
    },
  };
}

/** It waits on: what for stands on its card, and is told once. */
async function heldUp(
  store: Store,
  read: ReadRequest,
  { now, words, holders = [] }: Waits & { readonly now: number },
): Promise<Attempt<ClaimOutcome>> {
  const news = read.request.state === "APPROVED" && read.request.heldUp !== words;
  const result = { claimed: false, next: "later", why: `it waits ${words}`, news } as const;
  if (!news) return { result };
  const waitedFor = [...new Set([...(read.request.waitedFor ?? []), ...holders])];
  const request = { ...read.request, heldUp: words, ...(waitedFor.length > 0 && { waitedFor }) };
  return {
    result,
    commit: await stateCommit(store, read, { request, now, kind: "held-up", who: nobody, details: { why: words } }),
  };
}

/** What something waits for, in words, and the ids of the requests among that. */
interface Waits {
  readonly words: string;
  readonly holders?: readonly string[];
}

async function waitsFor(store: Store, holders: Lock["holders"]): Promise<Waits> {
  return { words: `for ${await holderWords(store, holders)}`, holders: holders.map(({ request }) => request) };
}

/** The requests that hold something, as a sentence about another names them. */
async function holderWords(store: Store, holders: Lock["holders"]): Promise<string> {
  const all = await Promise.all(
    holders.map(async ({ request }) => {
      // A record that was changed behind our back is no reason to say nothing of what it holds.
      const read = await readRequest(store, request).catch(() => undefined);
      return read ? requestWords(read) : `request ${request}, which cannot be read`;
    }),
  );
  return all.join(" and ");
}

/** It was claimed before: there is no way back from that to waiting, so it is over, and nothing more is sent. */
async function refuseClaimed(
  store: Store,
  read: ReadRequest & RunningRequest,
  { why, now, owner }: { readonly why: string; readonly now: number; readonly owner: string },
): Promise<Attempt<ClaimOutcome>> {
  const result = { claimed: false, next: "over", why } as const;
  const { fence } = read.run;
  const refused = nextAction(read.run, now, owner).next === "claim-again" && refuseRun(read, { fence, now, why });
  if (!refused) return { result };
  const details = { why: refused.request.why, fence };
  const change = { ...refused, now, kind: "finished", who: nobody, details } as const;
  return { result, commit: await stateCommit(store, read, change) };
}

/** It will not run: its time is over, or it is no longer what was approved. */
async function endInstead(store: Store, read: ReadRequest, change: End): Promise<Attempt<ClaimOutcome>> {
  const { why } = change.request;
  const commit = await stateCommit(store, read, { ...change, who: nobody, details: { why } });
  return { result: { claimed: false, next: "over", why }, commit };
}
