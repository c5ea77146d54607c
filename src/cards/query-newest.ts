import type { Block } from "../domain/messages/card.ts";
import { textOfDatum } from "../domain/systems/exact.ts";
import type { NamedQuery, QueryCell, QueryTable } from "../domain/systems/queries.ts";
import { parseDuration } from "../domain/text/duration.ts";
import { momentWritten } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";
import { columnOfQuery, timeOfCell } from "./query-chart.ts";

/** Clocks of two machines may differ by so much; what lies further ahead is no time that something was made. */
const aheadMs = 5 * 60_000;

/** How old the newest row is, and whether it may be; undefined where nothing is promised of it. */
export function newestLine(
  { query, table }: { readonly query: Pick<NamedQuery, "newest">; readonly table: QueryTable },
  now: number,
): Extract<Block, { kind: "text" }> | undefined {
  const { newest } = query;
  if (!newest) return undefined;
  const promise = `at most ${span(parseDuration(newest.within))} is promised (${newest.promised})`;
  if (table.rows.length === 0) return past(`There is none; ${promise}.`);
  const column = columnOfQuery(table, newest.time);
  const times = table.rows.flatMap((row) => madeAt(row[column] ?? null) ?? []).filter((at) => at <= now + aheadMs);
  if (times.length === 0)
    return {
      kind: "text",
      tone: "unknown",
      text: `How old the newest is cannot be told: no row has a time in ${newest.time} that has been; ${promise}.`,
    };
  const age = Math.max(0, now - Math.max(...times));
  const said = `The newest is ${span(age)} old; ${promise}.`;
  return age > parseDuration(newest.within) ? past(said) : { kind: "text", tone: "good", text: said };
}

function past(text: string): Extract<Block, { kind: "text" }> {
  return { kind: "text", tone: "bad", text };
}

/** As a column has it, or as it stands in the name of a file: `data-backup-2026-11-29T090000Z.tar.gz`. */
function madeAt(cell: QueryCell): number | undefined {
  const whole = timeOfCell(cell);
  if (whole !== undefined) return whole;
  const found = /(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d))?Z)?/.exec(textOfDatum(cell) ?? "");
  if (!found) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00"] = found;
  return momentWritten(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
