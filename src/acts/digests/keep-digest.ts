import { nobody } from "../../domain/journal.ts";
import type { Attachment } from "../../domain/messages/card.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Subject } from "../../domain/messages/subject.ts";
import type { Claimed, Store } from "../../domain/store.ts";
import { type DigestRecord, digestKey, putDigest, putPictures, readDigest } from "../../records/digest.ts";
import { newId } from "../../records/ids.ts";
import { noticeId, owedNotice } from "../../records/notice.ts";

/** What was made of a digest that was due. */
export interface MadeDigest extends Pick<DigestRecord, "sections" | "comparedWith"> {
  readonly places: readonly Place[];
  readonly pictures: readonly Attachment[];
}

type Held = Pick<Claimed, "queue" | "id" | "fence" | "version">;

/**
 * Keeps what was made, and owes it to its places, in the commit that ends the claim: whoever died before made nothing, and
 * after it there is nothing left to make. False where another has made it, or the claim was lost.
 */
export async function keepDigest(
  store: Store,
  { item, record }: { readonly item: Held; readonly record: DigestRecord },
  made: MadeDigest,
): Promise<boolean> {
  const read = await readDigest(store, record);
  if (read?.record.state !== "due") return false;
  const now = await store.now();
  const { name, slot } = record;
  const { sections, comparedWith, places, pictures } = made;
  const kept: DigestRecord = { ...record, state: "made", madeAt: now, places: places.length, sections, comparedWith };
  const subject: Subject = { kind: "digest", name, slot };
  const { outcome } = await store.commit({
    id: newId(),
    expect: { [digestKey(record)]: read.revision },
    put: [putDigest(kept), ...putPictures(record, pictures, now)],
    journal: [
      { kind: "digest.made", at: now, who: nobody, digest: name, slot, dueAt: record.dueAt, places: places.length },
    ],
    notices: places.flatMap((place) => [
      owedNotice({ subject, place }, now),
      owedNotice({ subject: { kind: "digest-details", name, slot, under: noticeId(subject, place) }, place }, now),
    ]),
    settle: [{ queue: item.queue, id: item.id, fence: item.fence, version: item.version }],
  });
  return outcome === "committed";
}

/** Nobody can make it: it is no longer configured. */
export async function missDigest(
  store: Store,
  { item, record, why }: { readonly item: Held; readonly record: DigestRecord; readonly why: string },
): Promise<void> {
  const read = await readDigest(store, record);
  if (read?.record.state !== "due") return;
  const now = await store.now();
  const { name, slot, dueAt } = record;
  await store.commit({
    id: newId(),
    expect: { [digestKey(record)]: read.revision },
    put: [putDigest({ ...record, state: "missed", why })],
    journal: [{ kind: "digest.missed", at: now, who: nobody, digest: name, slot, dueAt, why }],
    settle: [{ queue: item.queue, id: item.id, fence: item.fence, version: item.version }],
  });
}
