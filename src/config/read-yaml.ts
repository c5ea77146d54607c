import type { z } from "zod";
import { parsedOnce } from "../domain/systems/spec.ts";
import { explainIssues } from "./explain-issue.ts";
import type { ConfigProblem } from "./problem.ts";
import { readFileText } from "./read-file.ts";
import { readValues, type ValueOptions } from "./read-values.ts";
import { type Remainder, remainderOf } from "./remainder.ts";
import { parseSource, type SourceText } from "./source.ts";

/** One config file, read as far as it could be. */
export interface ReadFile<Content> {
  /** Undefined when the file does not hold to its schema. */
  readonly loaded: { readonly source: SourceText; readonly value: Content } | undefined;
  /** What can be judged of a file that does not hold to its schema. */
  readonly remainder?: Remainder<Content> | undefined;
  readonly problems: readonly ConfigProblem[];
  /** Secret values that came in from the environment, with the names of their variables. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Variables that stay references, by name. */
  readonly kept: ReadonlyMap<string, string>;
}

/** What a file is held to. */
interface Held<Content> {
  readonly schema: z.ZodType<Content>;
  /** The same with everything left out that may be: what is left of a file with mistakes is held to it. */
  readonly inPart: z.ZodType<Content>;
}

/** Reads a file against its schema. Every problem of the file comes back at once; nothing is thrown. */
export async function readYaml<Content>(
  file: string,
  { schema, inPart }: Held<Content>,
  options: ValueOptions,
): Promise<ReadFile<Content>> {
  const read = await readFileText(file);
  if ("problem" in read) return { loaded: undefined, problems: [read.problem], secrets: new Map(), kept: new Map() };
  const { source, problems: faults } = parseSource(file, read.text);
  if (faults.length > 0) return { loaded: undefined, problems: faults, secrets: new Map(), kept: new Map() };
  const { value, unknown, secrets, kept, problems } = readValues(source, options);
  const parsed = schema.safeParse(value, parsedOnce);
  if (parsed.success) return { loaded: { source, value: parsed.data }, problems, secrets, kept };
  return {
    loaded: undefined,
    remainder: remainderOf({ source, schema: inPart, options }),
    problems: [...problems, ...explainIssues(parsed.error.issues, { source, schema, value, unknown })],
    secrets,
    kept,
  };
}
