import { RE2JS } from "re2js";
import { z } from "zod";
import type { Series } from "./exposition.ts";

/**
 * Which series count. A map asks for equality; a text is a selector as PromQL writes it, `status=~"5..",path!="/health"`,
 * whose patterns are RE2's and fit the whole value. `5xx` stands for its class as well: it fits `500`.
 */
export const Selector = z.union([
  z
    .record(z.string(), z.string())
    .refine((labels) => !Object.values(labels).some((value) => /^(?:=~|!~|!=)/.test(value)), {
      error: `write it as a selector, for example 'status=~"5.."'`,
    }),
  z.string().refine((text) => readable(text), {
    error: `is no selector; write one as PromQL has it, for example 'status=~"5..",path!="/health"'`,
  }),
]);
export type Selector = z.output<typeof Selector>;

/** One condition on a label. A label that a series does not have is the empty text, as in PromQL. */
interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
  readonly fits: (value: string) => boolean;
}

/** The series that a selector asks for; all of them where there is none. */
export function selected(series: readonly Series[], selector: Selector | undefined): readonly Series[] {
  if (selector === undefined) return series;
  const matchers = matchersOf(selector);
  return series.filter(({ labels }) => matchers.every(({ label, fits }) => fits(labels[label] ?? "")));
}

/**
 * Why nothing that a selector asks for can ever come, as far as these series show; undefined where it may just not have come
 * yet. A status code may: codes are known without having been seen. Another word is known only once it was.
 */
export function neverFits(series: readonly Series[], selector: Selector): string | undefined {
  for (const matcher of matchersOf(selector)) {
    const seen = [...new Set(series.flatMap(({ labels }) => labels[matcher.label] ?? []))];
    if (seen.length === 0) return `has no label ${matcher.label}`;
    if (seen.some(matcher.fits) || matcher.operator === "!=" || matcher.operator === "!~") continue;
    if (formsOf(seen).some(matcher.fits)) continue;
    const shown = seen.slice(0, 4).map((value) => JSON.stringify(value));
    return `has no series with ${selectorWords([matcher])}; ${matcher.label} is ${shown.join(", ")}${seen.length > 4 ? ", …" : ""}`;
  }
  return undefined;
}

/** `{status="5xx"}`; empty where there is no selector. */
export function showSelector(selector: Selector | undefined): string {
  return selector === undefined ? "" : `{${selectorWords(matchersOf(selector))}}`;
}

function selectorWords(matchers: readonly Matcher[]): string {
  return matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).join(",");
}

const code = /^[1-5]\d\d$/;
const codeClass = /^[1-5]xx$/i;
const codes = Array.from({ length: 500 }, (_, index) => String(index + 100));
const classes = ["1xx", "2xx", "3xx", "4xx", "5xx"] as const;

/** Every value that could stand beside these: where all are status codes, any code. */
function formsOf(seen: readonly string[]): readonly string[] {
  if (seen.every((value) => code.test(value))) return codes;
  return seen.every((value) => codeClass.test(value)) ? classes : [];
}

function matchersOf(selector: Selector): readonly Matcher[] {
  if (typeof selector === "string") return parseSelector(selector) ?? [];
  return Object.entries(selector).map(([label, value]) => matcherOf(label, "=", value));
}

function matcherOf(label: string, operator: Matcher["operator"], value: string): Matcher {
  const isNegative = operator === "!=" || operator === "!~";
  const fits = operator === "=" || operator === "!=" ? equal(value) : pattern(value);
  return { label, operator, value, fits: isNegative ? (text) => !fits(text) : fits };
}

function equal(wanted: string): (value: string) => boolean {
  if (!codeClass.test(wanted)) return (value) => value === wanted;
  return (value) => value.toLowerCase() === wanted.toLowerCase() || (code.test(value) && value[0] === wanted[0]);
}

function pattern(wanted: string): (value: string) => boolean {
  const compiled = RE2JS.compile(wanted);
  return (value) => compiled.testExact(value);
}

function readable(text: string): boolean {
  try {
    return parseSelector(text) !== undefined;
  } catch {
    return false;
  }
}

/** Undefined for what is no selector. Throws what RE2 says of a pattern that is none. */
function parseSelector(text: string): Matcher[] | undefined {
  const inner = text.trim().replace(/^\{(.*)\}$/s, "$1");
  const one = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*(,|$)/y;
  const matchers: Matcher[] = [];
  while (one.lastIndex < inner.length) {
    const found = one.exec(inner);
    if (!found) return undefined;
    const operator = (["=~", "!~", "!=", "="] as const).find((each) => each === found[2]);
    if (!operator) return undefined;
    const value = (found[3] ?? found[4] ?? "").replaceAll(/\\(["'\\n])/g, (_, escaped: string) =>
      escaped === "n" ? "\n" : escaped,
    );
    matchers.push(matcherOf(found[1] ?? "", operator, value));
  }
  return matchers.length > 0 ? matchers : undefined;
}
