import { announceHandOvers } from "../acts/oncall/announce.ts";
import type { Place } from "../domain/messages/place.ts";
import type { OnCallBook } from "../domain/oncall/on-call.ts";
import type { Rotation } from "../domain/oncall/rotation.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** Tells in the channels that are named who takes over, once over all replicas. */
export function handOverSlot(ports: {
  readonly store: Store;
  readonly policyInForce: () => Promise<Policy>;
  readonly oncall: () => { readonly book: OnCallBook; readonly announce: readonly string[] };
}): ScheduleSlot {
  return {
    id: "hand-overs",
    everyMs: () => 15_000,
    async run() {
      const { book, announce } = ports.oncall();
      if (book.rotations.length === 0) return {};
      const policy = await ports.policyInForce();
      const placesOf = (rotation: Rotation): readonly Place[] =>
        policy.channels
          .filter(({ id }) => announce.includes(id) || rotation.announce.includes(id))
          .map(({ surface, channel }) => ({ surface, channel }));
      await announceHandOvers(ports.store, book, { policy, placesOf });
      return {};
    },
  };
}
