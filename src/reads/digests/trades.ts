import type { DigestFigure } from "../../domain/digests/section.ts";
import { numberOf } from "../../domain/systems/exact.ts";
import type { LogLine, LogResult } from "../../domain/systems/logs.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { type AskedSection, type DigestPorts, type DigestSection, onlySystem, type Stretch } from "./asked-section.ts";
import { gapLines } from "./log-gaps.ts";

/** More trades than this in one digest are counted, and their results are of the newest. */
const mostTrades = 5_000;
const deadlineMs = 8_000;

interface Results {
  readonly wins: readonly number[];
  readonly losses: readonly number[];
  readonly even: number;
  /** Of trades that only opened or enlarged a position there is none. */
  readonly without: number;
}

/**
 * Trades of that time and what they came to, beside those of the time before, of the week and of the month so far. A trade that
 * came to nothing, or has no result, is neither won nor lost.
 */
export const tradesSection: DigestSection = {
  title: "Trades",
  async find(asked, ports) {
    const { log = "", pnl = "pnl", currency = "USD" } = asked.options;
    const [found, past] = await Promise.all([search(ports, asked, asked), pastOf(ports, asked)]);
    const results = resultsIn(found.lines, pnl);
    const { wins, losses, even, without } = results;
    const closed = wins.length + losses.length;
    const isCut = found.matched > found.lines.length;
    const longer = longerResults(asked, { past, pnl, currency });
    const earlier = [asked.before, asked.weekAgo].map((then) => then && past(then));
    return {
      source: `${onlySystem(asked).title}, log ${log}`,
      asOf: asked.to,
      isPartial: found.gaps.length > 0 || isCut,
      ...(found.matched === 0 && found.gaps.length === 0 && longer.length === 0 && { words: "none in that time" }),
      figures: withLonger(compared(figuresOf(found, { pnl, currency }), earlier, { pnl, currency }), longer),
      lines: [
        { text: `${wins.length} won, ${losses.length} lost, ${even} even, ${without} without a result` },
        ...(closed === 0 ? [{ text: "Win rate: none, as no trade was won or lost" }] : []),
        ...(losses.length === 0 && closed > 0 ? [{ text: "Profit factor: none, as nothing was lost" }] : []),
        ...(isCut
          ? [{ text: `The results are of the newest ${found.lines.length} trades`, tone: "unknown" as const }]
          : []),
        ...gapLines(found),
      ],
    };
  },
};

type Counted = Pick<LogResult, "lines" | "matched">;

/** How results stand in the log, and in what they are. */
interface Read {
  readonly pnl: string;
  readonly currency: string;
}

function figuresOf({ lines, matched }: Counted, { pnl, currency }: Read): readonly DigestFigure[] {
  const { wins, losses } = resultsIn(lines, pnl);
  const closed = wins.length + losses.length;
  const lost = -sum(losses);
  return [
    { id: "realised", title: "realised P&L", value: round(sum(wins) - lost), unit: currency },
    { id: "trades", title: "trades", value: matched, unit: "" },
    ...(closed === 0 ? [] : [{ id: "win-rate", title: "win rate", value: (100 * wins.length) / closed, unit: "%" }]),
    ...(lost === 0 ? [] : [{ id: "profit-factor", title: "profit factor", value: sum(wins) / lost, unit: "" }]),
  ];
}

/** What each came to in the time before and a week earlier, where the log reaches back so far. */
function compared(
  figures: readonly DigestFigure[],
  [before, weekAgo]: readonly (Counted | undefined)[],
  read: Read,
): readonly DigestFigure[] {
  const then = (counted: Counted | undefined, id: string): number | undefined =>
    counted && figuresOf(counted, read).find((each) => each.id === id)?.value;
  return figures.map((figure) => {
    const [was, was7] = [then(before, figure.id), then(weekAgo, figure.id)];
    return { ...figure, ...(was !== undefined && { before: was }), ...(was7 !== undefined && { weekAgo: was7 }) };
  });
}

/** After the result of the time itself. */
function withLonger([realised, ...rest]: readonly DigestFigure[], longer: readonly DigestFigure[]): DigestFigure[] {
  return [...(realised ? [realised] : []), ...longer, ...rest];
}

/** Realised since Monday and since the first of the month, by the clocks of the digest's zone, where the log tells of all of it. */
function longerResults(
  { to, zone, weekAgo }: AskedSection,
  { past, pnl, currency }: Read & { readonly past: Past },
): readonly DigestFigure[] {
  const { week, month } = beginnings(to, zone);
  const soFar = (name: string, since: number, id: string): readonly DigestFigure[] => {
    const counted = past({ from: since, to });
    const [realised] = counted ? figuresOf(counted, { pnl, currency }) : [];
    return realised ? [{ ...realised, id, title: name }] : [];
  };
  return [
    // A digest as long as a week, which is compared with no other week, has said it already.
    ...(weekAgo === undefined ? [] : soFar("week so far", week, `realised-week/${week}`)),
    ...soFar("month so far", month, `realised-month/${month}`),
  ];
}

function beginnings(at: number, zone: string): { readonly week: number; readonly month: number } {
  const today = zonedAt(at, zone).startOfDay();
  const week = today.subtract({ days: today.dayOfWeek - 1 }).startOfDay();
  return { week: week.epochMilliseconds, month: today.with({ day: 1 }).startOfDay().epochMilliseconds };
}

/** The trades of a stretch of the past; undefined where not all of them are known. */
type Past = (stretch: Stretch) => Counted | undefined;

/** Reads the log once as far back as anything is compared with. */
async function pastOf(ports: DigestPorts, asked: AskedSection): Promise<Past> {
  const { week, month } = beginnings(asked.to, asked.zone);
  const from = Math.min(asked.before.from, asked.weekAgo?.from ?? asked.from, week, month);
  const found = await search(ports, asked, { from, to: asked.to });
  if (found.gaps.length > 0) return () => undefined;
  const oldest = found.matched > found.lines.length ? found.lines.at(-1)?.at : from;
  const knownFrom = Math.max(found.begins?.at ?? from, oldest ?? asked.to);
  return (stretch) => {
    if (stretch.from < knownFrom) return undefined;
    const lines = found.lines.filter(({ at }) => at !== undefined && at >= stretch.from && at < stretch.to);
    return { lines, matched: lines.length };
  };
}

function search({ systems }: DigestPorts, asked: AskedSection, { from, to }: Stretch): Promise<LogResult> {
  const { log: source = "", pnl = "pnl" } = asked.options;
  return systems.logs.search(onlySystem(asked), { source, from, to, fields: [pnl], limit: mostTrades, deadlineMs });
}

function resultsIn(lines: readonly LogLine[], pnl: string): Results {
  const values = lines.map(({ fields }) => numberOf(fields?.[pnl]));
  const known = values.filter((value) => value !== undefined);
  return {
    wins: known.filter((value) => value > 0),
    losses: known.filter((value) => value < 0),
    even: known.filter((value) => value === 0).length,
    without: values.length - known.length,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function sum(of: readonly number[]): number {
  return of.reduce((all, each) => all + each, 0);
}
