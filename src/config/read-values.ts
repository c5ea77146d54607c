import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { ownValue } from "../domain/own-value.ts";
import { numberWritten } from "../domain/systems/exact.ts";
import type { Variables } from "./environment.ts";
import { explainYaml } from "./explain-yaml.ts";
import { holdsSecret, judgeLiteral, looksSecret } from "./literal.ts";
import { resolved, scalarText } from "./locate.ts";
import { type ConfigProblem, formatPath, type Mistake, type Path } from "./problem.ts";
import { namesCredentials, staysReference } from "./secret-place.ts";
import { problemAt, problemAtOffset, type SourceText } from "./source.ts";
import { isVariableName, substitute } from "./substitute.ts";

/** The plain values of a file, with references to the environment resolved. */
export interface Values {
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Paths whose value could not be read, as where a variable is not set: what the schema says of them is worth nothing. */
  readonly unknown: readonly Path[];
  /** Values of variables that look secret, which no message may show. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Variables that stay references, by name. */
  readonly kept: ReadonlyMap<string, string>;
}

/** `warn` checks a config away from the machine it will run on, where its variables are not set. */
export interface ValueOptions {
  readonly variables: Variables;
  readonly unset: "refuse" | "warn";
  /** In a system's file secrets stay references until something is sent. */
  readonly references?: boolean;
}

const mostNodes = 20_000;
const deepest = 40;

interface Walk extends ValueOptions {
  readonly source: SourceText;
  readonly problems: ConfigProblem[];
  readonly unknown: Path[];
  readonly secrets: Map<string, string>;
  readonly kept: Map<string, string>;
  /** Where each variable that is not set is referred to. */
  readonly missing: Map<string, ConfigProblem[]>;
  /** Counts aliases at every use, so that a small file cannot unfold into a large one. */
  nodes: number;
}

/** Reads what a file says. Never throws; everything found wrong comes back as problems. */
export function readValues(source: SourceText, options: ValueOptions): Values {
  const walk: Walk = {
    ...options,
    source,
    problems: [],
    unknown: [],
    secrets: new Map(),
    kept: new Map(),
    missing: new Map(),
    nodes: 0,
  };
  const value = visit(walk, source.document.contents, []);
  if (walk.nodes > mostNodes) {
    const message = `anchors and aliases unfold into more than ${mostNodes} values`;
    walk.problems.push(problemAtOffset(source, 0, { message, remedy: "Write the values out where they are needed." }));
  }
  const problems = [...walk.problems, ...unsetProblems(walk)];
  return { value, problems, unknown: walk.unknown, secrets: walk.secrets, kept: walk.kept };
}

function visit(walk: Walk, written: unknown, path: Path): unknown {
  walk.nodes += 1;
  if (walk.nodes > mostNodes) return null;
  if (path.length > deepest) {
    const message = `values are nested more than ${deepest} deep`;
    return unreadable(walk, path, { message, remedy: "Remove the alias that contains itself, or flatten the values." });
  }
  const node = resolved(walk.source.document, written);
  if (!node && isAlias(written)) {
    const remedy = "Define the anchor above its use, or put a text that begins with * in quotes.";
    return unreadable(walk, path, { message: "this alias has no anchor above it", remedy });
  }
  if (isMap(node)) return visitMap(walk, node, path);
  if (isSeq(node)) return visitList(walk, node, path);
  if (isScalar(node)) return visitScalar(walk, node, path);
  return null;
}

function visitList(walk: Walk, list: YAMLSeq, path: Path): unknown[] {
  return list.items.map((item, index) => visit(walk, item, [...path, index]));
}

function visitMap(walk: Walk, map: YAMLMap, path: Path): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const pair of map.items) {
    const key = keyOf(walk, pair, { path, taken: entries });
    if (key !== undefined) entries.set(key, visit(walk, pair.value, [...path, key]));
  }
  return Object.fromEntries(entries);
}

function keyOf(walk: Walk, pair: Pair, map: { path: Path; taken: ReadonlyMap<string, unknown> }): string | undefined {
  const key = scalarText(pair.key);
  const mistake = wrongKey(key, map.taken);
  const offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? 0;
  if (mistake) walk.problems.push({ ...problemAtOffset(walk.source, offset, mistake), path: formatPath(map.path) });
  return mistake ? undefined : key;
}

function wrongKey(key: string | undefined, taken: ReadonlyMap<string, unknown>): Mistake | undefined {
  if (key === undefined) return { message: "a key is no text", remedy: "Write every key as a plain word." };
  if (key in Object.prototype)
    return { message: `no key may be called \`${key}\`, which everything has anyway`, remedy: "Choose another name." };
  if (key === "<<")
    return { message: "merge keys are not read", remedy: "Use an alias for a whole value, or write the keys out." };
  if (taken.has(key)) return explainYaml("DUPLICATE_KEY");
  if (key.includes("${")) {
    const remedy = "Write the key out; only values may refer to the environment.";
    return { message: "a reference in a key is never replaced", remedy };
  }
  return undefined;
}

