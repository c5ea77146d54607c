import type { Claimed, Commit, Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";

/** What a round of a slot has to write. */
export type RoundWrite = Pick<Commit, "expect" | "put" | "remove" | "journal" | "notices" | "timers">;

/**
 * Ends a round: what it wrote and when the slot is due again are one commit. Answers false, with nothing written, when the
 * round took so long that another has the slot.
 */
export async function endRound(
  store: Store,
  item: Claimed,
  { write, dueAt }: { readonly write?: RoundWrite; readonly dueAt: number },
): Promise<boolean> {
  const { queue, id, fence, version } = item;
  const { outcome } = await store.commit({
    id: newId(),
    ...write,
    settle: [{ queue, id, fence, version, retryAt: dueAt }],
  });
  return outcome === "committed";
}
