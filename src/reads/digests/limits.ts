import { lastLimitOf, limitsOf } from "../../domain/alerts/alert-rule.ts";
import type { DigestLine } from "../../domain/digests/section.ts";
import type { Tone } from "../../domain/messages/card.ts";
import type { DrawnPart } from "../../domain/messages/digest-picture.ts";
import { toneOfReading } from "../../domain/systems/health.ts";
import type { Limit, Metric, MetricReading } from "../../domain/systems/metrics.ts";
import type { System } from "../../domain/systems/system.ts";
import { amount, counted } from "../../domain/text/quantities.ts";
import { type AskedSection, type DigestSection, lineOf, unreadLine } from "./asked-section.ts";

/** So many of the nearest stand on the message itself. */
const mostNamed = 2;
const mostBars = 8;

type Bar = NonNullable<DrawnPart["budget"]>["rows"][number];

interface Measured {
  readonly system: System;
  readonly metric: Metric;
  readonly limit: Limit;
  readonly read: MetricReading | undefined;
}

/** How far every metric is from the limit that it must not pass, the nearest first. */
export const limitsSection: DigestSection = {
  title: "Distance to limits",
  async find(asked, { systems }) {
    const read = await Promise.all(
      asked.systems.map(async (system) => ({ system, of: await systems.metrics.read(system) })),
    );
    const measured = read.flatMap(({ system, of }) =>
      system.metrics
        .filter(({ id }) => asked.options.metrics?.includes(id) ?? true)
        .flatMap((metric): Measured[] => {
          const limit = lastLimitOf(metric, system.rules);
          return limit ? [{ system, metric, limit, read: of.find(({ id }) => id === metric.id) }] : [];
        }),
    );
    const rated = measured.map((each) => ({
      ...each,
      used: usedOf(each),
      tone: toneOfReading(limitsOf(each.metric, each.system.rules), each.read),
    }));
    const known = rated.filter(({ read: now }) => now?.reading.ok);
    const source = "metrics against their limits, asked live";
    if (measured.length === 0) return { source, asOf: asked.to, words: "none is configured" };
    if (known.length === 0) return { source, asOf: asked.to, unavailable: detailOf(measured[0]?.read) };
    const sorted = known.toSorted((a, b) => (b.used ?? -1) - (a.used ?? -1));
    const past = sorted.filter(({ tone }) => tone === "bad" || tone === "warning");
    const lines = sorted.map(({ tone, ...each }) => lineOf(asked, each.system, { text: words(each), tone }));
    const nearest = sorted.filter(({ used }) => used !== undefined).slice(0, mostNamed);
    const named = nearest.map((each) => lineOf(asked, each.system, { text: words(each) }).text).join("; ");
    const budget = sorted.flatMap((each) => barOf(asked, each)).slice(0, mostBars);
    return {
      source,
      ...(budget.length > 0 && { drawn: { budget: { title: "How much of each limit is used", rows: budget } } }),
      asOf: Math.max(...known.flatMap(({ read: now }) => now?.reading.at ?? [])),
      isPartial: known.length < measured.length,
      words: `${past.length === 0 ? "none" : past.length} of ${counted(measured.length, "metric")} past a limit${named === "" ? "" : `; nearest: ${named}`}`,
      attention: past.map(({ tone, ...each }): DigestLine => ({ text: `${each.system.title}: ${words(each)}`, tone })),
      lines: [
        ...lines,
        ...rated
          .filter((each) => !known.includes(each))
          .map((each) => lineOf(asked, each.system, unreadLine(each.metric.title, detailOf(each.read)))),
      ],
    };
  },
};

function barOf({ systems }: AskedSection, each: Measured & { readonly tone: Tone }): readonly Bar[] {
  const { system, metric, limit, tone } = each;
  const [used, value] = [usedOf(each), valueOf(each)];
  if (used === undefined || value === undefined) return [];
  const worse = tone === "bad" || tone === "warning" ? tone : "neutral";
  const name = systems.length === 1 ? metric.title : `${system.title} ${metric.title}`;
  return [{ name, used, words: `${amount(value, metric.unit)} of ${amount(limit.at, metric.unit)}`, tone: worse }];
}

function valueOf({ read }: Pick<Measured, "read">): number | undefined {
  return read?.reading.ok ? read.reading.value : undefined;
}

/** What part of the limit is used up, of one that zero is far from; undefined of others. */
function usedOf({ limit, ...of }: Measured): number | undefined {
  const value = valueOf(of);
  const isCeiling = limit.side === "above" ? limit.at > 0 : limit.at < 0;
  if (value === undefined || !isCeiling) return undefined;
  return Math.max(0, value / limit.at);
}

function words(each: Measured): string {
  const { metric, limit } = each;
  const value = valueOf(each) ?? Number.NaN;
  const used = usedOf(each);
  const at = amount(limit.at, metric.unit);
  const now = `${metric.title} ${each.read?.isFloor ? "more than " : ""}${amount(value, metric.unit)}`;
  if (used !== undefined) return `${now}, limit ${at}: ${Math.round(used * 100)} % used`;
  return `${now}, limit ${at}: ${amount(Math.abs(value - limit.at), metric.unit)} away`;
}

function detailOf(read: MetricReading | undefined): string {
  return read && !read.reading.ok ? read.reading.detail : "it was not read";
}
