import type { Person } from "../people/person.ts";
import { channelAt, holdsRole, type Policy, type RoleClaim, type Slot } from "../people/policy.ts";
import { askAgainWords } from "./ask-again.ts";
import { claimedRun, runTakenOn } from "./claimed-run.ts";
import { type Holder, inTheWay, type Lock } from "./lock.ts";
import { fillSlots } from "./quorum.ts";
import {
  type Decision,
  type EndedUndecided,
  holdsWhereDecided,
  isOpenedByItself,
  isUrgent,
  needsNobody,
  type Request,
  type RequestState,
  type Sealed,
  standingApprovals,
  standingWords,
  whereDecided,
} from "./request.ts";
import { isBegun, nextAction, type Run, type RunningRequest, type WholeRequest } from "./run.ts";
import { type Told, untold } from "./told-by-approver.ts";

/** What a rule answers: the request as it becomes, and its run where that moves with it, or why not. */
export type Ruling = { readonly ok: true; readonly request: Request; readonly run?: Run } | Refused;

interface Refused {
  readonly ok: false;
  readonly code: RulingCode;
  readonly why: string;
}

/** What the claim answers: the request and its run, or why not; `holders` are in the way of one that is `locked`. */
export type ClaimRuling =
  | ({ readonly ok: true } & RunningRequest)
  | Refused
  | (Refused & { readonly code: "locked"; readonly holders: readonly Holder[] });

export type RulingCode =
  | "closed"
  | "expired"
  | "self"
  | "not-eligible"
  | "unseen"
  | "unnamed"
  | "already-decided"
  | "digest"
  | "policy-changed"
  | "nothing-to-withdraw"
  | "not-yours"
  | "quorum"
  | "requester"
  | "locked"
  | "epoch"
  | "busy";

export interface Voter {
  readonly person: Person;
  readonly account: string;
  /** The configured channel they decide in. */
  readonly channel: string | undefined;
  /** Where it is found again that they decided. Left out where it is only asked what would come of it. */
  readonly trace?: Required<Pick<Decision, "delivery" | "journalledAfter">>;
}

/** The moment a rule is applied at, and the policy in force then. */
export interface Moment {
  readonly now: number;
  readonly policy: Policy;
}

/** The roles through which a person may approve this request there. Nobody approves their own. */
export function approvingRoles(
  sealed: Pick<Sealed, "requester" | "policy" | "system" | "concerns" | "spans" | "favours">,
  by: { readonly person: Person; readonly where: RoleClaim["where"] },
  policy: Policy,
): readonly string[] {
  if (by.person.id === sealed.requester.person || gains(sealed, by.person)) return [];
  const roles = new Set(sealed.policy.alternatives.flat().map((slot) => slot.role));
  return [...roles].filter((role) =>
    holdsWhereDecided(sealed, (system) =>
      holdsRole(by.person, { role, permission: "approve", system, where: by.where }, policy),
    ),
  );
}

/** Does a change of people and rules give this person more, so that others have to agree to it? */
export function gains({ favours = [] }: Pick<Sealed, "favours">, { id }: Person): boolean {
  return favours.includes(id);
}

/** Do the standing approvals, counted by person and by what each may still do, fill one alternative? */
export function quorumReached(request: Request, sealed: Sealed, policy: Policy): boolean {
  if (needsNobody(sealed)) return true;
  const voters = eligibleVoters(request, sealed, policy);
  return sealed.policy.alternatives.some((slots) => fillSlots(slots, voters));
}

/** Persons whose approval stands and who may still give it, with the roles each can fill. */
export function eligibleVoters(
  request: Request,
  sealed: Sealed,
  policy: Policy,
): { id: string; roles: readonly string[] }[] {
  const given = new Map(standingApprovals(request).map((decision) => [decision.person, decision]));
  return policy.people
    .flatMap((person) => {
      const decision = given.get(person.id);
      if (!decision) return [];
      // A role counts where the yes was given, so that one held elsewhere is not lent to it.
      const where = { channel: decision.channel };
      return [{ id: person.id, roles: approvingRoles(sealed, { person, where }, policy) }];
    })
    .filter((voter) => voter.roles.length > 0);
}

/** What was seen of the request that is said yes to: its digest or code; and what else the yes carries. */
type Seen = Told & { readonly digest: string };

