import { z } from "zod";
import { outcomes } from "../../domain/messages/message.ts";

/** What the terminal sends to a running bot. `as` names a demo person's terminal account and is refused outside the demo. */
export const TerminalDelivery = z.strictObject({
  text: z.string().min(1).max(4_000),
  as: z.string().max(80).exactOptional(),
  /** Random per ask: the same ask sent again runs once. */
  delivery: z.string().regex(/^[\w-]{16,64}$/),
});
export type TerminalDelivery = z.output<typeof TerminalDelivery>;

/** What it gets back. `--json` prints all but `text` and `files`. */
export const TerminalAnswer = z.object({
  outcome: z.enum(outcomes),
  request: z.object({ id: z.string(), state: z.string() }).exactOptional(),
  card: z.looseObject({ tone: z.string(), title: z.string(), blocks: z.array(z.looseObject({ kind: z.string() })) }),
  text: z.string(),
  files: z.array(z.object({ name: z.string(), mediaType: z.string(), base64: z.string() })),
});
export type TerminalAnswer = z.output<typeof TerminalAnswer>;

/** What whoever tells a running bot to read its files anew gets back. */
export const ReloadAnswer = z.discriminatedUnion("taken", [
  z.object({ taken: z.literal(true), waiting: z.string().exactOptional(), notes: z.array(z.string()).readonly() }),
  z.object({ taken: z.literal(false), problems: z.array(z.string()).readonly() }),
]);
export type ReloadAnswer = z.output<typeof ReloadAnswer>;

export const terminalPath = "/terminal/ask";
export const reloadPath = "/terminal/reload";
