import { actionName, type HeldBack, heldBack } from "../domain/approvals/asking.ts";
import type { Ballot } from "../domain/approvals/decision.ts";
import { ruleOnDecision } from "../domain/approvals/decision.ts";
import { type AskingAhead, askingOutlook, type InTheWay, type Met, mayMeet } from "../domain/approvals/outlook.ts";
import {
  isOpen,
  isReducing,
  isSettlement,
  isUrgent,
  type Request,
  type RequestState,
  type Sealed,
  standingWords,
} from "../domain/approvals/request.ts";
import { endedMeanwhile } from "../domain/approvals/request-rules.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import type { Operation } from "../domain/systems/operation.ts";
import { askingKey, parseAsking } from "../records/asking.ts";
import { ifLegible, nothingUnreadable } from "../records/legible.ts";
import { readLock } from "../records/lock.ts";
import { openRequests, type ReadRequest, readRequest } from "../records/request.ts";
import { parseTwin, twinKey, twinOf } from "../records/twin.ts";
import { holdersOf } from "./holders.ts";
import { visibleRequest, visibleRequests } from "./requests.ts";

/** What a decision on one request would come to. */
export interface DecisionOutlook {
  readonly request: Request;
  readonly sealed: Sealed;
  readonly verdict: { readonly allowed: true } | { readonly allowed: false; readonly why: string };
  /** The state that it would be in after it; undefined for a decision that would be refused. */
  readonly becomes?: RequestState;
}

/**
 * What a decision would come to on the request named, else on each that is open and may be seen: by the rules that taking it
 * goes by, as the platforms last said who the viewer is.
 */
export async function decisionOutlook(
  store: Store,
  viewer: Viewer,
  asked: Pick<Ballot, "verb" | "account"> & { readonly named: string | undefined; readonly now: number },
): Promise<readonly DecisionOutlook[]> {
  const { named, now, verb, account } = asked;
  const { policy, person, place } = viewer;
  const found =
    named === undefined ? (await visibleRequests(store, viewer)).found : [await visibleRequest(store, viewer, named)];
  const judged = found.map(async ({ request, sealed }): Promise<DecisionOutlook> => {
    const ended = endedMeanwhile(request, sealed, { policy, now });
    if (ended) return { request, sealed, verdict: { allowed: false, why: ended.request.why } };
    const run = verb === "abort" ? (await readRequest(store, request.id).catch(nothingUnreadable))?.run : undefined;
    // Whoever presses the card's button has seen the whole of it, and is asked what they saw of the world where that is needed.
    const told = {
      ...(isSettlement(sealed) && { seen: "what they will say they saw" }),
      ...(sealed.plan.typedName !== undefined && { name: sealed.plan.typedName }),
    };
    const ballot = { verb, person, account, place, digest: request.digest, ...told };
    const ruling = ruleOnDecision(ballot, { request, sealed, run }, { now, policy });
    return ruling.ok
      ? { request, sealed, verdict: { allowed: true }, becomes: ruling.request.state }
      : { request, sealed, verdict: { allowed: false, why: ruling.why } };
  });
  return Promise.all(judged);
}

/** Why the person could not ask for it just now, however little is in the way of it. */
export async function heldBackNow(
  store: Store,
  asked: {
    readonly system: string;
    readonly operation: string;
    readonly reduces: boolean;
    readonly person: string;
    readonly now: number;
  },
): Promise<HeldBack | undefined> {
  const { person, reduces, now } = asked;
  const [document] = await store.read([askingKey(person)]);
  const open = (await openRequests(store)).found.filter(
    ({ request, sealed }) => sealed.requester.person === person && request.state === "PENDING",
  ).length;
  return heldBack(parseAsking(document), { action: actionName(asked), mends: reduces, open, now });
}

/** What is open of this operation already, and what holds what it concerns. */
export async function metByAsking(
  store: Store,
  asked: { readonly system: string; readonly operation: string; readonly of: Pick<Operation, "targets" | "urgent"> },
): Promise<readonly Met[]> {
  const { system, operation, of } = asked;
  // What is urgent stands behind nothing.
  if (of.urgent) return [];
  const read = await readLock(store, system).catch(nothingUnreadable);
  const holders = (read?.lock?.holders ?? []).filter((holder) => mayMeet(holder, of.targets));
  const holding = await Promise.all(holders.map(({ request }) => readRequest(store, request).catch(nothingUnreadable)));
  const open = (await openRequests(store)).found.filter(
    ({ request, sealed }) => sealed.system === system && sealed.operation === operation && isOpen(request.state),
  );
  const held = holding.flatMap((each) => (each ? [each.request.id] : []));
  const others = open.filter(({ request }) => !held.includes(request.id));
  return [
    ...holding.flatMap((each) => (each ? [metAs(each, { holds: true })] : [])),
    ...others.map((each) => metAs(each, { holds: false })),
  ];
}

/** What asking for exactly this plan would come to for the person, by the rules that asking goes by. */
export async function askingAhead(
  store: Store,
  planned: Pick<Sealed, "system" | "operation" | "arguments" | "plan" | "risk" | "direction" | "urgent" | "permission">,
  by: { readonly person: string; readonly policy: Policy; readonly now: number },
): Promise<AskingAhead> {
  const { system, operation, urgent, risk, direction } = planned;
  const { person, policy, now } = by;
  const outlook = askingOutlook({ system, operation, risk, direction, requester: person }, policy);
  const asked = { system, operation, reduces: isReducing(planned), person, now };
  const held = outlook.asks === "people" ? await heldBackNow(store, asked) : undefined;
  // What is urgent stands behind nothing.
  const passes = outlook.asks === "nobody" && isUrgent({ ...(urgent && { urgent }), risk, direction, policy: noSlots });
  const way = passes ? { met: [], lockUnread: false } : await metByPlan(store, planned, { policy, now });
  return { outlook, held, ...way };
}

const noSlots = { alternatives: [] };

/** What asking for exactly this plan would meet: the same that is open already, and what holds what it concerns. */
export async function metByPlan(
  store: Store,
  planned: Pick<Sealed, "system" | "operation" | "arguments" | "plan">,
  moment: { readonly policy: Policy; readonly now: number },
): Promise<InTheWay> {
  const { holders, unread } = await holdersOf(store, planned);
  const twin = await openTwin(store, twinOf(planned), moment);
  const others = holders.filter(({ request }) => request.id !== twin?.request.id);
  return {
    met: [...(twin ? [metAs(twin, { holds: false })] : []), ...others.map((each) => metAs(each, { holds: true }))],
    lockUnread: unread,
  };
}

/** The same that was asked for and is not over. */
async function openTwin(
  store: Store,
  twin: string,
  moment: { readonly policy: Policy; readonly now: number },
): Promise<ReadRequest | undefined> {
  const [document] = await store.read([twinKey(twin)]);
  const id = ifLegible(() => parseTwin(document));
  const known = id === undefined ? undefined : await readRequest(store, id).catch(nothingUnreadable);
  if (!known || !isOpen(known.request.state)) return undefined;
  return endedMeanwhile(known.request, known.sealed, moment) ? undefined : known;
}

function metAs({ request, sealed }: Pick<ReadRequest, "request" | "sealed">, { holds }: Pick<Met, "holds">): Met {
  return { code: request.code, state: standingWords(request), by: sealed.requester.name, holds };
}
