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

export const terminalPath = "/terminal/ask";