/** A yes. Refused: too late, not pending, own request, no role, given before, another digest, another policy, nothing seen, another name. */
export function approve(request: Request, sealed: Sealed, vote: Voter & Moment & Seen): Ruling {
  const refusal = refuseVote(request, sealed, vote);
  if (refusal) return refusal;
  if (!matchesDigest(request, vote.digest)) {
    return no(
      "digest",
      "That approval is for something else: the code does not belong to this request. Look at the card again.",
    );
  }
  if (vote.policy.revision !== sealed.policy.revision)
    return no("policy-changed", "The approval rules changed since this was asked. Ask again under the new rules.");
  if (approvingRoles(sealed, { person: vote.person, where: vote }, vote.policy).length === 0)
    return no("not-eligible", notEligible(sealed, vote.person));
  const lacks = untold(request, sealed, vote);
  if (lacks) return no(lacks.code, lacks.why);
  const decision = {
    ...decisionOf(request, vote, "approve"),
    ...(vote.seen !== undefined && { seen: vote.seen }),
  };
  const decided: Request = { ...request, decisions: [...request.decisions, decision] };
  if (!quorumReached(decided, sealed, vote.policy)) return { ok: true, request: decided };
  const at = vote.now;
  return {
    ok: true,
    request: {
      ...moved(decided, { state: "APPROVED", at, why: `Approved by ${approverNames(decided)}.` }),
      executeBy: at + sealed.windowMs,
    },
  };
}

/** A no by anyone who could say yes. It stands until the claim, after an approval too, and needs no reason. */
export function deny(request: Request, sealed: Sealed, vote: Voter & Moment & { readonly reason?: string }): Ruling {
  const closed = refuseClosed(request, ["PENDING", "APPROVED"]);
  if (closed) return closed;
  if (vote.person.id === sealed.requester.person)
    return no("self", `You asked for this yourself. To take it back: confirm cancel ${request.code}`);
  if (approvingRoles(sealed, { person: vote.person, where: vote }, vote.policy).length === 0)
    return no("not-eligible", notEligible(sealed, vote.person));
  const denied: Request = { ...request, decisions: [...request.decisions, decisionOf(request, vote, "deny")] };
  const reason = vote.reason ? `: ${vote.reason}` : ".";
  return {
    ok: true,
    request: moved(denied, { state: "DENIED", at: vote.now, why: `Denied by ${vote.person.name}${reason}` }),
  };
}

/** An approver takes their yes back; an approved request may become pending again until it is claimed. */
export function withdraw(request: Request, sealed: Sealed, vote: Voter & Moment): Ruling {
  const closed = refuseClosed(request, ["PENDING", "APPROVED"]);
  if (closed) return closed;
  if (!standingApprovals(request).some((decision) => decision.person === vote.person.id)) {
    return no("nothing-to-withdraw", "You have not approved this, so there is nothing to withdraw.");
  }
  const decisions = request.decisions.map((decision) =>
    decision.person === vote.person.id && decision.withdrawnAt === undefined
      ? { ...decision, withdrawnAt: vote.now, ...(vote.trace && { withdrawal: vote.trace.delivery }) }
      : decision,
  );
  const { executeBy: _, ...withoutWindow } = request;
  const left: Request = { ...withoutWindow, decisions };
  if (request.state === "APPROVED" && quorumReached(left, sealed, vote.policy))
    return { ok: true, request: { ...request, decisions } };
  return {
    ok: true,
    request: moved(left, { state: "PENDING", at: vote.now, why: `${vote.person.name} withdrew their approval.` }),
  };
}

/** The requester takes the request back. */
export function cancel(request: Request, sealed: Sealed, vote: Voter & Moment): Ruling {
  const closed = refuseClosed(request, ["PENDING", "APPROVED"]);
  if (closed) return closed;
  if (vote.person.id !== sealed.requester.person)
    return no("not-yours", `Only ${sealed.requester.name} can take this back. You can deny it if you may approve it.`);
  return {
    ok: true,
    request: moved(request, { state: "CANCELLED", at: vote.now, why: `Taken back by ${vote.person.name}.` }),
  };
}

