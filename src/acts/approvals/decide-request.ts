import { z } from "zod";
import { type DecisionVerb, ruleOnDecision } from "../../domain/approvals/decision.ts";
import {
  concernedSystem,
  holdsWhereDecided,
  isDecidedBy,
  type Request,
  type Sealed,
  standingApprovals,
} from "../../domain/approvals/request.ts";
import { endedMeanwhile, lapsesAt, type RulingCode, type Voter } from "../../domain/approvals/request-rules.ts";
import type { Told } from "../../domain/approvals/told-by-approver.ts";
import { UserError } from "../../domain/failure.ts";
import { nobody, type RequestEvent, type Who } from "../../domain/journal.ts";
import { type Place } from "../../domain/messages/place.ts";
import type { Directory } from "../../domain/people/directory.ts";
import { holdsRole, type Policy } from "../../domain/people/policy.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { oneLine } from "../../domain/text/quantities.ts";
import { policyKey, rulesIn, rulesKeys } from "../../records/policy.ts";
import { findRequest, type ReadRequest, readRequest } from "../../records/request.ts";
import { type Acting, policyWith, readStandings, type Standings } from "../people/read-standings.ts";
import { type Attempt, transact } from "../transact.ts";
import { undoneSince } from "./end-undone.ts";
import { haltedSince } from "./halted-since.ts";
import { countDenial } from "./limit-asking.ts";
import { journalled, stateCommit } from "./state-commit.ts";

/** Who decides, from where, on what. The account is the one the surface authenticated. */
export interface Deciding extends Told {
  readonly verb: DecisionVerb;
  /** Id, or the code on the card. */
  readonly request: string;
  /** What was seen: the digest a button carries, or the code that was typed. */
  readonly digest: string;
  readonly reason?: string;
  readonly invocation: string;
  readonly account: string;
  readonly person: string;
  readonly place: Place;
}

/**
 * The one place where a decision is taken, whoever asks and however. Every guard is on what the commit expects: the
 * request, the people and rules in force, and the time by the store's clock. Throws UserError with the reason for a refusal.
 */
export async function decideRequest(store: Store, given: Deciding, directory: Directory): Promise<ReadRequest> {
  const deciding = {
    ...given,
    ...(given.reason !== undefined && { reason: oneLine(given.reason) }),
    ...(given.seen !== undefined && { seen: oneLine(given.seen) }),
  };
  const own: Acting = { person: deciding.person, account: deciding.account };
  // The first attempt uses what is read here to find the request; every other asks anew.
  let standings: Standings | undefined = await readStandings(directory, [own]);
  const id = await idOf(store, deciding, standings);
  const outcome = await transact(store, async (now) => {
    const seen = standings ?? (await readStandings(directory, [own]));
    standings = undefined;
    return attemptDecision(store, { ...deciding, id, now, directory, own: seen });
  });
  // The same delivery again is told what it was told then, whatever has happened since.
  const refusal = outcome.repeated ? RecordedAnswer.parse(outcome.answer).refusal : outcome.result;
  if (refusal !== null) throw new UserError(refusal);
  const read = await readRequest(store, id);
  if (!read) throw new Error("a request just decided on is not in the store");
  return read;
}

const RecordedAnswer = z.object({ refusal: z.string().nullable() });

/**
 * The id of the request that is meant, among those that whoever decides may know of: a code that names none of theirs is told
 * like one that names none, and asks the platform before as every other.
 */
async function idOf(store: Store, deciding: Deciding, own: Standings): Promise<string> {
  const policy = policyWith(rulesIn(await store.read([...rulesKeys])), [deciding], own);
  const found = await findRequest(store, deciding.request, ({ sealed }) => mayKnowOf(deciding.person, sealed, policy));
  if (!found) throw noSuchRequest(deciding);
  return found.request.id;
}

interface Attempted extends Deciding {
  readonly id: string;
  readonly now: number;
  readonly directory: Directory;
  /** What its platform says of the account that decides. */
  readonly own: Standings;
}

/** With the delivery and where the journal ends now: the entry of what is decided stands after that. */
type Judged = Attempted & Pick<Voter, "trace">;

/** The refusal in words, or null for a decision that was taken. */
type Decided = Attempt<string | null>;

async function attemptDecision(store: Store, deciding: Attempted): Promise<Decided> {
  const rules = await store.read([...rulesKeys]);
  const read = await readRequest(store, deciding.id);
  if (!read) throw noSuchRequest(deciding);
  const trace = { delivery: deciding.invocation, journalledAfter: (await store.head()).seq };
  const policy = await policySeen(deciding, read.request, rulesIn(rules));
  const attempt = await judge(store, { ...deciding, trace }, read, {
    policy,
    revision: rules[0]?.revision ?? null,
  });
  const once = { key: `decide:${deciding.invocation}`, answer: { refusal: attempt.result } };
  return attempt.commit ? { ...attempt, commit: { ...attempt.commit, once } } : attempt;
}

