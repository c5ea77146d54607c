import { type Block, type Card, mostButtons } from "../domain/messages/card.ts";
import { toneOfReading, worstTone } from "../domain/systems/health.ts";
import type { MetricReading } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { clock } from "../domain/text/moment.ts";
import { amount } from "../domain/text/quantities.ts";
import { limitWords } from "./metric-words.ts";
import { unknownReasons } from "./unknown-reasons.ts";

/** Every number of a system against its limits. */
export function metricsCard(system: System, read: readonly MetricReading[], now: number): Card {
  const rated = system.metrics.map((metric) => {
    const found = read.find(({ id }) => id === metric.id);
    return { metric, found, tone: toneOfReading(metric, found) };
  });
  const tones = rated.map(({ tone }) => tone);
  const rows = rated.map(({ metric, found, tone }) => [
    metric.id,
    { text: found?.reading.ok ? amount(found.reading.value, metric.unit) : "unknown", tone },
    limitWords(metric),
    metric.title,
  ]);
  return {
    tone: worstTone(tones),
    title: `${system.title}: ${tallyWords({
      all: tones.length,
      beyond: tones.filter((tone) => tone === "bad" || tone === "warning").length,
      unknown: tones.filter((tone) => tone === "unknown").length,
    })}`,
    blocks: [
      {
        kind: "table",
        columns: [{ title: "Metric" }, { title: "Now" }, { title: "Limits" }, { title: "What it is" }],
        rows,
      },
      ...unknownReasons(read.map(({ id, reading }) => ({ title: id, reading }))),
      ...notesBlock(read),
    ],
    actions: system.metrics
      .filter(({ key }) => key)
      .slice(0, mostButtons)
      .map(({ id, title }) => ({ label: title, command: "metrics", args: { system: system.id, metric: id } })),
    footer: `Read at ${clock(now, now)}. metrics ${system.id} <metric> draws one.`,
  };
}

/** What must be said beside the values: an instance that is not in one, a bound that is only a floor. */
function notesBlock(read: readonly MetricReading[]): Block[] {
  const items = read.flatMap(({ id, note }) => (note === undefined ? [] : [{ text: `${id}: ${note}` }]));
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

function tallyWords(count: { readonly all: number; readonly beyond: number; readonly unknown: number }): string {
  const { all, beyond, unknown } = count;
  if (unknown === all) return "no number could be read";
  if (beyond > 0) return unknown > 0 ? `${beyond} beyond a limit, ${unknown} unknown` : `${beyond} beyond a limit`;
  return unknown > 0 ? `${unknown} unknown, the rest within limits` : "every number within its limits";
}
