import ICAL from "ical.js";
import type { CalendarEntry } from "../../domain/oncall/calendar.ts";
import { type Clocks, clocksOf, type OwnZones, ownZones } from "./clocks.ts";
import { Unreadable } from "./unreadable.ts";

/** A calendar as it came, and what is asked of it. */
export interface EntriesOrder {
  readonly text: string;
  /** Whose clocks count where an entry says none. */
  readonly zone: string;
  /** When entries of whole days begin and end. */
  readonly handover: string;
  /** Times in ms. */
  readonly from: number;
  readonly to: number;
}

/** So many within the time that is asked for. */
const mostEntries = 5_000;

/** What of a calendar falls into a time, the earliest first. Throws Unreadable, in words for whoever keeps the calendar. */
export function readEntries(order: EntriesOrder): readonly CalendarEntry[] {
  const calendars = parsed(order.text);
  const entries = calendars.flatMap((calendar) => entriesIn(calendar, order));
  return entries.toSorted((one, other) => one.from - other.from || one.to - other.to);
}

function parsed(text: string): readonly ICAL.Component[] {
  try {
    const read: unknown[] = ICAL.parse(text);
    const lists = typeof read[0] === "string" ? [read] : read;
    const calendars = lists.flatMap((each) => (Array.isArray(each) ? [new ICAL.Component(each)] : []));
    if (calendars.some(({ name }) => name === "vcalendar")) return calendars.filter(({ name }) => name === "vcalendar");
  } catch {
    // The library's own words quote the text.
  }
  throw new Unreadable("it is no iCalendar: that begins with BEGIN:VCALENDAR and ends with END:VCALENDAR");
}

function entriesIn(calendar: ICAL.Component, order: EntriesOrder): readonly CalendarEntry[] {
  const events = calendar.getAllSubcomponents("vevent");
  if (events.length === 0) throw new Unreadable("it has no entries");
  const own = ownZones(calendar);
  const changed = Map.groupBy(
    events.filter((event) => event.hasProperty("recurrence-id")),
    uidOf,
  );
  const found: CalendarEntry[] = [];
  for (const event of events) {
    const series = seriesOf(event, { own, order });
    const isPart = event.hasProperty("recurrence-id");
    const elsewhere = isPart ? [] : (changed.get(uidOf(event)) ?? []);
    const left = new Set(elsewhere.map((each) => series.keyOf(idOf(each))));
    if (isCancelled(event)) continue;
    const { title, invited } = namedBy(event);
    const walls = isPart ? [series.start] : occurrences(event, series);
    for (const wall of walls) {
      if (left.has(keyOf(wall))) continue;
      const [from, to] = [series.clocks.at(wall), series.clocks.at(later(wall, series.seconds))];
      if (to <= order.from || from >= order.to || to <= from) continue;
      found.push({ title, invited, from, to });
      if (found.length > mostEntries) throw new Unreadable(`it has more than ${mostEntries} entries in that time`);
    }
  }
  return found;
}

/** Entries that come back, on the clocks that they go by. */
interface Series {
  readonly start: ICAL.Time;
  /** How long each is, on those clocks: a shift from 9 to 9 stays one when they change. */
  readonly seconds: number;
  readonly clocks: Clocks;
  /** What a time is on those clocks, as it tells one occurrence from another. */
  keyOf(property: ICAL.Property): string;
  /** No later than this, ms. */
  readonly end: number;
  wallOf(time: ICAL.Time, property: ICAL.Property): ICAL.Time;
}

interface SeriesParts {
  readonly own: OwnZones;
  readonly order: EntriesOrder;
}

function seriesOf(event: ICAL.Component, { own, order }: SeriesParts): Series {
  const property = event.getFirstProperty("dtstart");
  const first = property && timeIn(property);
  if (!property || !first) throw new Unreadable(`${titled(event)} has no beginning`);
  const clocksFor = (time: ICAL.Time, of: ICAL.Property): Clocks =>
    clocksOf({ time, name: of.getFirstParameter("tzid"), own, order });
  const clocks = clocksFor(first, property);
  const wallOf = (time: ICAL.Time, of: ICAL.Property): ICAL.Time =>
    first.isDate || time.isDate ? plain(time) : clocks.wall(clocksFor(time, of).at(time));
  const start = plain(first);
  const end = event.getFirstProperty("dtend");
  const ending = end && timeIn(end);
  const lasting: unknown = event.getFirstPropertyValue("duration");
  const seconds =
    end && ending
      ? wallOf(ending, end).subtractDate(start).toSeconds()
      : lasting instanceof ICAL.Duration
        ? lasting.toSeconds()
        : first.isDate
          ? 86_400
          : 0;
  return {
    start,
    seconds,
    clocks,
    wallOf,
    end: order.to,
    keyOf: (of) => {
      const time = timeIn(of);
      return time ? keyOf(wallOf(time, of)) : "";
    },
  };
}

