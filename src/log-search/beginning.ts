import type { LogBeginning, LogQuery } from "../domain/systems/logs.ts";

/**
 * Where a log of several origins begins: with the oldest of them. Undefined where that is no later than the range, and where
 * nothing tells of one of them.
 */
export function beginningOf(
  origins: readonly (LogBeginning | undefined)[],
  { from }: Pick<LogQuery, "from">,
): LogBeginning | undefined {
  let oldest: LogBeginning | undefined;
  for (const each of origins) {
    if (!each || each.at <= from) return undefined;
    if (!oldest || each.at < oldest.at) oldest = each;
  }
  return oldest;
}
