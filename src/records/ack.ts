import { z } from "zod";
import type { Ack } from "../domain/alerts/ack.ts";
import type { ActiveAlert } from "../domain/alerts/alert.ts";
import { type Document, type Put, type Store, sortable } from "../domain/store.ts";
import { eachLegible, legible } from "./legible.ts";
import { liveFingerprint } from "./own-watch.ts";

const StoredAck = z.object({
  format: z.literal(1),
  code: z.string(),
  system: z.string(),
  summary: z.string(),
  by: z.object({ person: z.string(), name: z.string(), account: z.string() }),
  at: z.number(),
  until: z.number().exactOptional(),
});

/** What an alert is called where people type: the same for as long as its source calls it the same. */
export function alertCode(alert: Pick<ActiveAlert, "system" | "source" | "id">): string {
  return liveFingerprint(alert).slice(0, 8);
}

/** One document an alert: whoever acknowledges it next replaces it. */
export function ackKey(code: string): string {
  return `ack/${code}`;
}

/** The acknowledgement that a document holds, or that a delivery was answered with before. */
export function parseAck(value: unknown): Ack {
  const { format: _, ...ack } = StoredAck.parse(value);
  return ack;
}

/** The acknowledgement that a document holds. Throws UnreadableRecord. */
export function parseAckIn(document: Document): Ack {
  return legible(document, parseAck);
}

/** The acknowledgement of the alert with this code, and the revision it stands at. */
export async function readAck(
  store: Store,
  code: string,
): Promise<{ readonly ack: Ack; readonly revision: string } | undefined> {
  const [document] = await store.read([ackKey(code)]);
  return document && { ack: legible(document, parseAck), revision: document.revision };
}

/**
 * The acknowledgements of these alerts, whether they still hold or not, by code. An alert whose acknowledgement cannot be read
 * is shown as one that nobody has acknowledged.
 */
export async function readAcks(store: Store, codes: readonly string[]): Promise<ReadonlyMap<string, Ack>> {
  const documents = await store.read(codes.map(ackKey));
  const { found } = eachLegible(
    documents.filter((document) => document !== undefined),
    (document) => legible(document, parseAck),
  );
  return new Map(found.map((ack) => [ack.code, ack]));
}

/** Found by its age when it is time to drop it, and by when it ends where it does. */
export function putAck(ack: Ack): Put {
  const { code, at, until } = ack;
  return {
    key: ackKey(code),
    value: storedAck(ack),
    index: { at: sortable(at), ...(until !== undefined && { until: sortable(until) }) },
  };
}

/** Acknowledgements that have ended by a time in ms, those that did first first. */
export async function acksEnded(store: Pick<Store, "list">, at: number, limit: number): Promise<readonly Ack[]> {
  const documents = await store.list("ack", "until", { to: sortable(at + 1), limit });
  return eachLegible(documents, parseAckIn).found;
}

/** An acknowledgement as it is kept, also as what a delivery is answered with when it comes again. */
export function storedAck(ack: Ack): z.output<typeof StoredAck> {
  return { format: 1, ...ack };
}
