import { z } from "zod";
import type { HandOver } from "../domain/oncall/hand-over.ts";
import { Account } from "../domain/people/person.ts";
import type { Document, Put, Store } from "../domain/store.ts";
import { legible } from "./legible.ts";

const Named = z.object({ id: z.string(), name: z.string() });

const StoredHandOver = z.object({
  format: z.literal(1),
  rotation: z.string(),
  title: z.string(),
  people: z.array(Named),
  before: z.array(Named),
  isOverride: z.boolean(),
  since: z.number(),
  calls: z.array(z.object({ account: Account, name: z.string() })),
});

export function handOverKey(rotation: string): string {
  return `hand-over/${rotation}`;
}

/** The last one of a rotation takes the place of the one before. */
export function putHandOver(handOver: HandOver): Put {
  const { people, before, calls } = handOver;
  const lists = { people: [...people], before: [...before], calls: calls.map((each) => ({ ...each })) };
  return { key: handOverKey(handOver.rotation), value: { format: 1, ...handOver, ...lists } };
}

export function parseHandOver(document: Document): HandOver {
  const { format: _, ...handOver } = legible(document, (value) => StoredHandOver.parse(value));
  return handOver;
}

/** The last one of a rotation; undefined where none is on record, or it is not the one of this time. */
export async function readHandOver(
  store: Pick<Store, "read">,
  { rotation, since }: Pick<HandOver, "rotation" | "since">,
): Promise<HandOver | undefined> {
  const [document] = await store.read([handOverKey(rotation)]);
  const last = document && parseHandOver(document);
  return last?.since === since ? last : undefined;
}
