import { z } from "zod";
import { nearest } from "../domain/text/distance.ts";
import { looksSecret } from "./literal.ts";
import { locateValue } from "./locate.ts";
import type { ConfigProblem, Mistake, Path } from "./problem.ts";
import { keysAt, schemasAt } from "./schema-at.ts";
import { problemAt, type SourceText } from "./source.ts";
import { type FlatIssue, flattenIssues, valueAt } from "./union-issue.ts";

/** A file and what a schema thinks of it. */
export interface Judged {
  readonly source: SourceText;
  readonly schema: z.ZodType;
  readonly value: unknown;
  /** Paths whose value is a stand-in for a variable that is not set; what is wrong there is not the writer's fault. */
  readonly unknown: readonly Path[];
}

/** A schema's issues as problems of the file: each where it is, in words, with a next step. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], judged: Judged): ConfigProblem[] {
  const flat = flattenIssues(issues, judged.value);
  const meant = new Set(flat.flatMap((issue) => misspeltFor(issue, judged)));
  const rules = flat.filter((issue) => isOwnRule(issue, judged.value));
  return flat
    .filter(
      (issue) => rules.includes(issue) || !rules.some(({ path }) => path.every((step, at) => step === issue.path[at])),
    )
    .filter((issue) => !meant.has(JSON.stringify(issue.path)) && !isUnknown(issue.path, judged.unknown))
    .flatMap((issue) => explain(issue, judged).map(({ path, ...mistake }) => problemAt(judged.source, path, mistake)));
}

type Located = Mistake & { readonly path: Path };

function explain(issue: FlatIssue, judged: Judged): Located[] {
  const { path } = issue;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, judged));
    case "invalid_key":
      return [{ path, at: "key", message: `this key is not allowed: ${reason(issue.issues)}`, remedy: "Rename it." }];
    case "invalid_type":
      return [wrongType(issue.expected, path, judged)];
    case "no_alternative":
      return [noAlternative(issue, judged)];
    case "invalid_value":
      return [wrongChoice(issue.values, path, judged)];
    case "too_small":
    case "too_big":
      return [{ path, ...wrongSize(issue) }];
    case "invalid_format":
      return [{ path, ...wrongFormat(issue, quoted(path, judged)) }];
    case "not_multiple_of":
    case "invalid_element":
    case "custom":
      return [{ path, message: lowerFirst(issue.message), remedy: correction(issue, path, judged) }];
  }
}

/** Keys that files had once, with what is written now. */
const formerKeys: Readonly<Record<string, string>> = {
  waitUntil: 'Write `watch: { json: { url: "…", path: … }, is: value == …, every: 1s, within: 30s }` in its place.',
};

function unknownKey(key: string, path: Path, { schema, value }: Judged): Located {
  const known = keysAt(schema, path);
  const present = valueAt(value, path);
  const free = known.filter((each) => !(typeof present === "object" && present !== null && each in present));
  const meant = nearest(key, free);
  const former = Object.hasOwn(formerKeys, key) ? formerKeys[key] : undefined;
  if (former !== undefined)
    return { path: [...path, key], at: "key", message: `\`${key}\` is no longer a key`, remedy: former };
  const remedy =
    meant === undefined ? `Remove it; what may stand here: ${known.join(", ")}.` : `Did you mean \`${meant}\`?`;
  return { path: [...path, key], at: "key", message: `\`${key}\` is not a key that is known here`, remedy };
}

/** The key that a misspelt one stands for: it is not reported missing as well. */
function misspeltFor(issue: FlatIssue, judged: Judged): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  return issue.keys.flatMap((key) => {
    const meant = nearest(key, keysAt(judged.schema, issue.path));
    if (meant === undefined || valueAt(judged.value, [...issue.path, meant]) !== undefined) return [];
    return [JSON.stringify([...issue.path, meant])];
  });
}

