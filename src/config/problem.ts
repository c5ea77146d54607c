/** Keys and list positions from the top of a file to a value. */
export type Path = readonly (string | number)[];

/** Something in a config file that a person must mend. Line and column count from 1. */
export interface ConfigProblem {
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the file's structure, for example `people[0].grants[1].role`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, as a clause without a full stop. Never holds the value of a secret. */
  readonly message: string;
  /** What to do next, as one sentence. */
  readonly remedy: string;
  /** A name of this kind of thing, as of a role: it stands twice, or nothing has it. */
  readonly name?: { readonly of: string; readonly is: "repeated" | "unknown" };
}

/** What is wrong and what to do, before it is known where. `at` points at a key rather than its value. */
export interface Mistake {
  readonly message: string;
  readonly remedy: string;
  readonly severity?: ConfigProblem["severity"];
  readonly at?: "key" | "value";
}

/** `people[0].accounts["my key"]` */
export function formatPath(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** `file:line:column: path: message. Remedy.`, which editors and terminals make a link of. What is only doubtful says `warning`. */
export function formatProblem(problem: ConfigProblem): string {
  return formatted(problem, problem.severity === "warning" ? "warning: " : "");
}

/** The same with `error` or `warning`, for where lines of both stand together. */
export function formatLabelled(problem: ConfigProblem): string {
  return formatted(problem, `${problem.severity}: `);
}

function formatted({ file, line, column, path, message, remedy }: ConfigProblem, label: string): string {
  const where = path === "" ? "" : `${path}: `;
  return `${file}:${line}:${column}: ${label}${where}${message}. ${remedy}`;
}

/**
 * In reading order, each once: an anchor used twice would otherwise report its faults twice. Where a name stands twice, one that nothing
 * has may be what the other was to be called: it is told once that is mended.
 */
export function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const repeated = new Set(problems.flatMap(({ name }) => (name?.is === "repeated" ? [name.of] : [])));
  const first = problems.filter(({ name }) => !(name?.is === "unknown" && repeated.has(name.of)));
  const unique = new Map(first.map((problem) => [formatProblem(problem), problem]));
  return [...unique.values()].toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
