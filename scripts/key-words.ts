/** What keys mean where the code that reads them does not say so itself: `docs/keys.yaml`. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import type { Docs } from "./schema.ts";

const Words = z.record(z.string(), z.string());

/** Adds to `docs`, for each object that a config file may hold, the words for its keys that have none yet. */
export async function describeRest(
  roots: Readonly<Record<string, z.ZodType>>,
  docs: Map<unknown, Docs>,
): Promise<void> {
  const words = Words.parse(parse(await readFile(new URL("../docs/keys.yaml", import.meta.url), "utf8")));
  const seen = new Set<unknown>();
  const describe = (schema: unknown, place: readonly string[]): void => {
    if (seen.has(schema)) return;
    seen.add(schema);
    if (schema instanceof z.ZodObject) {
      const said = docs.get(schema) ?? {};
      const rest = Object.keys(schema.shape).flatMap((key) => {
        const text = said[key] ?? wordsFor(words, [...place, key]);
        return text === undefined ? [] : [[key, text] as const];
      });
      docs.set(schema, { ...said, ...Object.fromEntries(rest) });
      for (const [key, child] of Object.entries(schema.shape)) describe(child, [...place, key]);
    }
    for (const child of within(schema)) describe(child, place);
  };
  for (const [name, schema] of Object.entries(roots)) describe(schema, [name]);
}

function wordsFor(words: Docs, place: readonly string[]): string | undefined {
  return place.map((_, at) => words[place.slice(at).join(".")]).find((text) => text !== undefined);
}

function within(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodIntersection) return [schema.def.left, schema.def.right];
  if (schema instanceof z.ZodPipe) return [schema.in, schema.out];
  if (schema instanceof z.ZodLazy) return [schema.unwrap()];
  return schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
    ? [schema.unwrap()]
    : [];
}
