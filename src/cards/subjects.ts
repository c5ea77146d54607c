import type { Attachment, Card } from "../domain/messages/card.ts";
import type { RequestAbout } from "../domain/messages/message.ts";
import { withoutMissing } from "../domain/messages/missing-files.ts";
import type { SubjectData } from "../domain/messages/subject.ts";
import type { Account } from "../domain/people/person.ts";
import { adoptedFile, adoptionCard } from "./adoption.ts";
import { longChanges } from "./change-lines.ts";
import { followCard } from "./follow.ts";
import { requestCard } from "./request.ts";
import { troubleCard } from "./trouble.ts";

/** What a message about a subject shows now. */
export interface Shown {
  readonly card: Card;
  readonly files: readonly Attachment[];
  /** Only this account sees it. */
  readonly audience?: Account;
  readonly about?: RequestAbout;
  /** How often it is shown while it changes all the time. Its end is shown at once. */
  readonly everyMs?: number;
}

/**
 * How often a run that is under way is shown step by step, and a log that is followed line by line. Discord takes five edits of a channel in five seconds: the end
 * of a run must not wait until its steps have been shown.
 */
const progressEveryMs = 3_000;

/** The one place that knows which card shows which kind of subject. */
export function showSubject(data: SubjectData): Shown {
  switch (data.kind) {
    case "answer": {
      const { card, files, audience } = data;
      return { card: withoutMissing(card, files), files, ...(audience && { audience }) };
    }
    case "request": {
      const { id, state } = data.request;
      const underWay = state === "EXECUTING";
      return {
        card: requestCard(data),
        files: [],
        about: { kind: "request", id, state },
        ...(underWay && { everyMs: progressEveryMs }),
      };
    }
    case "adoption":
      return { card: adoptionCard(data.adoption), files: longChanges(adoptedFile, data.adoption.changes) };
    case "trouble":
      return { card: troubleCard(data.trouble), files: [] };
    case "follow": {
      const goesOn = data.follow.ended === undefined;
      return { card: followCard(data.follow, data.now), files: [], ...(goesOn && { everyMs: progressEveryMs }) };
    }
  }
}
