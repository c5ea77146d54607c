import { z } from "zod";
import type { Attachment, Card } from "../domain/messages/card.ts";
import type { Lane } from "../domain/messages/lane.ts";
import { Place } from "../domain/messages/place.ts";
import type { Subject } from "../domain/messages/subject.ts";
import { Account } from "../domain/people/person.ts";
import { KeptCard } from "./card.ts";
import { filesOf, KeptFiles } from "./kept-files.ts";
import { subjectInId } from "./message-format-1.ts";

/** A notice of the format before held a copy's request, or the very card to show: an answer's, or a trouble's. */
const Notice1 = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("request"), request: z.string(), place: Place }),
  z.object({
    kind: z.literal("answer"),
    place: Place,
    card: KeptCard,
    audience: Account.exactOptional(),
    files: KeptFiles.default([]),
  }),
]);

/** What the format before owed. */
export interface OwedBefore {
  readonly place: Place;
  readonly lane: Lane;
  /** Undefined for a trouble, which said in its card alone what it was about. */
  readonly subject: Subject | undefined;
  /** What is shown, where it does not come of the subject. */
  readonly frozen?: { readonly card: Card; readonly files: readonly Attachment[]; readonly audience?: Account };
}

export function readNotice1(id: string, body: unknown): OwedBefore {
  const notice = Notice1.parse(body);
  const { place } = notice;
  if (notice.kind === "request")
    return { place, lane: "notice", subject: { kind: "request", request: notice.request } };
  const subject = subjectInId(id);
  const { card, files, audience } = notice;
  return {
    place,
    lane: subject ? "reply" : "notice",
    subject,
    frozen: { card, files: filesOf(files), ...(audience && { audience }) },
  };
}
