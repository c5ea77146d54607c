import { nearest } from "../../domain/text/distance.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";

/** A name somewhere in a file. */
export interface Named {
  readonly name: string;
  /** What makes it the same as another, where that is not the name as it is written. */
  readonly compared?: string;
  readonly source: SourceText;
  readonly path: Path;
}

/** Each name that was taken before, pointing at both places. `what` says what carries the name: `a person`. */
export function repeated(names: readonly Named[], what: string): ConfigProblem[] {
  const first = new Map<string, Named>();
  return names.flatMap((named) => {
    const { name, compared = name, source, path } = named;
    const earlier = first.get(compared);
    if (!earlier) {
      first.set(compared, named);
      return [];
    }
    const { file, line } = problemAt(earlier.source, earlier.path, { message: "", remedy: "" });
    const message = `${what} called \`${name}\` already stands at ${file}:${line}`;
    const problem = problemAt(source, path, { message, remedy: "Give each its own name." });
    return [{ ...problem, name: { of: what.replace(/^an? /, ""), is: "repeated" as const } }];
  });
}

/** A name that nothing carries, with the one that was probably meant. */
export function unknownName({ name, source, path }: Named, known: readonly string[], what: string): ConfigProblem[] {
  if (known.includes(name)) return [];
  const meant = nearest(name, known);
  const remedy = meant === undefined ? `Known: ${known.join(", ") || "none"}.` : didYouMean(meant);
  const problem = problemAt(source, path, { message: `there is no ${what} called \`${name}\``, remedy });
  return [{ ...problem, name: { of: what, is: "unknown" } }];
}

/** What to do about `{name}`, which is none of what may be named: the one that was probably meant, or to add it. */
export function argumentRemedy(name: string, known: readonly string[], besides = ""): string {
  const meant = nearest(name, known);
  return meant === undefined ? `Add \`${name}\` under \`arguments\`${besides}.` : didYouMean(meant);
}

function didYouMean(meant: string): string {
  return `Did you mean \`${meant}\`?`;
}
