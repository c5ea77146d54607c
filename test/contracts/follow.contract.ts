import { roundLines } from "../../src/acts/systems/round-lines.ts";
import { linesARound, readsFrom, withRound } from "../../src/domain/systems/follow.ts";
import type { LogQuery, LogResult } from "../../src/domain/systems/logs.ts";
import { begun } from "../domain/systems/follow-fixtures.ts";

type Range = Pick<LogQuery, "from" | "to" | "limit">;

/**
 * Follows a source over three turns. `write` makes it say something in each, and `counts` tells the lines that count. Answers how
 * many lines were new after each turn, and how many in another round right after, which has to be none.
 */
export async function linesOfTurns(source: {
  readonly search: (range: Range) => Promise<LogResult>;
  readonly write: (turn: number) => unknown;
  readonly counts: (text: string) => boolean;
}): Promise<number[][]> {
  const startedAt = Date.now();
  let follow = begun({ query: { source: "it", from: startedAt - 3_600_000 }, fedUntil: startedAt, startedAt });
  const round = async (): Promise<number> => {
    const at = Date.now();
    const { lines, matched, gaps } = await source.search({
      from: readsFrom(follow),
      to: at + 300_000,
      limit: linesARound,
    });
    const before = follow.fresh;
    const counted = lines.filter(({ text }) => source.counts(text));
    follow = withRound(follow, {
      at,
      lines: roundLines(counted, at),
      cut: lines.length < matched,
      partial: gaps.length > 0,
    });
    return follow.fresh - before;
  };
  await round();
  const turns: number[][] = [];
  for (const turn of [1, 2, 3]) {
    await source.write(turn);
    turns.push([await round(), await round()]);
  }
  return turns;
}
