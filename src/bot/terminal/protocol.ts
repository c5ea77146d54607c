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
  /** The log that is followed from here on: what comes of it is asked for as `TerminalFollow`. */
  follows: z.string().exactOptional(),
  text: z.string(),
  files: z.array(z.object({ name: z.string(), mediaType: z.string(), base64: z.string() })),
});
export type TerminalAnswer = z.output<typeof TerminalAnswer>;

/** Asks for what came of a log that is followed, after so many lines. */
export const TerminalFollow = z.strictObject({
  follows: z.string().regex(/^[0-9a-f]{32}$/),
  after: z.int().min(0),
  as: z.string().max(80).exactOptional(),
});
export type TerminalFollow = z.output<typeof TerminalFollow>;

/** New lines, oldest first; `after` is to be given next, and `ended` says why no more come. */
export const FollowedLines = z.object({
  lines: z.array(z.string()),
  after: z.int(),
  ended: z.string().exactOptional(),
});
export type FollowedLines = z.output<typeof FollowedLines>;

/** What whoever tells a running bot to read its files anew gets back. */
export const ReloadAnswer = z.discriminatedUnion("taken", [
  z.object({ taken: z.literal(true), waiting: z.string().exactOptional(), notes: z.array(z.string()).readonly() }),
  z.object({ taken: z.literal(false), problems: z.array(z.string()).readonly() }),
]);
export type ReloadAnswer = z.output<typeof ReloadAnswer>;

export const terminalPath = "/terminal/ask";
export const followPath = "/terminal/follow";
export const reloadPath = "/terminal/reload";
