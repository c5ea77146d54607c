import type { Card, CardAction } from "../../domain/messages/card.ts";
import type { Subject } from "../../domain/messages/subject.ts";
import type { Put, Store } from "../../domain/store.ts";
import { buttonId, putButton } from "../../records/button.ts";
import { newId } from "../../records/ids.ts";

/** Gives each button without an id its own, and says what is to be stored so that it works. */
export function withButtons(
  card: Card,
  subject: Subject,
  now: number,
): { readonly card: Card; readonly buttons: readonly Put[] } {
  if (!card.actions) return { card, buttons: [] };
  const buttons: Put[] = [];
  const taken = new Set<string>();
  const actions = card.actions.map((action): CardAction => {
    if (action.id !== undefined) return action;
    let nth = 0;
    // Two alike in one card are two buttons all the same: a platform refuses a message with one id twice.
    while (taken.has(buttonId(subject, action, nth))) nth += 1;
    const id = buttonId(subject, action, nth);
    taken.add(id);
    buttons.push(putButton(id, { ...action, subject }, now));
    return { ...action, id };
  });
  return { card: { ...card, actions }, buttons };
}

/** The card with buttons that work: what they do is stored before they are shown, where it is not stored already. */
export async function storeButtons(store: Store, card: Card, subject: Subject): Promise<Card> {
  const { card: ready, buttons } = withButtons(card, subject, await store.now());
  if (buttons.length === 0) return ready;
  const known = await store.read(buttons.map(({ key }) => key));
  const put = buttons.filter((_, position) => known[position] === undefined);
  if (put.length > 0) await store.commit({ id: newId(), put });
  return ready;
}
