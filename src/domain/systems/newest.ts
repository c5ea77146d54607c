import { parseDuration } from "../text/duration.ts";
import { momentWritten } from "../text/moment.ts";
import { span } from "../text/quantities.ts";
import { numberOf, textOfDatum } from "./exact.ts";
import type { QueryCell, QueryNewest, QueryTable } from "./queries.ts";

/** What an answer says of a promise: how old the newest row that counts is, in ms, or why nobody can tell. */
export type NewestState = (
  | { readonly is: "kept" | "missed"; readonly at: number }
  | { readonly is: "none" }
  | { readonly is: "untold" }
) & {
  /** One sentence of it. */
  readonly words: string;
};

/** Clocks of two machines may differ by so much; what lies further ahead is no time that something was made. */
const aheadMs = 5 * 60_000;

/** Whether the newest row that counts is as young as was promised. */
export function newestState(promise: QueryNewest, table: QueryTable, now: number): NewestState {
  const { time, within, promised, of = {} } = promise;
  const most = `at most ${span(parseDuration(within))} is promised (${promised})`;
  const kinds = Object.entries(of).map(([name, one]) => ({ column: columnOfQuery(table, name), one: [one].flat() }));
  const rows = table.rows.filter((row) =>
    kinds.every(({ column, one }) => one.includes(textOfDatum(row[column] ?? null) ?? "")),
  );
  const which = kinds.length === 0 ? "" : ` of ${kinds.map(({ one }) => one.join(" or ")).join(", ")}`;
  if (rows.length === 0) return { is: "none", words: `There is none${which}; ${most}.` };
  const column = columnOfQuery(table, time);
  const times = rows.flatMap((row) => madeAt(row[column] ?? null) ?? []).filter((at) => at <= now + aheadMs);
  if (times.length === 0) {
    const words = `How old the newest${which} is cannot be told: no row has a time in ${time} that has been; ${most}.`;
    return { is: "untold", words };
  }
  const at = Math.max(...times);
  const age = Math.max(0, now - at);
  const is = age > parseDuration(within) ? "missed" : "kept";
  return { is, at, words: `The newest${which} is ${span(age)} old; ${most}.` };
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

export function columnOfQuery({ columns }: QueryTable, name: string): number {
  return columns.findIndex((each) => each.name === name);
}

/** The earliest number that is a time since 1970, and the earliest that is one in ms and not in seconds. */
const leastSeconds = 1e8;
const leastMs = 1e11;

/** The time that a cell says, in ms since 1970; undefined where it says none. */
export function timeOfCell(cell: QueryCell): number | undefined {
  const text = textOfDatum(cell) ?? "";
  const number = numberOf(cell);
  if (number === undefined) return momentWritten(text);
  if (number < leastSeconds) return undefined;
  return number < leastMs ? number * 1_000 : number;
}
