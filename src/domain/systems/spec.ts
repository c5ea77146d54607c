import type { z } from "zod";

/**
 * Checks a spec against the schema of what looks into it: once for each spec, because a configuration hands in the same
 * ones at every use and nobody changes them. What does not fit is an exception.
 */
export function specReader<Schema extends z.ZodType>(schema: Schema): (spec: unknown) => z.output<Schema> {
  const read = new WeakMap<object, z.output<Schema>>();
  return (spec) => {
    if (typeof spec !== "object" || spec === null) return schema.parse(spec);
    const known = read.get(spec);
    if (known !== undefined) return known;
    const checked = schema.parse(spec);
    read.set(spec, checked);
    return checked;
  };
}
