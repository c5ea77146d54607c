import { ownValue } from "../own-value.ts";
import { type ArgumentValue, type Datum, textOfDatum } from "./exact.ts";

/** The values of an operation's arguments, by name. */
export type ArgumentValues = Readonly<Record<string, ArgumentValue>>;

/** A reference to an argument. In an address it is encoded, and cannot be left out. */
export interface Placeholder {
  readonly name: string;
  readonly inAddress: boolean;
}

const placeholder = /\{([a-z][a-z0-9_-]*)\}/g;

/** The arguments that a text refers to as `{name}`; none in what is no text. */
export function argumentsIn(text: unknown): string[] {
  return typeof text === "string" ? [...text.matchAll(placeholder)].map((match) => match[1] ?? "") : [];
}

/** An address with its arguments in place, encoded so that none can lead elsewhere. */
export function fillAddress(address: string, values: ArgumentValues): string {
  return address.replaceAll(placeholder, (whole, name: string) => {
    const value = textOfDatum(ownValue(values, name));
    return value === undefined ? whole : encodeURIComponent(value);
  });
}

/** A value with its arguments in place; only a text may hold any. */
export function fillValue(value: Datum, values: ArgumentValues): Datum | undefined {
  return typeof value === "string" ? fillText(value, values) : value;
}

/** A text that is nothing but an argument becomes its value, number or text; undefined when that was left out. */
export function fillText(written: string, values: ArgumentValues): ArgumentValue | undefined {
  const whole = /^\{([a-z][a-z0-9_-]*)\}$/.exec(written)?.[1];
  if (whole !== undefined) return ownValue(values, whole);
  return written.replaceAll(placeholder, (text, name: string) => textOfDatum(ownValue(values, name)) ?? text);
}
