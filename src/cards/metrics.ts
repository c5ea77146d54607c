import { limitsOf } from "../domain/alerts/alert-rule.ts";
import { type Block, type Card, type ListItem, mostButtons } from "../domain/messages/card.ts";
import { toneOfReading, worstTone } from "../domain/systems/health.ts";
import type { MetricReading } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { unreadOf } from "../domain/systems/unread.ts";
import { clock } from "../domain/text/moment.ts";
import { limitWords, metricValue, noteWords } from "./metric-words.ts";
import { unreadItems } from "./unread.ts";

/** Every number of a system against its limits. */
export function metricsCard(system: System, read: readonly MetricReading[], now: number): Card {
  const rated = system.metrics.map((metric) => {
    const limits = limitsOf(metric, system.rules);
    const found = read.find(({ id }) => id === metric.id);
    return { metric, limits, found, tone: toneOfReading(limits, found) };
  });
  const tones = rated.map(({ tone }) => tone);
  const rows = rated.map(({ metric, limits, found, tone }) => [
    metric.id,
    { text: metricValue(metric, found), tone },
    limitWords(limits, metric),
    metric.title,
  ]);
  return {
    tone: worstTone(tones),
    title: `${system.title}: ${tallyWords({
      all: tones.length,
      beyond: tones.filter((tone) => tone === "bad" || tone === "warning").length,
      unknown: tones.filter((tone) => tone === "unknown").length,
      unwatched: tones.filter((tone) => tone === "neutral").length,
    })}`,
    blocks: [
      {
        kind: "table",
        columns: [{ title: "Metric" }, { title: "Now" }, { title: "Limits" }, { title: "What it is" }],
        rows,
      },
      ...listBlock(unreadItems(unreadOf({ system, components: [], facts: [], metrics: read, alerts: [] }), false)),
      ...listBlock(read.flatMap((each) => (each.isFloor ? [{ text: `${each.id}: ${noteWords(each) ?? ""}` }] : []))),
    ],
    actions: system.metrics
      .filter(({ key }) => key)
      .slice(0, mostButtons)
      .map(({ id, title }) => ({ label: title, command: "metrics", args: { system: system.id, metric: id } })),
    footer: `Read at ${clock(now, now)}. metrics ${system.id} <metric> draws one.`,
  };
}

function listBlock(items: readonly ListItem[]): Block[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

interface Tally {
  readonly all: number;
  readonly beyond: number;
  readonly unknown: number;
  readonly unwatched: number;
}

/** What nobody set a limit for is within none. */
function tallyWords({ all, beyond, unknown, unwatched }: Tally): string {
  if (unknown === all) return "no number could be read";
  const rest = all - beyond - unknown - unwatched;
  const parts = [
    ...(beyond > 0 ? [`${beyond} beyond a limit`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(rest > 0 ? [rest === all ? "every number within its limits" : `${rest} within limits`] : []),
    ...(unwatched > 0 ? [`${unwatched} without a limit`] : []),
  ];
  return parts.join(", ");
}