/** What was asked for by nobody is taken back by nobody, as long as nothing has been sent. */
export function cancelItself(request: Request, why: string, now: number): Ruling {
  return (
    refuseClosed(request, ["PENDING", "APPROVED"]) ?? {
      ok: true,
      request: moved(request, { state: "CANCELLED", at: now, why }),
    }
  );
}

/** The moment after which the request is over by itself; undefined when it no longer waits. */
export function lapsesAt(request: Request, sealed: Sealed): number | undefined {
  if (request.state === "PENDING") return sealed.decideBy;
  if (request.state === "APPROVED") return request.executeBy;
  return undefined;
}

/** Time is up: decided by whoever touches the request, not by a sweeper. */
export function expire(request: Request, sealed: Sealed, now: number): Request | undefined {
  const end = lapsesAt(request, sealed);
  if (end === undefined || now < end) return undefined;
  const why =
    request.state === "PENDING"
      ? "Nobody decided in time. Nothing was done."
      : `It was approved but could not start in time${request.heldUp === undefined ? "" : `: it waited ${request.heldUp}`}. Nothing was done.`;
  return moved(request, { state: "EXPIRED", at: now, why });
}

export function invalidate(request: Request, why: string, now: number): Ruling {
  return (
    refuseClosed(request, ["PENDING", "APPROVED"]) ?? {
      ok: true,
      request: moved(request, { state: "INVALIDATED", at: now, why }),
    }
  );
}

/** What time or new rules have made of a request that still waits; undefined when it waits on. */
export function endedMeanwhile(request: Request, sealed: Sealed, { policy, now }: Moment): EndedUndecided | undefined {
  const lapsed = expire(request, sealed, now);
  if (lapsed) return { request: lapsed, kind: "expired" };
  if (policy.revision === sealed.policy.revision || isUrgent(sealed)) return undefined;
  const why = `The approval rules changed since this was asked, so it is over; nothing was run. ${askAgainWords(request, sealed)}`;
  return invalidated(request, why, now);
}

/** How it ends because it is no longer valid; undefined where that is too late. */
export function invalidated(request: Request, why: string, now: number): EndedUndecided | undefined {
  const ended = invalidate(request, why, now);
  return ended.ok ? { request: ended.request, kind: "invalidated" } : undefined;
}

export interface Claim extends Moment {
  readonly owner: string;
  readonly leaseMs: number;
  readonly lock: Lock | undefined;
  /** Requests whose runs stopped half-way, and that exactly this one undoes: what they hold is not in its way. */
  readonly undone?: readonly string[];
  readonly storeEpoch: string;
}

/**
 * An executor takes the run. Quorum, the requester's right, window, lock, policy and store epoch are checked again. What is
 * urgent takes no lock and meets none, and rules that changed meanwhile do not matter to it while its requester still may:
 * no approval rests on them.
 */
export function claim(request: Request, sealed: Sealed, by: Claim): ClaimRuling {
  const refused = refuseClosed(request, ["APPROVED"]) ?? refuseClaim(request, sealed, by);
  if (refused) return refused;
  const urgent = isUrgent(sealed);
  const { undone = [] } = by;
  const holders = urgent
    ? []
    : inTheWay(by.lock, sealed.plan.targets ?? []).filter(({ request: id }) => !undone.includes(id));
  if (holders.length > 0)
    return { ...no("locked", "What it concerns is held by another request."), code: "locked", holders };
  // The fence of what holds no lock counts the owners of its own run alone.
  const fence = urgent ? 1 : (by.lock?.fence ?? 0) + 1;
  const { heldUp: _, ...free } = request;
  return {
    ok: true,
    request: moved(free, { state: "EXECUTING", at: by.now, why: "Running." }),
    run: claimedRun(sealed.plan, { ...by, fence, insists: urgent }),
  };
}

/**
 * As `claim`, for a run whose process has gone silent, or that another goes on with, before an act of it is begun. What it holds
 * it holds on to. One of which something was begun goes on where it stands, and its time to start does not matter to it any more.
 */
