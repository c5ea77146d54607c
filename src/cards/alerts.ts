import type { Firing, FiringAlert, UnreadSource } from "../domain/alerts/firing.ts";
import type { Card, CardAction, ListItem, Tone } from "../domain/messages/card.ts";
import { ago } from "../domain/text/quantities.ts";

/** More buttons than this are no help on a phone. */
const mostButtons = 4;

/** What fires, with a button for the worst that nobody has yet. */
export function alertsCard(firing: Firing, now: number): Card {
  const items = firingItems(firing, now);
  return {
    tone: firingTone(firing),
    title: titleOf(firing),
    ...(firing.unread.length > 0 && { summary: "What could not be read may be firing too." }),
    blocks: items.length > 0 ? [{ kind: "list", items }] : [],
    actions: firing.alerts
      .filter((alert) => !alert.ack)
      .slice(0, mostButtons)
      .map(ackAction),
  };
}

/** A line for each alert, and one for each cause that kept sources from being read. */
export function firingItems({ alerts, unread }: Firing, now: number): ListItem[] {
  return [
    ...alerts.map(
      (alert): ListItem => ({
        text: alertWords(alert, now),
        tone: alert.severity === "critical" ? "bad" : alert.severity === "warning" ? "warning" : "neutral",
      }),
    ),
    ...unreadItems(unread),
  ];
}

function ackAction({ summary, code }: FiringAlert): CardAction {
  return { label: `Ack ${summary}`, command: "ack", args: { alerts: code } };
}

/** One line a cause: a backend that is down takes many rules with it, and a phone has few lines. */
function unreadItems(unread: readonly UnreadSource[]): ListItem[] {
  const causes = Map.groupBy(unread, (each) => `${each.system}\n${causeOf(each)}`);
  return [...causes.values()].map((all): ListItem => {
    const [first] = all;
    const names = all.map((each) => each.source.replace(/^rule /, ""));
    const shown = names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
    if (!first || all.length === 1)
      return { text: `${first?.system}, ${first?.source}: ${first?.detail}`, tone: "unknown" };
    return { text: `${first.system}: ${all.length} could not be read (${shown}): ${causeOf(first)}`, tone: "unknown" };
  });
}

/** What went wrong, without the name of what could not be read. */
function causeOf({ detail }: UnreadSource): string {
  return detail.replace(/^\w+ could not be read: /, "");
}

/** The system's own word for the severity stands beside ours, and the code that `ack` takes at the end. */
function alertWords(alert: FiringAlert, now: number): string {
  const since = alert.since === undefined ? "" : `, since ${ago(alert.since, now)}`;
  const hint = alert.hint === undefined ? "" : ` → ${alert.hint}`;
  const holder = alert.ack ? `${alert.ack.by.name} has it` : alert.code;
  return `${alert.system}: ${alert.summary} (${alert.ownSeverity}${since})${hint} · ${holder}`;
}

/** How bad what fires is; what could not be read may be worse than what could. */
export function firingTone({ alerts, unread }: Firing): Tone {
  if (alerts.some((alert) => alert.severity === "critical")) return "bad";
  if (unread.length > 0) return "unknown";
  return alerts.length > 0 ? "warning" : "good";
}

function titleOf({ alerts, unread, sources }: Firing): string {
  if (sources === 0) return "No alert source is configured";
  if (unread.length === 0) return alerts.length === 0 ? "Nothing is firing" : `${alerts.length} firing`;
  const known = alerts.length === 0 ? "Nothing known to fire" : `${alerts.length} firing`;
  return `${known}; ${unread.length} of ${sources} sources could not be read`;
}
