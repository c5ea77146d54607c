import type { z } from "zod";
import { explainIssues } from "./explain-issue.ts";
import type { ConfigProblem } from "./problem.ts";
import { readFileText } from "./read-file.ts";
import { readValues, type ValueOptions } from "./read-values.ts";
import { parseSource, type SourceText } from "./source.ts";

/** One config file, read as far as it could be. */
export interface ReadFile<Content> {
  /** Undefined when the file does not hold to its schema. */
  readonly loaded: { readonly source: SourceText; readonly value: Content } | undefined;
  readonly problems: readonly ConfigProblem[];
  /** Secret values that came in from the environment, with the names of their variables. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Variables that stay references, by name. */
  readonly kept: ReadonlyMap<string, string>;
}

/** Reads a file against its schema. Every problem of the file comes back at once; nothing is thrown. */
export async function readYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  options: ValueOptions,
): Promise<ReadFile<z.output<Schema>>> {
  const read = await readFileText(file);
  if ("problem" in read) return { loaded: undefined, problems: [read.problem], secrets: new Map(), kept: new Map() };
  const { source, problems: faults } = parseSource(file, read.text);
  if (faults.length > 0) return { loaded: undefined, problems: faults, secrets: new Map(), kept: new Map() };
  const { value, unknown, secrets, kept, problems } = readValues(source, options);
  const parsed = schema.safeParse(value);
  const issues = parsed.success ? [] : explainIssues(parsed.error.issues, { source, schema, value, unknown });
  return {
    loaded: parsed.success ? { source, value: parsed.data } : undefined,
    problems: [...problems, ...issues],
    secrets,
    kept,
  };
}
