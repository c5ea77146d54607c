import { limitRules } from "../../domain/alerts/alert-rule.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Loaded } from "./files.ts";

/** An alert that says nothing of what to do leaves whoever is called at night to guess. */
export function withoutHint({ source, value }: Loaded<System>): ConfigProblem[] {
  const warned = (path: Path, of: string): ConfigProblem =>
    problemAt(source, path, {
      severity: "warning",
      message: `an alert of ${of} would not say what to do`,
      remedy: "Add `hint:` with the first thing to look at or to do.",
    });
  const limited = new Set(limitRules(value).flatMap(({ metric, hint }) => (hint === undefined ? [metric] : [])));
  return [
    ...value.rules.flatMap(({ id, hint }, index) =>
      hint === undefined ? [warned(["rules", index], `the rule ${id}`)] : [],
    ),
    ...value.metrics.flatMap(({ id }, index) =>
      limited.has(id) ? [warned(["metrics", index], `the limits of ${id}`)] : [],
    ),
  ];
}
