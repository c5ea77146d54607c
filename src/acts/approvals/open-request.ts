import { haltsSince, isAboutHalting, mayRevive } from "../../domain/approvals/halts.ts";
import { riskierSince } from "../../domain/approvals/outdated-plan.ts";
import {
  concernedSystem,
  type EndedUndecided,
  fallbackAsking,
  holdsWhereDecided,
  inverseAsking,
  isOpen,
  isOpenedByItself,
  isUrgent,
  isWaiting,
  needsNobody,
  type Request,
  type Sealed,
  settledRequest,
} from "../../domain/approvals/request.ts";
import { endedMeanwhile, invalidated } from "../../domain/approvals/request-rules.ts";
import { unsettleable } from "../../domain/approvals/settle-rules.ts";
import { tierFor } from "../../domain/approvals/tier-for.ts";
import { askedOfApprover } from "../../domain/approvals/told-by-approver.ts";
import type { Invocation } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import { nobody } from "../../domain/journal.ts";
import { type Place } from "../../domain/messages/place.ts";
import { type Policy, type Tier, tierOf } from "../../domain/people/policy.ts";
import { type Commit, type Put, type Store } from "../../domain/store.ts";
import { ownSystemId } from "../../domain/systems/own-system.ts";
import type { System } from "../../domain/systems/system.ts";
import { stamp } from "../../domain/text/moment.ts";
import { oneLine } from "../../domain/text/quantities.ts";
import { asSentence } from "../../domain/text/sentence.ts";
import { putButton } from "../../records/button.ts";
import { newId } from "../../records/ids.ts";
import { lastHaltKey, readLastHalt } from "../../records/last-halt.ts";
import { ifLegible, nothingUnreadable } from "../../records/legible.ts";
import { policyKey, rulesIn, rulesKeys } from "../../records/policy.ts";
import {
  putRequest,
  type ReadRequest,
  readRequest,
  requestKey,
  requestsAboutHalting,
  sealBytes,
} from "../../records/request.ts";
import { parseTwin, putTwin, twinKey, twinOf } from "../../records/twin.ts";
import { type Attempt, committedBefore, transact } from "../transact.ts";
import { copyNotices, followedNotices, listOpenOnce, policyChangeNotices, settledNotices } from "./copies.ts";
import { haltedSince, haltPart } from "./halted-since.ts";
import { countAsking, refuseResting } from "./limit-asking.ts";
import { configuredOtherwise, isConfiguredOtherwise, type Planned } from "./plan.ts";
import { bothCommits, followUps, journalled, stateCommit } from "./state-commit.ts";

/** What is asked for, and why. */
export type Proposal = Planned &
  Pick<Sealed, "concerns" | "spans" | "changes" | "effects" | "favours" | "settles" | "stood"> & {
    readonly reason: string;
  };

/**
 * Opens a request for a plan, or answers the one that is open for the same thing already; `existing` says so, unless it was
 * this very delivery that opened it. An operation whose tier needs
 * nobody is approved at once. Refuses when no rule gives the operation a tier. `follows`: the request that this one follows by
 * itself, so that no reply shows it where it was asked. `after`: when that was done, so that what began before it is another.
 */
export async function openRequest(
  store: Store,
  proposal: Proposal,
  invocation: Invocation,
  { follows, after }: { readonly follows?: string; readonly after?: number } = {},
): Promise<{ read: ReadRequest; existing: boolean }> {
  const storeEpoch = await store.epoch();
  const opening = { proposal, invocation, follows, after, storeEpoch };
  const outcome = await transact(store, (now) => attemptOpen(store, { ...opening, now }));
  const { id, existing } = outcome.repeated ? { id: repeatedId(outcome.answer), existing: false } : outcome.result;
  const read = await readRequest(store, id);
  if (!read) throw new Error("a request just opened is not in the store");
  return { read, existing };
}

interface Opening {
  readonly proposal: Proposal;
  readonly invocation: Invocation;
  readonly follows: string | undefined;
  readonly after: number | undefined;
  readonly storeEpoch: string;
  readonly now: number;
}

