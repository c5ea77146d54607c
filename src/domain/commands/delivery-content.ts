import { z } from "zod";
import { MessageRef } from "../messages/message.ts";
import { Scalar } from "../systems/values.ts";

/** What the fields of a command were given, by name. */
export const FieldValues = z.record(z.string(), Scalar);
export type FieldValues = Readonly<z.output<typeof FieldValues>>;

/** What a person typed, sent, pressed or picked. */
export const DeliveryContent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  /** `carried`: names of the values that a button brought into the form, which nobody was shown as a field. */
  z.object({
    kind: z.literal("form"),
    command: z.string(),
    values: FieldValues,
    carried: z.array(z.string()).exactOptional(),
  }),
  /** `action` is the id of a card's action; `message` where it was pressed, unless one person sees that alone. */
  z.object({ kind: z.literal("press"), action: z.string(), message: MessageRef.exactOptional() }),
  /** A command asked of a message that stands in a channel: a message shortcut, a context menu. */
  z.object({
    kind: z.literal("message"),
    command: z.string(),
    message: MessageRef,
    /** What it says, as its platform shows it; what the bot's own cards say is known by the message alone. */
    text: z.string().default(""),
    /** Only a sign was put under it: it asks of what the message shows as a whole, and nothing where it shows none of that. */
    reaction: z.literal(true).exactOptional(),
  }),
]);
export type DeliveryContent = Readonly<z.output<typeof DeliveryContent>>;
