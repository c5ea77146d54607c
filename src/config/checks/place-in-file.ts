import { z } from "zod";
import { ownValue } from "../../domain/own-value.ts";
import { Source } from "../../domain/systems/sources.ts";
import type { StepKinds } from "../../domain/systems/steps.ts";
import type { Path } from "../problem.ts";
import type { SourceText } from "../source.ts";

const Parts = z.record(z.string(), z.unknown());
/** A step or a reading: what the file writes below the key of its kind is its `spec` once it has been read. */
const OfKind = z.looseObject({ kind: z.string(), spec: z.unknown() });

/** A place in what was read of a file, and what the file itself has there. */
interface Place {
  readonly read: unknown;
  readonly written: unknown;
  readonly path: Path;
}

/**
 * The keys and positions that lead through a file to where `path` leads in what was read from it. There what stands among an
 * entry's own keys has become its `source`, and what stands below the key of a kind its `spec`.
 */
export function placeInFile({ read, written, path }: Place, kinds: StepKinds): Path {
  const [key, ...rest] = path;
  if (key === undefined) return [];
  const below = partOf(read, key);
  const isUnwritten = partOf(written, key) === undefined;
  if (isUnwritten && key === "source") return placeInFile({ read: below, written, path: rest }, kinds);
  if (isUnwritten && key === "spec" && Source.safeParse(read).success)
    return placeInFile({ read: below, written, path: rest }, kinds);
  const of = key === "spec" ? OfKind.safeParse(read).data?.kind : undefined;
  const name = isUnwritten && of !== undefined ? (kinds.get(of)?.key ?? of) : key;
  return [name, ...placeInFile({ read: below, written: partOf(written, name), path: rest }, kinds)];
}

/**
 * Where below `path` a file first has a text inside a value or as a key, as `{service}` of a step; `path` itself where it stands
 * nowhere as it is.
 */
export function placeOfText({ document }: SourceText, path: Path, text: string): Path {
  const top: unknown = document.toJS();
  const below = placeWithin(
    path.reduce<unknown>((value, key) => partOf(value, key), top),
    text,
  );
  return below ? [...path, ...below] : path;
}

function placeWithin(value: unknown, text: string): Path | undefined {
  if (typeof value === "string") return value.includes(text) ? [] : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    if (key.includes(text)) return [step];
    const found = placeWithin(each, text);
    if (found) return [step, ...found];
  }
  return undefined;
}

function partOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value.at(Number(key));
  const parts = Parts.safeParse(value).data;
  return parts && ownValue(parts, String(key));
}
