import { momentWritten } from "../text/moment.ts";
import { span } from "../text/quantities.ts";

/** A day and a time of it to the second, as ISO 8601 has it and as names of files do: `2026-11-29T02:00:00Z`, `20261129_020000`. */
const moment = /(?<!\d)(\d{4})-?(\d{2})-?(\d{2})[T _-](\d{2}):?(\d{2}):?(\d{2})(?:[.,]\d+)?(Z|[+-]\d{2}:\d{2})?(?!\d)/;

/**
 * How long it is from the first time in one text to the first in another, in words. Without a zone a time is in UTC. A card is made
 * all the same where one of them holds none, or they stand the wrong way round: nobody knows how long that is.
 */
export function elapsed(from: unknown, to: unknown): string {
  const [began, ended] = [momentIn(from), momentIn(to)];
  return began === undefined || ended === undefined || ended < began ? "UNKNOWN TIME" : span(ended - began);
}

function momentIn(text: unknown): number | undefined {
  const [, year, month, day, hour, minute, second, zone = "Z"] = (typeof text === "string" && moment.exec(text)) || [];
  return year === undefined ? undefined : momentWritten(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
}
