import type { Request } from "../../domain/approvals/request.ts";
import type { Owed } from "../../domain/store.ts";
import { owedNotice } from "../../records/notice.ts";

/** A notice for every copy of the card, so that each follows the state. */
export function copyNotices(request: Request, now: number): Owed[] {
  return request.copies.map((place) => owedNotice({ subject: { kind: "request", request: request.id }, place }, now));
}
