import { type Document, isMap, isScalar, parseDocument } from "yaml";
import { explainYaml } from "./explain-yaml.ts";
import { locateValue } from "./locate.ts";
import { type ConfigProblem, formatPath, type Mistake, type Path } from "./problem.ts";

/** A config file as it stands, able to say where each value is. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  /** Where what stands at a path of the document stands in the file, when something of the file was left out of the document. */
  readonly inWhole?: (path: Path) => Path;
}

/** Characters. Larger than any config by far, small enough that reading one never stalls the start. */
const largestFile = 512 * 1024;

/** Parses a file's text. Its problems are those of YAML itself; with any of them the content cannot be judged. */
export function parseSource(
  file: string,
  text: string,
): { readonly source: SourceText; readonly problems: ConfigProblem[] } {
  const tooLarge = text.length > largestFile;
  const document = parseDocument(tooLarge ? "" : text, { prettyErrors: false });
  const source: SourceText = { file, text, document };
  if (tooLarge) {
    const message = `the file is longer than ${largestFile} characters`;
    return {
      source,
      problems: [problemAtOffset(source, 0, { message, remedy: "Give every system a file of its own." })],
    };
  }
  // After a token in the wrong place the parser trips over all that follow, so only the first of these says anything.
  const firstStray = document.errors.find((error) => error.code === "UNEXPECTED_TOKEN");
  const faults = document.errors.filter((error) => error.code !== "UNEXPECTED_TOKEN" || error === firstStray);
  const problems = [...faults, ...document.warnings].map(({ code, pos: [offset] }) =>
    isReference(text, offset)
      ? problemAtOffset(source, offset - 1, unquotedReference)
      : problemAtOffset(source, offset, explainYaml(code)),
  );
  return { source, problems: problems.length > 0 ? problems : wrongTop(source) };
}

const unquotedReference: Mistake = {
  message: "a ${NAME} in { } or [ ] needs quotes",
  remedy: 'Write it as "${NAME}".',
};

/** Inside `{ }` and `[ ]` the brace of a `${NAME}` opens a map, which is where YAML stumbles. */
function isReference(text: string, offset: number): boolean {
  return text[offset] === "{" && text[offset - 1] === "$";
}

function wrongTop(source: SourceText): ConfigProblem[] {
  const { contents } = source.document;
  if (isMap(contents)) return [];
  const empty = contents === null || (isScalar(contents) && contents.value === null);
  const message = empty ? "the file is empty" : "the file is not a map of keys and values";
  const remedy = "Start from the file of the same name in demo/config, or from one in systems.";
  return [problemAtOffset(source, 0, { message, remedy })];
}

/** A problem at a value, or at its key, or, when it is missing, at the nearest thing above it. */
export function problemAt(source: SourceText, path: Path, mistake: Mistake): ConfigProblem {
  const offset = locateValue(source.document, path)[mistake.at ?? "value"];
  return { ...problemAtOffset(source, offset, mistake), path: formatPath(source.inWhole?.(path) ?? path) };
}

/** A problem at a character of the file. */
export function problemAtOffset(source: SourceText, offset: number, mistake: Mistake): ConfigProblem {
  // Counted here and not by the parser, which loses lines in what it could not read.
  const before = source.text.slice(0, offset);
  return {
    severity: mistake.severity ?? "error",
    file: source.file,
    line: before.split("\n").length,
    column: before.length - before.lastIndexOf("\n"),
    path: "",
    message: mistake.message,
    remedy: mistake.remedy,
  };
}
