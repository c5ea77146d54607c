import { nextSlotAt, scheduleQueue } from "../../domain/schedule.ts";
import type { Store } from "../../domain/store.ts";
import { putSlot, readSlot, slotKey } from "../../records/slot.ts";
import { transact } from "../transact.ts";

/**
 * Puts a slot in the queue, due at once, unless it stands there. One that stands there with another pace gets this one: of
 * replicas that are configured differently the last to start or to be configured anew sets the pace for all.
 */
export async function armSlot(store: Store, slot: { readonly id: string; readonly everyMs: number }): Promise<void> {
  const { id, everyMs } = slot;
  await transact(store, async (now) => {
    const armed = await readSlot(store, id);
    if (armed?.record?.everyMs === everyMs) return { result: undefined };
    return {
      result: undefined,
      commit: {
        expect: { [slotKey(id)]: armed?.revision ?? null },
        put: [putSlot(id, everyMs)],
        timers: [{ queue: scheduleQueue, id, due: armed ? nextSlotAt(now, everyMs) : now, body: {} }],
      },
    };
  });
}
