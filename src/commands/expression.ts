import { type AskedExpression, expressionCard, expressionChart } from "../cards/expression.ts";
import type { CommandContext, Reply } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { span } from "../domain/text/quantities.ts";
import { drawn } from "./draw.ts";
import { refuseWithoutRight } from "./right.ts";

/** Further back a server reads more than a question in passing is worth. */
const longestRangeMs = 31 * 86_400_000;

/** What was asked: an expression, of which backend where there are several, and how far back where its course is wanted. */
export interface ExpressionInput {
  readonly on: System;
  readonly text: string;
  readonly backend: string | undefined;
  readonly rangeMs: number | undefined;
}

/**
 * Asks a backend what nobody foresaw, in its own language. It takes the right `query` on the system: whoever has it may read
 * all that its backend knows.
 */
export async function answerExpression(context: CommandContext, input: ExpressionInput): Promise<Reply> {
  const { on, text, rangeMs } = input;
  refuseWithoutRight(context, "query", on);
  if (rangeMs !== undefined && rangeMs > longestRangeMs)
    throw new UserError(`A query goes back ${span(longestRangeMs)} at most.`, "Give a shorter range.");
  const backend = backendNamed(on, context.systems.metrics.askable(on), input.backend);
  const { now, person } = context.invocation;
  const asked: AskedExpression = { system: on, backend, text, ...(rangeMs !== undefined && { rangeMs }) };
  const reading = await context.systems.metrics.ask(on, backend, {
    text,
    ...(rangeMs !== undefined && { from: now - rangeMs }),
  });
  if (rangeMs === undefined || !reading.ok || reading.value.found === 0)
    return { card: expressionCard(asked, reading, { now }) };
  const picture = await drawn(context, expressionChart(asked, reading.value, { now, timezone: person.timezone }));
  return {
    card: expressionCard(asked, reading, { picture, now }),
    files: "file" in picture ? [picture.file] : [],
  };
}

function backendNamed(on: System, askable: readonly string[], named: string | undefined): string {
  const [only, ...others] = askable;
  if (only === undefined)
    throw new UserError(
      `${on.title} has no backend that queries can be asked of.`,
      "Its file declares one below backends, as prom: { prometheus: { base: … } }.",
    );
  if (named === undefined) {
    if (others.length === 0) return only;
    throw new UserError(`${on.title} has several: ${askable.join(", ")}.`, `Say which one: backend:${only}.`);
  }
  if (askable.includes(named)) return named;
  const close = nearest(named, askable);
  throw new UserError(
    `${on.title} has no backend ${named} that queries can be asked of.`,
    close === undefined ? `It has ${askable.join(", ")}.` : `Did you mean ${close}?`,
  );
}
