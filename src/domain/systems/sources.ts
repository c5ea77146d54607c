import { z } from "zod";

/** Where something is read: a backend, and what that backend was told in the system's file. Only it looks inside. */
export const Source = z.strictObject({ backend: z.string(), spec: z.json() });
export type Source = z.output<typeof Source>;

/** What one backend adds to an entry of a system's file. Its schema read again gives the same, so a spec is as written. */
export interface SourcePart {
  readonly backend: string;
  readonly schema: z.ZodObject;
}

/** A source that is written as a map of its own: one of the backends' parts. */
export function sourceSchema(parts: readonly SourcePart[]): z.ZodType<Source> {
  return oneOf(
    parts.map(({ backend, schema }) => schema.transform((spec): unknown => ({ backend, spec })).pipe(Source)),
  );
}

/**
 * An entry whose source is written among its own keys, as `{ id, http, expect }` is. `written` holds the keys whose written
 * form is another than the one they are read into.
 */
export function withSource<Item extends z.ZodObject<{ source: typeof Source }>>(
  item: Item,
  parts: readonly SourcePart[],
  written: Readonly<Record<string, z.ZodType>> = {},
): z.ZodType<z.output<Item>> {
  const { source: _, ...own } = item.shape;
  return oneOf(
    parts.map(({ backend, schema }) =>
      z
        .strictObject({ ...own, ...written, ...schema.shape })
        .transform((entry, context): unknown => {
          const [theirs, ours] = split(entry, (key) => key in schema.shape);
          refuse(schema, theirs, context);
          return { ...ours, source: { backend, spec: theirs } };
        })
        .pipe(item),
    ),
  );
}

/** What a backend's part says of its keys together; of each by itself it was asked already. */
function refuse(schema: z.ZodObject, part: object, context: z.core.$RefinementCtx): void {
  if ((schema.def.checks ?? []).length === 0) return;
  for (const { message, path } of schema.safeParse(part).error?.issues ?? [])
    context.addIssue({ code: "custom", message, path: [...path] });
}

function split(entry: object, belongs: (key: string) => boolean): [object, object] {
  const all = Object.entries(entry);
  return [
    Object.fromEntries(all.filter(([key]) => belongs(key))),
    Object.fromEntries(all.filter(([key]) => !belongs(key))),
  ];
}

/** Without a choice the one form is taken as it is, so that what is wrong is said of it and not of a choice. */
export function oneOf<Value>(forms: readonly z.ZodType<Value>[]): z.ZodType<Value> {
  const [first, ...others] = forms;
  if (!first) return z.never();
  return others.length === 0 ? first : z.union([first, ...others]);
}
