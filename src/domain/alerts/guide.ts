import type { CardAction } from "../messages/card.ts";
import type { System } from "../systems/system.ts";
import { type AlertRule, limitRules } from "./alert-rule.ts";
import type { Episode } from "./episode.ts";
import type { AlertGraph, AlertGuide } from "./group.ts";
import { labelIn } from "./matcher.ts";

/** More links are no help on a phone. */
const mostLinks = 6;
const longestHint = 600;

/** What helps whoever reads of an alert: the manual's hint, where to look, and what may be done about it. */
export function guideOf(
  { labels, annotations, link }: Pick<Episode, "labels" | "annotations" | "link">,
  system: System | undefined,
): AlertGuide {
  const rule = system?.rules.find(({ id }) => id === labelIn(labels, "alertname"));
  const hint = rule?.hint ?? (labelIn(annotations, "hint") || labelIn(annotations, "description"));
  const told = [
    ["Runbook", labelIn(annotations, "runbook_url")],
    ["Dashboard", labelIn(annotations, "dashboard_url")],
    ["Source", link ?? ""],
    ...Object.entries(system?.links ?? {}),
  ] as const;
  const graph = system && graphOf(system, labelIn(labels, "alertname"), link);
  return {
    ...(graph && { graph }),
    ...(hint !== "" && { hint: hint.slice(0, longestHint) }),
    links: told
      .filter(([, value]) => /^https?:\/\//.test(value))
      .slice(0, mostLinks)
      .map(([name, value]) => ({ name, value })),
    actions: system ? actionsOn(system, rule?.operations ?? []) : [],
  };
}

/** What is drawn beside an alert of this name; undefined where nothing is known of its course. */
function graphOf(system: System, name: string, link: string | undefined): AlertGraph | undefined {
  if (ruleNamed(system, name)) return { kind: "rule", rule: name };
  return link !== undefined && /^https?:\/\//.test(link) ? { kind: "link", link } : undefined;
}

/** A rule of a system, also one that a limit of its metrics makes. */
export function ruleNamed(system: Pick<System, "metrics" | "rules">, id: string): AlertRule | undefined {
  return [...system.rules, ...limitRules(system)].find((rule) => rule.id === id);
}

/** Each asks as if it were typed: what takes a second person takes one from here as well. */
function actionsOn(system: System, operations: readonly string[]): readonly CardAction[] {
  const args = { system: system.id };
  return [
    { label: "Status", command: "status", args },
    ...(system.logs.length > 0 ? [{ label: "Logs", command: "logs", args }] : []),
    ...operations.flatMap((operation): CardAction[] =>
      Object.hasOwn(system.operations, operation)
        ? [
            {
              label: `Ask: ${operation}…`,
              style: "danger",
              command: "run",
              args: { ...args, operation },
              ask: ["reason"],
            },
          ]
        : [],
    ),
  ];
}
