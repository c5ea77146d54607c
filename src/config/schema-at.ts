import { z } from "zod";
import type { Path } from "./problem.ts";

/** The keys a schema knows at a path: of every alternative there, so that a misspelt one can be recognised. */
export function keysAt(schema: unknown, path: Path): string[] {
  return [...new Set(schemasAt(schema, path).flatMap(ownKeys))];
}

/** Every schema that may apply at a path: more than one where a union leaves it open. */
export function schemasAt(schema: unknown, [step, ...rest]: Path): unknown[] {
  if (step === undefined) return [schema];
  return children(schema, step).flatMap((child) => schemasAt(child, rest));
}

function children(schema: unknown, step: string | number): unknown[] {
  if (schema instanceof z.ZodObject) return step in schema.shape ? [schema.shape[step]] : [];
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return inside(schema).flatMap((each) => children(each, step));
}

function ownKeys(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodRecord) {
    return schema.keyType instanceof z.ZodEnum ? schema.keyType.options.map(String) : [];
  }
  return inside(schema).flatMap(ownKeys);
}

/** What a schema wraps, or chooses between. */
function inside(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodPipe) return [schema.in];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return [schema.unwrap()];
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return [schema.unwrap()];
  return [];
}
