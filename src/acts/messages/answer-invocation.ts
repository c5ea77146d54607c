import type { JournalEntry } from "../../domain/journal.ts";
import type { Attachment, Card } from "../../domain/messages/card.ts";
import { type Subject, subjectTraits } from "../../domain/messages/subject.ts";
import type { Claimed, Commit, Put, Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import {
  type InvocationRecord,
  invocationDocument,
  invocationQueue,
  putInvocation,
  readInvocation,
} from "../../records/invocation.ts";
import { putFiles } from "../../records/kept-files.ts";
import { messageKey, putMessage, standingMessage } from "../../records/message.ts";
import { noticeId, noticeQueue, owedNotice } from "../../records/notice.ts";
import { withButtons } from "./store-buttons.ts";

/** How long a reply is its sender's before the delivery worker sends it instead. */
const replyLeaseMs = 15_000;

/** What a command is answered with. */
export interface InvocationAnswer {
  readonly card: Card;
  readonly files: readonly Attachment[];
  /** Only who asked sees it. */
  readonly private: boolean;
  /** Codes of the alerts that it shows. */
  readonly alerts?: readonly string[];
  /** The thing whose card it shows, so that the message follows its state; the answer itself when left out. */
  readonly subject?: Subject;
}

interface AnswerBy {
  readonly answer: InvocationAnswer;
  readonly journal: JournalEntry;
  readonly now: number;
  /** It changed nothing but this record. */
  readonly question: boolean;
  /** What the record was at when its work began: whoever was faster has answered. */
  readonly revision: string;
  /** The caller sends the reply now; otherwise it is the delivery worker's at once. */
  readonly sendsItself: boolean;
}

/** A reply that has been committed and must now be sent; `owed` is settled once it was. */
export interface CommittedAnswer {
  readonly card: Card;
  readonly nonce: string;
  readonly subject: Subject;
  /** Files are kept for whoever sends it. */
  readonly keptFiles: boolean;
  readonly owed: Pick<Claimed, "queue" | "id" | "fence" | "version"> | undefined;
}

/**
 * Records the answer and owes it to the channel, in one commit: buttons exist before they are shown, and a reply whose
 * sender dies is delivered by another. Undefined when another process has answered meanwhile.
 */
export async function answerInvocation(
  store: Store,
  record: InvocationRecord,
  by: AnswerBy,
): Promise<CommittedAnswer | undefined> {
  const { answer, now } = by;
  const own: Subject = { kind: "answer", invocation: record.key };
  const { subject = own, alerts } = answer;
  const { card, buttons } = withButtons(answer.card, subject, now);
  const nonce = noticeId(subject, record.place);
  const lasting = !record.place.passing;
  const files = lasting && subject.kind === "answer" ? putFiles(record.key, answer.files, now) : [];
  const done: InvocationRecord = {
    ...record,
    answer: { card, private: answer.private, subject, ...(alerts && { alerts: [...alerts] }) },
  };
  const commitId = newId();
  const lane = subjectTraits.answer.lane;
  const notice = {
    ...owedNotice({ subject, place: record.place, lane }, now),
    ...(by.sendsItself && { leaseMs: replyLeaseMs }),
  };
  const moved = await placeholderMoved(store, { from: own, to: subject, place: record.place, now });
  const { outcome } = await store.commit({
    id: commitId,
    expect: { [invocationDocument(record.key)]: by.revision },
    relaxed: by.question,
    remove: moved.remove,
    put: [...moved.put, putInvocation(done), ...files, ...buttons],
    journal: [by.journal],
    cancel: [{ queue: invocationQueue, id: record.key }],
    notices: lasting ? [notice] : [],
  });
  if (outcome !== "committed") return undefined;
  const owed = { queue: noticeQueue(record.place.surface, lane), id: nonce, fence: 1, version: commitId };
  return { card, nonce, subject, keptFiles: files.length > 0, owed: lasting ? owed : undefined };
}

/** Where an answer shows a thing's card, its placeholder is that thing's message from here on: one message has one subject. */
async function placeholderMoved(
  store: Store,
  { from, to, place, now }: { from: Subject; to: Subject; place: InvocationRecord["place"]; now: number },
): Promise<{ readonly put: readonly Put[]; readonly remove: readonly string[] }> {
  const [own, notice] = [noticeId(from, place), noticeId(to, place)];
  const ref = notice === own ? undefined : await standingMessage(store, own);
  return ref
    ? { put: [putMessage(notice, { ref, subject: to, now })], remove: [messageKey(own)] }
    : { put: [], remove: [] };
}

/**
 * The part of a commit that puts another card where an answer stands. Empty when it has not been answered, nobody keeps
 * the answer any more, or nothing that was said there stays.
 */
export async function replacedAnswer(
  store: Store,
  invocation: string,
  { card: given, now }: { readonly card: Card; readonly now: number },
): Promise<Pick<Commit, "expect" | "put" | "notices">> {
  const found = await readInvocation(store, invocation);
  if (!found?.record.answer || found.record.place.passing) return {};
  const { record, revision } = found;
  const subject: Subject = { kind: "answer", invocation };
  const { card, buttons } = withButtons(given, subject, now);
  return {
    expect: { [invocationDocument(invocation)]: revision },
    put: [putInvocation({ ...record, answer: { ...found.record.answer, card, subject } }), ...buttons],
    notices: [owedNotice({ subject, place: record.place }, now)],
  };
}
