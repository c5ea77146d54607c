import { z } from "zod";
import { FieldValues } from "../domain/commands/delivery-content.ts";
import type { CardAction } from "../domain/messages/card.ts";
import { Subject } from "../domain/messages/subject.ts";
import { type Put, type Store, sortable } from "../domain/store.ts";
import { canonical, sha256 } from "./ids.ts";
import { legible } from "./legible.ts";

/** What a button does. Its id on a platform is only the key to this. */
export const StoredButton = z.object({
  format: z.literal(1),
  command: z.string(),
  args: FieldValues,
  ask: z.array(z.string()),
  /** What the card that it stands on is about; the release before did not say. */
  subject: Subject.exactOptional(),
});
export type StoredButton = z.output<typeof StoredButton>;

export function buttonKey(id: string): string {
  return `button/${id}`;
}

/** The same action of the same subject has the same id, however often its card is made. `nth`: of several alike in one card. */
export function buttonId(subject: Subject, { label, command, args, ask = [] }: CardAction, nth: number): string {
  return sha256(canonical({ subject, label, command, args, ask, nth })).slice(0, 32);
}

export async function readButton(store: Store, id: string): Promise<StoredButton | undefined> {
  const [document] = await store.read([buttonKey(id)]);
  return document && legible(document, (value) => StoredButton.parse(value));
}

export function putButton(
  id: string,
  { command, args, ask = [], subject }: Pick<CardAction, "command" | "args" | "ask"> & { readonly subject?: Subject },
  now: number,
): Put {
  const value = { format: 1, command, args, ask, ...(subject && { subject }) };
  return { key: buttonKey(id), value, index: { at: sortable(now) } };
}
