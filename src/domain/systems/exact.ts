import { z } from "zod";
import { Scalar } from "./values.ts";

/** A number as JSON writes one. An exponent of ten digits is nobody's number, and costs time to compare. */
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,9})?$/;

/** A number that has more digits than a double holds, as JSON that keeps them all. */
export const ExactNumber = z
  .strictObject({ exactly: z.string().regex(number, "it must be a number") })
  .describe("A number with more digits than can be written here, as text.");
export type ExactNumber = z.output<typeof ExactNumber>;

/** One plain value from outside, with all its digits. */
export const Datum = z.union([Scalar, ExactNumber]);
export type Datum = z.output<typeof Datum>;

/** What an argument of an operation is given. A whole number keeps every digit that was typed. */
export const ArgumentValue = z.union([z.string(), z.number(), ExactNumber]);
export type ArgumentValue = z.output<typeof ArgumentValue>;

/** The number that a text writes down: as a double where that has all its digits, else exactly. */
export function numberWritten(source: string, asDouble: number): number | ExactNumber {
  const shown = String(asDouble);
  if (shown === source || !number.test(source)) return asDouble;
  // A whole number is sent and shown with the digits it was written with, also where a double would write an exponent.
  const wouldChange = shown.includes("e") && /^-?\d+$/.test(source);
  return !wouldChange && decimal(shown) === decimal(source) ? asDouble : { exactly: source };
}

/** Texts in which no number can have more digits than a double holds, which are nearly all. */
const longNumber = /[\d.]{16}|\d[eE]/;

/** JSON as data, with every digit of its numbers. Throws a SyntaxError, which quotes the text. */
export function parseExactly(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" && context?.source !== undefined ? numberWritten(context.source, value) : value,
  );
}

/** Data as JSON text, with every digit of its numbers. */
export function writeExactly(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isExact(part) ? rawJson(part.exactly) : part));
}

/** A text that stands in JSON as it is; Node has this since 22, and the types of TypeScript not yet. */
function rawJson(text: string): unknown {
  const make: unknown = Object.getOwnPropertyDescriptor(JSON, "rawJSON")?.value;
  if (typeof make !== "function") throw new Error("this Node cannot write numbers exactly");
  return make.call(JSON, text);
}

export function isExact(value: unknown): value is ExactNumber {
  return typeof value === "object" && value !== null && "exactly" in value && ExactNumber.safeParse(value).success;
}

/** A plain value as text, with every digit; undefined for what is none. */
export function textOfDatum(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return isExact(value) ? value.exactly : undefined;
}

/** The number that a value is, or that a text wholly writes down; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const text = typeof value === "string" ? value.trim() : isExact(value) ? value.exactly : "";
  return number.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/**
 * Whether what was read is what was wanted. Numbers are compared digit by digit, and a text that is one counts where a number
 * is wanted; where a text is wanted, only that text will do, or the number that nothing else could hold.
 */
export function isSameDatum(read: unknown, wanted: Datum): boolean {
  if (read === wanted) return true;
  if (typeof wanted === "string") return isExact(read) && read.exactly === wanted;
  const digits = decimalOf(wanted);
  return digits !== undefined && digits === decimalOf(read);
}

function decimalOf(value: unknown): string | undefined {
  if (typeof value === "boolean") return undefined;
  const text = textOfDatum(value)?.trim();
  return text !== undefined && number.test(text) ? decimal(text) : undefined;
}

/** One way of writing each number: its digits without zeros at either end, and the power of ten behind them. */
function decimal(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const significant = (whole + fraction).replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return "0";
  const power = Number(exponent) - fraction.length + significant.length - digits.length;
  return `${text.startsWith("-") ? "-" : ""}${digits}e${power}`;
}
