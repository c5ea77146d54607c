import { showLabels, showMatcher } from "./matcher.ts";
import type { RouteDecision, RouteVerdict } from "./route-alert.ts";

/** What a route does with an alert, as half a sentence after its name. `channel` says what a channel is called. */
export function verdictWords(verdict: RouteVerdict, channel: (id: string) => string = (id) => id): string {
  const { outcome, unmet, mutedBy, shadow, post } = verdict;
  const where = post?.channels.map(channel).join(", ") ?? "";
  const takes = shadow ? "in shadow: would take it" : "takes it";
  switch (outcome) {
    case "unasked":
      return "not asked, because one before it took the alert";
    case "passed":
      return `passes it by: ${unmet ? showMatcher(unmet) : "a condition"} does not hold`;
    case "muted":
      return `${takes} for ${where}, and nothing is posted: ${mutedBy}`;
    case "told":
      return `${takes} for ${where}`;
  }
}

/** What hides an alert; undefined where nothing does. */
export function inhibitedWords({ inhibitedBy }: RouteDecision): string | undefined {
  return inhibitedBy && `hidden by the rule ${inhibitedBy.rule} while ${showLabels(inhibitedBy.source)} fires`;
}
