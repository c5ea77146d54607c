import { z } from "zod";
import type { JournalEntry } from "../../domain/journal.ts";
import type { Attachment, Card, CardAction } from "../../domain/messages/card.ts";
import type { MessageRef } from "../../domain/messages/message.ts";
import { Place } from "../../domain/messages/place.ts";
import { Account } from "../../domain/people/person.ts";
import { SurfaceId } from "../../domain/people/surface.ts";
import { type Claimed, type Document, type Owed, type Put, type Store, sortable } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { KeptFile, keepFiles } from "../../records/kept-files.ts";
import { noticeQueue } from "../../records/notice.ts";
import { transact } from "../transact.ts";
import { answerNotice, invocationOf, messageMoved, noticeAt, postedMessage } from "./record-delivery.ts";

/** Accepted commands whose process stopped before they were answered are found in this queue. */
export const invocationQueue = "invocations";

/** How long nobody needs to have held a command that is not answered until another process takes it up. */
const heldForMs = 15_000;
/** How long a reply is its sender's before the delivery worker sends it instead. */
const replyLeaseMs = 15_000;

/** A card as it was committed. It was typed when it was written; what reads it back only shows it. */
const CardRecord = z.custom<Card>(
  (value) => typeof value === "object" && value !== null && "title" in value && "blocks" in value,
);

const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const AskRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("form"), command: z.string(), values: Values }),
  z.object({ kind: z.literal("press"), action: z.string() }),
  z.object({
    kind: z.literal("message"),
    command: z.string(),
    message: z.object({ surface: SurfaceId, channel: z.string(), id: z.string() }),
    text: z.string().default(""),
  }),
]);