function wrongType(expected: string, path: Path, judged: Judged): Located {
  const found = valueAt(judged.value, path);
  const wanted = typeWords[expected] ?? expected;
  const key = path.at(-1);
  if (found === undefined) {
    const rule = expected === "string" ? wrongAsText("", path, judged) : undefined;
    const remedy = [`Add \`${key}:\` with ${wanted}.`, ...(rule === undefined ? [] : [rule])].join(" ");
    return { path, message: "this key is missing", remedy };
  }
  const written = quoted(path, judged);
  const message = `${wanted} is expected, not ${typeOf(found, written)}`;
  const form = expected === "string" && written !== undefined ? wrongAsText(written, path, judged) : undefined;
  return { path, message, remedy: form ?? retype(expected, found, written) };
}

/** For a number where a text of a certain form belongs, as `15` for `15m`: quotes alone would not mend it. */
function wrongAsText(written: string, path: Path, { schema }: Judged): string | undefined {
  const results = schemasAt(schema, path).map((each) =>
    each instanceof z.ZodType ? each.safeParse(written) : undefined,
  );
  const message = results.find((result) => result?.error)?.error?.issues[0]?.message;
  if (message === undefined || results.some((result) => result?.success)) return undefined;
  return message.startsWith("Invalid") || message.startsWith("Too") ? undefined : `${upperFirst(message)}.`;
}

function retype(expected: string, found: unknown, written: string | undefined): string {
  if (found === null) return "Give it a value, or remove the key.";
  if (expected === "string" && typeof found !== "object") return `Put it in quotes: "${written ?? "…"}".`;
  if (expected === "array") return "Write a list: items in [ ], or each on a line that begins with a dash.";
  if (expected === "object" || expected === "record") return "Write `key: value` lines under it.";
  if (expected === "number" && typeof found === "number") return "Write fewer digits: 17 are what counts of a number.";
  if (expected === "number" || expected === "int") return "Write the number alone, without quotes and unit.";
  if (expected === "boolean") return "Write true or false, without quotes.";
  return "Correct the value.";
}

/** `alerts: [{ metric: queue, above: 1000 }]`: a rule, where a system says from where its alerts are read. */
function isOwnRule({ code, path }: FlatIssue, value: unknown): boolean {
  const given = valueAt(value, path);
  const entryOfAlerts =
    code === "no_alternative" && path.length === 2 && path[0] === "alerts" && typeof path[1] === "number";
  return (
    entryOfAlerts &&
    typeof given === "object" &&
    given !== null &&
    ["metric", "above", "below"].some((key) => key in given)
  );
}

function noAlternative(issue: Extract<FlatIssue, { code: "no_alternative" }>, judged: Judged): Located {
  const { path, types, values, keys } = issue;
  if (isOwnRule(issue, judged.value))
    return {
      path,
      message: "a limit of this system's own is no source of alerts",
      remedy:
        "Write `warn:` or `critical:` at the metric, which is an alert by itself, or `rules: [{ id: …, metric: …, above: …, severity: …, summary: … }]` beside `alerts`.",
    };
  if (keys.length > 0) {
    const message = `one of ${list(keys)} is needed here`;
    return { path, message, remedy: "Add one of them, and only one." };
  }
  const kinds = types.map((type) => typeWords[type] ?? type);
  const isLong = values.length > 3;
  const words = isLong ? [`one of ${list(values)}`] : values.map((value) => `"${value}"`);
  const wanted = [...words, ...kinds].join(" or ");
  const written = quoted(path, judged);
  const message = `${wanted} is expected, not ${typeOf(valueAt(judged.value, path), written)}`;
  const meant = written === undefined ? undefined : nearest(written, values);
  if (meant !== undefined) return { path, message, remedy: `Did you mean \`${meant}\`?` };
  const brief = isLong ? ["one that is allowed", ...kinds].join(" or ") : wanted;
  return { path, message, remedy: types.includes("array") ? "Write a list, even of one: [ … ]." : `Write ${brief}.` };
}

