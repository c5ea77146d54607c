import type { ASTNode } from "@marcbachmann/cel-js";
import { nearest } from "../text/distance.ts";
import { below } from "./expression-limits.ts";

/**
 * What is known of data before it is read: which fields it has, or that each thing in it, by its name, has some. What is not known
 * may be anything.
 */
export type Shape = { readonly fields: Readonly<Record<string, Shape | "data">> } | { readonly each: Shape | "data" };

type Known = Shape | "data";

/** A field that an expression names and that what was read never has; undefined where it may have all of them. */
export function fieldFault(node: ASTNode, named: Readonly<Record<string, unknown>>): string | undefined {
  for (const each of [node, ...below(node.args)]) {
    const fault = each === node ? ownFault(node, named) : fieldFault(each, named);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function ownFault(node: ASTNode, named: Readonly<Record<string, unknown>>): string | undefined {
  if (node.op !== "." && node.op !== "[]") return undefined;
  const [of, field] = node.args;
  const shape = shapeOf(of, named);
  const name = nameIn(field);
  if (shape === "data" || "each" in shape || name === undefined || Object.hasOwn(shape.fields, name)) return undefined;
  const known = Object.keys(shape.fields);
  const meant = nearest(name, known);
  return `what is read has no field \`${name}\`: ${meant === undefined ? `it has ${known.join(", ")}` : `did you mean \`${meant}\`?`}`;
}

function shapeOf(node: ASTNode, named: Readonly<Record<string, unknown>>): Known {
  if (node.op === "id") return asShape(named[node.args]);
  if (node.op !== "." && node.op !== "[]") return "data";
  const [of, field] = node.args;
  const shape = shapeOf(of, named);
  if (shape === "data") return shape;
  if ("each" in shape) return shape.each;
  const name = nameIn(field);
  return name === undefined ? "data" : (shape.fields[name] ?? "data");
}

function asShape(named: unknown): Known {
  return typeof named === "object" && named !== null && isShape(named) ? named : "data";
}

function isShape(value: object): value is Shape {
  return "fields" in value || "each" in value;
}

/** `.image` and `["image"]` name a field; what stands there otherwise names one only once it is judged. */
function nameIn(field: unknown): string | undefined {
  if (typeof field === "string") return field;
  const isText =
    typeof field === "object" && field !== null && "op" in field && "args" in field && field.op === "value";
  return isText && typeof field.args === "string" ? field.args : undefined;
}
