import type { System } from "../systems/system.ts";
import { type AlertRule, limitRules } from "./alert-rule.ts";
import { severityRank } from "./firing.ts";
import { matcherOf } from "./matcher.ts";
import type { InhibitionRule } from "./routing.ts";

type Ruled = Pick<System, "id" | "rules"> & Partial<Pick<System, "metrics">>;

/**
 * What rules of systems hide while they fire: the rules of the same metric that are no stricter and less severe, and what their files
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

function isMilder(other: AlertRule, { metric, severity, above, below }: AlertRule): boolean {
  if (other.metric !== metric || severityRank[other.severity] <= severityRank[severity]) return false;
  const isBelow = above !== undefined && other.above !== undefined && other.above <= above;
  return isBelow || (below !== undefined && other.below !== undefined && other.below >= below);
}
