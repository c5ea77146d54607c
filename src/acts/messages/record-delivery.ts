import { z } from "zod";
import { nobody } from "../../domain/journal.ts";
import type { MessageRef } from "../../domain/messages/message.ts";
import { SurfaceId } from "../../domain/people/surface.ts";
import { type Claimed, type Put, type Store, sortable } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";

const Message = z.object({ surface: SurfaceId, channel: z.string(), id: z.string() });

/** Where the message of a notice stands, once it has been posted. */
export async function postedMessage(store: Store, notice: string): Promise<MessageRef | undefined> {
  const [document] = await store.read([messageKey(notice)]);
  const ref = document && Message.parse(document.value);
  return ref?.id === "" ? undefined : ref;
}

/** Has the message of a notice been sent, also one of which no lasting id is left? */
export async function wasDelivered(store: Store, notice: string): Promise<boolean> {
  const [document] = await store.read([messageKey(notice)]);
  return document !== undefined;
}

/** The notice that stands as this message; undefined when the bot did not post it, or long ago. */
export async function noticeAt(store: Store, ref: MessageRef): Promise<string | undefined> {
  const [document] = await store.list("message", "ref", { from: refText(ref), to: `${refText(ref)}\u0001`, limit: 1 });
  return document?.key.slice("message/".length);
}

/** Where a notice stands, found by the notice and by the place. */
function messagePut(notice: string, ref: MessageRef, now: number): Put {
  const { surface, channel, id } = ref;
  return {
    key: messageKey(notice),
    value: { surface, channel, id },
    index: { ref: refText(ref), at: sortable(now) },
  };
}

function refText({ surface, channel, id }: MessageRef): string {
  return `${surface}:${channel}:${id}`;
}

/** Records where an answer will stand before it is there, so that whoever gives it in the end gives it in that place. */
export async function recordPlaceholder(store: Store, invocation: string, ref: MessageRef): Promise<void> {
  await store.commit({ id: newId(), put: [messagePut(answerNotice(invocation), ref, await store.now())] });
}

/** The id of the notice of an answer that is no copy of a request's card. */
export function answerNotice(invocation: string): string {
  return `answer:${invocation}`;
}

/** The invocation whose answer a notice is. */
export function invocationOf(notice: string): string | undefined {
  return /^answer:(.*)$/s.exec(notice)?.[1];
}

/** The message that stands for one notice is another's from here on: one message belongs to one notice. */
export function messageMoved(
  from: string,
  to: { readonly notice: string; readonly ref: MessageRef; readonly now: number },
): { readonly put: readonly Put[]; readonly remove: readonly string[] } {
  return { put: [messagePut(to.notice, to.ref, to.now)], remove: [messageKey(from)] };
}

/**
 * Records the message and ends the claim. Where the power fails it is sent once more under its nonce, which the platforms
 * know. False when another has taken the notice over; the record stands all the same.
 */
export async function recordDelivery(
  store: Store,
  item: Pick<Claimed, "queue" | "id" | "fence" | "version">,
  ref: MessageRef | Pick<MessageRef, "surface" | "channel">,
): Promise<boolean> {
  // A message that one person saw alone has no id to come back to, and yet it has been sent.
  const put = [messagePut(item.id, { id: "", ...ref }, await store.now())];
  const settled = await store.commit({
    id: newId(),
    put,
    settle: [{ queue: item.queue, id: item.id, fence: item.fence, version: item.version }],
    relaxed: true,
  });
  if (settled.outcome === "committed") return true;
  await store.commit({ id: newId(), put });
  return false;
}

/** Gives a notice up, on record: whoever wonders where a message went finds it in the journal. */
export async function recordUndeliverable(
  store: Store,
  item: Pick<Claimed, "queue" | "id" | "fence" | "version">,
  lost: { readonly surface: string; readonly title: string; readonly why: string },
): Promise<void> {
  await store.commit({
    id: newId(),
    journal: [{ kind: "notice.undeliverable", at: await store.now(), who: nobody, notice: item.id, ...lost }],
    settle: [{ queue: item.queue, id: item.id, fence: item.fence, version: item.version }],
  });
}

function messageKey(notice: string): string {
  return `message/${notice}`;
}