async function attemptOpen(store: Store, opening: Opening): Promise<Attempt<{ id: string; existing: boolean }>> {
  const { proposal, invocation, now } = opening;
  const twin = twinOf({ ...proposal, system: proposal.system.id });
  const journalledAfter = (await store.head()).seq;
  const [twinDocument, policyDocument, rooms] = await store.read([twinKey(twin), ...rulesKeys]);
  const policy = rulesIn([policyDocument, rooms]);
  // Read before what halted it is looked through, so that nothing comes between unseen.
  const lastHalt = mayRevive(proposal) && { lastHalt: (await readLastHalt(store, proposal.system.id)).revision };
  const sealed = seal(
    opening,
    tierFor({ ...proposal, system: proposal.system.id, requester: invocation.person.id }, policy),
    { policy, halted: { ...lastHalt, ...(await haltedBefore(store, proposal)) } },
  );
  // What is urgent stands behind nothing, not even behind itself: another press of it is another try.
  const urgent = isUrgent(sealed);
  // One that cannot be read can be decided by nobody: what it holds it keeps, and it keeps nobody from asking.
  const twinId = urgent ? undefined : ifLegible(() => parseTwin(twinDocument));
  const known = twinId === undefined ? undefined : await readRequest(store, twinId).catch(nothingUnreadable);
  const over =
    known &&
    (endedMeanwhile(known.request, known.sealed, { policy, now }) ??
      (await haltedSince(store, known, now)).over ??
      overtaken(known, opening));
  if (known && isOpen(known.request.state) && !over && !beganBefore(known.request, opening)) {
    // A delivery that is run again after a crash has opened it itself.
    const own = (await committedBefore(store, onceKey(invocation))) !== undefined;
    return { result: { id: known.request.id, existing: !own } };
  }
  // What follows by itself from something that was asked is not asked once more, and is not asked while it rests.
  const limit = opening.follows === undefined ? countAsking : refuseResting;
  const counted = await limit(store, sealed, { now, policy });
  const outcomeOpen = await expectOpenOutcome(store, sealed, now);
  const request = compose(opening, {
    sealed,
    twin,
    copies: copiesOf(invocation.place, sealed, policy),
    journalledAfter,
    passedBy: passingOf(proposal.system, policy),
  });
  const opened = openingCommit(opening, request, sealed);
  // One that nobody can approve any more does not stand in the way of a new one: it ends with its opening.
  const open = listOpenOnce(store);
  const ended = known && over && (await stateCommit(store, known, { ...over, now, who: nobody, open }));
  const commit = ended ? bothCommits(opened, { ...ended, remove: [] }) : opened;
  return {
    result: { id: request.id, existing: false },
    commit: {
      ...commit,
      put: [...(commit.put ?? []), ...counted.put],
      notices: [
        ...(commit.notices ?? []),
        ...(await settledNotices(store, sealed, now)),
        ...(await followedNotices(store, { request, sealed, open }, now)),
        ...(urgent ? [] : await policyChangeNotices(store, now)),
      ],
      once: { key: onceKey(invocation), answer: { request: request.id } },
      expect: {
        ...commit.expect,
        ...counted.expect,
        ...outcomeOpen,
        ...(lastHalt && { [lastHaltKey(sealed.system)]: lastHalt.lastHalt }),
        [policyKey]: policyDocument?.revision ?? null,
        ...(!urgent && { [twinKey(twin)]: twinDocument?.revision ?? null }),
        [requestKey(request.id)]: null,
      },
      // A right that was read longer ago than this is read again before it counts.
      validUntil: now + 10_000,
    },
  };
}

/**
 * How what was asked before and has not begun ends, where it would not be begun any more as things stand now: to fold another asking
 * into it would have people agree to what does not run.
 */
