import { isWaitingPolicyChange } from "../../domain/approvals/ended-by.ts";
import { isToldOf, standingHalts } from "../../domain/approvals/halts.ts";
import { inTheWay } from "../../domain/approvals/lock.ts";
import {
  concernedSystem,
  isSettlement,
  isUrgent,
  isWaiting,
  type Request,
  type Sealed,
  settledRequest,
} from "../../domain/approvals/request.ts";
import type { Owed, Store } from "../../domain/store.ts";
import { ifLegible, nothingUnreadable } from "../../records/legible.ts";
import { owedNotice } from "../../records/notice.ts";
import { parseProposedPolicy, proposedPolicyKey } from "../../records/proposed-policy.ts";
import { type ListedRequest, openRequests, readRequest, requestsAboutHalting } from "../../records/request.ts";

/** What is open, listed when it is first asked for: all that one commit says of others rests on one list. */
export type OpenList = () => Promise<readonly ListedRequest[]>;

export function listOpenOnce(store: Store): OpenList {
  let listed: Promise<readonly ListedRequest[]> | undefined;
  return () => (listed ??= openRequests(store).then(({ found }) => found));
}

/** A notice for every copy of the card, so that each follows the state. */
export function copyNotices(request: Request, now: number): Owed[] {
  return request.copies.map((place) => owedNotice({ subject: { kind: "request", request: request.id }, place }, now));
}

/** Of a settlement: a notice for every copy of the card of what it settles, which names it while it is open. */
export async function settledNotices(store: Store, sealed: Sealed, now: number): Promise<Owed[]> {
  const id = settledRequest(sealed);
  const settled = id === undefined ? undefined : await readRequest(store, id).catch(nothingUnreadable);
  return settled ? copyNotices(settled.request, now) : [];
}

/**
 * Of what follows another, sets going what was halted, or is to be followed by the same: a notice for every copy of the cards that
 * tell how it stands. Empty of what is urgent: nothing is read before that.
 */
export async function followedNotices(
  store: Store,
  { request, sealed, open }: Moved & { readonly request: Request },
  now: number,
): Promise<Owed[]> {
  if (isUrgent(sealed)) return [];
  const { follows } = request;
  const first = follows === undefined ? undefined : await readRequest(store, follows).catch(nothingUnreadable);
  const halts = standingHalts(await requestsAboutHalting(store, sealed.system));
  const told = halts.filter((halt) => halt.request.id !== follows && isToldOf(halt.sealed, sealed));
  const waiting = halts.length > 0 && sealed.direction !== "increases" ? await revivalsAsked(sealed.system, open) : [];
  const next = (await open()).filter(
    (each) =>
      each.sealed.system === sealed.system &&
      each.sealed.plan.followUp?.operation === sealed.operation &&
      isWaiting(each.request.state),
  );
  const cards = [...(first ? [first] : []), ...told, ...waiting, ...next];
  const each = new Map(cards.map(({ request: card }) => [card.id, card]));
  return [...each.values()].flatMap((card) => copyNotices(card, now));
}

/** What would set a system going and waits: its card says how what followed the halt stands. */
async function revivalsAsked(system: string, open: OpenList): Promise<readonly { readonly request: Request }[]> {
  return (await open()).filter(
    ({ request, sealed }) => sealed.system === system && sealed.direction === "increases" && isWaiting(request.state),
  );
}

/** A change of people and rules that waits says what ends by it, so its card follows what is asked meanwhile. */
export async function policyChangeNotices(store: Store, now: number): Promise<Owed[]> {
  const [document] = await store.read([proposedPolicyKey]);
  const id = ifLegible(() => parseProposedPolicy(document))?.request ?? undefined;
  const read = id === undefined ? undefined : await readRequest(store, id).catch(nothingUnreadable);
  return read && isWaitingPolicyChange(read) ? copyNotices(read.request, now) : [];
}

/** What waits for people says whose run it would wait for, so its card follows what takes its lock, frees it or stands otherwise. */
export async function behindNotices({ request, sealed, open }: Moved, now: number): Promise<Owed[]> {
  // What is urgent holds nothing.
  if (isUrgent(sealed)) return [];
  const holder = { request: request.id, targets: sealed.plan.targets ?? [] };
  return (await open())
    .filter((each) => isWaiting(each.request.state) && each.sealed.system === sealed.system)
    .filter((each) => inTheWay({ holders: [holder], fence: 0 }, each.sealed.plan.targets ?? []).length > 0)
    .filter((each) => each.request.id !== request.id && !isUrgent(each.sealed))
    .flatMap((each) => copyNotices(each.request, now));
}

/** A settlement that waits names what is approved and waits for what it settles, so its card follows whatever does. */
export async function settlingNotices({ sealed, open }: Moved, now: number): Promise<Owed[]> {
  if (isUrgent(sealed) || isSettlement(sealed)) return [];
  return (await open())
    .filter((each) => isSettlement(each.sealed) && isWaiting(each.request.state))
    .filter((each) => concernedSystem(each.sealed) === sealed.system)
    .flatMap((each) => copyNotices(each.request, now));
}

/** A request that moves, and what else is open. */
interface Moved {
  readonly request: Pick<Request, "id">;
  readonly sealed: Sealed;
  readonly open: OpenList;
}
