import type { z } from "zod";
import { isExact } from "../domain/systems/exact.ts";
import { nearest } from "../domain/text/distance.ts";
import type { Path } from "./problem.ts";

/** What none of a union's alternatives takes: the types and words it would take, or the keys that tell them apart. */
export interface NoAlternative {
  readonly code: "no_alternative";
  readonly path: Path;
  readonly types: readonly string[];
  readonly values: readonly string[];
  readonly keys: readonly string[];
}

export type FlatIssue = Exclude<Relocated<z.core.$ZodIssue>, { code: "invalid_union" }> | NoAlternative;
type Relocated<Issue> = Issue extends { path: PropertyKey[] } ? Omit<Issue, "path"> & { path: Path } : never;

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  const found = path.reduce<unknown>(
    (at, step) => (isKeyed(at) && Object.hasOwn(at, step) ? at[step] : undefined),
    value,
  );
  return isExact(found) ? Number(found.exactly) : found;
}

function isKeyed(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Replaces each issue of a union by those of the alternative that was most likely meant. */
export function flattenIssues(issues: readonly z.core.$ZodIssue[], value: unknown, prefix: Path = []): FlatIssue[] {
  return issues.flatMap((issue): FlatIssue[] => {
    const path = [...prefix, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
    if (issue.code !== "invalid_union") return [{ ...issue, path }];
    return likeliest(
      issue.errors.map((branch) => flattenIssues(branch, value, path)),
      { path, value: valueAt(value, path) },
    );
  });
}

interface Place {
  readonly path: Path;
  readonly value: unknown;
}

function likeliest(branches: readonly FlatIssue[][], at: Place): FlatIssue[] {
  const fitting = branches.filter((issues) => !issues.some((issue) => refusesKind(issue, at.path)));
  if (fitting.length === 0) return [wrongKind(branches.flat(), at.path)];
  const missing = fitting.map((issues) => missingKeys(issues, at));
  const shared = missing.reduce((some, each) => some.filter((key) => each.includes(key)));
  const telling = missing.map((keys) => keys.filter((key) => !shared.includes(key)));
  const named = fitting.filter((_, index) => telling[index]?.length === 0).toSorted((a, b) => a.length - b.length);
  if (named[0]) return named[0];
  const [taking, ...alsoTaking] = fitting.filter((issues) => !issues.some((issue) => refusesKey(issue, at.path)));
  // Only one knows every key that was written: what it lacks is what is missing.
  if (taking && alsoTaking.length === 0 && fitting.length > 1) return taking;
  const strangers = fitting[0]?.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : [])) ?? [];
  const misspelt = fitting.find((_, index) => strangers.some((key) => nearest(key, telling[index] ?? [])));
  if (misspelt) return misspelt;
  const others = (fitting[0] ?? []).filter((issue) => !telling[0]?.includes(String(issue.path[at.path.length])));
  return [{ ...noAlternative, path: at.path, keys: [...new Set(telling.flat())] }, ...others];
}

const noAlternative = { code: "no_alternative", types: [], values: [], keys: [] } as const;

/** An alternative of another kind altogether: a text where a map was written. */
function refusesKind(issue: FlatIssue, path: Path): boolean {
  if (issue.path.length !== path.length) return false;
  return ["invalid_type", "invalid_value", "no_alternative"].includes(issue.code);
}

function refusesKey(issue: FlatIssue, path: Path): boolean {
  return issue.code === "unrecognized_keys" && issue.path.length === path.length;
}

function wrongKind(issues: readonly FlatIssue[], path: Path): NoAlternative {
  const here = issues.filter((issue) => issue.path.length === path.length);
  const types = here.flatMap((issue) => {
    if (issue.code === "invalid_type") return [issue.expected];
    return issue.code === "no_alternative" ? issue.types : [];
  });
  const values = here.flatMap((issue) => {
    if (issue.code === "invalid_value") return issue.values.map(String);
    return issue.code === "no_alternative" ? issue.values : [];
  });
  return { ...noAlternative, path, types: [...new Set(types)], values: [...new Set(values)] };
}

function missingKeys(issues: readonly FlatIssue[], { path, value }: Place): string[] {
  const keys = issues
    .filter((issue) => issue.path.length === path.length + 1)
    .map((issue) => String(issue.path[path.length]))
    .filter((key) => valueAt(value, [key]) === undefined);
  return [...new Set(keys)];
}