function wrongChoice(values: readonly unknown[], path: Path, judged: Judged): Located {
  const options = values.map(String);
  const found = valueAt(judged.value, path);
  if (found === undefined) return { path, message: "this key is missing", remedy: `Add it with ${list(options)}.` };
  const written = quoted(path, judged);
  const meant = written === undefined ? undefined : nearest(written, options);
  const message = `${options.length === 1 ? `${options[0]} is` : `one of ${list(options)} is`} expected, not ${typeOf(found, written)}`;
  return { path, message, remedy: meant === undefined ? "Write one that is allowed." : `Did you mean \`${meant}\`?` };
}

/** What is to be corrected, as it stands in the file; where a rule knows what was probably meant, that. */
function correction(issue: FlatIssue, path: Path, judged: Judged): string {
  const params: unknown = issue.code === "custom" ? issue.params : undefined;
  const meant = valueAt(params, ["meant"]);
  if (typeof meant === "string") return `Did you mean \`${meant}\`?`;
  const written = typeof valueAt(judged.value, path) === "object" ? undefined : quoted(path, judged);
  return written === undefined ? "Correct the value." : `Correct \`${written}\`.`;
}

function wrongSize(issue: Extract<FlatIssue, { code: "too_small" | "too_big" }>): Mistake {
  const small = issue.code === "too_small";
  const bound = Number(small ? issue.minimum : issue.maximum);
  const custom = !/^Too (small|big): /.test(issue.message);
  if (custom) return { message: lowerFirst(issue.message), remedy: "Choose a value within these bounds." };
  const edge = `${small ? "at least" : "at most"} ${bound}`;
  if (issue.origin === "string") {
    if (small && bound === 1) return { message: "the text is empty", remedy: "Write a text, or remove the key." };
    return { message: `the text has ${edge} characters`, remedy: `Make it ${small ? "longer" : "shorter"}.` };
  }
  if (issue.origin === "array") {
    if (small && bound === 1)
      return { message: "the list is empty", remedy: "Empty means nobody and nothing: name at least one." };
    return { message: `the list has ${edge} entries`, remedy: `Write ${small ? "more" : "fewer"}.` };
  }
  const exact = issue.inclusive === false ? `${small ? "more" : "less"} than ${bound}` : edge;
  return { message: `the number must be ${exact}`, remedy: "Choose a number within these bounds." };
}

function wrongFormat(issue: Extract<FlatIssue, { code: "invalid_format" }>, written: string | undefined): Mistake {
  if (issue.format === "url") {
    const shown = written === undefined ? "this" : `\`${written}\``;
    return {
      message: `${shown} is not an http or https address`,
      remedy: "Write it whole, for example http://127.0.0.1:8080/health.",
    };
  }
  if (!issue.message.startsWith("Invalid"))
    return { message: lowerFirst(issue.message), remedy: "Write it in that format." };
  return {
    message: `the text does not have the form ${issue.pattern ?? issue.format}`,
    remedy: "Write it in that format.",
  };
}

/** The value as it stands in the file, never as a variable filled it in; nothing where a secret may stand. */
function quoted(path: Path, { source }: Judged): string | undefined {
  if (path.some((step) => typeof step === "string" && looksSecret(step))) return undefined;
  const { written } = locateValue(source.document, path);
  return written === undefined || written.length > 60 ? undefined : written;
}

function isUnknown(path: Path, unknown: readonly Path[]): boolean {
  return unknown.some((each) => each.length === path.length && each.every((step, index) => step === path[index]));
}

function reason(issues: readonly z.core.$ZodIssue[]): string {
  return issues.map((issue) => lowerFirst(issue.message)).join(", ");
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function typeOf(value: unknown, written: string | undefined): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const kind = typeof value === "string" ? "the text" : typeof value === "number" ? "the number" : "the value";
  return written === undefined ? kind : `${kind} \`${written}\``;
}

function list(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
