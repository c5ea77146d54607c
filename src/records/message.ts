import { z } from "zod";
import { MessageRef } from "../domain/messages/message.ts";
import { Subject, subjectTraits } from "../domain/messages/subject.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";
import { subjectInId } from "./message-format-1.ts";

/** Where the message of a notice stands. Its id is empty where no lasting one is left, as of a message that one person saw. */
/** Which revision of a thing a message showed first, and which it shows. `dead`: it was given up, and shows nothing. */
const ShownRevision = z.object({ first: z.number(), rev: z.number(), dead: z.literal(true).exactOptional() });
export type ShownRevision = Readonly<z.output<typeof ShownRevision>>;

const MessageRecord = z.object({
  format: z.literal(2),
  ...MessageRef.shape,
  subject: Subject,
  shown: ShownRevision.exactOptional(),
});
const MessageRecord1 = MessageRef;

export interface KeptMessage {
  readonly ref: MessageRef;
  /** Undefined for what the format before says nothing of. */
  readonly subject: Subject | undefined;
  /** Of a thing whose revisions are counted. */
  readonly shown?: ShownRevision;
}

export function messageKey(notice: string): string {
  return `message/${notice}`;
}

function parseMessage(document: Document): KeptMessage {
  const { success, data } = MessageRecord.safeParse(document.value);
  if (success) {
    const { surface, channel, id, subject, shown } = data;
    return { ref: { surface, channel, id }, subject, ...(shown && { shown }) };
  }
  return {
    ref: legible(document, (value) => MessageRecord1.parse(value)),
    subject: subjectInId(document.key.slice(messageKey("").length)),
  };
}

/** The message of a notice that has been sent, also one of which no lasting id is left. */
export async function readMessage(store: Pick<Store, "read">, notice: string): Promise<KeptMessage | undefined> {
  const [document] = await store.read([messageKey(notice)]);
  return document && parseMessage(document);
}

/** What each of these notices has shown of the thing that it is about; undefined where none was sent, or that is not counted. */
export async function shownRevisions(
  store: Pick<Store, "read">,
  notices: readonly string[],
): Promise<(ShownRevision | undefined)[]> {
  const documents = await store.read(notices.map(messageKey));
  return documents.map((document) => document && ifLegible(() => parseMessage(document))?.shown);
}

/** Where the message of a notice stands; undefined when it has not been sent, or can no longer be pointed at. */
export async function standingMessage(store: Store, notice: string): Promise<MessageRef | undefined> {
  const ref = (await readMessage(store, notice))?.ref;
  return ref?.id === "" ? undefined : ref;
}

/** What stands as this message, and the notice that it stands for; undefined when the bot did not post it, or long ago. */
export async function messageAt(
  store: Store,
  ref: MessageRef,
): Promise<(KeptMessage & { readonly notice: string }) | undefined> {
  const [document] = await store.list("message", "ref", { from: refText(ref), to: `${refText(ref)}\u0001`, limit: 1 });
  return document && { ...parseMessage(document), notice: document.key.slice(messageKey("").length) };
}

/** Found by its notice and by its place, for as long as its subject's kind says. */
export function putMessage(notice: string, { ref, subject, shown, now }: KeptMessage & { readonly now: number }): Put {
  const kept = subject ? subjectTraits[subject.kind].keptMs : subjectTraits.trouble.keptMs;
  return {
    key: messageKey(notice),
    value: {
      ...(subject && { format: 2, subject, ...(shown && { shown }) }),
      surface: ref.surface,
      channel: ref.channel,
      id: ref.id,
    },
    index: { ref: refText(ref), until: sortable(now + kept) },
  };
}

function refText({ surface, channel, id }: MessageRef): string {
  return `${surface}:${channel}:${id}`;
}
