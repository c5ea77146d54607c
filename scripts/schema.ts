/** Writes the JSON Schemas of the config files, for completion and checks in editors: `node scripts/schema.ts`. */
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import * as fileSchemas from "../src/config/files.ts";
import * as personSchemas from "../src/domain/people/person.ts";
import * as policySchemas from "../src/domain/people/policy.ts";
import * as operationSchemas from "../src/domain/systems/operation.ts";
import * as systemSchemas from "../src/domain/systems/system.ts";

/** In the order of who extends whom. */
const modules = {
  "src/domain/systems/operation.ts": operationSchemas,
  "src/domain/people/person.ts": personSchemas,
  "src/domain/people/policy.ts": policySchemas,
  "src/domain/systems/system.ts": systemSchemas,
  "src/config/files.ts": fileSchemas,
};

const root = new URL("../", import.meta.url);

/** The schema files by their path in the repository, with the text they must hold. */
export async function generateSchemas(): Promise<ReadonlyMap<string, string>> {
  const docs = await fieldDocs();
  const files = {
    "schema/wardroom.json": { schema: fileSchemas.WardroomFile, title: "Wardroom: wardroom.yaml" },
    "schema/people.json": { schema: fileSchemas.PeopleFile, title: "Wardroom: people.yaml" },
    "schema/system.json": { schema: systemSchemas.System, title: "Wardroom: a system" },
  };
  return new Map(
    Object.entries(files).map(([path, { schema, title }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, {
        io: "input",
        target: "draft-7",
        override: ({ zodSchema, jsonSchema }) => {
          allowReferences(jsonSchema);
          const described = docs.get(zodSchema);
          if (described) jsonSchema[docsKey] = described;
        },
      });
      return [path, `${JSON.stringify({ $schema, title, ...withDocs(rest) }, undefined, 2)}\n`];
    }),
  );
}

/**
 * Where an object's docstrings wait until the schema is whole: while it is built, fields of one type are one JSON object,
 * and a description set on one would show on all.
 */
const docsKey = "x-docs";

const Described = z.looseObject({ [docsKey]: z.record(z.string(), z.string()).optional() });

function withDocs(schema: object): object {
  const { [docsKey]: docs = {}, ...rest } = Described.parse(schema);
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, deepDocs(value)]));
  const properties = z.record(z.string(), z.looseObject({})).parse(copy["properties"] ?? {});
  for (const [key, property] of Object.entries(properties)) {
    const text = docs[key];
    if (text !== undefined) property["description"] = text;
  }
  return { ...copy, ...(copy["properties"] === undefined ? {} : { properties }), ...own(docs) };
}

function own(docs: Docs): { readonly description?: string } {
  return docs[""] === undefined ? {} : { description: docs[""] };
}

function deepDocs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepDocs);
  return typeof value === "object" && value !== null ? withDocs(value) : value;
}

const reference = "|\\$\\{[A-Za-z_]";

/** A text may be a reference to the environment whatever form its value must have. */
function allowReferences(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.type !== "string") return;
  const form = schema.format === "uri" ? "^https?://" : schema.pattern;
  if (form === undefined || form.endsWith(reference)) return;
  delete schema.format;
  schema.pattern = `${form}${reference}`;
}

type Docs = Readonly<Record<string, string>>;

/** For each object schema the docstrings of its fields, taken from the sources they are written in. */
async function fieldDocs(): Promise<ReadonlyMap<unknown, Docs>> {
  const found = new Map<unknown, Docs>();
  for (const [path, module] of Object.entries(modules)) {
    const docs = docstrings(await readFile(new URL(path, root), "utf8"));
    for (const [name, schema] of Object.entries(module)) {
      if (schema instanceof z.ZodType) collect(schema, { chain: name, docs, found });
    }
  }
  return found;
}

interface Collecting {
  readonly chain: string;
  readonly docs: ReadonlyMap<string, string>;
  readonly found: Map<unknown, Docs>;
}

function collect(schema: unknown, { chain, docs, found }: Collecting): void {
  if (schema instanceof z.ZodObject) {
    const before = found.get(schema) ?? {};
    const texts = ["", ...Object.keys(schema.shape)].map((key) => {
      // An object inside a field would repeat the field's docstring, so only what has a name of its own has one.
      const doc = key === "" ? docs.get(chain.includes(".") ? "" : chain) : docs.get(`${chain}.${key}`);
      return [key, doc ?? before[key] ?? (key === "" ? undefined : inherited(schema, key, found))];
    });
    found.set(schema, Object.fromEntries(texts.filter(([, text]) => text !== undefined)));
    for (const [key, child] of Object.entries(schema.shape)) collect(child, { chain: `${chain}.${key}`, docs, found });
  }
  for (const child of inside(schema)) collect(child, { chain, docs, found });
}

/** What the schema that this one extends says of a field they share. */
function inherited(schema: z.ZodObject, key: string, found: Collecting["found"]): string | undefined {
  for (const [other, docs] of found) {
    if (other instanceof z.ZodObject && other.shape[key] === schema.shape[key] && docs[key]) return docs[key];
  }
  return undefined;
}

function inside(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return [schema.unwrap()];
  return [];
}

/** Docstrings by `Export.field.field`. Reads the indentation the formatter guarantees, not the language. */
function docstrings(source: string): ReadonlyMap<string, string> {
  const docs = new Map<string, string>();
  const keys: { readonly indent: number; readonly key: string }[] = [];
  for (const [, comment, margin = "", name = "", field] of source.matchAll(
    /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s*\n)?^([ ]*)(?:export const (\w+) =|(\w+):)/gm,
  )) {
    while ((keys.at(-1)?.indent ?? -1) >= margin.length) keys.pop();
    keys.push({ indent: margin.length, key: field ?? name });
    const text = comment?.replaceAll(/\s*\n\s*\*?\s*/g, " ").trim();
    if (text) docs.set(keys.map(({ key }) => key).join("."), text);
  }
  return docs;
}

if (import.meta.main) {
  for (const [path, text] of await generateSchemas()) {
    await writeFile(new URL(path, root), text);
    console.log(`Wrote ${path}`);
  }
}