export function claimAgain({ request, sealed, run }: WholeRequest, by: Claim): ClaimRuling {
  if (request.state !== "EXECUTING" || !run || nextAction(run, by.now, by.owner).next !== "claim-again")
    return no("closed", "Somebody is at it.");
  const begun = isBegun(run);
  const refused = begun ? refuseGoingOn(request, sealed, by) : refuseClaim(request, sealed, by);
  if (refused) return refused;
  const fence = Math.max(run.fence, isUrgent(sealed) ? 0 : (by.lock?.fence ?? 0)) + 1;
  const taken = begun
    ? runTakenOn(run, { ...by, fence })
    : claimedRun(sealed.plan, { ...by, fence, insists: isUrgent(sealed) });
  return { ok: true, request, run: taken };
}

function refuseClaim(request: Request, sealed: Sealed, by: Claim): Refused | undefined {
  if (by.now >= (request.executeBy ?? 0)) return no("expired", "The time to start it is over.");
  return refuseGoingOn(request, sealed, by);
}

/** Why no act of it may be begun, whenever that is: rules, rights and quorum as they are now. */
function refuseGoingOn(request: Request, sealed: Sealed, by: Claim): Refused | undefined {
  const urgent = isUrgent(sealed);
  if (!urgent && by.storeEpoch !== request.storeEpoch)
    return no("epoch", "The store failed over since this was approved, so the approval may be incomplete.");
  if (!urgent && by.policy.revision !== sealed.policy.revision)
    return no("policy-changed", "The approval rules changed after this was approved.");
  if (!requesterMayAsk(request, sealed, by.policy))
    return no("requester", `${sealed.requester.name} may no longer ask for this.`);
  if (!quorumReached(request, sealed, by.policy)) return no("quorum", "Somebody who approved it may no longer do so.");
  return undefined;
}

function requesterMayAsk(request: Request, sealed: Sealed, policy: Policy): boolean {
  if (isOpenedByItself(sealed)) return true;
  const person = policy.people.find((each) => each.id === sealed.requester.person);
  if (!person) return false;
  const { permission } = sealed;
  const where = { channel: channelAt(request.origin, policy) };
  return holdsWhereDecided(sealed, (system) =>
    policy.roles.some((role) => holdsRole(person, { role: role.id, permission, system, where }, policy)),
  );
}

function refuseVote(request: Request, sealed: Sealed, vote: Voter & Moment): Refused | undefined {
  const closed = refuseClosed(request, ["PENDING"]);
  if (closed) return closed;
  if (vote.now >= sealed.decideBy)
    return no("expired", "It is too late: the time to decide is over. Nothing was done.");
  if (vote.person.id === sealed.requester.person)
    return no("self", "You asked for this, so it takes somebody else. A second account of yours is still you.");
  if (standingApprovals(request).some((decision) => decision.person === vote.person.id)) {
    return no("already-decided", "You have approved this already. Another person must do the rest.");
  }
  return undefined;
}

/** Refuses what does not apply to a request in its state. */
export function refuseClosed(request: Request, states: readonly RequestState[]): Refused | undefined {
  if (states.includes(request.state)) return undefined;
  return no("closed", `That no longer applies: the request is ${standingWords(request)}. ${request.why}`);
}

/** The whole digest, its start that people type as the code, or the id, under which nothing else was ever sealed. */
function matchesDigest(request: Request, given: string): boolean {
  return given === request.digest || given === request.id || given.toUpperCase() === request.code;
}

function notEligible(sealed: Sealed, person: Person): string {
  if (gains(sealed, person)) return `${person.name} gains by this, so it takes others.`;
  const roles = [...new Set(sealed.policy.alternatives.flat().map((slot: Slot) => slot.role))];
  return `${person.name} may not decide on ${whereDecided(sealed)}: it takes the role ${roles.join(" or ")}.`;
}

function decisionOf(request: Request, vote: Voter & Moment, verdict: "approve" | "deny"): Decision {
  return {
    person: vote.person.id,
    name: vote.person.name,
    account: vote.account,
    ...(vote.channel !== undefined && { channel: vote.channel }),
    verdict,
    digest: request.digest,
    at: vote.now,
    ...vote.trace,
  };
}

function approverNames(request: Request): string {
  return standingApprovals(request)
    .map((decision) => decision.name)
    .join(" and ");
}

function moved(
  request: Request,
  to: { readonly state: RequestState; readonly at: number; readonly why: string },
): Request {
  return { ...request, state: to.state, stateAt: to.at, why: to.why };
}

/** A refusal, with its code and its words. */
export function no(code: RulingCode, why: string): Refused {
  return { ok: false, code, why };
}
