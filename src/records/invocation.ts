import { z } from "zod";
import { DeliveryContent } from "../domain/commands/delivery-content.ts";
import { Place } from "../domain/messages/place.ts";
import { Subject } from "../domain/messages/subject.ts";
import { Account } from "../domain/people/person.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { KeptCard } from "./card.ts";
import { eachLegible, legible } from "./legible.ts";
import { subjectInId } from "./message-format-1.ts";
import { noticeId } from "./notice.ts";

/** Accepted commands whose process stopped before they were answered are found in this queue. */
export const invocationQueue = "invocations";

const Answer = z.object({
  card: KeptCard,
  /** Only who asked sees it. */
  private: z.boolean(),
  /** What its message is about: the answer itself, or the thing whose card it shows. */
  subject: Subject,
  /** Codes of the alerts that it shows. */
  alerts: z.array(z.string()).exactOptional(),
});

export const InvocationRecord = z.object({
  format: z.literal(2),
  key: z.string(),
  account: Account,
  place: Place,
  content: DeliveryContent,
  acceptedAt: z.number(),
  /** Set once it has been answered: what a redelivery gets. */
  answer: Answer.exactOptional(),
});
export type InvocationRecord = z.output<typeof InvocationRecord>;

/** The surface on which nothing stayed, which the format before knew by its name alone. */
const passingSurface1 = "terminal";

/** The format before had other names, and told what an answer's message was about by the id of its notice. */
const InvocationRecord1 = z
  .object({
    ...InvocationRecord.omit({ content: true }).shape,
    format: z.literal(1),
    ask: DeliveryContent,
    answer: z.object({ ...Answer.omit({ subject: true }).shape, nonce: z.string() }).exactOptional(),
  })
  .transform(({ ask, answer, place: where, ...rest }): InvocationRecord => {
    const place = where.surface === passingSurface1 ? { ...where, passing: true } : where;
    const record = { ...rest, place, format: 2, content: ask } as const;
    if (!answer) return record;
    const { nonce, ...given } = answer;
    const own: Subject = { kind: "answer", invocation: record.key };
    return { ...record, answer: { ...given, subject: subjectInId(nonce) ?? own } };
  });
const AnyInvocation = z.discriminatedUnion("format", [InvocationRecord, InvocationRecord1]);

/** An invocation as read, and the revision it stands at. */
export interface ReadInvocation {
  readonly record: InvocationRecord;
  readonly revision: string;
}

/** The key of a delivery: its surface and its id there, and whose it is, so that nobody takes the place of another's. */
export function invocationKey(account: Account, delivery: string): string {
  return `${account.surface}:${account.tenant ?? ""}:${account.id}:${delivery}`;
}

/** The id that a delivery has on its surface. */
export function deliveryOf({ key, account }: Pick<InvocationRecord, "key" | "account">): string {
  return key.slice(invocationKey(account, "").length);
}

export function invocationDocument(key: string): string {
  return `invocation/${key}`;
}

export function parseInvocation(document: Document): ReadInvocation {
  return { record: legible(document, (value) => AnyInvocation.parse(value)), revision: document.revision };
}

export async function readInvocation(store: Store, key: string): Promise<ReadInvocation | undefined> {
  const [document] = await store.read([invocationDocument(key)]);
  return document && parseInvocation(document);
}

/** Accepted and not answered, oldest first. */
export async function openInvocations(store: Pick<Store, "list">, limit: number): Promise<Listed<ReadInvocation>> {
  return eachLegible(await store.list("invocation", "open", { limit }), parseInvocation);
}

/** What a notice about this answers; undefined for what answers nothing, or was answered by the release before. */
export async function invocationAnswered(
  store: Store,
  { notice, subject }: { readonly notice: string; readonly subject: Subject },
): Promise<InvocationRecord | undefined> {
  if (subject.kind === "answer") return (await readInvocation(store, subject.invocation))?.record;
  const [document] = await store.list("invocation", "notice", { from: notice, to: `${notice}\u0001`, limit: 1 });
  return document && parseInvocation(document).record;
}

/** One that is answered leaves the index of open ones; one whose answer is a thing's card is found by the notice of that. */
export function putInvocation(record: InvocationRecord): Put {
  const { answer, place } = record;
  const at = sortable(record.acceptedAt);
  const shows = answer && answer.subject.kind !== "answer" && { notice: noticeId(answer.subject, place) };
  return {
    key: invocationDocument(record.key),
    value: record,
    index: { at, ...(answer === undefined && { open: at }), ...shows },
  };
}
