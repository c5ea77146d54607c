import { RE2JS, RE2JSSyntaxException } from "re2js";
import { UserError } from "../failure.ts";

/** A test for a pattern in RE2 syntax, whose time is linear in the text. Throws UserError that says what to mend and where. */
export function compilePattern(pattern: string): (text: string) => boolean {
  const compiled = compile(pattern, "Leave the slashes out to search for plain text.");
  return (text) => compiled.test(text);
}

/** The same for a pattern that has to fit the whole text, as in Prometheus and Alertmanager. */
export function compileWholePattern(pattern: string): (text: string) => boolean {
  const compiled = compile(pattern, "Compare with = and != where no pattern is meant.");
  return (text) => compiled.testExact(text);
}

function compile(pattern: string, otherwise: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw badPattern(pattern, error, otherwise);
  }
}

function badPattern(pattern: string, error: unknown, otherwise: string): UserError {
  const reason = error instanceof RE2JSSyntaxException ? error.getDescription() : "it cannot be compiled";
  const part = error instanceof RE2JSSyntaxException ? (error.getPattern() ?? "") : "";
  const at = part === "" ? pattern.length - 1 : pattern.indexOf(part);
  const place = at < 0 || part === pattern ? "" : ` at character ${at + 1}`;
  const shown = part === "" || part === pattern ? "" : ` (${part})`;
  return new UserError(`The pattern is wrong${place}: ${reason}${shown}.`, remedyFor(reason) ?? otherwise);
}

function remedyFor(reason: string): string | undefined {
  if (reason.includes("Perl syntax"))
    return "Look-ahead, look-behind and back-references are not supported; write the pattern without them.";
  if (reason.includes("closing") || reason.includes("unexpected )"))
    return String.raw`Close every bracket, or write \( and \[ for the characters themselves.`;
  if (reason.includes("repe"))
    return String.raw`Put what is repeated before it, at most 1000 times, or write \* \+ \? for the characters themselves.`;
  if (reason.includes("escape") || reason.includes("backslash")) return String.raw`Write \\ for a backslash.`;
  return undefined;
}
