import { z } from "zod";
import type { Key, Put, Store } from "../domain/store.ts";
import { ifLegible, legible } from "./legible.ts";

/** The pace that a slot was armed with: every replica goes by it, also one that is configured otherwise. */
const SlotRecord = z.object({ format: z.literal(1), everyMs: z.number().positive() });
export type SlotRecord = z.output<typeof SlotRecord>;

export function slotKey(slot: string): Key {
  return `slot/${slot}`;
}

/** Undefined for a slot that was never armed; without a record where its pace cannot be read, so that it is armed anew. */
export async function readSlot(
  store: Store,
  slot: string,
): Promise<{ readonly record: SlotRecord | undefined; readonly revision: string } | undefined> {
  const [document] = await store.read([slotKey(slot)]);
  if (!document) return undefined;
  return {
    record: ifLegible(() => legible(document, (value) => SlotRecord.parse(value))),
    revision: document.revision,
  };
}

export function putSlot(slot: string, everyMs: number): Put {
  return { key: slotKey(slot), value: { format: 1, everyMs } satisfies SlotRecord };
}
