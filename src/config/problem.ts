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

/** `file:line:column: path: message. Remedy.`, which editors and terminals make a link of. */
export function formatProblem({ file, line, column, path, message, remedy, severity }: ConfigProblem): string {
  const where = path === "" ? "" : `${path}: `;
  return `${file}:${line}:${column}: ${severity === "warning" ? "warning: " : ""}${where}${message}. ${remedy}`;
}

/** In reading order, each once: an anchor used twice would otherwise report its faults twice. */
export function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const unique = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...unique.values()].toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
