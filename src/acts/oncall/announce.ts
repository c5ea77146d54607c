import { callsOf } from "../../domain/messages/calls.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { HandOver } from "../../domain/oncall/hand-over.ts";
import { type OnCallBook, onCallAt } from "../../domain/oncall/on-call.ts";
import type { Rotation } from "../../domain/oncall/rotation.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import { handOverKey, parseHandOver, putHandOver } from "../../records/hand-over.ts";
import { ifLegible } from "../../records/legible.ts";
import { owedNotice } from "../../records/notice.ts";
import { bookAt } from "../../records/oncall-override.ts";
import { transact } from "../transact.ts";

export interface AnnounceTo {
  readonly policy: Policy;
  readonly places: readonly Place[];
}

/** Puts on record who is on call, and tells it where it is others than before: once over all replicas. The first time nobody takes over from anybody. */
export async function announceHandOvers(store: Store, book: OnCallBook, to: AnnounceTo): Promise<void> {
  for (const rotation of book.rotations) await announce(store, { book, rotation }, to);
}

async function announce(
  store: Store,
  { book, rotation }: { readonly book: OnCallBook; readonly rotation: Rotation },
  { policy, places }: AnnounceTo,
): Promise<void> {
  await transact(store, async (now) => {
    const { given } = await bookAt(store, book, now);
    const { people, isOverride } = onCallAt(rotation, now, given.get(rotation.id));
    const [document] = await store.read([handOverKey(rotation.id)]);
    const before = document && ifLegible(() => parseHandOver(document));
    if (before && before.people.map(({ id }) => id).join() === people.join()) return { result: undefined };
    const nameOf = (id: string): string => policy.people.find((each) => each.id === id)?.name ?? id;
    const handOver: HandOver = {
      rotation: rotation.id,
      title: rotation.title ?? rotation.id,
      people: people.map((id) => ({ id, name: nameOf(id) })),
      before: before?.people ?? [],
      isOverride,
      since: now,
      calls: callsOf(policy, people),
    };
    const subject = { kind: "hand-over" as const, rotation: rotation.id, since: now };
    return {
      result: undefined,
      commit: {
        expect: { [handOverKey(rotation.id)]: document?.revision ?? null },
        put: [putHandOver(handOver)],
        notices: before ? places.map((place) => owedNotice({ subject, place }, now)) : [],
      },
    };
  });
}
