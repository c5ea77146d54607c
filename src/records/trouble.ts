import { z } from "zod";
import { Place } from "../domain/messages/place.ts";
import type { Document, Put, Store } from "../domain/store.ts";
import { sortable } from "../domain/store.ts";
import { legible } from "./legible.ts";

const Told = {
  since: z.number(),
  what: z.string(),
  remedy: z.string(),
  /** Where it was told. */
  places: z.array(Place),
};
export const TroubleRecord = z.object({
  format: z.literal(2),
  ...Told,
  /** What people call the surface that it is a trouble with. */
  surfaceName: z.string(),
  overAt: z.number().exactOptional(),
});
export type TroubleRecord = z.output<typeof TroubleRecord>;

/** The format before: removed once it was over. It kept the id of the surface alone, which stands for its name. */
const TroubleRecord1 = z
  .object({ ...Told, surface: z.string(), surfaceName: z.string().exactOptional() })
  .transform(({ surface, surfaceName = surface, ...told }): TroubleRecord => ({ format: 2, ...told, surfaceName }));
const AnyTrouble = z.union([TroubleRecord, TroubleRecord1]);

/** That the files cannot be used. The same id is the same trouble, for all replicas. */
export const configurationTrouble = "configuration";

/** That the files hold people and rules which nobody is asked to agree to. */
export const peopleAndRulesTrouble = "people-and-rules";

/** A trouble that lasts. */
export function troubleKey(id: string): string {
  return `trouble/${id}`;
}

/** One that is over is kept apart, by when it began: the same may come back while its message is still to be brought up to date. */
export function overTroubleKey(id: string, since: number): string {
  return `trouble/${id}@${since}`;
}

export function parseTrouble(document: Document): TroubleRecord {
  return legible(document, (value) => AnyTrouble.parse(value));
}

/** The trouble that began then, whether it lasts or is over; undefined when it is long over. */
export async function readTrouble(store: Store, id: string, since: number): Promise<TroubleRecord | undefined> {
  for (const document of await store.read([troubleKey(id), overTroubleKey(id, since)])) {
    const found = document && parseTrouble(document);
    if (found?.since === since) return found;
  }
  return undefined;
}

export function putTrouble(id: string, trouble: TroubleRecord): Put {
  return trouble.overAt === undefined
    ? { key: troubleKey(id), value: trouble }
    : { key: overTroubleKey(id, trouble.since), value: trouble, index: { overAt: sortable(trouble.overAt) } };
}
