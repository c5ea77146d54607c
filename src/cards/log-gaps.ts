import type { LogBeginning, LogGap, LogResult } from "../domain/systems/logs.ts";
import { clock } from "../domain/text/moment.ts";
import { amount, wholeItems } from "../domain/text/quantities.ts";
import { lineCount } from "./log-lines.ts";

/** Characters of the names that one sentence lists; the rest of them are counted. */
const longestNames = 240;

/** What of a log was not read: a sentence for each reason, with the origins that it concerns and how much of them was read. */
export function gapWords(gaps: readonly LogGap[]): string[] {
  const cut: string[] = [];
  const trouble: string[] = [];
  const leftOut: string[] = [];
  for (const gap of gaps) {
    if (gap.why === "cut") cut.push(`${gap.origin} (${lineCount(gap.lines)}, ${amount(gap.bytes / 1_048_576, "MiB")})`);
    if (gap.why === "trouble") trouble.push(`${gap.origin} (${gap.detail})`);
    if (gap.why === "left out") leftOut.push(gap.origin);
  }
  return [
    ...(gaps.some(({ why }) => why === "time")
      ? ["Not everything was read in time: narrow the range for the rest."]
      : []),
    ...(cut.length > 0 ? [`There is more than was read of ${names(cut)}: narrow the range for the rest.`] : []),
    ...(trouble.length > 0 ? [`Not all could be read: ${names(trouble)}.`] : []),
    ...(leftOut.length > 0 ? [`Left out, because so many are not read at once: ${names(leftOut)}.`] : []),
  ];
}

/** What may belong to an answer and cannot be told for certain: an absent time or level is unknown, and never in order. */
export function asideWords({
  untimed = 0,
  unlevelled = 0,
  ahead = 0,
}: Pick<LogResult, "untimed" | "unlevelled" | "ahead">): string[] {
  return [
    ...(untimed > 0
      ? [`The time of ${lineCount(untimed)} could not be read: whether they are of that range is not known.`]
      : []),
    ...(unlevelled > 0
      ? [`${lineCount(unlevelled)} without a level ${unlevelled === 1 ? "was" : "were"} left out.`]
      : []),
    ...(ahead > 0
      ? [`${lineCount(ahead)} ${ahead === 1 ? "is" : "are"} dated after now, as where a clock is ahead.`]
      : []),
  ];
}

/** That a log does not reach back as far as was asked. */
export function beginningWords({ at, why }: LogBeginning, now: number): string {
  const words = {
    container: "is kept: the oldest of its containers is from then",
    kept: "is kept",
    cut: "was read",
  };
  return `Nothing from before ${clock(at, now)} ${words[why]}.`;
}

function names(items: readonly string[]): string {
  return wholeItems(items, longestNames);
}
