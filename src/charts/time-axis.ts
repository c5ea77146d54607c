import { isTimeZone, zoneOffsetMs } from "../domain/text/moment.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 3, 5, 7, 14, 28, 56, 91, 182, 365, 730].map((count) => count * day),
];

export interface TimeAxis {
  /** Round times of the zone's clocks within the range, in ms. */
  readonly ticks: readonly number[];
  /** What stands below a tick: a time of day, or the date where a day begins. */
  label(at: number): string;
  /** A time in full, for text. */
  moment(at: number): string;
  /** The zone as it is named to the reader. */
  readonly zone: string;
}

/** Where the marks of a time axis go, by the clocks of an IANA zone. A zone nobody knows is UTC. */
export function timeAxis(range: { readonly from: number; readonly to: number }, timezone = "UTC"): TimeAxis {
  const zone = isTimeZone(timezone) ? timezone : "UTC";
  const { from, to } = range;
  const step = steps.find((candidate) => (to - from) / candidate <= 8) ?? (steps.at(-1) ?? day) * 4;
  const ticks: number[] = [];
  const offset = (at: number): number => zoneOffsetMs(zone, at);
  const last = to + offset(to);
  for (let wall = Math.ceil((from + offset(from)) / step) * step; wall <= last; wall += step) {
    // The clock may have been changed since the first guess.
    const at = wall - offset(wall - offset(wall));
    if (at >= from && at <= to && at > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(at);
  }
  const time = formatter(zone, { hour: "2-digit", minute: "2-digit", ...(step < minute && { second: "2-digit" }) });
  const date = formatter(zone, { day: "numeric", month: "short", ...(to - from > 300 * day && { year: "2-digit" }) });
  const full = formatter(zone, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return {
    ticks,
    label: (at) => (step >= day || (at + offset(at)) % day === 0 ? date.format(at) : time.format(at)),
    moment: (at) => full.format(at),
    zone,
  };
}

function formatter(timeZone: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", { timeZone, ...parts });
}
