import { nextChange, type OnCall, type OnCallBook, onCallAt, peopleOnCall } from "../domain/oncall/on-call.ts";
import type { BookedRotation } from "../domain/oncall/rotation.ts";
import type { Store } from "../domain/store.ts";
import { bookAt } from "../records/oncall-override.ts";

/** Who is on call in a rotation at a time, and who is next. */
export interface RotationAt extends OnCall {
  readonly rotation: BookedRotation;
  readonly next: ReturnType<typeof nextChange>;
}

/** Every rotation at a time in ms, with what was changed of it in chat. */
export async function rotationsAt(
  store: Pick<Store, "list">,
  book: OnCallBook,
  now: number,
): Promise<readonly RotationAt[]> {
  const { rotations, given } = await bookAt(store, book, now);
  return rotations.map((rotation) => ({
    rotation,
    ...onCallAt(rotation, now, given.get(rotation.id)),
    next: nextChange(rotation, now, given.get(rotation.id)),
  }));
}

/** Ids of the people that these ids, of rotations and of people, stand for at a time in ms, with what was changed in chat. */
export async function peopleCalled(
  store: Pick<Store, "list">,
  { book, ids }: { readonly book: OnCallBook; readonly ids: readonly string[] },
  now: number,
): Promise<readonly string[]> {
  return [...new Set(peopleOnCall(await bookAt(store, book, now), ids, now))];
}
