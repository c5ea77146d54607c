import { z } from "zod";
import type { AlertGroup } from "../domain/alerts/group.ts";
import type { Weather } from "../domain/alerts/storm.ts";
import { type Lane, lanes } from "../domain/messages/lane.ts";
import type { MessageRef } from "../domain/messages/message.ts";
import { Place } from "../domain/messages/place.ts";
import { Subject, subjectTraits } from "../domain/messages/subject.ts";
import { Account } from "../domain/people/person.ts";
import type { Claimed, Owed } from "../domain/store.ts";
import { canonical, sha256 } from "./ids.ts";
import { type OwedBefore, readNotice1 } from "./notice-format-1.ts";

/** A message that is owed to a place: its card is made from the subject when it is sent. */
export const Notice = z.object({
  format: z.literal(2),
  subject: Subject,
  place: Place,
  lane: z.enum(lanes),
  /** Whom it is meant to rouse. */
  mentions: z.array(Account),
  /** It is for a copy that was lost sight of, and stands beside the one that follows its subject. */
  stray: z.literal(true).exactOptional(),
});
export type Notice = Readonly<z.output<typeof Notice>>;

/**
 * The queue of what is owed to a surface: one that is slow or down holds up no other. What is urgent has a queue of its own,
 * so that nothing that waits or hangs stands before it.
 */
export function noticeQueue(surface: string, lane: Lane = "notice"): string {
  return lane === "urgent" ? `notices/${surface}/urgent` : `notices/${surface}`;
}

/** Every queue of a surface. */
export function noticeQueues(surface: string): readonly string[] {
  return [noticeQueue(surface, "urgent"), noticeQueue(surface)];
}

/** One message for one subject in one place: the same id is the same message, brought up to date. */
export function noticeId(subject: Subject, place: Place): string {
  switch (subject.kind) {
    case "answer":
      return `answer:${subject.invocation}`;
    case "request":
      return `request:${subject.request}:${sha256(canonical(place)).slice(0, 16)}`;
    case "adoption":
      return `adoption:${sha256(`${subject.adoption} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    case "follow":
      return `follow:${subject.follow}`;
    case "alerts":
    case "alert-changes":
      return `${subject.kind}:${subject.group}.${subject.opened}`;
    case "silence-ending":
      return `silence-ending:${sha256(`${subject.silence} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    case "silence-remade":
      return `silence-remade:${sha256(`${subject.silence} ${subject.sender} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    case "hand-over":
      return `hand-over:${sha256(`${subject.rotation} ${subject.since} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    case "digest":
      return `digest:${sha256(`${subject.name} ${subject.slot} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    case "digest-details":
      return `digest-details:${sha256(subject.under).slice(0, 32)}`;
    case "maintenance":
      return `maintenance:${sha256(`${subject.window} ${subject.from} ${subject.part} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    case "shift":
      return `shift:${subject.shift}`;
    case "page":
      return `page:${sha256(`${subject.page} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    case "incident":
      return `incident:${sha256(`${subject.incident} ${place.surface} ${place.channel} ${place.thread ?? ""}`).slice(0, 32)}`;
    case "incident-update":
      return `incident-update:${sha256(`${subject.incident}.${subject.update} ${place.surface} ${place.channel} ${place.thread ?? ""}`).slice(0, 32)}`;
    case "update-reminder":
    case "incident-end":
      return `${subject.kind}:${sha256(`${subject.incident} ${subject.at} ${place.surface} ${place.channel} ${place.thread ?? ""}`).slice(0, 32)}`;
    case "status-change":
      return `status-change:${subject.watch}.${subject.number}`;
    case "alert-storm":
      return `alert-storm:${subject.channel}.${subject.began}${subject.part === undefined ? "" : `.${subject.part}`}`;
    case "trouble": {
      const { trouble, since } = subject;
      return `trouble:${sha256(`${trouble} ${since} ${place.surface} ${place.channel}`).slice(0, 32)}`;
    }
  }
}

/** Owes a place the message about a subject, in the lane of the subject's kind when none is given. */
export function owedNotice(
  owed: Pick<Notice, "subject" | "place"> & Partial<Pick<Notice, "lane" | "mentions">>,
  now: number,
): Owed {
  const { subject, place, lane = subjectTraits[subject.kind].lane, mentions = [] } = owed;
  const body: Notice = { format: 2, subject, place, lane, mentions };
  return { queue: noticeQueue(place.surface, lane), id: noticeId(subject, place), due: now, body };
}

/**
 * Owes a message about alerts, or what is said under it, at a store time in ms. It waits with what is urgent, or not, for as
 * long as it lasts: one message is never in two queues.
 */
export function owedAlerts(
  kind: "alerts" | "alert-changes",
  group: Pick<AlertGroup, "id" | "opened" | "place" | "urgent" | "critical">,
  due: number,
): Owed {
  const { id, opened, place, urgent, critical } = group;
  const subject: Subject = { kind, group: id, opened };
  const lane = kind === "alerts" && critical > 0 ? "urgent" : "notice";
  const body: Notice = { format: 2, subject, place, lane, mentions: [] };
  const queue = noticeQueue(place.surface, kind === "alerts" && urgent ? "urgent" : "notice");
  return { queue, id: noticeId(subject, place), due, body };
}

/**
 * Owes the summary of the storm that a channel is in, with what is urgent: it stands for many messages. Where it is brought to the end
 * of the channel by that, what stood before is to say so.
 */
export function owedStorm({ channel, place, storm }: Weather, { isMoved }: { readonly isMoved: boolean }): Owed[] {
  if (!storm) return [];
  const { began, part, owedAt } = storm;
  const ofPart = (at: number): Owed => {
    const subject: Subject = { kind: "alert-storm", channel, began, ...(at > 0 && { part: at }) };
    return owedNotice({ subject, place, lane: "urgent" }, owedAt);
  };
  return [ofPart(part), ...(isMoved ? [ofPart(part - 1)] : [])];
}

/** Owes a message that stands already, wherever it is, what it should say now. */
export function owedUpdate(
  standing: { readonly notice: string; readonly subject: Subject; readonly place: Place; readonly stray?: true },
  now: number,
): Owed {
  const { notice, subject, place, stray } = standing;
  const { lane } = subjectTraits[subject.kind];
  const body: Notice = { format: 2, subject, place, lane, mentions: [], ...(stray && { stray }) };
  return { queue: noticeQueue(place.surface, lane), id: notice, due: now, body };
}

/** The notice of a copy that was lost sight of. */
export function strayNoticeId({ surface, channel, id }: MessageRef): string {
  return `stray:${sha256(canonical({ surface, channel, id })).slice(0, 32)}`;
}

/** A notice of this format or of the one before, which may hold what it shows. */
export type OwedMessage = (Notice & { readonly frozen?: undefined }) | (OwedBefore & { readonly stray?: undefined });

export function readNotice({ id, body }: Pick<Claimed, "id" | "body">): OwedMessage {
  const { success, data } = Notice.safeParse(body);
  return success ? data : readNotice1(id, body);
}
