import type { FiringAlert } from "./firing.ts";
import { alertWith } from "./labelled-alert.ts";
import { labelIn, type Matcher, matcherOf, showMatcher } from "./matcher.ts";
import { type NeverMuted, whyNeverMuted } from "./never-muted.ts";
import type { Routing } from "./routing.ts";
import { postedBy } from "./sender.ts";
import type { SilenceThere } from "./silence.ts";

/** Severities that nothing may keep from people, in whatever case. */
const worstWords = "(?i:p0|p1|critical)";

/**
 * Which Alertmanagers are to have a silence as well, and by which conditions. Alertmanager would keep back what the bot tells whatever
 * is silenced: so only a silence of one alert by its name goes there that can meet nothing that is never muted, and what has one of the
 * worst severities is taken out of it. `met` is what it silences now.
 */
export function silenceThere(
  matchers: readonly Matcher[],
  met: readonly FiringAlert[],
  { alertmanagers, neverMuted }: Pick<Routing, "alertmanagers" | "neverMuted">,
): readonly SilenceThere[] {
  if (!mayBeThere(matchers, neverMuted)) return [];
  const isOfSeverity = matchers.some(({ label, operator }) => label === "severity" && operator === "=");
  const guard = isOfSeverity ? [] : [matcherOf("severity", "!~", worstWords)];
  const ofSystem = matchers.filter(({ label }) => label === "system");
  return alertmanagers
    .filter(({ id, system }) => {
      const its = met.filter(({ source }) => source === postedBy(id));
      return its.length > 0 || (met.length === 0 && ofSystem.every(({ fits }) => fits(system)));
    })
    .map(({ id, system }) => {
      const there = matchers.map((each) => (each.label === "system" && each.fits(system) ? orNone(each) : each));
      return { sender: id, match: `{${[...there, ...guard].map(showMatcher).join(", ")}}` };
    });
}

function mayBeThere(matchers: readonly Matcher[], neverMuted: readonly NeverMuted[]): boolean {
  const fixed = Object.fromEntries(
    matchers.flatMap(({ label, operator, value }) => (operator === "=" ? [[label, value] as const] : [])),
  );
  if (labelIn(fixed, "alertname") === "" || whyNeverMuted(alertWith(fixed), []) !== undefined) return false;
  const names = new Set(Object.keys(fixed));
  return neverMuted.every((rule) =>
    rule.matchers.some(({ label, fits }) => names.has(label) && !fits(labelIn(fixed, label))),
  );
}

/** Alerts that name no system are of their sender's, and have no such label there. */
function orNone(matcher: Matcher): Matcher {
  const { label, operator, value } = matcher;
  if (operator === "!=" || operator === "!~") return matcher;
  const pattern = operator === "=" ? value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`) : value;
  return matcherOf(label, "=~", `(?:${pattern})?`);
}
