import { z } from "zod";
import type { Key, Put, Store } from "../domain/store.ts";

/** The pace that a slot was armed with: every replica goes by it, also one that is configured otherwise. */
const SlotRecord = z.object({ format: z.literal(1), everyMs: z.number().positive() });
export type SlotRecord = z.output<typeof SlotRecord>;

export function slotKey(slot: string): Key {
  return `slot/${slot}`;
}

/** Undefined for a slot that was never armed. */
export async function readSlot(
  store: Store,
  slot: string,
): Promise<{ readonly record: SlotRecord; readonly revision: string } | undefined> {
  const [document] = await store.read([slotKey(slot)]);
  return document && { record: SlotRecord.parse(document.value), revision: document.revision };
}

export function putSlot(slot: string, everyMs: number): Put {
  return { key: slotKey(slot), value: { format: 1, everyMs } satisfies SlotRecord };
}
