import { Environment } from "@marcbachmann/cel-js";
import { z } from "zod";
import { isExact } from "../systems/exact.ts";
import { elapsed } from "./elapsed.ts";
import { costFault } from "./expression-limits.ts";
import { foreignSign } from "./foreign-sign.ts";
import { Likeness, strictCalls, strictly } from "./likeness.ts";
import { fieldFault, type Shape } from "./shape.ts";

/**
 * A condition of a system's file in CEL, the Common Expression Language that Kubernetes' admission rules are written in:
 * `n == 0 || n * 2 < now[service]`. What it may name is declared where it stands and checked when the file is read.
 */
export const Condition = z
  .string()
  .min(1)
  .max(1_000)
  .meta({ description: "A condition in CEL, for example `n == 0 || n > 5`." });
export type Condition = z.output<typeof Condition>;

/** What a condition may name. `data` is what was read: what it holds is known only when it is there, or by its shape. */
export type NamedTypes = Readonly<Record<string, "text" | "integer" | "data" | Shape>>;

/** What its names stand for when it is judged: JSON, with numbers of more digits than a double holds kept as they are. */
export type NamedValues = Readonly<Record<string, unknown>>;

/** What became of judging a condition. Where it cannot be judged, whoever asked takes the riskier answer. */
export type Judgement =
  | { readonly ok: true; readonly holds: boolean }
  /** Why it could not be judged, in words that quote nothing of what was read. */
  | { readonly ok: false; readonly why: string };

/** Small enough that nobody's file holds the program up. */
const limits = { maxAstNodes: 500, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 16 };

/** What was read within the limits is written anew with a bracket around every part. */
const rewrittenLimits = { ...limits, maxDepth: 2 * limits.maxAstNodes };

const types = { text: "string", integer: "int", data: "dyn" } as const;

/** A name that CEL takes; also one that it keeps for itself is none. */
const name = /^[a-z][a-z0-9_]*$/;
const kept = new Set(
  "in as break const continue else false for function if import let loop package namespace null return true var void while".split(
    " ",
  ),
);

/** Can this be named in a condition? */
export function isNameable(text: string): boolean {
  return name.test(text) && !kept.has(text);
}

/**
 * What is wrong with a condition that may name these; undefined when it is one. It has to come to yes or no, or to what only
 * the data can tell.
 */
export function conditionFault(condition: Condition, named: NamedTypes): string | undefined {
  const checked = checkedAs(condition, named);
  if ("fault" in checked) return checked.fault;
  return checked.type === "bool" || checked.type === "dyn"
    ? undefined
    : `it comes to ${checked.type}, not to true or false`;
}

/** What is wrong with an expression that stands for a value; undefined when it is one. */
export function expressionFault(expression: string, named: NamedTypes): string | undefined {
  const checked = checkedAs(expression, named);
  return "fault" in checked ? checked.fault : undefined;
}

function checkedAs(expression: string, named: NamedTypes): { readonly type: string } | { readonly fault: string } {
  const made = environment(named);
  try {
    const { ast } = made.parse(expression);
    const fault = costFault(ast) ?? fieldFault(ast, named);
    if (fault !== undefined) return { fault };
  } catch (error) {
    return { fault: foreignSign(expression) ?? summaryOf(error) };
  }
  const checked = made.check(expression);
  return checked.valid ? { type: checked.type ?? "dyn" } : { fault: summaryOf(checked.error) };
}

/** The value that an expression comes to, as JSON; undefined where it comes to none. */
export function expressionValue(expression: string, values: NamedValues): unknown {
  try {
    return jsonValue(evaluated(expression, values));
  } catch {
    return undefined;
  }
}

/** Judges a condition. What it names and what is missing from the data makes it unjudged, never false. */
export function judge(condition: Condition, values: NamedValues): Judgement {
  try {
    const result = evaluated(condition, values);
    return typeof result === "boolean"
      ? { ok: true, holds: result }
      : { ok: false, why: "it came to neither true nor false" };
  } catch (error) {
    return { ok: false, why: summaryOf(error) };
  }
}

function evaluated(expression: string, values: NamedValues): unknown {
  const entries = Object.entries(values).filter(([each]) => isNameable(each));
  const named = Object.fromEntries(entries.map(([each]) => [each, "data" as const]));
  const likeness = new Likeness();
  const result: unknown = environment(named)
    .clone({ limits: rewrittenLimits })
    .registerFunction(`${strictCalls.same}(dyn, dyn): bool`, (left, right) => likeness.same(left, right))
    .registerFunction(`${strictCalls.within}(dyn, dyn): bool`, (value, range) => likeness.within(value, range))
    .evaluate(
      strictly(withMixedArithmetic.parse(expression).ast),
      Object.fromEntries(entries.map(([each, value]) => [each, celValue(value)])),
    );
  return result;
}

/** A whole number that a double does not hold keeps its digits. */
function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { exactly: String(value) };
  }
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), jsonValue(each)]));
  if (typeof value === "object" && value !== null) return undefined;
  return value;
}

/** By what may be named there: to make one takes longer than to check a condition in it, and files name the same again and again. */
const environments = new Map<string, Environment>();
const mostEnvironments = 500;

function environment(named: NamedTypes): Environment {
  const declared = Object.entries(named).flatMap(([each, type]) =>
    isNameable(each) ? [[each, typeof type === "string" ? types[type] : types.data] as const] : [],
  );
  const key = declared.flat().join(" ");
  const known = environments.get(key);
  if (known) return known;
  const made = withMixedArithmetic.clone();
  for (const [each, type] of declared) made.registerVariable(each, type);
  if (environments.size >= mostEnvironments) environments.clear();
  environments.set(key, made);
  return made;
}

/** CEL adds no whole number to a fraction; what is read from outside is now one, now the other. */
const mixed: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
};
const withMixedArithmetic = new Environment({ limits }).registerFunction("elapsed(dyn, dyn): string", elapsed);
for (const [sign, does] of Object.entries(mixed)) {
  const handler = (left: unknown, right: unknown): number => does(Number(left), Number(right));
  withMixedArithmetic.registerOperator(`int ${sign} double`, handler).registerOperator(`double ${sign} int`, handler);
}

/**
 * Whole numbers are CEL's integers, all others its doubles; a record answers to its own keys only, and is gone through in their
 * order: what is read again in another one comes to the same plan.
 */
function celValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isExact(value)) return /^-?\d{1,19}$/.test(value.exactly) ? BigInt(value.exactly) : Number(value.exactly);
  if (Array.isArray(value)) return value.map(celValue);
  if (typeof value !== "object" || value === null) return value;
  return new Map(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, celValue(each)]),
  );
}

/** The library's first line says what is wrong; the lines after it draw an arrow. */
function summaryOf(error: unknown): string {
  const [first = ""] = error instanceof Error ? error.message.split("\n") : [];
  return first.replace(/\s*\(?at line.*$/i, "") || "it cannot be judged";
}
