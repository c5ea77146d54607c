import { expressionValue } from "../conditions/condition.ts";
import { UserError } from "../failure.ts";
import { ownValue } from "../own-value.ts";
import { literalText } from "../text/reference.ts";
import { type ArgumentValue, type Datum, isExact, textOfDatum } from "./exact.ts";
import { Scalar } from "./values.ts";

/** The values of an operation's arguments, by name. */
export type ArgumentValues = Readonly<Record<string, ArgumentValue>>;

/** What a plan is made with: the arguments, and what was read for it, by name. */
export type PlanValues = Readonly<Record<string, unknown>>;

/** A reference to an argument, or to something in what was read. In an address it is encoded, and cannot be left out. */
export interface Placeholder {
  readonly name: string;
  readonly inAddress: boolean;
}

/** `{service}`, or a place in what was read: `{now[service]}`, `{rollout.previous.revision}`, in CEL. */
const placeholder = /\{([a-z][a-z0-9_-]*|[a-z][a-z0-9_]*[.[(][^{}]*)\}/g;
const wholly = new RegExp(`^${placeholder.source}$`);

/** What a text refers to as `{name}`; none in what is no text. */
export function argumentsIn(text: unknown): string[] {
  return typeof text === "string" ? [...text.matchAll(placeholder)].map((match) => match[1] ?? "") : [];
}

/** Does it point into what was read, and is no plain name? */
export function isExpression(name: string): boolean {
  return /[.[(]/.test(name);
}

/**
 * An address with its arguments in place, encoded so that none can lead elsewhere. Throws UserError where what is put in comes
 * to a step upwards, which no encoding hides from whoever reads an address.
 */
export function fillAddress(address: string, values: PlanValues): string {
  const filled = address.replaceAll(placeholder, (whole, name: string) => {
    const value = textOfDatum(plain(valueOf(name, values)));
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
  if (whole !== undefined) return plain(valueOf(whole, values));
  return written.replaceAll(placeholder, (text, name: string) => textOfDatum(plain(valueOf(name, values))) ?? text);
}

/**
 * As `fillValue`, for what is sent: a reference to a secret counts only where the file itself writes the whole of it. What an
 * argument or a reading brings, alone or together with what stands beside it, is sent as it reads.
 */
export function fillLiterally(value: Datum, values: PlanValues): Datum | undefined {
  if (typeof value !== "string") return value;
  if (wholly.test(value)) {
    const filled = fillText(value, values);
    return typeof filled === "string" ? literalText(filled) : filled;
  }
  let text = "";
  let done = 0;
  const inserted: { readonly from: number; readonly to: number }[] = [];
  for (const { 0: whole, 1: name = "", index } of value.matchAll(placeholder)) {
    text += value.slice(done, index);
    const from = text.length;
    text += textOfDatum(plain(valueOf(name, values))) ?? whole;
    inserted.push({ from, to: text.length });
    done = index + whole.length;
  }
  text += value.slice(done);
  return literalText(text, ({ from, to }) => inserted.some((each) => each.from < to && from < each.to));
}

/** Throws UserError for what points to nothing in what was read: left out or left as written it would be another plan. */
function valueOf(name: string, values: PlanValues): unknown {
  if (!isExpression(name)) return ownValue(values, name);
  const value = expressionValue(name, values);
  if (value === undefined || value === null)
    throw new UserError(`${name} is not in what was read, so nothing was planned.`, "Look at what there is first.");
  return value;
}

function plain(value: unknown): Datum | undefined {
  return isExact(value) ? value : Scalar.safeParse(value).data;
}
