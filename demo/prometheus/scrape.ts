import { setImmediate as nextTurn } from "node:timers/promises";
import { parseExposition } from "../../src/integrations/prometheus-text/exposition.ts";
import type { Labels, Point, Samples } from "./samples.ts";

/** What is scraped, as `pulseguard` `pulseguard-1`. */
export interface Target {
  readonly job: string;
  readonly instance: string;
  /** Its exposition at a moment (ms); undefined while it does not answer. */
  read(at: number): string | undefined;
  /** What it would have exposed from one moment to another, oldest first; it may have counted from anywhere. */
  past?(span: { readonly from: number; readonly to: number; readonly everyMs: number }): Iterable<Exposed>;
}

export interface Exposed {
  readonly at: number;
  /** Worked out when asked, before the next moment is. */
  text(): string;
}

/** Takes what a target exposes at a moment. One that does not answer is down, and its series end. */
export function scrape(samples: Samples, target: Target, at: number): boolean {
  const { job, instance } = target;
  const series = seriesIn(target, target.read(at));
  if (series.length === 0) samples.end({ job, instance }, at);
  for (const { labels, value } of series) samples.add(labels, { at, value });
  samples.add({ __name__: "up", job, instance }, { at, value: series.length > 0 ? 1 : 0 });
  return series.length > 0;
}

interface Scraped {
  readonly labels: Labels;
  readonly value: number;
}

function seriesIn({ job, instance }: Target, text: string | undefined): readonly Scraped[] {
  const read = text === undefined ? undefined : parseExposition(text);
  return [...(read ?? [])].flatMap(([name, series]) =>
    series.map(({ labels, value }) => ({ labels: { ...labels, __name__: name, job, instance }, value })),
  );
}

/** A turn for others after so many moments: the past of an hour is many of them. */
const momentsAtOnce = 20;

/**
 * Lays the past of a target before what was scraped of it. Its counters are moved so that they lead to where those that were
 * scraped began: what they grew by is as it was.
 */
export async function fillPast(
  samples: Samples,
  target: Target,
  span: { readonly from: number; readonly to: number; readonly everyMs: number },
): Promise<void> {
  const past = new Map<string, PastSeries>();
  const up: Point[] = [];
  for (const moment of target.past?.(span) ?? []) {
    const { at } = moment;
    for (const line of moment.text().split("\n")) addPast(past, target, { line, at });
    up.push({ at, value: 1 });
    if (up.length % momentsAtOnce === 0) await nextTurn();
  }
  for (const { labels, points } of past.values())
    samples.putBefore(labels, points, { isCounter: isCounter(labels["__name__"] ?? "") });
  samples.putBefore({ __name__: "up", job: target.job, instance: target.instance }, up, { isCounter: false });
}

interface PastSeries {
  readonly labels: Labels;
  readonly points: Point[];
}

/** Hours of moments say the same names and labels again and again: each is read once, and known by how it is written. */
function addPast(
  past: Map<string, PastSeries>,
  target: Target,
  { line, at }: { readonly line: string; readonly at: number },
): void {
  const end = line.lastIndexOf(" ");
  const head = line.slice(0, end);
  const known = past.get(head);
  const value = Number(line.slice(end + 1));
  if (known && Number.isFinite(value)) {
    known.points.push({ at, value });
    return;
  }
  if (line === "" || line.startsWith("#")) return;
  for (const read of seriesIn(target, line)) {
    const series = known ?? { labels: read.labels, points: [] };
    past.set(head, series);
    series.points.push({ at, value: read.value });
  }
}

/** By their names, as everybody names them. */
function isCounter(name: string): boolean {
  return /_(?:total|bucket|sum|count)$/.test(name);
}
