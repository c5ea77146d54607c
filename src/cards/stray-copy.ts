import type { Card } from "../domain/messages/card.ts";

/** The card of a copy that another one stands for: what is so now, without buttons, because it does not follow any more. */
export function strayCopy(card: Card): Card {
  const footer = ["An older copy: it follows no more.", card.footer].filter(Boolean).join(" ");
  return { ...card, actions: [], footer };
}