export const InvocationRecord = z.object({
  format: z.literal(1),
  key: z.string(),
  account: Account,
  place: Place,
  ask: AskRecord,
  acceptedAt: z.number(),
  /** Set once it has been answered: what a redelivery gets. */
  answer: z
    .object({
      card: CardRecord,
      private: z.boolean(),
      nonce: z.string(),
      alerts: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
});
export type InvocationRecord = z.output<typeof InvocationRecord>;

/** A reply that is owed to a channel. */
export const AnswerNotice = z.object({
  kind: z.literal("answer"),
  place: Place,
  card: CardRecord,
  audience: Account.exactOptional(),
  /** What the card shows beside its words. */
  files: z.array(KeptFile).default([]),
});

export const StoredButton = z.object({
  format: z.literal(1),
  command: z.string(),
  args: Values,
  ask: z.array(z.string()),
});
export type StoredButton = z.output<typeof StoredButton>;

/** The key of a delivery: its surface and its id there, and whose it is, so that nobody takes the place of another's. */
export function invocationKey(account: Account, delivery: string): string {
  return `${account.surface}:${account.tenant ?? ""}:${account.id}:${delivery}`;
}

interface AcceptedDelivery extends Pick<InvocationRecord, "key" | "account" | "place"> {
  readonly content: InvocationRecord["ask"];
  readonly question: boolean;
}

/**
 * Accepts a delivery: from here on it will be answered, once. A delivery that came before gets its record back, with
 * the answer when there is one already. A `question` changes nothing, so nothing but its answer is lost where the power
 * fails at that moment, and it need not wait for the disk; what may change something does.
 */
export async function acceptInvocation(
  store: Store,
  { question, content, ...asked }: AcceptedDelivery,
): Promise<{ readonly record: InvocationRecord; readonly revision: string; readonly repeated: boolean }> {
  const documentKey = `invocation/${asked.key}`;
  const revision = newId();
  const outcome = await transact(store, async (now) => {
    const record: InvocationRecord = { format: 1, ...asked, ask: content, acceptedAt: now };
    return {
      result: record,
      commit: {
        id: revision,
        once: { key: `in:${asked.key}`, answer: { invocation: asked.key } },
        put: [{ key: documentKey, value: record, index: { at: sortable(now), open: sortable(now) } }],
        timers: [heldUntil(asked.key, now + heldForMs)],
        relaxed: question,
      },
    };
  });
  if (!outcome.repeated) return { record: outcome.result, revision, repeated: false };
  const before = await readInvocation(store, asked.key);
  if (!before) throw new Error("a delivery that was accepted before has no record");
  return { ...before, repeated: true };
}

/** Says that this process is still at work on it. Ends before its answer is recorded, or it would be owed once more. */
export async function holdInvocation(store: Store, key: string): Promise<void> {
  await store.commit({ id: newId(), timers: [heldUntil(key, (await store.now()) + heldForMs)], relaxed: true });
}

function heldUntil(key: string, due: number): Owed {
  return { queue: invocationQueue, id: key, due, body: { invocation: key } };
}

/**
 * Has everything that was accepted and not answered taken up at once. For a store that only one process uses: whatever is
 * unanswered when it starts was left by one that is gone.
 */
export async function takeUpInvocations(store: Store): Promise<number> {
  const left = await store.list("invocation", "open", { limit: 1_000 });
  const now = await store.now();
  const timers = left.map((document) => heldUntil(InvocationRecord.parse(document.value).key, now));
  if (timers.length > 0) await store.commit({ id: newId(), timers });
  return timers.length;
}

/** The record, and the revision it stands at. */
export async function readInvocation(
  store: Store,
  key: string,
): Promise<{ readonly record: InvocationRecord; readonly revision: string } | undefined> {
  const [document] = await store.read([`invocation/${key}`]);
  return document && { record: InvocationRecord.parse(document.value), revision: document.revision };
}

export interface Answer {
  readonly card: Card;
  readonly files: readonly Attachment[];
  readonly private: boolean;
  /** Codes of the alerts that it shows. */
  readonly alerts?: readonly string[];
  /** Set when the message is a copy of a request's card: it is delivered, and later brought up to date, as that copy. */
  readonly copyOf?: { readonly request: string; readonly notice: string };
}

interface AnswerBy {
  readonly answer: Answer;
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
  const { card, buttons } = withButtons(answer.card, now);
  const nonce = answer.copyOf?.notice ?? answerNotice(record.key);
  const lasting = !record.place.passing;
  const queue = noticeQueue(record.place.surface);
  const commitId = newId();
  const body = answer.copyOf
    ? { kind: "request", request: answer.copyOf.request, place: record.place }
    : {
        kind: "answer",
        place: record.place,
        card,
        files: keepFiles(answer.files),
        ...(answer.private && { audience: record.account }),
      };
  const { alerts } = answer;
  const done: InvocationRecord = {
    ...record,
    answer: { card, private: answer.private, nonce, ...(alerts && { alerts: [...alerts] }) },
  };
  const moved = await placeholderMoved(store, { invocation: record.key, notice: nonce, now });
  const { outcome } = await store.commit({
    id: commitId,
    expect: { [`invocation/${record.key}`]: by.revision },
    relaxed: by.question,
    remove: moved.remove,
    put: [
      ...moved.put,
      { key: `invocation/${record.key}`, value: done, index: { at: sortable(record.acceptedAt) } },
      ...buttons,
    ],
    journal: [by.journal],
    cancel: [{ queue: invocationQueue, id: record.key }],
    notices: lasting
      ? [
          {
            queue,
            id: nonce,
            due: now,
            body: body,
            ...(by.sendsItself && { leaseMs: replyLeaseMs }),
          },
        ]
      : [],
  });
  if (outcome !== "committed") return undefined;
  return { card, nonce, owed: lasting ? { queue, id: nonce, fence: 1, version: commitId } : undefined };
}

/** The placeholder of an answer that turns out to be a copy of a request's card becomes that copy. */
async function placeholderMoved(
  store: Store,
  moved: { readonly invocation: string; readonly notice: string; readonly now: number },
): Promise<ReturnType<typeof messageMoved>> {
  const { invocation, notice, now } = moved;
  const own = answerNotice(invocation);
  const ref = notice === own ? undefined : await postedMessage(store, own);
  return ref ? messageMoved(own, { notice, ref, now }) : { put: [], remove: [] };
}

export async function readButton(store: Store, id: string): Promise<StoredButton | undefined> {
  const [document] = await store.read([`button/${id}`]);
  return document && StoredButton.parse(document.value);
}

/** The request whose card stands as this message; undefined when it is none of the bot's copies. */
export async function requestAt(store: Store, ref: MessageRef): Promise<string | undefined> {
  return /^request:([0-9a-f]+):/.exec((await noticeAt(store, ref)) ?? "")?.[1];
}

/** Codes of the alerts that the bot showed in this message; none for any other message. */
export async function alertsAt(store: Store, ref: MessageRef): Promise<readonly string[]> {
  const invocation = invocationOf((await noticeAt(store, ref)) ?? "");
  const found = invocation === undefined ? undefined : await readInvocation(store, invocation);
  return found?.record.answer?.alerts ?? [];
}

/** Gives each button without one an id, and stores what it does under it. */
function withButtons(card: Card, now: number): { card: Card; buttons: Put[] } {
  if (!card.actions) return { card, buttons: [] };
  const actions = card.actions.map((action): CardAction & { id: string } => ({ ...action, id: action.id ?? newId() }));
  const minted = actions.filter((_, position) => card.actions?.[position]?.id === undefined);
  const buttons = minted.map((action) => ({
    key: `button/${action.id}`,
    value: { format: 1, command: action.command, args: action.args, ask: action.ask ?? [] },
    index: { at: sortable(now) },
  }));
  return { card: { ...card, actions }, buttons };
}

/** Removes invocations, and buttons and the places of messages, that are older than a redelivery or a reader can reach. Answers how many went. */
export async function pruneInvocations(
  store: Store,
  keep: { readonly invocationsMs: number; readonly buttonsMs: number; readonly limit: number },
): Promise<number> {
  const now = await store.now();
  const old = async (kind: string, ageMs: number): Promise<Document[]> =>
    store.list(kind, "at", { to: sortable(now - ageMs), limit: keep.limit });
  const gone = [
    ...(await old("invocation", keep.invocationsMs)),
    ...(await old("button", keep.buttonsMs)),
    ...(await old("ack", keep.buttonsMs)),
    ...(await old("message", keep.buttonsMs)),
  ].map((document) => document.key);
  if (gone.length > 0) await store.commit({ id: newId(), remove: gone });
  return gone.length;
}
