import { expect, it } from "vitest";
import { isWithin, momentIn, WeeklyTime, weeklyWords } from "../../../src/domain/alerts/quiet-time.ts";

const night = { zone: "Europe/Berlin", from: "22:00", to: "06:00" };
const fridayNight = { ...night, weekdays: ["friday" as const] };
const weekend = { weekdays: ["saturday" as const, "sunday" as const] };

it.each<[string, Parameters<typeof WeeklyTime.parse>[0], string, boolean]>([
  ["a Saturday at midnight", weekend, "2026-11-28T00:00Z", true],
  ["the last minute of a Sunday", weekend, "2026-11-29T23:59:59Z", true],
  ["a Monday", weekend, "2026-11-30T00:00Z", false],
  ["a Saturday of another zone", { ...weekend, zone: "Pacific/Auckland" }, "2026-11-27T11:00Z", true],
  ["before it begins", night, "2026-11-28T20:59Z", false],
  ["as it begins", night, "2026-11-28T21:00Z", true],
  ["after midnight", night, "2026-11-29T02:00Z", true],
  ["as it ends", night, "2026-11-29T05:00Z", false],
  ["the morning after the weekday that it began on", fridayNight, "2026-11-28T02:00Z", true],
  ["the morning of the weekday itself", fridayNight, "2026-11-27T02:00Z", false],
  ["the evening of the day after", fridayNight, "2026-11-28T21:30Z", false],
  ["summer time moves with the clocks", night, "2026-07-01T04:30Z", false],
  [
    "an hour that is left out in spring",
    { zone: "Europe/Berlin", from: "02:00", to: "03:00" },
    "2026-03-29T01:00Z",
    false,
  ],
  ["an hour that comes twice, first", { zone: "Europe/Berlin", from: "02:00", to: "03:00" }, "2026-10-25T00:30Z", true],
  ["an hour that comes twice, again", { zone: "Europe/Berlin", from: "02:00", to: "03:00" }, "2026-10-25T01:30Z", true],
  [
    "clocks that move by half an hour",
    { zone: "Australia/Lord_Howe", from: "02:00", to: "02:30" },
    "2026-10-03T15:30Z",
    false,
  ],
  ["the whole day", {}, "2026-11-28T12:00Z", true],
])("%s", (_what, hours, at, within) => {
  expect(isWithin(WeeklyTime.parse(hours), momentIn(at))).toBe(within);
});

it.each([
  [{ zone: "Mars/Olympus" }, "a zone has a name as in Europe/Berlin or UTC"],
  [{ from: "9:00" }, "a time of the day is written 09:00"],
  [{ from: "10:00", to: "10:00" }, "from and to are the same"],
])("%o is refused", (hours, why) => {
  expect(() => WeeklyTime.parse(hours)).toThrow(why);
});

it("is told in words", () => {
  expect([weeklyWords(WeeklyTime.parse({})), weeklyWords(WeeklyTime.parse(fridayNight))]).toEqual([
    "every day in UTC",
    "friday from 22:00 to 06:00 in Europe/Berlin",
  ]);
});
