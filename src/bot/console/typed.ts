/** What a line in the composer is: a command for the bot, or plain talk between people. */
export interface Typed {
  readonly kind: "ask" | "say";
  readonly text: string;
  /** How many characters of what was typed come before `text`. */
  readonly offset: number;
}

const addressed = /^(?:\/(?:ops|wardroom)|@wardroom)(?:\s+|$)/i;

/**
 * The composer speaks to the bot unless it is set to `say` or the line starts with `>`. A line that addresses the bot
 * by name, as on the big platforms, always reaches it.
 */
export function readTyped(line: string, say: boolean): Typed {
  const name = addressed.exec(line)?.[0];
  if (name !== undefined) return { kind: "ask", text: line.slice(name.length), offset: name.length };
  const quote = /^>\s*/.exec(line)?.[0];
  if (quote !== undefined) return { kind: "say", text: line.slice(quote.length), offset: quote.length };
  return { kind: say ? "say" : "ask", text: line, offset: 0 };
}
