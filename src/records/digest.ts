import { z } from "zod";
import { MadeSection } from "../domain/digests/section.ts";
import type { Attachment } from "../domain/messages/card.ts";
import { type Document, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { filesOf, KeptFiles, keptFilesOf } from "./kept-files.ts";
import { eachLegible, ifLegible, legible } from "./legible.ts";

/** Where digests that are due wait to be made. */
export const digestQueue = "digests";

const kind = "digest";

const StoredDigest = z.object({
  format: z.literal(1),
  name: z.string(),
  title: z.string(),
  zone: z.string(),
  /** The local date that it is of; of one that was asked for besides, what tells it from that. */
  slot: z.string(),
  /** When it was due, and what time it tells of, ms. */
  dueAt: z.number(),
  from: z.number(),
  to: z.number(),
  state: z.enum(["due", "made", "missed"]),
  /** Why it was missed. */
  why: z.string().exactOptional(),
  /** Who asked for it, where it is not a slot's. */
  askedBy: z.string().exactOptional(),
  madeAt: z.number().exactOptional(),
  /** How many places it went to. */
  places: z.number().exactOptional(),
  sections: z.array(MadeSection),
  /** What it is compared with, in words; none where nothing of before is on record. */
  comparedWith: z.array(z.string()),
});
/** One digest: due, made as people read it, or missed. */
export type DigestRecord = Readonly<Omit<z.output<typeof StoredDigest>, "format">>;

/** What one digest is told from every other by. */
export type DigestIdentity = Pick<DigestRecord, "name" | "slot">;

export function digestId({ name, slot }: DigestIdentity): string {
  return `${name}/${slot}`;
}

export function digestKey(of: DigestIdentity): string {
  return `${kind}/${digestId(of)}`;
}

const OwedDigest = z.object({ name: z.string(), slot: z.string() });

/** The digest that an item of the queue is of. */
export function readOwedDigest(body: unknown): DigestIdentity {
  return OwedDigest.parse(body);
}

/** Found among those of its name by what it tells of, and by its age. */
export function putDigest(record: DigestRecord): Put {
  const { name, to, dueAt } = record;
  return {
    key: digestKey(record),
    value: { format: 1, ...record },
    index: { of: `${name}/${sortable(to)}`, at: sortable(dueAt) },
  };
}

function parseDigest(document: Document): DigestRecord {
  const { format: _, ...record } = legible(document, (value) => StoredDigest.parse(value));
  return record;
}

export async function readDigest(
  store: Pick<Store, "read">,
  of: DigestIdentity,
): Promise<{ readonly record: DigestRecord; readonly revision: string } | undefined> {
  const [document] = await store.read([digestKey(of)]);
  return document && { record: parseDigest(document), revision: document.revision };
}

/** Those of a name that tell of a time until then (ms), the newest first. */
export async function digestsUntil(
  store: Pick<Store, "list">,
  name: string,
  { until, limit }: { readonly until: number; readonly limit: number },
): Promise<Listed<DigestRecord>> {
  const { from } = rangeBelow(name);
  const to = `${name}/${sortable(until + 1)}`;
  return eachLegible(await store.list(kind, "of", { from, to, reverse: true, limit }), parseDigest);
}

const StoredProgress = z.object({ format: z.literal(1), last: z.string(), at: z.number() });
/** Up to which local date the slots of a digest are done with, and since when. */
export type DigestProgress = Readonly<Omit<z.output<typeof StoredProgress>, "format">>;

export function progressKey(name: string): string {
  return `digest-progress/${name}`;
}

export function putProgress(name: string, progress: DigestProgress): Put {
  return { key: progressKey(name), value: { format: 1, ...progress } };
}

/** Undefined where it cannot be read: it begins anew. */
export function parseProgress(document: Document): DigestProgress | undefined {
  return ifLegible(() => {
    const { format: _, ...progress } = legible(document, (value) => StoredProgress.parse(value));
    return progress;
  });
}

const StoredPictures = z.object({ format: z.literal(1), files: KeptFiles });

function picturesKey(of: DigestIdentity): string {
  return `digest-picture/${digestId(of)}`;
}

/** Found by their age: they are wanted until every place has them. */
export function putPictures(of: DigestIdentity, pictures: readonly Attachment[], now: number): Put[] {
  if (pictures.length === 0) return [];
  return [{ key: picturesKey(of), value: { format: 1, files: keptFilesOf(pictures) }, index: { at: sortable(now) } }];
}

/** None where there were none, or long ago. */
export async function readPictures(store: Pick<Store, "read">, of: DigestIdentity): Promise<readonly Attachment[]> {
  const [document] = await store.read([picturesKey(of)]);
  const read = document && ifLegible(() => legible(document, (value) => StoredPictures.parse(value)));
  return read ? filesOf(read.files) : [];
}
