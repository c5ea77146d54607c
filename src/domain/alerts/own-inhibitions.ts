import type { System } from "../systems/system.ts";
import { type AlertRule, limitRules } from "./alert-rule.ts";
import { severityRank } from "./firing.ts";
import { matcherOf } from "./matcher.ts";
import type { InhibitionRule } from "./routing.ts";

type Ruled = Pick<System, "id" | "rules"> & Partial<Pick<System, "metrics">>;

/**
 * What rules of systems hide while they fire: the rules of the same metric that are no stricter and no more severe, and what their files
 * say that they tell as well. Nobody needs three messages of one drawdown.
 */
export function ownInhibitions(systems: readonly Ruled[]): readonly InhibitionRule[] {
  return systems.flatMap(({ id: system, rules, metrics = [] }) => {
    const all = [...rules, ...limitRules({ metrics, rules })];
    return all.flatMap((rule) => {
      const milder = all.filter((other) => isMilder(other, rule)).map(({ id }) => id);
      return [...milder, ...(rule.tells ?? [])].map((name) => ({
        id: rule.id,
        source: [matcherOf("system", "=", system), matcherOf("alertname", "=", rule.id)],
        target: [matcherOf("system", "=", system), matcherOf("alertname", "=", name)],
        equal: [],
        worst: rule.severity,
      }));
    });
  });
}

function isMilder(other: AlertRule, rule: AlertRule): boolean {
  const isWorse = severityRank[other.severity] < severityRank[rule.severity];
  if (other.metric !== rule.metric || isWorse || tellsOfLength(other, rule)) return false;
  const sides = [
    [other.above, rule.above],
    [negative(other.below), negative(rule.below)],
  ] as const;
  return sides.some(([its, ours]) => {
    if (its === undefined || ours === undefined || its > ours) return false;
    // Of two that are alike in both the one that takes longer says more.
    return its < ours || other.severity !== rule.severity || other.for < rule.for;
  });
}

/** One that is only to be known of and takes longer does not say again that the limit is passed: it says for how long. */
function tellsOfLength(other: AlertRule, rule: AlertRule): boolean {
  return other.severity === "info" && other.severity !== rule.severity && other.for > rule.for;
}

function negative(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : -limit;
}
