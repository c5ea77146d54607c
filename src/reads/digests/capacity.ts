import { limitsOf } from "../../domain/alerts/alert-rule.ts";
import type { DigestLine } from "../../domain/digests/section.ts";
import type { Metric } from "../../domain/systems/metrics.ts";
import type { System } from "../../domain/systems/system.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { amount, span } from "../../domain/text/quantities.ts";
import { type AskedSection, type DigestSection, lineOf, unreadLine } from "./asked-section.ts";
import { type MetricThen, metricsThen, whyUnread } from "./past-value.ts";

/** A limit that is further off than this at the pace of now is not told, ms. */
const farMs = 60 * 86_400_000;

/** How full what can fill up is, its peak in that time, and when it reaches its limit at the pace of the last day or week. */
export const capacitySection: DigestSection = {
  title: "Capacity",
  async find(asked, ports) {
    const read = await Promise.all(
      asked.systems.map(async (system) => ({
        system,
        of: await metricsThen(ports, { asked, system }, fillingOf(asked, system)),
      })),
    );
    const all = read
      .flatMap(({ system, of }) => of.map((each) => ({ ...each, system })))
      .toSorted((one, other) => fullness(other) - fullness(one));
    const unread = all.filter(({ figure }) => !figure);
    const source = "metrics and their course";
    if (all.length === 0) return { source, asOf: asked.to, words: "nothing that fills up is measured" };
    if (unread.length === all.length) return { source, asOf: asked.to, unavailable: whyUnread(all[0]?.now) };
    const prefixed = asked.systems.length > 1;
    return {
      source,
      asOf: asked.to,
      isPartial: unread.length > 0,
      figures: all.flatMap(({ figure, system }) =>
        figure ? [{ ...figure, title: prefixed ? `${system.title} ${figure.title}` : figure.title }] : [],
      ),
      lines: [
        ...all.flatMap(({ system, ...each }) =>
          courseLines(asked, system, each).map((line) => lineOf(asked, system, line)),
        ),
        ...unread.map(({ system, metric, now }) => lineOf(asked, system, unreadLine(metric.title, whyUnread(now)))),
      ],
    };
  },
};

/** What part of the lowest limit above is used up: the fullest stands first. */
function fullness({ system, metric, figure }: MetricThen & { readonly system: System }): number {
  const ceilings = limitsOf(metric, system.rules).flatMap(({ side, at }) => (side === "above" && at > 0 ? [at] : []));
  return figure && ceilings.length > 0 ? figure.value / Math.min(...ceilings) : 0;
}

/** What is named, else whatever is a share in percent of something that has a ceiling. */
function fillingOf({ options }: AskedSection, { metrics, rules }: System): readonly Metric[] {
  if (options.metrics) return metrics.filter(({ id }) => options.metrics?.includes(id));
  const fills = /cpu|memory|disk|storage|connections/;
  return metrics.filter(
    (metric) => fills.test(metric.id) && limitsOf(metric, rules).some(({ side }) => side === "above"),
  );
}

function courseLines(
  { from, to, zone, before, weekAgo }: AskedSection,
  { rules }: System,
  each: MetricThen,
): readonly DigestLine[] {
  const { metric, samples, figure } = each;
  const first = samples[0];
  if (!figure || !first) return [];
  const peak = samples.reduce((most, sample) => (sample.value > most.value ? sample : most), first);
  const when = zonedAt(peak.at, zone).toPlainTime().toString({ smallestUnit: "minute" });
  const since = weekAgo && figure.weekAgo !== undefined ? { at: weekAgo.to, value: figure.weekAgo } : undefined;
  const earlier = since ?? (figure.before === undefined ? undefined : { at: before.to, value: figure.before });
  const limit = limitsOf(metric, rules).find(({ side, at }) => side === "above" && at > figure.value);
  const pace = earlier && (figure.value - earlier.value) / (to - earlier.at);
  const reachedIn = pace !== undefined && pace > 0 && limit ? (limit.at - figure.value) / pace : undefined;
  const begun = first.at > from + 3_600_000 ? `, of the last ${span(to - first.at)}` : "";
  return [
    { text: `${metric.title}: peak ${amount(peak.value, metric.unit)} at ${when}${begun}` },
    ...(reachedIn !== undefined && reachedIn < farMs && limit
      ? [
          {
            text: `${metric.title}: at this pace ${amount(limit.at, metric.unit)} is reached in ${span(reachedIn)}`,
            tone: "warning" as const,
          },
        ]
      : []),
  ];
}
