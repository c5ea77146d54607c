import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { QueryTable } from "../../domain/systems/queries.ts";

/** An entry of SLOWLOG GET: id, when in s since 1970, how long in µs, what was asked, and by whom since Redis 4. */
const SlowEntry = z.tuple([z.int(), z.int(), z.int(), z.array(z.string())]).rest(z.string());

/** The entries of the slow log, newest first as the server tells them. Throws BackendError. */
export function slowLogTable(label: string, answer: unknown, most: number): QueryTable {
  const read = z.array(SlowEntry).safeParse(answer);
  if (!read.success)
    throw new BackendError(label, { fault: "nonsense", detail: "its answer to SLOWLOG GET is no list of entries" });
  return {
    columns: [{ name: "At" }, { name: "Took", unit: "ms" }, { name: "Command" }, { name: "Asked by" }],
    rows: read.data.slice(0, most).map(([, at, micros, words, by = ""]) => {
      const when = new Date(at * 1_000);
      const written = Number.isNaN(when.getTime()) ? `${at} s` : when.toISOString().replace(".000", "");
      return [written, micros / 1_000, words.join(" "), by];
    }),
    more: read.data.length > most,
  };
}
