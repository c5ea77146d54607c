import { type Alias, type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, visit } from "yaml";
import type { Path } from "./problem.ts";

/** Where something stands in a file, as character offsets. */
export interface FileSpot {
  readonly key: number;
  readonly value: number;
  /** The value as it is written, when it is a scalar that is there; an alias shows what it stands for. */
  readonly written: string | undefined;
}

/** Finds a value by its path; a path that ends nowhere gives the spot of the last part that exists. */
export function locateValue(document: Document, path: Path): FileSpot {
  let node = resolved(document, document.contents);
  const start = node?.range?.[0] ?? 0;
  let spot: FileSpot = { key: start, value: start, written: undefined };
  for (const step of path) {
    const next = child(node, step);
    if (!next) return { ...spot, written: undefined };
    // An alias is shown where it is used, its content where the anchor stands.
    const value = next.value && !isEmptyScalar(next.value) ? (next.value.range?.[0] ?? 0) : undefined;
    const key = next.key?.range?.[0] ?? value ?? spot.value;
    node = resolved(document, next.value);
    spot = { key, value: value ?? key, written: isScalar(node) ? (node.source ?? undefined) : undefined };
  }
  return spot;
}

/** What each alias of a document stands for; the library walks through the whole document for each. */
const anchored = new WeakMap<Document, ReadonlyMap<Alias, Node | undefined>>();

/** What an alias stands for; undefined for an alias to nothing. */
export function resolved(document: Document, node: unknown): Node | undefined {
  if (!isAlias(node)) return isNode(node) ? node : undefined;
  const known = anchored.get(document) ?? aliasesOf(document);
  anchored.set(document, known);
  return known.get(node);
}

/** An alias stands for the last node above it that has its anchor. */
function aliasesOf(document: Document): ReadonlyMap<Alias, Node | undefined> {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node | undefined>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) aliases.set(node, anchors.get(node.source));
      else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return aliases;
}

/** Deeper than a file may be, and than what contains itself could be followed. */
const deepest = 40;

/** What a document says as plain values, without what its references stand for. The library takes long over its aliases. */
export function writtenIn(document: Document): unknown {
  return plain(document, document.contents, 0);
}

function plain(document: Document, written: unknown, depth: number): unknown {
  const node = depth > deepest ? undefined : resolved(document, written);
  if (isSeq(node)) return node.items.map((item) => plain(document, item, depth + 1));
  if (isMap(node))
    return Object.fromEntries(
      node.items.map(({ key, value }) => [scalarText(key) ?? "", plain(document, value, depth + 1)]),
    );
  return isScalar(node) ? node.value : null;
}

/** A key or value as text, as the schema sees a key; undefined for what is no scalar, or empty. */
export function scalarText(node: unknown): string | undefined {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function child(node: Node | undefined, step: string | number): { key?: Node; value?: Node } | undefined {
  if (isSeq(node)) {
    const item = typeof step === "number" ? node.items[step] : undefined;
    return isNode(item) ? { value: item } : undefined;
  }
  const pair = isMap(node) ? node.items.find((each) => scalarText(each.key) === String(step)) : undefined;
  if (!pair) return undefined;
  return { ...(isNode(pair.key) ? { key: pair.key } : {}), ...(isNode(pair.value) ? { value: pair.value } : {}) };
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.range?.[0] === node.range?.[1];
}