function visitScalar(walk: Walk, scalar: Scalar, path: Path): unknown {
  const key = path.findLast((step) => typeof step === "string") ?? "";
  const literal = typeof scalar.value === "boolean" ? "" : (scalarText(scalar) ?? "");
  // Below mtls stand paths of files, also as `key`; the schema takes nothing else there.
  const mistake = judgeLiteral(path.at(-2) === "mtls" ? "file" : key, literal, {
    owner: ownerOf(walk),
    isAuth: path.includes("auth"),
  });
  if (mistake) report(walk, path, mistake);
  if (key === "secretEnv") checkSecretName(walk, literal, path);
  const credential = walk.references && namesCredentials(path) ? /^env:(\w+)$/.exec(literal)?.[1] : undefined;
  if (credential !== undefined)
    keep(walk, credential, problemAt(walk.source, path, unsetMistake(credential, walk.unset)));
  const odd = oddNumber(scalar);
  if (odd) report(walk, path, odd);
  // An id keeps its digits; of a fraction a double has more than anybody measures.
  if (Number.isInteger(scalar.value)) return numberWritten(scalar.source ?? "", Number(scalar.value));
  return typeof scalar.value === "string" ? replaceReferences(walk, scalar, path) : scalar.value;
}

/** `0123` and `0x1F` are numbers in YAML, which neither a build nor an address of a chain that looks so is meant to be. */
function oddNumber({ value, source = "" }: Scalar): Mistake | undefined {
  if (typeof value !== "number" || !/^[-+]?0[\dxo]/.test(source)) return undefined;
  return {
    message: `\`${source}\` is written, and reads as the number ${value}`,
    remedy: `Put it in quotes, "${source}", or write ${value}.`,
  };
}

/** The system whose file it is. */
function ownerOf({ source, references }: Walk): string {
  const id = references ? source.document.get("id") : undefined;
  return typeof id === "string" ? id : "";
}

/** It is asked for when something is sent; that it is not set is told now. */
function keep(walk: Walk, name: string, ifUnset: ConfigProblem): void {
  const value = ownValue(walk.variables, name);
  if (value === undefined || value === "") noteUnset(walk, name, ifUnset);
  else walk.kept.set(name, value);
}

/** `{ secretEnv: NAME }` is a reference by name: the value never enters the configuration. */
function checkSecretName(walk: Walk, name: string, path: Path): void {
  if (!isVariableName(name)) {
    const remedy = "Write the variable's name alone, for example secretEnv: API_TOKEN.";
    report(walk, path, { message: "this is not the name of a variable", remedy });
  } else if (!ownValue(walk.variables, name)) {
    noteUnset(walk, name, problemAt(walk.source, path, unsetMistake(name, walk.unset)));
  }
}

function replaceReferences(walk: Walk, scalar: Scalar, path: Path): string {
  const written = scalarText(scalar) ?? "";
  const stays = (name: string, at: number): boolean =>
    staysReference(path, written, { name, value: ownValue(walk.variables, name) ?? "", at });
  const keeps = walk.references === true ? stays : undefined;
  const { text, used, unset, kept, malformed } = substitute(written, walk.variables, keeps);
  for (const name of kept) walk.kept.set(name, ownValue(walk.variables, name) ?? "");
  const leading = walk.references === true && written.startsWith("${") ? used[0] : undefined;
  if (leading !== undefined && holdsSecret(ownValue(walk.variables, leading) ?? ""))
    walk.problems.push(
      problemInside(walk, path, { scalar, part: `\${${leading}}`, mistake: credentialInAddress(leading) }),
    );
  for (const name of used) {
    const value = ownValue(walk.variables, name) ?? "";
    if (looksSecret(name) || holdsSecret(value)) walk.secrets.set(value, name);
  }
  for (const reference of malformed) {
    const remedy = "Write ${NAME} with letters, digits and _, or $${ for the characters themselves.";
    const mistake = { message: "this is not a reference to a variable", remedy };
    walk.problems.push(problemInside(walk, path, { scalar, part: reference, mistake }));
  }
  for (const name of unset) {
    const mistake = unsetMistake(name, walk.unset);
    noteUnset(walk, name, problemInside(walk, path, { scalar, part: `\${${name}}`, mistake }));
  }
  if (unset.length > 0) walk.unknown.push(path);
  return text;
}

function credentialInAddress(name: string): Mistake {
  const remedy = `Take the credential out of ${name} and say where it is: { base: "\${${name}}", auth: { … env:NAME } }, or write the part of the path as \${NAME}.`;
  return { message: `the address in ${name} holds a credential`, remedy };
}

function noteUnset({ missing }: Walk, name: string, problem: ConfigProblem): void {
  const known = missing.get(name);
  if (known) known.push(problem);
  else missing.set(name, [problem]);
}

/** One problem a variable, where it is first referred to: setting it mends all. */
function unsetProblems({ missing }: Walk): ConfigProblem[] {
  return [...missing.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const more = others.length === 0 ? "" : ` (first of ${others.length + 1} places)`;
    return [{ ...first, message: `${first.message}${more}` }];
  });
}

function unsetMistake(name: string, unset: ValueOptions["unset"]): Mistake {
  const severity = unset === "warn" ? "warning" : "error";
  return { severity, message: `the variable ${name} is not set`, remedy: `Set ${name} in the bot's environment.` };
}

/** At the part of a text that the mistake is about, when it is written as it reads. */
function problemInside(
  { source }: Walk,
  path: Path,
  { scalar, part, mistake }: { scalar: Scalar; part: string; mistake: Mistake },
): ConfigProblem {
  const problem = problemAt(source, path, mistake);
  const [start, end] = scalar.range ?? [0, 0];
  const offset = source.text.indexOf(part, start);
  if (offset < 0 || offset >= end) return problem;
  return { ...problemAtOffset(source, offset, mistake), path: problem.path };
}

function report(walk: Walk, path: Path, mistake: Mistake): void {
  walk.problems.push(problemAt(walk.source, path, mistake));
}

/** A value that is not there to judge: the schema's opinion of it would only repeat the problem. */
function unreadable(walk: Walk, path: Path, mistake: Mistake): null {
  report(walk, path, mistake);
  walk.unknown.push(path);
  return null;
}
