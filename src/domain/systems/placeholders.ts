import { expressionValue } from "../conditions/condition.ts";
import { UserError } from "../failure.ts";
import { ownValue } from "../own-value.ts";
import { literalText } from "../text/reference.ts";
import { type ArgumentValue, type Datum, isExact, textOfDatum } from "./exact.ts";
import { Scalar } from "./values.ts";

/** The values of an operation's arguments, by name. */
export type ArgumentValues = Readonly<Record<string, ArgumentValue>>;

/** What a plan is made with: the arguments, and what was read for it, by name. */
export type PlanValues = Readonly<Record<string, unknown>> & { readonly [filling]?: Filling };

/** Says which references are filled, under a key that no name can be. */
export const filling: unique symbol = Symbol("filling");

interface Filling {
  /** Left as it is written: its turn is later, or is over. */
  readonly leaves: (name: string) => boolean;
  /** What is filled has to be one value: there is nothing that may be left out any more. */
  readonly whole?: true;
}

/** A reference to an argument, or to something in what was read. In an address it is encoded, and cannot be left out. */
export interface Placeholder {
  readonly name: string;
  readonly inAddress: boolean;
}

/**
 * `{service}`, or in CEL a place in what was read, as `{now[service]}`, a choice, as `{stopped == true ? "stays" : "goes"}`, and a sum,
 * as `{n + 1}`. Whatever else stands in braces is text, as a selector of PromQL. That they are closed is looked for first, so that a
 * long text is gone through once.
 */
const placeholder = /\{(?=[^{}]*\})([a-z][a-z0-9_-]*|[a-z][a-z0-9_]*(?:[.[(]|\s+[-+*/%]\s|[^{}]*?\s\?\s)[^{}]*)\}/g;
const plainName = /^[a-z][a-z0-9_-]*$/;
const wholly = new RegExp(`^${placeholder.source}$`);

/** What a text refers to as `{name}`; none in what is no text. */
export function argumentsIn(text: unknown): string[] {
  return typeof text === "string" ? [...text.matchAll(placeholder)].map((match) => match[1] ?? "") : [];
}

/** Is it CEL, and no plain name? */
export function isExpression(name: string): boolean {
  return !plainName.test(name);
}

/** The names that an expression or a reference may be made of. */
export function wordsIn(expression: string): string[] {
  return plainName.test(expression) ? [expression] : (expression.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []);
}

/**
 * An address with its arguments in place, encoded so that none can lead elsewhere. Throws UserError where what is put in comes
 * to a step upwards, which no encoding hides from whoever reads an address.
 */
export function fillAddress(address: string, values: PlanValues): string {
  const filled = address.replaceAll(placeholder, (whole, name: string) => {
    const value = textOfDatum(valueOf(name, values));
    return value === undefined ? whole : encodeURIComponent(value);
  });
  if (stepsIn(filled) > stepsIn(address))
    throw new UserError(`${address} leads elsewhere with what was put into it, so nothing was planned.`);
  return filled;
}

/** How many parts of an address are a step up or none at all. */
function stepsIn(address: string): number {
  return address.split(/[/?#]/).filter((part) => part === "." || part === "..").length;
}

/** A value with its arguments in place; only a text may hold any. */
export function fillValue(value: Datum, values: PlanValues): Datum | undefined {
  return typeof value === "string" ? fillText(value, values) : value;
}

/** A text that is nothing but an argument becomes its value, number or text; undefined when that was left out. */
export function fillText(written: string, values: PlanValues): Datum | undefined {
  const whole = wholly.exec(written)?.[1];
  if (whole !== undefined) return isLeft(whole, values) ? written : sameLeft(written, valueOf(whole, values), values);
  const filled = written.replaceAll(placeholder, (text, name: string) => textOfDatum(valueOf(name, values)) ?? text);
  return sameLeft(written, filled, values);
}

function isLeft(name: string, values: PlanValues): boolean {
  return values[filling]?.leaves(name) ?? false;
}

/** Throws UserError where what was put in would itself be filled later, as if the file had written it. */
function sameLeft<Filled>(written: string, filled: Filled, values: PlanValues): Filled {
  const left = (text: unknown) => argumentsIn(text).filter((name) => isLeft(name, values)).length;
  // At its second filling a text holds what was put in first, which is left as it is.
  if (values[filling]?.whole !== true && left(filled) > left(written))
    throw new UserError(
      `${written} would be read as a step's result with what was put into it, so nothing was planned.`,
    );
  return filled;
}

/**
 * As `fillValue`, for what is sent: a reference to a secret counts only where the file itself writes the whole of it. What an
 * argument or a reading brings, alone or together with what stands beside it, is sent as it reads.
 */
export function fillLiterally(value: Datum, values: PlanValues): Datum | undefined {
  if (typeof value !== "string") return value;
  const only = wholly.exec(value)?.[1];
  if (only !== undefined) {
    if (isLeft(only, values)) return value;
    const filled = fillText(value, values);
    return typeof filled === "string" ? literalText(filled) : filled;
  }
  let text = "";
  let done = 0;
  const inserted: { readonly from: number; readonly to: number }[] = [];
  for (const { 0: whole, 1: name = "", index } of value.matchAll(placeholder)) {
    text += value.slice(done, index);
    const from = text.length;
    text += textOfDatum(valueOf(name, values)) ?? whole;
    if (!isLeft(name, values)) inserted.push({ from, to: text.length });
    done = index + whole.length;
  }
  text += value.slice(done);
  sameLeft(value, text, values);
  return literalText(text, ({ from, to }) => inserted.some((each) => each.from < to && from < each.to));
}

/**
 * Undefined for what is left as it is written, and for an argument that was left out. Throws UserError for what points to nothing
 * in what was read: left out or left as written it would be another plan.
 */
function valueOf(name: string, values: PlanValues): Datum | undefined {
  if (isLeft(name, values)) return undefined;
  const value = isExpression(name) ? expressionValue(name, values) : ownValue(values, name);
  const datum = plain(value);
  if (values[filling]?.whole && datum === undefined)
    throw new UserError(`${name} is no single value in what it stands for.`);
  if (isExpression(name) && (value === undefined || value === null))
    throw new UserError(`${name} is not in what was read, so nothing was planned.`, "Look at what there is first.");
  return datum;
}

function plain(value: unknown): Datum | undefined {
  return isExact(value) ? value : Scalar.safeParse(value).data;
}
