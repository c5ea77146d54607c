import ICAL from "ical.js";
import { Temporal } from "temporal-polyfill";
import { isTimeZone, zonedAt } from "../../domain/text/moment.ts";
import { Unreadable } from "./unreadable.ts";

/** The clocks that an entry goes by. */
export interface Clocks {
  /** When they show this, ms: a time that they leave out is the one after it, and of one that comes twice the first. */
  at(wall: ICAL.Time): number;
  /** What they show at a time in ms. */
  wall(at: number): ICAL.Time;
}

/** Zones that a calendar describes itself, by the names that it gives them. */
export type OwnZones = ReadonlyMap<string, ICAL.Timezone>;

/** What of a calendar says by whose clocks a time goes. */
interface SaidOf {
  readonly time: ICAL.Time;
  /** The zone that stands beside it. */
  readonly name: string;
  readonly own: OwnZones;
  readonly order: { readonly zone: string; readonly handover: string };
}

/** By its name in the IANA database, which is newer than what calendars carry; else as the calendar describes it. Throws Unreadable. */
export function clocksOf({ time, name, own, order }: SaidOf): Clocks {
  if (time.isDate) return zoned(order.zone, order.handover);
  if (time.zone.tzid === "UTC") return zoned("UTC");
  if (!name) return zoned(order.zone);
  if (isTimeZone(name)) return zoned(name);
  const described = own.get(name);
  if (described) return describedIn(described);
  throw new Unreadable(`its zone “${name.slice(0, 80)}” is neither an IANA name nor described in it (VTIMEZONE)`);
}

/** The zones that a calendar describes. */
export function ownZones(calendar: ICAL.Component): OwnZones {
  return new Map(
    calendar.getAllSubcomponents("vtimezone").map((component) => {
      const zone = new ICAL.Timezone(component);
      return [zone.tzid, zone];
    }),
  );
}

function zoned(zone: string, dayBegins?: string): Clocks {
  return {
    at({ year, month, day, hour, minute, second, isDate }) {
      const date = Temporal.PlainDate.from({ year, month, day });
      const plainTime = isDate ? dayBegins : Temporal.PlainTime.from({ hour, minute, second });
      return date.toZonedDateTime({ timeZone: zone, ...(plainTime && { plainTime }) }).epochMilliseconds;
    },
    wall(at) {
      const { year, month, day, hour, minute, second } = zonedAt(at, zone);
      return ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate: false });
    },
  };
}

function describedIn(zone: ICAL.Timezone): Clocks {
  return {
    at(wall) {
      const there = wall.clone();
      there.zone = zone;
      return there.toUnixTime() * 1_000;
    },
    wall(at) {
      const { year, month, day, hour, minute, second } = ICAL.Time.fromJSDate(new Date(at), true).convertToZone(zone);
      return ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate: false });
    },
  };
}
