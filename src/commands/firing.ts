import { type Ack, acksOf, alertCode } from "../acts/alerts/acknowledge.ts";
import type { ActiveAlert } from "../domain/alerts/alert.ts";
import type { CommandContext } from "../domain/commands/command.ts";
import type { ListItem } from "../domain/messages/card.ts";
import type { System } from "../domain/systems/system.ts";
import { ago } from "../domain/text/quantities.ts";

/** What is firing on some systems now, and what could not be read. */
export interface Firing {
  /** Worst first. */
  readonly alerts: readonly ActiveAlert[];
  /** Who looks after which of them, by code. */
  readonly acks: ReadonlyMap<string, Ack>;
  readonly unread: readonly { readonly system: string; readonly source: string; readonly detail: string }[];
  /** How many sources were asked. */
  readonly sources: number;
}

const rank = { critical: 0, warning: 1, info: 2 } as const;

export async function firingNow(context: CommandContext, systems: readonly System[]): Promise<Firing> {
  const asked = await Promise.all(
    systems.map(async (each) => (await context.alerts.active(each)).map((source) => ({ ...source, system: each.id }))),
  );
  const sources = asked.flat();
  const alerts = sources
    .flatMap(({ reading }) => (reading.ok ? reading.value : []))
    .toSorted((a, b) => rank[a.severity] - rank[b.severity]);
  return {
    alerts,
    acks: await acksOf(context.store, alerts),
    unread: sources.flatMap(({ system, source, reading }) =>
      reading.ok ? [] : [{ system, source, detail: reading.detail }],
    ),
    sources: sources.length,
  };
}

export function firingItems({ alerts, acks, unread }: Firing, now: number): ListItem[] {
  return [
    ...alerts.map(
      (alert): ListItem => ({
        text: wordsOf(alert, acks.get(alertCode(alert)), now),
        tone: alert.severity === "critical" ? "bad" : alert.severity === "warning" ? "warning" : "neutral",
      }),
    ),
    ...unreadItems(unread),
  ];
}

/** One line a cause: a backend that is down takes many rules with it, and a phone has few lines. */
function unreadItems(unread: Firing["unread"]): ListItem[] {
  const causeOf = (each: Firing["unread"][number]): string => each.detail.replace(/^\w+ could not be read: /, "");
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

/** The system's own word for the severity stands beside ours, and the code that `ack` takes at the end. */
function wordsOf(alert: ActiveAlert, ack: Ack | undefined, now: number): string {
  const since = alert.since === undefined ? "" : `, since ${ago(alert.since, now)}`;
  const hint = alert.hint === undefined ? "" : ` → ${alert.hint}`;
  return `${alert.system}: ${alert.summary} (${alert.ownSeverity}${since})${hint} · ${ack ? `${ack.by.name} has it` : alertCode(alert)}`;
}
