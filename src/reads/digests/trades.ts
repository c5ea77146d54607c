import type { DigestFigure } from "../../domain/digests/section.ts";
import { numberOf } from "../../domain/systems/exact.ts";
import type { LogLine } from "../../domain/systems/logs.ts";
import { type DigestSection, onlySystem } from "./asked-section.ts";
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

/** Trades of that time and what they came to. A trade that came to nothing, or has no result, is neither won nor lost. */
export const tradesSection: DigestSection = {
  title: "Trades",
  async find(asked, { systems }) {
    const system = onlySystem(asked);
    const { log: source = "", pnl = "pnl" } = asked.options;
    const currency = "USD";
    const range = { source, from: asked.from, to: asked.to, fields: [pnl], limit: mostTrades, deadlineMs };
    const found = await systems.logs.search(system, range);
    const results = resultsIn(found.lines, pnl);
    const { wins, losses, even, without } = results;
    const closed = wins.length + losses.length;
    const lost = -sum(losses);
    const figures: DigestFigure[] = [
      { id: "realised", title: "realised P&L", value: round(sum(wins) - lost), unit: currency },
      { id: "trades", title: "trades", value: found.matched, unit: "" },
      ...(closed === 0 ? [] : [{ id: "win-rate", title: "win rate", value: (100 * wins.length) / closed, unit: "%" }]),
      ...(lost === 0 ? [] : [{ id: "profit-factor", title: "profit factor", value: sum(wins) / lost, unit: "" }]),
    ];
    const isCut = found.matched > found.lines.length;
    return {
      source: `${system.title}, log ${source}`,
      asOf: asked.to,
      isPartial: found.gaps.length > 0 || isCut,
      ...(found.matched === 0 && found.gaps.length === 0 && { words: "none in that time" }),
      figures,
      lines: [
        { text: `${wins.length} won, ${losses.length} lost, ${even} even, ${without} without a result` },
        ...(closed === 0 ? [{ text: "Win rate: none, as no trade was won or lost" }] : []),
        ...(lost === 0 && closed > 0 ? [{ text: "Profit factor: none, as nothing was lost" }] : []),
        ...(isCut
          ? [{ text: `The results are of the newest ${found.lines.length} trades`, tone: "unknown" as const }]
          : []),
        ...gapLines(found),
      ],
    };
  },
};

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
