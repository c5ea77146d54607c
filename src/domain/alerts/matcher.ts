import { ownValue } from "../own-value.ts";
import { compileWholePattern } from "../text/pattern.ts";

/** What an alert is told apart by, as in Prometheus: name → value. */
export type AlertLabels = Readonly<Record<string, string>>;

export type MatcherOperator = "=" | "!=" | "=~" | "!~";

/** One condition on a label, as Alertmanager has it. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatcherOperator;
  readonly value: string;
  readonly fits: (value: string) => boolean;
}

/** A pattern is RE2's and has to fit the whole value. Throws UserError for one that is none. */
export function matcherOf(label: string, operator: MatcherOperator, value: string): Matcher {
  const fits = operator === "=" || operator === "!=" ? (text: string) => text === value : compileWholePattern(value);
  const isNegative = operator === "!=" || operator === "!~";
  return { label, operator, value, fits: isNegative ? (text) => !fits(text) : fits };
}

/** The first condition that labels do not meet; undefined where they meet all. A label that is not there is the empty text. */
export function unmetBy(labels: AlertLabels, matchers: readonly Matcher[]): Matcher | undefined {
  return matchers.find(({ label, fits }) => !fits(labelIn(labels, label)));
}

/** The value of a label; empty where there is none, as Alertmanager takes it. */
export function labelIn(labels: AlertLabels, name: string): string {
  return ownValue(labels, name) ?? "";
}

/** A matcher in the form that both of Alertmanager's parsers read alike. */
export function showMatcher({ label, operator, value }: Matcher): string {
  return `${showLabelName(label)}${operator}${inDoubleQuotes(value)}`;
}

/** `{severity="critical",system="alphapulse"}` */
export function showLabels(labels: AlertLabels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${showLabelName(name)}=${inDoubleQuotes(value)}`);
  return `{${pairs.toSorted().join(", ")}}`;
}

function showLabelName(name: string): string {
  return /^[A-Za-z_:][\w:]*$/.test(name) ? name : inDoubleQuotes(name);
}

function inDoubleQuotes(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, (character) => `\\${character}`).replaceAll("\n", String.raw`\n`)}"`;
}
