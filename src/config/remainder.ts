import { type Document, isAlias, isCollection } from "yaml";
import type { z } from "zod";
import { resolved } from "./locate.ts";
import { type ConfigProblem, formatPath, type Path } from "./problem.ts";
import { readValues, type ValueOptions } from "./read-values.ts";
import { keysAt } from "./schema-at.ts";
import type { SourceText } from "./source.ts";
import { type FlatIssue, flattenIssues, valueAt } from "./union-issue.ts";

/** What is left of a file that does not hold to its schema, once what does not is taken out. */
export interface Remainder<Content> {
  /** Points at the places of the whole file. */
  readonly source: SourceText;
  readonly value: Content;
  /** Where what was taken out stands. */
  readonly taken: readonly Path[];
  /** Whether a problem may only be there because something was taken out. */
  readonly mayMislead: (problem: ConfigProblem) => boolean;
}

interface Whole<Content> {
  readonly source: SourceText;
  /** What the remainder is held to: more may be left out than in a file that is used. */
  readonly schema: z.ZodType<Content>;
  readonly options: ValueOptions;
}

/** Each round takes out what the one before revealed. */
const mostRounds = 40;

/** Sections that others name things of: without one of them, nothing said of the others would be worth anything. */
const namedFrom = ["backends", "lists", "metrics", "operations", "portfolio", "roles", "channels", "policy", "people"];

/**
 * Takes out the smallest parts that do not hold to the schema, so that the rest can be judged in the same go. Undefined where so
 * much would have to go that nothing certain can be said of the rest.
 */
export function remainderOf<Content>(whole: Whole<Content>): Remainder<Content> | undefined {
  let taken: readonly Path[] = [];
  const faults = readValues(whole.source, whole.options).problems.length;
  for (let round = 0; round < mostRounds; round += 1) {
    const source = without(whole.source, taken);
    if (!source) return undefined;
    const { value, problems } = readValues(source, whole.options);
    // An alias lost what it stands for.
    if (problems.length > faults) return undefined;
    const parsed = whole.schema.safeParse(value);
    if (parsed.success) {
      const mayMislead = misleading(whole, taken);
      return { source, value: parsed.data, taken, mayMislead };
    }
    const more = flattenIssues(parsed.error.issues, value).flatMap((issue) => faultyPaths(issue, value));
    // What stands behind an alias goes with the alias, and so does whatever else that brings.
    const next = [...taken, ...more.map((path) => reachable(whole.source.document, inWhole(taken, path)))];
    if (next.some((path) => cannotBeSpared(path))) return undefined;
    taken = outermost(next);
  }
  return undefined;
}

function cannotBeSpared(path: Path): boolean {
  return path.length === 0 || (path.length === 1 && namedFrom.includes(String(path[0])));
}

/** What has to go for an issue to be gone: the value; or, where a value is missing, what lacks it. */
function faultyPaths(issue: FlatIssue, value: unknown): Path[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
  return [valueAt(value, path) === undefined ? path.slice(0, -1) : path];
}

/** Without those that are inside of others. */
function outermost(paths: readonly Path[]): readonly Path[] {
  const distinct = [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
  return distinct.filter((path) => !distinct.some((other) => other.length < path.length && isWithin(path, other)));
}

function isWithin(path: Path, above: Path): boolean {
  return above.every((step, index) => step === path[index]);
}

/** The file without these parts, every other part where it stood; undefined where one stands behind an alias of the whole file. */
function without(source: SourceText, taken: readonly Path[]): SourceText | undefined {
  const document = source.document.clone();
  // From the end, so that no item of a list moves before it is looked for.
  for (const path of taken.toSorted(laterFirst)) {
    const reached = reachable(document, path);
    if (reached.length === 0) return undefined;
    document.deleteIn(reached);
  }
  return { ...source, document, inWhole: (path) => inWhole(taken, path) };
}

function laterFirst(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (typeof step === "number" && typeof other === "number" && step !== other) return other - step;
    if (step !== other) return 0;
  }
  return 0;
}

/** The path, or as much of it as leads to the alias that it goes through. */
function reachable(document: Document, path: Path): Path {
  const through = path.findIndex((_, index) => isAlias(document.getIn(path.slice(0, index + 1), true)));
  if (through >= 0) return path.slice(0, through + 1);
  return isCollection(document.getIn(path.slice(0, -1), true)) || path.length === 1 ? path : [];
}

/** Where something of the remainder stands in the whole file: what was taken out of a list before it is counted again. */
function inWhole(taken: readonly Path[], path: Path): Path {
  return path.reduce<Path>((above, step) => {
    if (typeof step === "string") return [...above, step];
    const gone = taken
      .filter((each) => each.length === above.length + 1 && isWithin(each, above))
      .flatMap((each) => each.at(-1) ?? [])
      .filter((each) => typeof each === "number")
      .toSorted((a, b) => a - b);
    return [...above, gone.reduce<number>((index, each) => (each <= index ? index + 1 : index), step)];
  }, []);
}

/** What is said of something that holds what was taken out, or by the name of what was. */
function misleading<Content>(whole: Whole<Content>, taken: readonly Path[]): (problem: ConfigProblem) => boolean {
  const above = new Set(taken.flatMap((path) => path.map((_, index) => formatPath(path.slice(0, index + 1)))));
  const names = new Set(taken.flatMap((path) => namesOf(whole, path)));
  return (problem) =>
    (problem.file === whole.source.file && above.has(problem.path)) ||
    (problem.message.match(/[\w-]+/g) ?? []).some((word) => names.has(word));
}

/** The names by which others may speak of a part: chosen by whoever wrote the file, as no key of the schema is. */
function namesOf<Content>({ source, schema }: Whole<Content>, path: Path): string[] {
  const own = path.filter(
    (step, index) => typeof step === "string" && !keysAt(schema, path.slice(0, index)).includes(step),
  );
  const node = resolved(source.document, source.document.getIn(path, true));
  const inside = isCollection(node) ? Object.entries(Object(node.toJS(source.document))) : [];
  const known = keysAt(schema, path);
  // Any of them may have been meant as its id.
  const below = inside.flatMap(([key, value]) => [
    ...(known.includes(key) || /^\d+$/.test(key) ? [] : [key]),
    ...(typeof value === "string" ? [value] : []),
  ]);
  return [...own.map(String), ...below];
}
