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
 * Which Alertmanagers are to have a silence as well, and by which conditions. Alertmanager would keep from the bot what is never muted
 * too: so only a silence of one alert by its name goes there, without what has one of the worst severities or is never muted otherwise,
 * where one more condition for each such rule can say so. `met` is what it silences now.
 */
export function silenceThere(
  matchers: readonly Matcher[],
  met: readonly Pick<FiringAlert, "source">[],
  { alertmanagers, neverMuted }: Pick<Routing, "alertmanagers" | "neverMuted">,
): readonly SilenceThere[] {
  const guards = guardsOf(matchers, neverMuted);
  if (!guards) return [];
  const ofSystem = matchers.filter(({ label }) => label === "system");
  return alertmanagers
    .filter(({ id, system }) => {
      const its = met.filter(({ source }) => source === postedBy(id));
      return its.length > 0 || (met.length === 0 && ofSystem.every(({ fits }) => fits(system)));
    })
    .map(({ id, system }) => {
      const there = matchers.map((each) => (each.label === "system" && each.fits(system) ? orNone(each) : each));
      return { sender: id, match: `{${[...there, ...guards].map(showMatcher).join(", ")}}` };
    });
}

/** What has to hold besides so that nothing is met that is never muted; undefined where that cannot be said. */
function guardsOf(matchers: readonly Matcher[], neverMuted: readonly NeverMuted[]): readonly Matcher[] | undefined {
  const fixed = Object.fromEntries(
    matchers.flatMap(({ label, operator, value }) => (operator === "=" ? [[label, value] as const] : [])),
  );
  if (labelIn(fixed, "alertname") === "" || whyNeverMuted(alertWith(fixed), []) !== undefined) return undefined;
  const names = new Set(Object.keys(fixed));
  const guards = names.has("severity") ? [] : [matcherOf("severity", "!~", worstWords)];
  for (const rule of neverMuted) {
    if (rule.matchers.some(({ label, fits }) => names.has(label) && !fits(labelIn(fixed, label)))) continue;
    const [open, ...more] = rule.matchers.filter(({ label }) => !names.has(label));
    // Alerts of a system need not say so there: by that label alone they cannot be left out.
    if (!open || more.length > 0 || open.label === "system") return undefined;
    guards.push(matcherOf(open.label, opposite[open.operator], open.value));
  }
  return guards;
}

const opposite = { "=": "!=", "!=": "=", "=~": "!~", "!~": "=~" } as const;

/** Alerts that name no system are of their sender's, and have no such label there. */
function orNone(matcher: Matcher): Matcher {
  const { label, operator, value } = matcher;
  if (operator === "!=" || operator === "!~") return matcher;
  const pattern = operator === "=" ? value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`) : value;
  return matcherOf(label, "=~", `(?:${pattern})?`);
}
