import type { MessageRef } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Subject } from "../../domain/messages/subject.ts";
import type { Store } from "../../domain/store.ts";
import { readButton } from "../../records/button.ts";
import { newId } from "../../records/ids.ts";
import { messageAt, messageKey, putMessage, standingMessage } from "../../records/message.ts";
import { noticeId, owedUpdate, strayNoticeId } from "../../records/notice.ts";

/** Where somebody pressed what. */
export interface Pressed {
  readonly action: string;
  readonly message: MessageRef;
  readonly place: Place;
}

/** A message that shows the state of a thing, and the notice that keeps it up to date. */
export interface Followed {
  readonly notice: string;
  readonly subject: Subject;
  readonly place: Place;
  /** Another message stands for the thing in this place. */
  readonly stray?: true;
}

/**
 * Finds what keeps a message that was pressed up to date. One that the bot lost sight of, because its process was killed
 * right after sending it, is followed from here on; where another has taken its place since, it is a stray. Undefined for
 * what says only what was so when it was asked.
 */
export async function followPressed(store: Store, { action, message, place }: Pressed): Promise<Followed | undefined> {
  const known = await messageAt(store, message);
  const subject = known?.subject ?? (await readButton(store, action))?.subject;
  if (!subject || subject.kind === "answer") return undefined;
  if (known) return { notice: known.notice, subject, place };
  const { thread, ...open } = place;
  // Slack names a message that has answers under it as its own thread.
  const notice = noticeId(subject, thread === undefined || thread === message.id ? open : place);
  const now = await store.now();
  const kept = { ref: message, subject, now };
  const stands = await standingMessage(store, notice);
  const adopted =
    !stands &&
    (await store.commit({ id: newId(), expect: { [messageKey(notice)]: null }, put: [putMessage(notice, kept)] }));
  if (adopted && adopted.outcome === "committed") return { notice, subject, place };
  const stray = strayNoticeId(message);
  await store.commit({ id: newId(), put: [putMessage(stray, kept)] });
  return { notice: stray, subject, place, stray: true };
}

/** Has such a message say what is so now: a stray always, any other where the press changed nothing that would. */
export async function bringUpToDate(
  store: Store,
  followed: Followed,
  { vain }: { readonly vain: boolean },
): Promise<void> {
  if (!vain && !followed.stray) return;
  await store.commit({ id: newId(), notices: [owedUpdate(followed, await store.now())] });
}
