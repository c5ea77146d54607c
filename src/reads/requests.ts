import { holdsWhereDecided } from "../domain/approvals/request.ts";
import { isSettleable, settlementsAmong } from "../domain/approvals/settle-rules.ts";
import { approversOf, type Could, whoCouldApprove, whoCouldAskToSettle } from "../domain/approvals/who-could.ts";
import { UserError } from "../domain/failure.ts";
import { may, type Viewer } from "../domain/people/viewer.ts";
import type { Store } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { nothingUnreadable } from "../records/legible.ts";
import { findRequest, type ListedRequest, openRequests, type ReadRequest, readRequest } from "../records/request.ts";

/**
 * Open requests, oldest first, of systems that the viewer may see here. What cannot be read is named to everybody: it may be of
 * any system.
 */
export async function visibleRequests(store: Store, viewer: Viewer): Promise<Listed<ListedRequest>> {
  const { found, unreadable } = await openRequests(store);
  return { found: found.filter((each) => isVisible(each, viewer)), unreadable };
}

/** Listed requests with those who could still say yes, by the rules that the viewer is judged by. */
export function withTheirApprovers({ found, unreadable }: Listed<ListedRequest>, { policy }: Viewer) {
  const named = found.map((each) => ({ ...each, approvers: approversOf(each.request, each.sealed, policy) }));
  return { found: named, unreadable };
}

/**
 * The request of an id, or of the code on its card. Throws UserError: one that may not be seen is told as one that is
 * not there.
 */
export async function visibleRequest(store: Store, viewer: Viewer, idOrCode: string): Promise<ReadRequest> {
  const read = await findRequest(store, idOrCode, (each) => isVisible(each, viewer));
  if (read) return read;
  throw new UserError(`There is no request ${idOrCode} that you may see here.`, "confirm list shows what is waiting.");
}

/** Does it wait for a decision that the viewer could take? */
export function waitsFor({ request, sealed }: ListedRequest, { person, policy }: Viewer): boolean {
  if (request.state !== "PENDING") return false;
  return isAble(whoCouldApprove(request, sealed, policy), person);
}

/** A request whose outcome is open, and from when on people may say how it ended, in ms since 1970. */
export type ToSettle = ListedRequest & { readonly from: number };

/**
 * Of all that is open, what the viewer may say the end of and nobody has said yet. What has no run that can be read is left out:
 * nobody knows from when on.
 */
export async function toBeSettledBy(
  store: Store,
  { person, policy }: Viewer,
  open: readonly ListedRequest[],
): Promise<readonly ToSettle[]> {
  const theirs = open.filter(
    ({ request, sealed }) =>
      isSettleable(request.state) &&
      settlementsAmong(open, request.id).length === 0 &&
      isAble(whoCouldAskToSettle(sealed, policy), person),
  );
  const read = theirs.map(async (each): Promise<ToSettle[]> => {
    const from = (await readRequest(store, each.request.id).catch(nothingUnreadable))?.run?.hardDeadline;
    return from === undefined ? [] : [{ ...each, from }];
  });
  return (await Promise.all(read)).flat();
}

function isAble(people: readonly Could[], person: Viewer["person"]): boolean {
  return people.some((each) => each.can && each.person.id === person?.id);
}

function isVisible({ sealed }: ListedRequest, viewer: Viewer): boolean {
  return holdsWhereDecided(sealed, (system) => may(viewer, "read", system).allowed);
}