function overtaken(
  { request, sealed }: ReadRequest,
  { proposal, invocation, now }: Opening,
): EndedUndecided | undefined {
  if (!isWaiting(request.state) || sealed.system === ownSystemId) return undefined;
  const riskier = isConfiguredOtherwise(sealed, proposal)
    ? [configuredOtherwise(sealed)]
    : riskierSince(sealed, proposal);
  if (riskier.length === 0) return undefined;
  const why = `${invocation.person.name} asked for it anew, because it is no longer what was asked: ${asSentence(riskier.join("; "))} Nothing was run; the new request stands in its place.`;
  return invalidated(request, why, now);
}

/** What ran before that was done, as a watch of the same images, has not begun with it. */
function beganBefore({ state, stateAt }: Request, { after }: Pick<Opening, "after">): boolean {
  return after !== undefined && !isWaiting(state) && (state !== "EXECUTING" || stateAt < after);
}

/** Of a settlement: what it settles, as it was read, with its outcome open. Throws UserError where there is nothing to settle. */
async function expectOpenOutcome(store: Store, sealed: Sealed, now: number): Promise<Record<string, string>> {
  const id = settledRequest(sealed);
  const settled = id === undefined ? undefined : await readRequest(store, id);
  if (!settled) return {};
  const why = unsettleable(settled, { now, when: stamp });
  if (why !== undefined) throw new UserError(why);
  return { [requestKey(settled.request.id)]: settled.revision };
}

function onceKey({ id }: Invocation): string {
  return `open:${id}`;
}

function openingCommit({ now, follows }: Opening, request: Request, sealed: Sealed): Omit<Commit, "id"> {
  // Nothing stands in a queue of it yet, so there is nothing to take back.
  const { timers } = followUps({ request, sealed }, { request, run: undefined }, now);
  const halting = sealed.permission === "stop" ? haltPart(sealed, now) : { put: [], timers: [] };
  return {
    put: [
      putRequest(request, sealed),
      ...(isUrgent(sealed) ? [] : [putTwin(request.twin, request.id)]),
      ...buttonPuts(request, sealed, now),
      ...halting.put,
    ],
    journal: [
      {
        kind: "request.opened",
        at: now,
        who: isOpenedByItself(sealed) ? nobody : sealed.requester,
        ...journalled(request),
        system: concernedSystem(sealed),
        operation: sealed.operation,
        arguments: sealed.arguments,
        risk: sealed.risk,
        tier: sealed.policy.tier,
        reason: request.reason,
      },
    ],
    // The copy where it was asked is the reply, which owes itself, where there is one.
    notices: copyNotices(
      { ...request, copies: request.copies.filter((place) => follows !== undefined || place !== request.origin) },
      now,
    ),
    timers: [...timers, ...halting.timers],
  };
}

/** What halted the system before and stands, for those who halt it or set it going. */
export async function haltedBefore(
  store: Pick<Store, "list">,
  planned: Pick<Planned, "permission" | "direction"> & { readonly system: { readonly id: string } },
): Promise<Pick<Sealed, "halted">> {
  if (!isAboutHalting(planned)) return {};
  const halted = haltsSince(await requestsAboutHalting(store, planned.system.id));
  return halted.length > 0 ? { halted } : {};
}

function seal(
  { proposal, invocation, now }: Opening,
  tier: Tier,
  { policy, halted }: { readonly policy: Policy; readonly halted: Pick<Sealed, "halted" | "lastHalt"> },
): Sealed {
  return {
    id: newId(),
    system: proposal.system.id,
    systemTitle: proposal.system.title,
    operation: proposal.operation,
    risk: proposal.risk,
    direction: proposal.direction,
    permission: proposal.permission,
    ...(proposal.urgent && { urgent: proposal.urgent }),
    arguments: { ...proposal.arguments },
    plan: proposal.plan,
    readings: proposal.readings,
    ...(proposal.relies && { relies: proposal.relies }),
    requester: { person: invocation.person.id, name: invocation.person.name, account: invocation.account },
    policy: { revision: policy.revision, tier: tier.id, alternatives: tier.alternatives },
    decideBy: now + tier.decideBy,
    windowMs: tier.window,
    ...(proposal.concerns !== undefined && { concerns: proposal.concerns }),
    ...(proposal.spans && { spans: proposal.spans }),
    ...(proposal.changes && { changes: proposal.changes }),
    ...(proposal.effects && { effects: proposal.effects }),
    ...(proposal.settles && { settles: proposal.settles }),
    ...(proposal.favours && { favours: proposal.favours }),
    ...(proposal.stood && { stood: proposal.stood }),
    ...halted,
  };
}

