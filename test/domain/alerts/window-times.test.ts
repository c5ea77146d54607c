import fc from "fast-check";
import { expect, it } from "vitest";
import { momentIn, WeeklyTime } from "../../../src/domain/alerts/quiet-time.ts";
import { isOpenAt, openingsOf } from "../../../src/domain/alerts/window-times.ts";

const sunday = (more: object) => WeeklyTime.parse({ weekdays: ["sunday"], ...more });
const logos = {
  times: [sunday({ from: "02:00", to: "04:00" }), sunday({ monthly: true, from: "01:00", to: "03:00" })],
};
const within = (from: string, to: string) => ({ from: momentIn(from), to: momentIn(to) });
const opening = (window: Parameters<typeof openingsOf>[0], from: string, to: string) =>
  openingsOf(window, within(from, to)).map((each) =>
    [each.from, each.to].map((at) => new Date(at).toISOString().slice(0, 16)),
  );

it("the first Sunday of a month has both hours as one opening, the others the weekly ones alone (LG11)", () => {
  expect(opening(logos, "2026-12-01T00:00Z", "2026-12-16T00:00Z")).toEqual([
    ["2026-12-06T01:00", "2026-12-06T04:00"],
    ["2026-12-13T02:00", "2026-12-13T04:00"],
  ]);
});

it("PRSM's first Sunday lasts from one to six (PR18)", () => {
  const prsm = {
    times: [sunday({ from: "02:00", to: "04:00" }), sunday({ monthly: true, from: "01:00", to: "06:00" })],
  };
  expect(opening(prsm, "2026-12-01T00:00Z", "2026-12-14T00:00Z")).toEqual([
    ["2026-12-06T01:00", "2026-12-06T06:00"],
    ["2026-12-13T02:00", "2026-12-13T04:00"],
  ]);
});

it("hours through midnight belong to the day on which they begin, and whole days follow on each other", () => {
  const night = { times: [sunday({ from: "23:00", to: "01:00" })] };
  expect(opening(night, "2026-12-07T00:30Z", "2026-12-08T00:00Z")).toEqual([["2026-12-06T23:00", "2026-12-07T01:00"]]);
  const weekend = { times: [WeeklyTime.parse({ weekdays: ["saturday", "sunday"] })] };
  expect(opening(weekend, "2026-12-06T12:00Z", "2026-12-07T12:00Z")).toEqual([
    ["2026-12-05T00:00", "2026-12-07T00:00"],
  ]);
  expect(
    opening(
      { times: [], once: within("2026-12-01T10:00Z", "2026-12-01T12:00Z") },
      "2026-12-01T11:00Z",
      "2026-12-02T00:00Z",
    ),
  ).toEqual([["2026-12-01T10:00", "2026-12-01T12:00"]]);
});

it("a minute is within an opening if and only if the window is open in it, on the clocks of any zone", () => {
  const time = fc
    .integer({ min: 0, max: 47 })
    .map((half) => `${`${half >> 1}`.padStart(2, "0")}:${half % 2 ? "30" : "00"}`);
  const hours = fc
    .record({
      zone: fc.constantFrom("UTC", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Auckland"),
      weekdays: fc.constantFrom(["sunday"], ["monday", "friday"], ["saturday", "sunday"]),
      monthly: fc.boolean(),
      from: time,
      to: time,
    })
    .filter(({ from, to }) => from !== to)
    .map((each) => WeeklyTime.parse(each));
  // No clocks move between these days.
  const minute = fc.integer({
    min: momentIn("2026-11-10T00:00Z") / 60_000,
    max: momentIn("2026-12-20T00:00Z") / 60_000,
  });
  fc.assert(
    fc.property(fc.array(hours, { minLength: 1, maxLength: 3 }), minute, (times, at) => {
      const now = at * 60_000;
      expect(openingsOf({ times }, { from: now, to: now + 60_000 }).length > 0).toBe(isOpenAt({ times }, now));
    }),
  );
});
