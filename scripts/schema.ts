/** Writes the JSON Schemas of the config files, for completion and checks in editors: `node scripts/schema.ts`. */
import { createHash } from "node:crypto";
import { glob, readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { knownSurfaces } from "../src/compose/known-surfaces.ts";
import { createBackends } from "../src/compose/world.ts";
import * as fileSchemas from "../src/config/files.ts";
import * as alertSchemas from "../src/domain/alerts/alert.ts";
import * as alertRuleSchemas from "../src/domain/alerts/alert-rule.ts";
import * as quietTimeSchemas from "../src/domain/alerts/quiet-time.ts";
import * as routingSchemas from "../src/domain/alerts/routing.ts";
import * as personSchemas from "../src/domain/people/person.ts";
import * as policySchemas from "../src/domain/people/policy.ts";
import * as healthSchemas from "../src/domain/systems/health.ts";
import * as listSchemas from "../src/domain/systems/lists.ts";
import * as logSchemas from "../src/domain/systems/logs.ts";
import * as metricSchemas from "../src/domain/systems/metrics.ts";
import * as operationSchemas from "../src/domain/systems/operation.ts";
import * as stepSchemas from "../src/domain/systems/steps.ts";
import * as systemSchemas from "../src/domain/systems/system.ts";
import { systemSchema } from "../src/domain/systems/system-file.ts";
import { createHttp } from "../src/integrations/wire/http.ts";
import { describeRest } from "./key-words.ts";
import { referencePages } from "./reference.ts";

const { WardroomFile, PeopleFile } = fileSchemas.filesWith(knownSurfaces);

/**
 * In the order of who extends whom. What backends bring is found in their folders; what names a surface is described as
 * the files have it, with those that there are.
 */
const modules: Readonly<Record<string, object>> = {
  "src/domain/systems/steps.ts": stepSchemas,
  "src/domain/systems/operation.ts": operationSchemas,
  "src/domain/people/person.ts": { ...personSchemas, Person: PeopleFile.shape.people.element },
  "src/domain/people/policy.ts": {
    ...policySchemas,
    Channel: WardroomFile.shape.channels.element,
    GroupGrant: WardroomFile.shape.groups.unwrap().element,
  },
  "src/domain/alerts/alert.ts": alertSchemas,
  "src/domain/alerts/alert-rule.ts": alertRuleSchemas,
  "src/domain/alerts/quiet-time.ts": quietTimeSchemas,
  "src/domain/alerts/routing.ts": routingSchemas,
  "src/domain/systems/health.ts": healthSchemas,
  "src/domain/systems/lists.ts": listSchemas,
  "src/domain/systems/logs.ts": logSchemas,
  "src/domain/systems/metrics.ts": metricSchemas,
  "src/domain/systems/system.ts": systemSchemas,
  "src/config/files.ts": { ...fileSchemas, WardroomFile, PeopleFile },
};

const root = new URL("../", import.meta.url);

/** The schema files by their path in the repository, with the text they must hold. */
export async function generateSchemas(): Promise<ReadonlyMap<string, string>> {
  const system = systemSchema(createBackends({ http: createHttp() }));
  const docs = await fieldDocs(system);
  await describeRest({ System: system, WardroomFile, PeopleFile }, docs);
  const files = {
    "schema/wardroom.json": { schema: WardroomFile, title: "Wardroom: wardroom.yaml" },
    "schema/people.json": { schema: PeopleFile, title: "Wardroom: people.yaml" },
    "schema/system.json": { schema: system, title: "Wardroom: a system" },
  };
  return new Map(
    Object.entries(files).map(([path, { schema, title }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, {
        io: "input",
        target: "draft-7",
        reused: "ref",
        override: ({ zodSchema, jsonSchema }) => {
          const described = docs.get(zodSchema);
          if (described) jsonSchema[docsKey] = described;
        },
      });
      return [path, `${JSON.stringify({ $schema, title, ...namedByContent(withDocs(rest)) }, undefined, 2)}\n`];
    }),
  );
}

const Definitions = z.looseObject({ definitions: z.record(z.string(), z.json()).optional() });
const Reference = z.looseObject({ $ref: z.string() });
const toDefinition = "#/definitions/";

/**
 * What stands at several places stands once, below `definitions`, under a name that is made of what it says: a number would
 * move with every schema that is added before it, and what says the same is the same.
 */
function namedByContent(schema: object): object {
  const { definitions = {}, ...rest } = Definitions.parse(schema);
  const names = new Map<string, string>();
  const nameOf = (key: string): string => {
    const known = names.get(key);
    if (known !== undefined) return known;
    // What holds itself is named by what it says besides.
    names.set(key, "itself");
    const name = createHash("sha256")
      .update(JSON.stringify(renamed(definitions[key])))
      .digest("hex")
      .slice(0, 8);
    names.set(key, name);
    return name;
  };
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value !== "object" || value === null) return value;
    const { $ref } = Reference.safeParse(value).data ?? {};
    const copy = Object.fromEntries(
      Object.entries(value).map(([key, each]): [string, unknown] => [key, renamed(each)]),
    );
    return $ref === undefined ? copy : { ...copy, $ref: `${toDefinition}${nameOf($ref.slice(toDefinition.length))}` };
  };
  const whole = Object(renamed(rest));
  for (const key of Object.keys(definitions)) nameOf(key);
  const named = Object.entries(definitions).map(([key, each]) => [nameOf(key), renamed(each)] as const);
  return {
    ...whole,
    ...(named.length > 0 && { definitions: Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1))) }),
  };
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
  allowReferences(copy);
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
function allowReferences(schema: Record<string, unknown>): void {
  if (schema["type"] !== "string") return;
  const form = schema["format"] === "uri" ? "^https?://" : schema["pattern"];
  if (typeof form !== "string" || form.endsWith(reference)) return;
  delete schema["format"];
  schema["pattern"] = `${form}${reference}`;
}

