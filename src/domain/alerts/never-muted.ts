import type { System } from "../systems/system.ts";
import type { LabelledAlert } from "./labelled-alert.ts";
import { labelIn, type Matcher, matcherOf, showMatcher, unmetBy } from "./matcher.ts";

/** Conditions under which nothing may keep an alert from people, with why. */
export interface NeverMuted {
  readonly matchers: readonly Matcher[];
  readonly why: string;
}

/** What nobody may sleep through whatever a source calls its severity: told by the alert's name, in whatever spelling. */
const untouchable: readonly (readonly [RegExp, string])[] = [
  [/\bdraw ?downs?\b/, "it is about a drawdown"],
  [/\bdaily (?:p and l|pnl|loss(?:es)?)\b/, "it is about the daily loss"],
  [/\bback ?ups?\b/, "it is about a backup"],
];

/** Words for severities that count as the worst, in whatever case. */
const worst: ReadonlySet<string> = new Set(["p0", "p1", "critical"]);

/** Why neither hours, nor windows, nor verbosity may keep an alert from people; undefined where they may. */
export function whyNeverMuted({ labels, severity }: LabelledAlert, rules: readonly NeverMuted[]): string | undefined {
  const own = labelIn(labels, "severity");
  if (worst.has(own.toLowerCase())) return `its severity is ${own}`;
  if (severity === "critical") return "it is critical";
  const name = wordsIn(labelIn(labels, "alertname"));
  const named = untouchable.find(([pattern]) => pattern.test(name));
  return named?.[1] ?? rules.find(({ matchers }) => unmetBy(labels, matchers) === undefined)?.why;
}

/** Rules of systems that say so of themselves, by the labels that their alerts carry. */
export function neverMutedRules(systems: readonly Pick<System, "id" | "rules">[]): readonly NeverMuted[] {
  return systems.flatMap(({ id, rules }) =>
    rules
      .filter(({ neverMuted }) => neverMuted)
      .map((rule) => ({
        matchers: [matcherOf("system", "=", id), matcherOf("alertname", "=", rule.id)],
        why: `the rule ${rule.id} of ${id} is never muted`,
      })),
  );
}

/** What an operator wrote into the list of what is never muted. */
export function neverMutedBy(matchers: readonly Matcher[]): NeverMuted {
  return { matchers, why: `{${matchers.map(showMatcher).join(", ")}} is never muted` };
}

/** `MaxDrawdown_near` → `max drawdown near` */
function wordsIn(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll("&", " and ")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .toLowerCase()
    .trim();
}