function occurrences(event: ICAL.Component, series: Series): readonly ICAL.Time[] {
  const { start } = series;
  const left = new Set(event.getAllProperties("exdate").flatMap((each) => wallsIn(each, series).map(keyOf)));
  const found = new Map([[keyOf(start), start]]);
  for (const each of event.getAllProperties("rdate"))
    for (const wall of wallsIn(each, series)) found.set(keyOf(wall), sameKind(wall, start));
  for (const property of event.getAllProperties("rrule")) {
    const rule: unknown = property.getFirstValue();
    if (!(rule instanceof ICAL.Recur)) throw new Unreadable(`${titled(event)} comes back by a rule that is none`);
    for (const wall of repeated(rule, property, series)) found.set(keyOf(wall), wall);
  }
  // What is left out for a whole day is left out at any time of it.
  return [...found].flatMap(([key, wall]) => (left.has(key) || left.has(key.slice(0, 10)) ? [] : [wall]));
}

function* repeated(rule: ICAL.Recur, property: ICAL.Property, series: Series): Iterable<ICAL.Time> {
  const { start, clocks, end } = series;
  const until: ICAL.Time | null = rule.until;
  if (until) {
    const wall = series.wallOf(until, property);
    // A day alone is meant to its end.
    rule.until = until.isDate && !start.isDate ? later(sameKind(wall, start), 86_399) : wall;
  }
  const walls = rule.iterator(start);
  for (;;) {
    const wall: ICAL.Time | null = walls.next();
    if (!wall || clocks.at(wall) >= end) return;
    yield wall.clone();
  }
}

function wallsIn(property: ICAL.Property, series: Series): readonly ICAL.Time[] {
  return property.getValues().map((value: unknown) => {
    if (value instanceof ICAL.Time) return series.wallOf(value, property);
    throw new Unreadable("an entry comes back at times that have an end of their own (PERIOD), which is not read");
  });
}

function timeIn(property: ICAL.Property): ICAL.Time | undefined {
  const value: unknown = property.getFirstValue();
  return value instanceof ICAL.Time ? value : undefined;
}

function idOf(event: ICAL.Component): ICAL.Property {
  const id = event.getFirstProperty("recurrence-id");
  if (!id || id.getFirstParameter("range"))
    throw new Unreadable(`${titled(event)} changes all that follow it (RANGE=THISANDFUTURE), which is not read`);
  return id;
}

/** The same date and time without a zone. */
function plain({ year, month, day, hour, minute, second, isDate }: ICAL.Time): ICAL.Time {
  return ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate });
}

/** As `like` is: a day, or a time of it. */
function sameKind(time: ICAL.Time, like: ICAL.Time): ICAL.Time {
  const same = plain(time);
  same.isDate = like.isDate;
  return same;
}

function later(wall: ICAL.Time, seconds: number): ICAL.Time {
  const moved = wall.clone();
  moved.addDuration(ICAL.Duration.fromSeconds(seconds));
  return moved;
}

function keyOf(wall: ICAL.Time): string {
  return wall.toString();
}

function uidOf(event: ICAL.Component): string {
  return textIn(event, "uid");
}

function isCancelled(event: ICAL.Component): boolean {
  return textIn(event, "status").toUpperCase() === "CANCELLED";
}

function textIn(event: ICAL.Component, name: string): string {
  const value: unknown = event.getFirstPropertyValue(name);
  return typeof value === "string" ? value : "";
}

function titled(event: ICAL.Component): string {
  const title = textIn(event, "summary");
  return title === "" ? "an entry without a title" : `the entry “${title.slice(0, 80)}”`;
}

function namedBy(event: ICAL.Component): Pick<CalendarEntry, "title" | "invited"> {
  const guests = event
    .getAllProperties("attendee")
    .filter((guest) => guest.getFirstParameter("partstat").toUpperCase() !== "DECLINED");
  const invited = guests.map((guest) =>
    String(guest.getFirstValue())
      .replace(/^mailto:/i, "")
      .trim()
      .toLowerCase(),
  );
  return { title: textIn(event, "summary").trim().slice(0, 200), invited };
}