export type Docs = Readonly<Record<string, string>>;

/** For each object schema the docstrings of its fields, taken from the sources they are written in. */
async function fieldDocs(assembled: z.ZodType): Promise<Map<unknown, Docs>> {
  const found = new Map<unknown, Docs>();
  for (const [path, module] of Object.entries({ ...modules, ...(await backendModules()) })) {
    const docs = docstrings(await readFile(new URL(path, root), "utf8"));
    for (const [name, schema] of Object.entries(module)) {
      if (schema instanceof z.ZodType) collect(schema, { chain: name, docs, found });
    }
  }
  collect(assembled, { chain: "", docs: new Map(), found });
  return found;
}

async function backendModules(): Promise<Readonly<Record<string, object>>> {
  const found: Record<string, object> = {};
  for await (const path of glob("src/integrations/*/*.ts", { cwd: root })) {
    const module: object = await import(new URL(path, root).href);
    found[path] = module;
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
  // What is written in one form and read into another is described once, where it is read into.
  const read = schema instanceof z.ZodPipe ? found.get(schema.out) : undefined;
  const written = read && writtenForm(schema);
  if (read && written) found.set(written, { ...read, ...found.get(written) });
  for (const child of inside(schema)) collect(child, { chain, docs, found });
}

function writtenForm(schema: unknown): unknown {
  return schema instanceof z.ZodPipe ? writtenForm(schema.in) : schema;
}

/**
 * What the schema that this one extends says of a field: the one that shares the field itself, else, where the field was
 * narrowed by what backends bring, the one that shares most of the others.
 */
function inherited(schema: z.ZodObject, key: string, found: Collecting["found"]): string | undefined {
  const kin = [...found].flatMap(([other, docs]) => {
    if (!(other instanceof z.ZodObject) || other === schema) return [];
    const shared = Object.keys(schema.shape).filter((each) => other.shape[each] === schema.shape[each]);
    return docs[key] !== undefined && shared.length > 0 ? [{ doc: docs[key], shared }] : [];
  });
  const same = kin.find(({ shared }) => shared.includes(key));
  return (
    same?.doc ??
    kin.filter(({ shared }) => shared.length > 1).toSorted((a, b) => b.shared.length - a.shared.length)[0]?.doc
  );
}

function inside(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodPipe) return [schema.in];
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
  const schemas = await generateSchemas();
  for (const [path, text] of [...schemas, ...referencePages(schemas)]) {
    await writeFile(new URL(path, root), text);
    console.log(`Wrote ${path}`);
  }
}
