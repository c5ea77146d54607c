import { type Request, type Sealed, settledRequest } from "../../domain/approvals/request.ts";
import type { Owed, Store } from "../../domain/store.ts";
import { nothingUnreadable } from "../../records/legible.ts";
import { owedNotice } from "../../records/notice.ts";
import { readRequest } from "../../records/request.ts";

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
