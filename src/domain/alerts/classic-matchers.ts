import { type Matcher, type MatcherOperator, matcherOf } from "./matcher.ts";

/**
 * Matchers in the syntax that Alertmanager had before 0.27 and still falls back to: braces are cut off where they stand, what
 * is between commas outside quotes is one matcher, and a bare value is all that is left of it. Undefined for what it does not
 * read. Throws UserError for a pattern that is none.
 */
export function classicMatchers(input: string): readonly Matcher[] | undefined {
  const matchers: Matcher[] = [];
  for (const part of partsOf(input.replace(/^\{/, "").replace(/\}$/, ""))) {
    const matcher = matcherIn(part);
    if (!matcher) return undefined;
    matchers.push(matcher);
  }
  return matchers;
}

function partsOf(list: string): readonly string[] {
  const parts: string[] = [];
  let [part, isInside, isEscaped] = ["", false, false];
  for (const character of list) {
    if (character === "," && !isInside) {
      parts.push(part);
      part = "";
      continue;
    }
    if (character === '"' && !isEscaped) isInside = !isInside;
    isEscaped = character === "\\" && !isEscaped;
    part += character;
  }
  return part.trim() === "" ? parts : [...parts, part.trim()];
}

const operators: readonly MatcherOperator[] = ["=~", "!=", "!~", "="];

function matcherIn(part: string): Matcher | undefined {
  const text = part.trim();
  const name = /^[A-Za-z_:][A-Za-z0-9_:]*/.exec(text)?.[0];
  if (name === undefined) return undefined;
  const rest = text.slice(name.length).trimStart();
  const operator = operators.find((each) => rest.startsWith(each));
  const value = operator && classicValue(rest.slice(operator.length).trim());
  return operator === undefined || value === undefined ? undefined : matcherOf(name, operator, value);
}

/** `\n`, `\"` and `\\` are escapes, any other backslash is one; a bare quote stands nowhere but around the whole. */
function classicValue(raw: string): string | undefined {
  const isQuoted = raw.startsWith('"');
  const inside = isQuoted ? raw.slice(1) : raw;
  let value = "";
  for (let at = 0; at < inside.length; at += 1) {
    const character = inside.charAt(at);
    const next = inside.charAt(at + 1);
    if (character === '"') return isQuoted && next === "" ? value : undefined;
    if (character === "\\" && ["n", '"', "\\"].includes(next)) {
      value += next === "n" ? "\n" : next;
      at += 1;
    } else value += character;
  }
  return isQuoted ? undefined : value;
}
