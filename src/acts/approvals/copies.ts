import type { Request } from "../../domain/approvals/request.ts";
import type { Owed } from "../../domain/store.ts";
import { noticeQueue } from "../../records/notice.ts";
import { copyId } from "../../records/request.ts";

/** A notice for every copy of the card, so that each follows the state. */
export function copyNotices(request: Request, now: number): Owed[] {
  return request.copies.map((place) => ({
    queue: noticeQueue(place.surface),
    id: copyId(request.id, place),
    due: now,
    body: { kind: "request", request: request.id, place },
  }));
}
