import { nobody } from "../../domain/journal.ts";
import type { MessageRef } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Subject } from "../../domain/messages/subject.ts";
import type { Claimed, Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import type { InvocationRecord } from "../../records/invocation.ts";
import { filesKey } from "../../records/kept-files.ts";
import { putMessage, readMessage } from "../../records/message.ts";
import { noticeId } from "../../records/notice.ts";

type Held = Pick<Claimed, "queue" | "id" | "fence" | "version">;

/** Records where an answer will stand before it is there, so that whoever gives it in the end gives it in that place. */
export async function recordPlaceholder(
  store: Store,
  { key, place }: Pick<InvocationRecord, "key" | "place">,
  ref: MessageRef,
): Promise<void> {
  const subject: Subject = { kind: "answer", invocation: key };
  const put = putMessage(noticeId(subject, place), { ref, subject, now: await store.now() });
  await store.commit({ id: newId(), put: [put] });
}

interface Sent {
  /** Without an id where one person saw it alone: there is nothing to come back to, and yet it has been sent. */
  readonly ref: MessageRef | Pick<MessageRef, "surface" | "channel">;
  readonly subject: Subject | undefined;
  /** Its files were kept for whoever sends it, and are needed no more. */
  readonly keptFiles?: boolean;
  /** Of a thing whose revisions are counted: the one that the message shows. */
  readonly rev?: number;
}

/**
 * Records the message and ends the claim. Where the power fails it is sent once more under its nonce, which the platforms
 * know. False when another has taken the notice over; the record stands all the same.
 */
export async function recordSent(store: Store, item: Held, { ref, subject, keptFiles, rev }: Sent): Promise<boolean> {
  const before = rev === undefined ? undefined : await readMessage(store, item.id);
  const shown = rev === undefined ? {} : { shown: { first: before?.shown?.first ?? rev, rev } };
  const put = [putMessage(item.id, { ref: { id: "", ...ref }, subject, now: await store.now(), ...shown })];
  const settled = await store.commit({
    id: newId(),
    put,
    remove: keptFiles && subject?.kind === "answer" ? [filesKey(subject.invocation)] : [],
    settle: [{ queue: item.queue, id: item.id, fence: item.fence, version: item.version }],
    relaxed: true,
  });
  if (settled.outcome === "committed") return true;
  await store.commit({ id: newId(), put });
  return false;
}

interface Lost {
  readonly surface: string;
  readonly title: string;
  readonly why: string;
  /** Of a thing whose revisions are counted: the one that nobody is shown there. */
  readonly unshown?: { readonly subject: Subject; readonly place: Place; readonly rev: number };
}

/** Gives a notice up, on record: whoever wonders where a message went finds it in the journal. */
export async function recordUndeliverable(store: Store, item: Held, given: Lost): Promise<void> {
  const { unshown, ...lost } = given;
  const now = await store.now();
  const standing = unshown && (await readMessage(store, item.id));
  const { surface, channel } = unshown?.place ?? { surface: "", channel: "" };
  await store.commit({
    id: newId(),
    ...(unshown && {
      put: [
        putMessage(item.id, {
          ref: standing?.ref ?? { surface, channel, id: "" },
          subject: unshown.subject,
          now,
          shown: { first: standing?.shown?.first ?? unshown.rev, rev: unshown.rev, dead: true },
        }),
      ],
    }),
    journal: [{ kind: "notice.undeliverable", at: now, who: nobody, notice: item.id, ...lost }],
    settle: [{ queue: item.queue, id: item.id, fence: item.fence, version: item.version }],
  });
}
