import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  DigestSchedule,
  judgeSlots,
  periodOf,
  slotAfter,
  slotsSince,
  slotUntil,
} from "../../../src/domain/digests/schedule.ts";

const hour = 3_600_000;
const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const shown = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString();
const of = (schedule: object): DigestSchedule => DigestSchedule.parse(schedule);

/** Each with a day before its clocks go forward, and one before they go back. */
const zones = [
  { zone: "Europe/Berlin", edges: ["2026-03-29", "2026-10-25"] },
  { zone: "America/New_York", edges: ["2026-03-08", "2026-11-01"] },
  { zone: "Australia/Lord_Howe", edges: ["2026-10-04", "2026-04-05"] },
  // The whole of 2011-12-30 is left out.
  { zone: "Pacific/Apia", edges: ["2011-12-30", "2011-09-24", "2012-04-01"] },
  // Midnight itself is left out.
  { zone: "America/Havana", edges: ["2026-03-08", "2026-11-01"] },
  { zone: "America/Sao_Paulo", edges: ["2018-11-04", "2018-02-18"] },
] as const;

describe("when a digest is due", () => {
  it("is by the wall clock on both sides of summer time", () => {
    const morning = of({ at: "08:00", zone: "Europe/Berlin" });
    expect(shown(slotAfter(morning, at("2026-03-28T12:00Z"))?.at ?? 0)).toBe("2026-03-29T06:00:00Z");
    expect(shown(slotAfter(morning, at("2026-10-24T12:00Z"))?.at ?? 0)).toBe("2026-10-25T07:00:00Z");
  });

  it("of a time that is left out is as long after it, and of one that comes twice the first", () => {
    const night = of({ at: "02:30", zone: "Europe/Berlin" });
    expect(slotAfter(night, at("2026-03-28T12:00Z"))).toEqual({ date: "2026-03-29", at: at("2026-03-29T01:30Z") });
    expect(slotAfter(night, at("2026-10-24T12:00Z"))).toEqual({ date: "2026-10-25", at: at("2026-10-25T00:30Z") });
    const half = of({ at: "02:15", zone: "Australia/Lord_Howe" });
    expect(slotAfter(half, at("2026-10-03T06:00Z"))).toEqual({ date: "2026-10-04", at: at("2026-10-03T15:45Z") });
    const midnight = of({ at: "00:30", zone: "America/Havana" });
    expect(slotAfter(midnight, at("2026-03-07T12:00Z"))).toEqual({ date: "2026-03-08", at: at("2026-03-08T05:30Z") });
  });

  it("has no slot of a date that a zone left out", () => {
    const apia = of({ at: "08:00", zone: "Pacific/Apia" });
    const dates = slotsSince(apia, "2011-12-27", at("2012-01-01T00:00Z")).map(({ date }) => date);
    expect(dates).toEqual(["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
  });

  it("leaves out weekends and holidays, and is the first such day of a month where it says so", () => {
    const business = of({ at: "08:00", days: "business", holidays: ["2026-12-25"] });
    expect(slotAfter(business, at("2026-12-24T09:00Z"))?.date).toBe("2026-12-28");
    const monthly = of({ at: "06:00", days: ["sunday"], monthly: true });
    expect(slotAfter(monthly, at("2026-12-06T07:00Z"))?.date).toBe("2027-01-03");
    expect(slotUntil(monthly, at("2026-12-30T07:00Z"))?.date).toBe("2026-12-06");
  });

  it("made between two slots tells of as long a time as the next one will", () => {
    const business = of({ at: "08:00", days: "business" });
    expect(periodOf(business, at("2026-12-01T05:00Z"))).toBe(24 * hour);
    expect(periodOf(business, at("2026-11-28T05:00Z"))).toBe(72 * hour);
    expect(periodOf(of({ at: "08:00", days: ["monday"] }), at("2026-12-01T05:00Z"))).toBe(7 * 24 * hour);
  });

  it("is made while it is worth reading, and what came before it was missed", () => {
    const daily = of({ at: "08:00" });
    const now = at("2026-11-29T10:00Z");
    const slots = slotsSince(daily, "2026-11-26", now);
    expect(judgeSlots(slots, { now, catchUpMs: 4 * hour })).toMatchObject({
      due: { date: "2026-11-29" },
      missed: [{ date: "2026-11-27" }, { date: "2026-11-28" }],
    });
    expect(judgeSlots(slots, { now, catchUpMs: hour })).toMatchObject({ due: undefined, missed: { length: 3 } });
    expect(judgeSlots([], { now, catchUpMs: hour })).toEqual({ due: undefined, missed: [] });
  });
});

describe.each(zones)("in $zone", ({ zone, edges }) => {
  it.each(edges)(
    "every local date around %s has its one slot, whenever it is looked and however clocks step",
    (edge) => {
      const first = Temporal.PlainDate.from(edge).subtract({ days: 2 });
      const walls = wallsOf(zone, first);
      const start = walls[0]?.at ?? 0;
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 95 }),
          // Steps between looks, in quarters of an hour: back as well, and over days in which nobody ran.
          fc.array(
            fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 8 }) }, fc.integer({ min: -8, max: 150 })),
            {
              minLength: 10,
              maxLength: 40,
            },
          ),
          (quarter, steps) => {
            const time = Temporal.PlainTime.from("00:00")
              .add({ minutes: 15 * quarter })
              .toString({ smallestUnit: "minute" });
            const schedule = of({ at: time, zone });
            let [now, furthest, last] = [start, start, first.subtract({ days: 1 }).toString()];
            const told: { date: string; at: number }[] = [];
            for (const step of steps) {
              now = Math.min(Math.max(start, now + step * quarterMs), walls.at(-1)?.at ?? start);
              furthest = Math.max(furthest, now);
              const due = slotsSince(schedule, last, now);
              told.push(...due);
              last = due.at(-1)?.date ?? last;
            }
            expect(told).toEqual(slotsOnTheWall(walls, time, furthest));
          },
        ),
        { numRuns: 25 },
      );
    },
  );
});

const quarterMs = 900_000;

interface Wall {
  readonly at: number;
  readonly date: string;
  readonly time: string;
}

/** What the clock on the wall shows at every quarter of an hour of a week. */
function wallsOf(zone: string, first: Temporal.PlainDate): readonly Wall[] {
  const start = first.toZonedDateTime({ timeZone: zone }).epochMilliseconds;
  return Array.from({ length: 7 * 96 }, (_, quarter) => {
    const moment = start + quarter * quarterMs;
    const local = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDateTime();
    return {
      at: moment,
      date: local.toPlainDate().toString(),
      time: local.toPlainTime().toString({ smallestUnit: "minute" }),
    };
  });
}

/** Found another way: of each date that the wall shows the first quarter of an hour that shows the time, or else what stands for it. */
function slotsOnTheWall(walls: readonly Wall[], time: string, until: number): { date: string; at: number }[] {
  const slots = [...new Set(walls.map(({ date }) => date))].map((date) => {
    const day = walls.filter((wall) => wall.date === date);
    const shows = day.find((wall) => wall.time === time);
    if (shows) return { date, at: shows.at };
    // Left out: as long after the clocks went forward as it would have been after they stood still.
    const gap = walls.findIndex((wall) => wall.date === date && wall.time > time);
    const minutes = (text = ""): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
    const ahead = walls[gap];
    const before = walls[gap - 1];
    const stood = (minutes(before?.time) + 15) % 1_440;
    return { date, at: (ahead?.at ?? Number.POSITIVE_INFINITY) + (minutes(time) - stood) * 60_000 };
  });
  return slots.filter((slot) => slot.at <= until);
}
