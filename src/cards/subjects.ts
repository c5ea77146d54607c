import { calledDespite } from "../domain/alerts/snooze.ts";
import type { Attachment, Card } from "../domain/messages/card.ts";
import type { Called, MessageRef, RequestAbout } from "../domain/messages/message.ts";
import { withoutMissing } from "../domain/messages/missing-files.ts";
import type { SubjectData } from "../domain/messages/subject.ts";
import type { Account } from "../domain/people/person.ts";
import { adoptedFile, adoptionCard } from "./adoption.ts";
import { alertChangesCard, alertGroupCard } from "./alert-group.ts";
import { longChanges } from "./change-lines.ts";
import { digestCard, digestDetailsCard } from "./digest.ts";
import { followCard } from "./follow.ts";
import { incidentCard } from "./incident.ts";
import { incidentEndCard } from "./incident-end.ts";
import { reminderCard, updateCard } from "./incident-update.ts";
import { maintenanceCard, overrunCard } from "./maintenance.ts";
import { handOverCard } from "./on-call.ts";
import { openOn, pageCard } from "./page.ts";
import { remadeSilenceCard } from "./remade-silence.ts";
import { requestCard } from "./request.ts";
import { shiftCard } from "./shift.ts";
import { silenceEndingCard } from "./silence-ending.ts";
import { statusChangeCard } from "./status-change.ts";
import { stormCard } from "./storm.ts";
import { troubleCard } from "./trouble.ts";

/** What a message about a subject shows now. */
export interface Shown {
  readonly card: Card;
  readonly files: readonly Attachment[];
  /** Only this account sees it. */
  readonly audience?: Account;
  readonly about?: RequestAbout;
  /** Whom it is meant to rouse. */
  readonly calls?: readonly Called[];
  /** Of a thing whose revisions are counted: the one that this shows. */
  readonly rev?: number;
  /** It is said anew under a message, after what was said there up to a revision; not yet where there is no message. */
  readonly said?: { readonly after: number; readonly under?: MessageRef; readonly isEmpty: boolean };
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
    case "alerts":
      return showAlerts(data);
    case "silence-ending":
      return { card: silenceEndingCard(data.ending), files: [] };
    case "silence-remade":
      return { card: remadeSilenceCard(data.silence, data.there, data.now), files: [] };
    case "hand-over":
      return { card: handOverCard(data.handOver), files: [], calls: data.handOver.calls };
    case "digest":
      return { card: digestCard(data.digest, data.pictures), files: data.pictures };
    case "digest-details":
      return {
        card: digestDetailsCard(data.digest),
        files: [],
        said: { after: 0, isEmpty: false, ...(data.under && { under: data.under }) },
      };
    case "maintenance":
      return { card: data.part === "overrun" ? overrunCard(data.told) : maintenanceCard(data.told), files: [] };
    case "shift": {
      const { shift } = data;
      return { card: shiftCard(shift), files: [], ...(!shift.taken && { calls: shift.calls }) };
    }
    case "page": {
      const { page, escalations } = data;
      // Whoever reads it later need not be roused for what somebody has.
      const isOpen = openOn(page, escalations).length > 0;
      return { card: pageCard(data), files: [], ...(isOpen && { calls: page.calls }) };
    }
    case "incident":
      return { card: incidentCard(data, data.now), files: [] };
    case "incident-update":
      return { card: updateCard(data.incident, data.update, data.now), files: [] };
    case "update-reminder":
      return { card: reminderCard(data.incident, data.reminder, data.now), files: [], calls: data.reminder.calls };
    case "incident-end":
      return { card: incidentEndCard(data.incident, data.at, data.now), files: [] };
    case "status-change":
      return { card: statusChangeCard(data.change, data.now), files: [] };
    case "alert-storm":
      return { card: stormCard(data.storm, data.part, data.now), files: [], rev: data.storm.rev };
    case "alert-changes":
      return showChanges(data);
  }
}

function showAlerts(data: Extract<SubjectData, { readonly kind: "alerts" }>): Shown {
  const { group, firing } = data;
  // Somebody has what is acknowledged: nobody else is called for it.
  const isOpen = firing.some(({ severity, ack }) => severity === "critical" && !ack) || group.critical === 0;
  const isAll = group.critical > 0 || firing.length < group.firing;
  // Nobody snoozes that something critical is there at all.
  const wanted = isAll ? group.calls : calledDespite(group.calls, firing, data.now);
  const calls = isOpen && group.firing > 0 ? wanted : [];
  return { card: alertGroupCard(data), files: data.graph, rev: group.rev, calls };
}

function showChanges(data: Extract<SubjectData, { readonly kind: "alert-changes" }>): Shown {
  const { group, changed, after, under } = data;
  const news = changed.filter(
    ({ severity, ack, state, change: { what } }) =>
      state === "firing" &&
      !ack &&
      (what === "awake" || (severity === "critical" && ["new", "again", "lapsed", "worse"].includes(what))),
  );
  return {
    card: alertChangesCard(data),
    files: [],
    rev: group.rev,
    said: { after, isEmpty: changed.length === 0, ...(under && { under }) },
    ...(news.length > 0 && { calls: calledDespite(group.calls, news, data.now) }),
  };
}
