import type { Tone } from "../domain/messages/card.ts";
import { worstComponent } from "../domain/systems/health.ts";
import { activeIn, type SystemState } from "../domain/systems/system-state.ts";

/** What hurts a system most, in a sentence's part; empty when nothing does. */
export function worstWords({ components, facts }: SystemState): string {
  const component = worstComponent(components);
  if (component && !component.reading.ok) return `${component.title}: ${component.reading.detail}`;
  const fact = facts.find((each) => each.severity !== undefined);
  return fact?.reading.ok ? `${fact.title} is ${String(fact.reading.value)}, not ${fact.expected ?? ""}` : "";
}

/** How many alerts fire on these systems; a source that could not be read is said, because it may hold more. */
export function firingWords(states: readonly SystemState[]): string {
  const count = states.flatMap(activeIn).length;
  const unread = states.flatMap(({ alerts }) => alerts).filter(({ reading }) => !reading.ok).length;
  const words = count === 0 ? "No alert is firing" : `${count} alert${count === 1 ? " is" : "s are"} firing`;
  return unread === 0
    ? words
    : `${count === 0 ? "No alert is known to fire" : words}, but ${unread} alert source${unread === 1 ? "" : "s"} could not be read`;
}

/** What could not be read may be firing. */
export function alertTone(state: SystemState): Tone {
  const severities = activeIn(state).map((alert) => alert.severity);
  if (severities.includes("critical")) return "bad";
  if (state.alerts.some(({ reading }) => !reading.ok)) return "unknown";
  return severities.includes("warning") ? "warning" : "good";
}