/**
 * The policy with what the platforms say now of whoever decides and of those whose approvals a ruling counts. A no and a
 * request taken back count nobody else's word, so another platform's silence holds neither up.
 */
async function policySeen(deciding: Attempted, request: Request, policy: Policy): Promise<Policy> {
  const own: Acting = { person: deciding.person, account: deciding.account };
  const others = standingApprovals(request).filter((each) => each.account !== own.account);
  switch (deciding.verb) {
    case "approve": {
      const standings = await readStandings(deciding.directory, others);
      return policyWith(policy, [own, ...others], new Map([...standings, ...deciding.own]));
    }
    case "withdraw": {
      // Whoever cannot be seen counts as gone: a yes taken back may always end the wait for the run, never start one.
      const left = others.filter((each) => each.person !== own.person);
      const seen = await Promise.all(
        left.map((each) => readStandings(deciding.directory, [each]).catch((): Standings => new Map())),
      );
      return policyWith(policy, [own, ...left], new Map([...seen.flatMap((each) => [...each]), ...deciding.own]));
    }
    case "deny":
    case "cancel":
    case "abort":
      return policyWith(policy, [own], deciding.own);
  }
}

/** Rules on the request as it was read, under the policy as it was read; both are expected unchanged by the commit. */
async function judge(
  store: Store,
  deciding: Judged,
  read: ReadRequest,
  { policy, revision }: { readonly policy: Policy; readonly revision: string | null },
): Promise<Decided> {
  if (!mayKnowOf(deciding.person, read.sealed, policy)) throw noSuchRequest(deciding);
  // What is recorded of deliveries is kept for a day; what one of them decided, for as long as the request is.
  if (isDecidedBy(read.request, deciding.invocation)) return { result: null };
  const halted = await haltedSince(store, read, deciding.now);
  const ended =
    endedMeanwhile(read.request, read.sealed, { policy, now: deciding.now }) ??
    halted.over ??
    (await undoneSince(store, read, deciding.now));
  if (ended) {
    const { request, kind } = ended;
    return {
      result: request.why,
      commit: await stateCommit(store, read, { request, now: deciding.now, kind, who: nobody }),
    };
  }
  const person = policy.people.find((each) => each.id === deciding.person);
  const ruling = ruleOnDecision({ ...deciding, person }, read, {
    now: deciding.now,
    policy,
  });
  const trace = {
    who: { person: deciding.person, ...(person && { name: person.name }), account: deciding.account },
    place: `${deciding.place.surface}:${deciding.place.channel}`,
  };
  if (!ruling.ok) return { result: ruling.why, commit: refusalCommit(deciding, read, ruling.code, trace) };
  const commit = await stateCommit(store, read, {
    request: ruling.request,
    run: ruling.run,
    now: deciding.now,
    kind: verbPast(deciding.verb),
    who: trace.who,
    details: {
      place: trace.place,
      reason: deciding.reason ?? null,
      ...(deciding.seen !== undefined && { seen: deciding.seen }),
    },
  });
  const counted =
    deciding.verb === "deny" ? await countDenial(store, read.sealed, deciding.now) : { expect: {}, put: [] };
  return {
    result: null,
    commit: {
      ...commit,
      put: [...(commit.put ?? []), ...counted.put],
      expect: { ...commit.expect, ...counted.expect, ...halted.expect, [policyKey]: revision },
      validUntil: Math.min(lapsesAt(read.request, read.sealed) ?? deciding.now + 10_000, deciding.now + 10_000),
    },
  };
}

/** Whoever has no right of any kind on a system learns nothing of what is asked of it. */
function mayKnowOf(personId: string, sealed: Sealed, policy: Policy): boolean {
  const person = policy.people.find((each) => each.id === personId);
  const rights = ["read", "ask", "approve", "stop"] as const;
  return rights.some((permission) =>
    holdsWhereDecided(sealed, (system) =>
      policy.roles.some(
        (role) => person && holdsRole(person, { role: role.id, permission, system, where: "anywhere" }, policy),
      ),
    ),
  );
}

function noSuchRequest({ request }: Pick<Deciding, "request">): UserError {
  return new UserError(`There is no request ${request}.`, "confirm list shows what is waiting.");
}

/** A refused decision changes nothing, and is on record. */
function refusalCommit(
  deciding: Attempted,
  { request, sealed }: ReadRequest,
  why: RulingCode,
  trace: { readonly who: Who; readonly place: string },
): Omit<Commit, "id"> {
  return {
    journal: [
      {
        kind: "request.refused",
        at: deciding.now,
        ...journalled(request),
        system: concernedSystem(sealed),
        operation: sealed.operation,
        verb: deciding.verb,
        why,
        ...trace,
      },
    ],
  };
}

function verbPast(verb: DecisionVerb): RequestEvent {
  switch (verb) {
    case "approve":
      return "approved";
    case "deny":
      return "denied";
    case "withdraw":
      return "withdrawn";
    case "cancel":
      return "cancelled";
    case "abort":
      return "aborted";
  }
}
