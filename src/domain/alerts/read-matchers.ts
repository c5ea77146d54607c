import { UserError } from "../failure.ts";
import { classicMatchers } from "./classic-matchers.ts";
import { type AlertLabels, type Matcher, showMatcher } from "./matcher.ts";
import { utf8Matchers } from "./utf8-matchers.ts";

export interface MatchersRead {
  readonly matchers: readonly Matcher[];
  /** They mean this by the classic syntax alone: how to write them so that both read them alike. */
  readonly better?: string;
}

/**
 * Matchers as Alertmanager reads them from 0.27 on: by the UTF-8 syntax, by the classic one where that fails, and by the
 * classic one where the two disagree. Throws UserError that says what is wrong at which character.
 */
export function readMatchers(input: string): MatchersRead {
  const [utf8, classic] = [attempt(() => utf8Matchers(input)), attempt(() => classicMatchers(input))];
  if (!Array.isArray(classic) && utf8 instanceof UserError) throw classic instanceof UserError ? classic : utf8;
  if (!Array.isArray(classic)) return { matchers: Array.isArray(utf8) ? utf8 : [] };
  const better = classic.map(showMatcher).join(",");
  const isAgreed = Array.isArray(utf8) && utf8.map(showMatcher).join(",") === better;
  return { matchers: classic, ...(!isAgreed && { better }) };
}

/** Labels of one alert, as `{system="alphapulse", severity="critical"}` or, as amtool takes them, parted by blanks. Throws UserError. */
export function readLabels(input: string): AlertLabels {
  const labels = new Map<string, string>();
  for (const matcher of utf8Matchers(input, "optional")) {
    const { label, operator, value } = matcher;
    if (operator !== "=")
      throw new UserError(
        `${showMatcher(matcher)} is a condition, and an alert has labels.`,
        `Write the value that the label has: ${label}="…".`,
      );
    if (labels.has(label)) throw new UserError(`The label ${label} is given twice.`, "Give it once.");
    labels.set(label, value);
  }
  return Object.fromEntries(labels);
}

function attempt<Value>(read: () => Value): Value | UserError {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
