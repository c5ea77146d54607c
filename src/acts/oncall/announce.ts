import { callsOf } from "../../domain/messages/calls.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { HandOver } from "../../domain/oncall/hand-over.ts";
import { type OnCallBook, onCallAt } from "../../domain/oncall/on-call.ts";
import type { Rotation } from "../../domain/oncall/rotation.ts";
import { personName } from "../../domain/people/person.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import { handOverKey, parseHandOver, putHandOver } from "../../records/hand-over.ts";
import { ifLegible } from "../../records/legible.ts";
import { owedNotice } from "../../records/notice.ts";
import { bookAt } from "../../records/oncall-override.ts";
import { transact } from "../transact.ts";

export interface AnnounceTo {
  readonly policy: Policy;
  /** Where it is told who takes over in a rotation. */
  readonly placesOf: (rotation: Rotation) => readonly Place[];
}

/** Puts on record who is on call, and tells it where it is others than before: once over all replicas. The first time nobody takes over from anybody. */
export async function announceHandOvers(
  store: Store,
  book: OnCallBook,
  { policy, placesOf }: AnnounceTo,
): Promise<void> {
  await transact(store, async (now) => {
    const { given, rotations } = await bookAt(store, book, now);
    const documents = await store.read(rotations.map(({ id }) => handOverKey(id)));
    const taken = rotations.flatMap((rotation, at) => {
      // Who is on call by a calendar that nobody has looked at yet is unknown.
      if (rotation.calendar && !rotation.shifts) return [];
      const document = documents[at];
      const before = document && ifLegible(() => parseHandOver(document));
      const { people, isOverride } = onCallAt(rotation, now, given.get(rotation.id));
      if (before && before.people.map(({ id }) => id).join() === people.join()) return [];
      const handOver: HandOver = {
        rotation: rotation.id,
        title: rotation.title ?? rotation.id,
        people: people.map((id) => ({ id, name: personName(id, policy.people) })),
        before: before?.people ?? [],
        isOverride,
        since: now,
        calls: callsOf(policy, people),
      };
      return [{ handOver, places: before ? placesOf(rotation) : [], revision: document?.revision ?? null }];
    });
    if (taken.length === 0) return { result: undefined };
    return {
      result: undefined,
      commit: {
        expect: Object.fromEntries(taken.map(({ handOver, revision }) => [handOverKey(handOver.rotation), revision])),
        put: taken.map(({ handOver }) => putHandOver(handOver)),
        notices: taken.flatMap(({ handOver: { rotation, since }, places }) =>
          places.map((place) => owedNotice({ subject: { kind: "hand-over", rotation, since }, place }, now)),
        ),
      },
    };
  });
}
