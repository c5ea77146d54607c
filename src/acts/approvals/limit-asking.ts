import {
  actionName,
  askingLimits,
  heldBack,
  restsUntil,
  withAsked,
  withDenied,
} from "../../domain/approvals/asking.ts";
import {
  concernedSystem,
  holdsWhereDecided,
  isReducing,
  isSettlement,
  isUrgent,
  needsNobody,
  type Sealed,
  wardroomItself,
} from "../../domain/approvals/request.ts";
import { isInverse } from "../../domain/approvals/undoing.ts";
import { UserError } from "../../domain/failure.ts";
import { holdsRole, type Policy } from "../../domain/people/policy.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { clock } from "../../domain/text/moment.ts";
import { askingKey, parseAsking, putAsking } from "../../records/asking.ts";
import { openRequests } from "../../records/request.ts";

type Counted = Required<Pick<Commit, "expect" | "put">>;
const nothing: Counted = { expect: {}, put: [] };

/** More names than this are no help. */
const namesShown = 6;

/**
 * What the opening of a request adds to its commit, so that limits hold for asking at once too. Throws UserError for whoever has
 * asked too often, with when they may again and who else could.
 */
export async function countAsking(store: Store, sealed: Sealed, moment: Moment): Promise<Counted> {
  if (isUncounted(sealed)) return nothing;
  const { person } = sealed.requester;
  // Read before the open ones: whatever opens meanwhile moves it.
  const [document] = await store.read([askingKey(person)]);
  const asking = parseAsking(document);
  const open = (await openRequests(store)).found;
  const mine = open.filter((each) => each.sealed.requester.person === person && each.request.state === "PENDING");
  const mends = isReducing(sealed) || isSettlement(sealed) || open.some((each) => isInverse(sealed, each.sealed));
  const at = { action: actionOf(sealed), mends, open: mine.length, now: moment.now };
  const held = heldBack(asking, at);
  if (held?.by === "open")
    throw new UserError(
      `You have ${held.count} requests waiting already.`,
      `Take one back with confirm cancel ${mine[0]?.request.code ?? ""}, or wait for a decision.`,
    );
  if (held) throw tooOften(sealed, { ...held, ...moment, mends });
  return {
    expect: { [askingKey(person)]: document?.revision ?? null },
    put: [putAsking(person, withAsked(asking, moment.now))],
  };
}

/** What was denied so often that it rests, also when it follows by itself from something that was asked. */
export class Resting extends UserError {}

/** Throws Resting for what is to follow by itself while it rests. It is counted no more than what it follows. */
export async function refuseResting(store: Store, sealed: Sealed, moment: Moment): Promise<Counted> {
  const { person } = sealed.requester;
  const [document] = await store.read([askingKey(person)]);
  const until = restsUntil(parseAsking(document), { action: actionOf(sealed), now: moment.now });
  if (until !== undefined) throw tooOften(sealed, { by: "denials", until, ...moment });
  return { expect: { [askingKey(person)]: document?.revision ?? null }, put: [] };
}

/** What a no adds to its commit. */
export async function countDenial(store: Store, sealed: Sealed, now: number): Promise<Counted> {
  if (isUncounted(sealed)) return nothing;
  const { person } = sealed.requester;
  const [document] = await store.read([askingKey(person)]);
  const denied = withDenied(parseAsking(document), { action: actionOf(sealed), at: now });
  return { expect: { [askingKey(person)]: document?.revision ?? null }, put: [putAsking(person, denied)] };
}

interface Moment {
  readonly now: number;
  readonly policy: Policy;
}

/** What nobody has to decide tires nobody, what is urgent waits for nothing, and Wardroom asks only when something changed. */
function isUncounted(sealed: Sealed): boolean {
  return isUrgent(sealed) || needsNobody(sealed) || sealed.requester.person === wardroomItself.id;
}

function actionOf(sealed: Sealed): string {
  return actionName({ system: concernedSystem(sealed), operation: sealed.operation });
}

function tooOften(
  sealed: Sealed,
  held: Moment & { readonly by: "asks" | "denials"; readonly until: number; readonly mends?: boolean },
): UserError {
  const { by, until, now, policy, mends = false } = held;
  const { withinMs, denials } = askingLimits;
  const asks = mends ? askingLimits.mending : askingLimits.asks;
  const what =
    by === "asks"
      ? `You have asked for ${asks} things in ${withinMs / 60_000} minutes that others have to decide.`
      : `${sealed.operation} on ${concernedSystem(sealed)} was denied ${denials} times when you asked, so it rests.`;
  const isFree = by === "asks" && !mends;
  const free = isFree
    ? " What reduces what can be lost, or undoes or settles what has not ended, and an emergency stop, may be asked for now."
    : "";
  const remedy = `You may ask again at ${clock(until, now)}.${free} ${whoElse(sealed, policy)}`;
  return by === "denials" ? new Resting(what, remedy) : new UserError(what, remedy);
}

function whoElse(sealed: Sealed, policy: Policy): string {
  const claim = { permission: sealed.permission, where: "anywhere" } as const;
  const others = policy.people.filter(
    (person) =>
      person.id !== sealed.requester.person &&
      holdsWhereDecided(sealed, (system) =>
        policy.roles.some(({ id: role }) => holdsRole(person, { ...claim, role, system }, policy)),
      ),
  );
  if (others.length === 0) return "Nobody else may ask for it.";
  const names = others.slice(0, namesShown).map(({ name }) => name);
  return `Others who may ask for it: ${names.join(", ")}${others.length > namesShown ? " and more" : ""}.`;
}
