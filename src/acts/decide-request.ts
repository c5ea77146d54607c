import { UserError } from "../domain/failure.ts";
import type { Person } from "../domain/person.ts";
import { decide, type Place, type Policy } from "../domain/policy.ts";
import type { Request } from "../domain/request.ts";
import { approve, cancel, deny, expire, lapsesAt, type Ruling, withdraw } from "../domain/request-rules.ts";
import type { Commit, Owed, Store } from "../domain/store.ts";
import { parsePolicy, policyKey } from "./policy-in-force.ts";
import {
  copyNotices,
  findRequest,
  journalOf,
  putRequest,
  type ReadRequest,
  readRequest,
  release,
  requestKey,
  runQueue,
} from "./request-record.ts";
import { type Attempt, transact } from "./transact.ts";

export type DecisionVerb = "approve" | "deny" | "withdraw" | "cancel";

/** Who decides, from where, on what. The account is the one the surface authenticated. */
export interface Deciding {
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
export async function decideRequest(store: Store, deciding: Deciding): Promise<ReadRequest> {
  const found = await findRequest(store, deciding.request);
  if (!found) throw new UserError(`There is no request ${deciding.request}.`, "confirm list shows what is waiting.");
  const id = found.request.id;
  const outcome = await transact(store, (now) => attemptDecision(store, { ...deciding, id, now }));
  if (!outcome.repeated && outcome.result) throw outcome.result;
  const read = await readRequest(store, id);
  if (!read) throw new Error("a request just decided on is not in the store");
  return read;
}

type Attempted = Deciding & { readonly id: string; readonly now: number };

async function attemptDecision(store: Store, deciding: Attempted): Promise<Attempt<UserError | undefined>> {
  const [policyDocument] = await store.read([policyKey]);
  const policy = parsePolicy(policyDocument);
  const read = await readRequest(store, deciding.id);
  if (!read) return { result: new UserError(`There is no request ${deciding.request}.`) };
  if (read.request.decidedBy === deciding.invocation) return { result: undefined };
  const lapsed = expire(read.request, read.sealed, deciding.now);
  if (lapsed)
    return {
      result: new UserError(lapsed.why),
      commit: await stateCommit(store, read, { request: lapsed, now: deciding.now, kind: "expired", extra: {} }),
    };
  const person = policy.people.find((each) => each.id === deciding.person);
  const ruling = ruleOn(deciding, read, { person, policy });
  const trace = {
    person: deciding.person,
    account: deciding.account,
    place: `${deciding.place.surface}:${deciding.place.channel}`,
  };
  if (!ruling.ok)
    return { result: new UserError(ruling.why), commit: refusalCommit(deciding, read, { code: ruling.code, trace }) };
  const request: Request = { ...ruling.request, decidedBy: deciding.invocation };
  const commit = await stateCommit(store, read, {
    request,
    now: deciding.now,
    kind: verbPast(deciding.verb),
    extra: { ...trace, reason: deciding.reason ?? null },
  });
  return {
    result: undefined,
    commit: {
      ...commit,
      expect: { ...commit.expect, [policyKey]: policyDocument?.revision ?? null },
      validUntil: Math.min(lapsesAt(read.request, read.sealed) ?? deciding.now + 10_000, deciding.now + 10_000),
    },
  };
}

function ruleOn(deciding: Attempted, read: ReadRequest, known: { person: Person | undefined; policy: Policy }): Ruling {
  const { person, policy } = known;
  if (!person) return { ok: false, code: "not-eligible", why: "You are no longer among the people Wardroom knows." };
  const vote = { person, account: deciding.account, now: deciding.now, policy };
  // The rule about the person speaks first: "it takes somebody else" tells more than "not in this channel".
  const ruling = apply(deciding, read, vote);
  if (!ruling.ok || deciding.verb === "cancel") return ruling;
  const here = decide({ person, permission: "approve", system: read.sealed.system, place: deciding.place }, policy);
  return here.allowed ? ruling : { ok: false, code: "not-eligible", why: `${here.why} ${here.remedy}` };
}

function apply(
  deciding: Attempted,
  { request, sealed }: ReadRequest,
  vote: { person: Person; account: string; now: number; policy: Policy },
): Ruling {
  switch (deciding.verb) {
    case "approve":
      return approve(request, sealed, { ...vote, digest: deciding.digest });
    case "deny":
      return deny(request, sealed, { ...vote, ...(deciding.reason !== undefined && { reason: deciding.reason }) });
    case "withdraw":
      return withdraw(request, sealed, vote);
    case "cancel":
      return cancel(request, sealed, vote);
  }
}

/** A refused decision changes nothing, and is on record. */
function refusalCommit(
  deciding: Attempted,
  { request }: ReadRequest,
  refusal: { code: string; trace: Record<string, string> },
): Omit<Commit, "id"> {
  return {
    journal: [
      journalOf("refused", request, { at: deciding.now, verb: deciding.verb, why: refusal.code, ...refusal.trace }),
    ],
  };
}

/** The commit that moves a request on: the document, its timers, its lock, the journal and every copy of the card. */
export async function stateCommit(
  store: Store,
  before: ReadRequest,
  change: {
    readonly request: Request;
    readonly now: number;
    readonly kind: string;
    readonly extra: Record<string, string | number | boolean | null>;
  },
): Promise<Omit<Commit, "id">> {
  const { request, now } = change;
  const freed = await release(store, request, before.sealed);
  const { timers, cancelled } = followUps(before, request, now);
  return {
    expect: { [requestKey(request.id)]: before.revision, ...freed.expect },
    put: [putRequest(request), ...freed.put],
    remove: freed.remove,
    journal: [
      journalOf(change.kind, request, {
        at: now,
        system: before.sealed.system,
        operation: before.sealed.operation,
        ...change.extra,
      }),
    ],
    notices: copyNotices(request, now),
    timers,
    cancel: cancelled,
  };
}

/** What time must still do about a request in this state. */
function followUps(
  before: ReadRequest,
  request: Request,
  now: number,
): { timers: Owed[]; cancelled: { queue: string; id: string }[] } {
  const timer = (kind: string, due: number): Owed => ({
    queue: runQueue,
    id: `${kind}:${request.id}`,
    due,
    body: { kind, request: request.id },
  });
  const ids = (...kinds: string[]) => kinds.map((kind) => ({ queue: runQueue, id: `${kind}:${request.id}` }));
  switch (request.state) {
    case "PENDING":
      return { timers: [timer("lapse", before.sealed.decideBy)], cancelled: ids("claim") };
    case "APPROVED":
      return { timers: [timer("claim", now), timer("lapse", request.executeBy ?? now)], cancelled: [] };
    case "EXECUTING":
      return { timers: [timer("lost", request.run?.leaseUntil ?? now)], cancelled: ids("lapse") };
    case "UNKNOWN": {
      // Looked up first when the old owner can no longer act; after that the worker says when to look again.
      const first = before.request.state === "UNKNOWN" ? [] : [timer("reconcile", request.run?.hardDeadline ?? now)];
      return { timers: first, cancelled: ids("lost", "lapse") };
    }
    case "PARTIAL":
    case "SUCCEEDED":
    case "FAILED":
    case "DENIED":
    case "CANCELLED":
    case "EXPIRED":
    case "INVALIDATED":
      return { timers: [], cancelled: ids("claim", "lapse", "lost", "reconcile") };
  }
}

function verbPast(verb: DecisionVerb): string {
  switch (verb) {
    case "approve":
      return "approved";
    case "deny":
      return "denied";
    case "withdraw":
      return "withdrawn";
    case "cancel":
      return "cancelled";
  }
}