function compose(
  { proposal, invocation, follows, storeEpoch, now }: Opening,
  parts: { sealed: Sealed; twin: string; copies: Place[]; journalledAfter: number; passedBy: string[] },
): Request {
  const { bytes, digest } = sealBytes(parts.sealed);
  const free = needsNobody(parts.sealed);
  return {
    id: parts.sealed.id,
    code: digest.slice(0, 6).toUpperCase(),
    digest,
    sealed: bytes,
    twin: parts.twin,
    reason: oneLine(proposal.reason),
    origin: invocation.place,
    openedAt: now,
    copies: parts.copies,
    buttons: {
      approve: newId(),
      deny: newId(),
      withdraw: newId(),
      cancel: newId(),
      abort: newId(),
      settle: newId(),
      ...(parts.sealed.plan.fallback?.operation !== undefined && { fallback: newId() }),
      ...(parts.sealed.plan.inverse && { undo: newId() }),
    },
    storeEpoch,
    state: free ? "APPROVED" : "PENDING",
    stateAt: now,
    why: free ? "Needs no approval." : "Waiting for approval.",
    decisions: [],
    journalledAfter: parts.journalledAfter,
    passedBy: parts.passedBy,
    ...(follows !== undefined && { follows }),
    ...(free && { executeBy: now + parts.sealed.windowMs }),
  };
}

/** The operations of a system that stand behind nothing that holds it, by the rules in force. */
function passingOf({ id, operations }: System, policy: Policy): string[] {
  return Object.entries(operations).flatMap(([operation, { urgent, risk, direction }]) => {
    if (!urgent) return [];
    const tier = tierOf({ system: id, operation, risk, direction }, policy);
    return tier && isUrgent({ urgent, risk, direction, policy: tier }) ? [operation] : [];
  });
}

/** The channel it was asked in and every channel that shows requests for the system, each once; none where nothing stays. */
function copiesOf(origin: Place, sealed: Sealed, policy: Policy): Place[] {
  // What changes Wardroom itself is also told where its own troubles are.
  const shown = policy.channels
    .filter(
      ({ requests, operator, systems }) =>
        (requests && holdsWhereDecided(sealed, (system) => systems === "*" || systems.includes(system))) ||
        (operator && concernedSystem(sealed) === ownSystemId),
    )
    .map((channel): Place => ({ surface: channel.surface, channel: channel.channel }));
  const others = shown.filter((place) => place.surface !== origin.surface || place.channel !== origin.channel);
  return origin.passing ? others : [origin, ...others];
}

/** What each button does is kept here; the id on the platform is only a key to it. */
function buttonPuts(request: Request, sealed: Sealed, now: number): Put[] {
  const { fallback, undo, ...decisions } = request.buttons;
  const offered = fallbackAsking(request, sealed);
  const inverse = inverseAsking(request, sealed);
  const button = (id: string, value: { command: string; args: Readonly<Record<string, string>>; ask: string[] }): Put =>
    putButton(id, { ...value, subject: { kind: "request", request: request.id } }, now);
  return [
    ...Object.entries(decisions).map(([verb, id]) =>
      button(id, {
        command: `confirm ${verb}`,
        args: { request: request.id, ...(verb !== "settle" && { digest: request.digest }) },
        ask: verb === "approve" ? askedOfApprover(sealed) : [],
      }),
    ),
    ...(fallback !== undefined && offered ? [button(fallback, { ...offered, ask: [] })] : []),
    ...(undo !== undefined && inverse ? [button(undo, { ...inverse, ask: [] })] : []),
  ];
}

function repeatedId(value: unknown): string {
  if (typeof value === "object" && value !== null && "request" in value && typeof value.request === "string")
    return value.request;
  throw new Error("the record of an opened request does not name it");
}
