/** The queue of the slots: one item a slot, whichever replica claims it runs its round. */
export const scheduleQueue = "schedule";

/**
 * When the slot after a moment begins. Slots lie on the wall clock, so that replicas that started at different times mean
 * the same ones; a moment long past its slot leads to the next one to come, so slots that were missed are made up for by one round and not by many.
 */
export function nextSlotAt(now: number, everyMs: number): number {
  return (Math.floor(now / everyMs) + 1) * everyMs;
}
