import type { ASTNode } from "@marcbachmann/cel-js";
import { below } from "./expression-limits.ts";

/** What `strictly` calls in place of `==` and `in`: names that a condition cannot give itself. */
export const strictCalls = { same: "Strictly_same", within: "Strictly_in" } as const;

/** More than what is read of a system ever needs; they take a fraction of a second. */
const comparisonsMost = 1_000_000;

/**
 * The same expression with every `==`, `!=` and `in` written as a call of `strictCalls`, which tell unlike things apart. What
 * asks for `null` itself is left to CEL: everything may be compared with that.
 */
export function strictly(node: ASTNode): string {
  switch (node.op) {
    case "value":
    case "id":
      return node.input.slice(node.start, node.end);
    case "==":
    case "!=":
      if (asksForNull(node)) return around(node.args, node.op);
      return `${node.op === "!=" ? "!" : ""}${strictCalls.same}(${listed(node.args)})`;
    case "in":
      if (asksForNull(node)) return around(node.args, node.op);
      return `${strictCalls.within}(${listed(node.args)})`;
    case "!_":
    case "-_":
      return `${node.op === "!_" ? "!" : "-"}${operand(node.args)}`;
    case ".":
    case ".?":
      return `${operand(node.args[0])}${node.op}${node.args[1]}`;
    case "[]":
    case "[?]":
      return `${operand(node.args[0])}[${node.op === "[?]" ? "?" : ""}${strictly(node.args[1])}]`;
    case "call":
      return `${node.args[0]}(${listed(node.args[1])})`;
    case "rcall":
      return `${operand(node.args[1])}.${node.args[0]}(${listed(node.args[2])})`;
    case "list":
      return `[${listed(node.args)}]`;
    case "map":
      return `{${node.args.map(([key, value]) => `${strictly(key)}: ${strictly(value)}`).join(", ")}}`;
    case "?:":
      return `${operand(node.args[0])} ? ${operand(node.args[1])} : ${operand(node.args[2])}`;
    case "||":
    case "&&":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return around(node.args, node.op);
  }
}

function around([left, right]: readonly [ASTNode, ASTNode], sign: string): string {
  return `${operand(left)} ${sign} ${operand(right)}`;
}

/** A name stays bare: CEL's macros know theirs by it. */
function operand(node: ASTNode): string {
  return node.op === "value" || node.op === "id" ? strictly(node) : `(${strictly(node)})`;
}

function listed(nodes: readonly ASTNode[]): string {
  return nodes.map(strictly).join(", ");
}

/** Is it a comparison with a `null` that stands in the expression itself? */
function asksForNull(node: ASTNode): boolean {
  return below(node.args).some(({ op, args }) => op === "value" && args === null);
}

/**
 * Compares what CEL computed. A text where a number was meant, or nothing where there should be something, is as little the same
 * as it is another: CEL would say that it differs, so that "true" would pass for no `true`. That throws, unless something else
 * decides: another entry that is the same, or that differs from its like. One is made for each judging, and counts: a condition
 * that looks through a list for each entry of another would cost the square of their length.
 */
export class Likeness {
  #compared = 0;

  same(left: unknown, right: unknown): boolean {
    return decided(this.#compare(left, right));
  }

  within(value: unknown, range: unknown): boolean {
    if (Array.isArray(range)) return decided(this.#find(value, range));
    if (kindOf(range) !== "map") throw new Error(`${kindOf(range)} holds nothing`);
    const entries = entriesOf(range);
    if (typeof value !== "string" && entries.size > 0) throw new Error(`${kindOf(value)} is looked up among names`);
    return entries.has(value);
  }

  #find(value: unknown, list: readonly unknown[]): boolean | Unlike {
    let unlike: Unlike | undefined;
    for (const each of list) {
      const found = this.#compare(value, each);
      if (found === true) return true;
      if (found !== false) unlike ??= found;
    }
    return unlike ?? false;
  }

  #compare(left: unknown, right: unknown): boolean | Unlike {
    this.#compared += 1;
    if (this.#compared > comparisonsMost) throw new Error(`it compares more than ${comparisonsMost} times`);
    const kind = kindOf(left);
    if (kind !== kindOf(right)) return { unlike: `${kind} is compared with ${kindOf(right)}` };
    if (Array.isArray(left) && Array.isArray(right))
      return left.length === right.length && this.#all(left.map((each: unknown, index) => [each, right[index]]));
    if (kind === "map") return this.#sameEntries(entriesOf(left), entriesOf(right));
    // A whole number of CEL and a fraction; moments and spans have a number of their own.
    // biome-ignore lint/suspicious/noDoubleEquals: an integer and a double are the same number.
    return kind === "number" ? left == right : valueOf(left) === valueOf(right);
  }

  #sameEntries(left: Entries, right: Entries): boolean | Unlike {
    if (left.size !== right.size) return false;
    const pairs: Pair[] = [];
    for (const [key, value] of left) {
      if (!right.has(key)) return false;
      pairs.push([value, right.get(key)]);
    }
    return this.#all(pairs);
  }

  /** One pair that differs decides, whatever the others are. */
  #all(pairs: readonly Pair[]): boolean | Unlike {
    let unlike: Unlike | undefined;
    for (const [left, right] of pairs) {
      const same = this.#compare(left, right);
      if (same === false) return false;
      if (same !== true) unlike ??= same;
    }
    return unlike ?? true;
  }
}

type Pair = readonly [unknown, unknown];
type Entries = ReadonlyMap<unknown, unknown>;

/** That two things cannot be compared, and what they are. */
interface Unlike {
  readonly unlike: string;
}

function decided(found: boolean | Unlike): boolean {
  if (typeof found === "boolean") return found;
  throw new Error(found.unlike);
}

/** What was read is a `Map`; what stands in the expression itself is a plain record. */
function entriesOf(map: unknown): Entries {
  return map instanceof Map ? map : new Map(Object.entries(Object(map)));
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  if (typeof value === "bigint" || typeof value === "number") return "number";
  if (typeof value !== "object") return typeof value;
  if (Array.isArray(value)) return "list";
  return value instanceof Map || value.constructor === Object ? "map" : value.constructor.name;
}

function valueOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? value.valueOf() : value;
}
