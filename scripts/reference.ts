/** The reference of every key that a config file may hold, as pages that are made from the JSON Schemas. */
import { z } from "zod";

interface Node {
  readonly $ref?: string | undefined;
  readonly description?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Node | undefined;
  readonly additionalProperties?: Node | boolean | undefined;
  readonly anyOf?: readonly Node[] | undefined;
  readonly oneOf?: readonly Node[] | undefined;
  readonly allOf?: readonly Node[] | undefined;
}

const Node: z.ZodType<Node> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    description: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), Node).optional(),
    required: z.array(z.string()).optional(),
    items: Node.optional(),
    additionalProperties: z.union([z.boolean(), Node]).optional(),
    anyOf: z.array(Node).optional(),
    oneOf: z.array(Node).optional(),
    allOf: z.array(Node).optional(),
  }),
);
const Root = z.looseObject({ title: z.string(), definitions: z.record(z.string(), Node).default({}) }).and(Node);

const toDefinition = "#/definitions/";

/** The pages by their path in the repository, with the text they must hold. */
export function referencePages(schemas: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...schemas].map(([path, text]) => {
      const name = path.replace(/^schema\/(.*)\.json$/, "$1");
      return [`docs/reference-${name}.md`, page(Root.parse(JSON.parse(text)))];
    }),
  );
}

/** Keys of `schemas` that nothing describes, each with where it stands. */
export function undescribedKeys(schemas: ReadonlyMap<string, string>): readonly string[] {
  return [...schemas].flatMap(([path, text]) =>
    rowsOf(Root.parse(JSON.parse(text)))
      .filter(({ means }) => means === undefined)
      .map(({ place }) => `${path}: ${place}`),
  );
}

interface Row {
  readonly place: string;
  readonly type: string;
  readonly means: string | undefined;
}

function page(root: z.output<typeof Root>): string {
  const sections = Map.groupBy(rowsOf(root), ({ place }) => place.split(/[.[]/)[0] ?? place);
  const parts = [...sections].map(([key, rows]) => [
    `## ${key}`,
    "",
    "| key | takes | meaning |",
    "| --- | ----- | ------- |",
    ...rows.map(({ place, type, means = "" }) => `| \`${place}\` | ${cell(type)} | ${cell(means)} |`),
    "",
  ]);
  return [
    `# ${root.title.replace(/^Wardroom: /, "Reference: ")}`,
    "",
    "Every key, made from the schema by `npm run schema`. `<name>` is a name that you give; `[]` is each of a list; **must** has to be there.",
    "",
    ...parts.flat(),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Each key once. What stands at several places is followed where it is met first. */
function rowsOf(root: z.output<typeof Root>): readonly Row[] {
  const rows = new Map<string, Row>();
  const met = new Map<string, string>();
  const resolved = (node: Node): Node =>
    node.$ref === undefined ? node : resolved(root.definitions[node.$ref.slice(toDefinition.length)] ?? {});

  const add = (row: Row): void => {
    const before = rows.get(row.place);
    rows.set(row.place, before?.means === undefined ? { ...row, type: before?.type ?? row.type } : before);
  };
  const walk = (node: Node, place: string, among: readonly Node[] = [node]): void => {
    if (node.$ref !== undefined) {
      const first = met.get(node.$ref);
      if (first !== undefined) {
        if (first !== place && hasKeys(node, resolved))
          add({ place: `${place}.…`, type: "", means: `As \`${first}\`.` });
        return;
      }
      met.set(node.$ref, place);
    }
    const {
      properties = {},
      required = [],
      items,
      additionalProperties: named,
      anyOf = [],
      oneOf = [],
      allOf = [],
    } = resolved(node);
    for (const [key, child] of Object.entries(properties)) {
      const at = place === "" ? key : `${place}.${key}`;
      const must =
        required.includes(key) && among.every((each) => resolved(each).required?.includes(key)) ? "**must**: " : "";
      add({ place: at, type: `${must}${takes(child, resolved)}`, means: child.description });
      walk(child, at);
    }
    if (items !== undefined) walk(items, `${place}[]`);
    if (typeof named === "object") walk(named, `${place}.<name>`);
    // Where there is a choice, only what each of them has to have has to be there.
    for (const kinds of [anyOf, oneOf])
      for (const kind of kinds)
        walk(
          kind,
          place,
          kinds.filter((each) => resolved(each).properties !== undefined),
        );
    for (const part of allOf) walk(part, place);
  };
  walk(root, "");
  return [...rows.values()];
}

function hasKeys(node: Node, resolved: (of: Node) => Node, above: ReadonlySet<Node> = new Set()): boolean {
  const full = resolved(node);
  // What may hold itself, as any JSON does, has no keys for that.
  if (above.has(full)) return false;
  const { properties, items, additionalProperties: each, anyOf = [], oneOf = [], allOf = [] } = full;
  const others = [items, typeof each === "object" ? each : undefined, ...anyOf, ...oneOf, ...allOf];
  const within = new Set([...above, full]);
  return properties !== undefined || others.some((other) => other !== undefined && hasKeys(other, resolved, within));
}

/** What it takes, in words, with what it is when left out. */
function takes(node: Node, resolved: (of: Node) => Node): string {
  const full = resolved(node);
  const usual = full.default === undefined ? undefined : JSON.stringify(full.default);
  const words = kindOf(full, resolved);
  return usual === undefined || usual === "{}" || usual === "[]" ? words : `${words} (\`${usual}\`)`;
}

const most = 12;

function kindOf(node: Node, resolved: (of: Node) => Node, above: ReadonlySet<Node> = new Set()): string {
  if (above.has(node)) return "the same";
  const of = (other: Node) => kindOf(resolved(other), resolved, new Set([...above, node]));
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined)
    return node.enum
      .slice(0, most)
      .map((each) => `\`${String(each)}\``)
      .join(", ");
  const others = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (others.length > 0) return [...new Set(others.map(of))].join(" or ");
  if (node.allOf?.[0] !== undefined) return of(node.allOf[0]);
  if (node.items !== undefined) return `list of ${of(node.items)}`;
  if (node.properties !== undefined) return "keys";
  if (typeof node.additionalProperties === "object") return "a map";
  const types = [node.type ?? "any"].flat();
  return types.map((type) => (type === "string" ? "text" : type)).join(" or ");
}
