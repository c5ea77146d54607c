import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clock, parseMoment, stamp } from "../../../src/domain/text/moment.ts";
import { parseSpan } from "../../../src/domain/text/spoken-span.ts";

const now = Date.UTC(2026, 10, 21, 12);

describe("a point in time", () => {
  it.each([
    ["now", now],
    ["90m", now - 5_400_000],
    ["2h30m", now - 9_000_000],
    ["2 h 30 m", now - 9_000_000],
    ["1w", now - 604_800_000],
    ["10:30", Date.UTC(2026, 10, 21, 10, 30)],
    ["12:00", now],
    ["23:59:30", Date.UTC(2026, 10, 20, 23, 59, 30)],
    ["2026-11-21", Date.UTC(2026, 10, 21)],
    ["2026-11-21T10:30", Date.UTC(2026, 10, 21, 10, 30)],
    ["2026-11-21 10:30:05.123Z", Date.UTC(2026, 10, 21, 10, 30, 5)],
    ["2026-11-21 10:30 UTC", Date.UTC(2026, 10, 21, 10, 30)],
    ["2026-11-21T10:30+02:00", Date.UTC(2026, 10, 21, 8, 30)],
    ["2026-11-21T10:30-0530", Date.UTC(2026, 10, 21, 16)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["30min", now - 1_800_000],
    ["2 hours ago", now - 7_200_000],
    ["an hour ago", now - 3_600_000],
    ["half an hour ago", now - 1_800_000],
    ["1 hour and 30 minutes", now - 5_400_000],
    ["1.5h", now - 5_400_000],
    ["last 30 minutes", now - 1_800_000],
    ["in the last hour", now - 3_600_000],
    ["the past 2 days", now - 172_800_000],
    ["last week", now - 604_800_000],
    ["3am", Date.UTC(2026, 10, 21, 3)],
    ["from 3am", Date.UTC(2026, 10, 21, 3)],
    ["since 3:30 pm", Date.UTC(2026, 10, 20, 15, 30)],
    ["12am", Date.UTC(2026, 10, 21)],
    ["10:30 UTC", Date.UTC(2026, 10, 21, 10, 30)],
    ["noon", now],
    ["midnight", Date.UTC(2026, 10, 21)],
    ["Today", Date.UTC(2026, 10, 21)],
    ["yesterday", Date.UTC(2026, 10, 20)],
    ["since yesterday at 2pm", Date.UTC(2026, 10, 20, 14)],
    ["yesterday 14:05", Date.UTC(2026, 10, 20, 14, 5)],
    // It was a Saturday.
    ["saturday", Date.UTC(2026, 10, 21)],
    ["last monday", Date.UTC(2026, 10, 16)],
    ["since sunday", Date.UTC(2026, 10, 15)],
    ["since 2026-11-20", Date.UTC(2026, 10, 20)],
  ])("%s", (text, at) => expect(parseMoment(text, now)).toBe(at));

  it.each([
    "",
    "soon",
    "25:00",
    "10:61",
    "1h1",
    "-1h",
    "2026-02-29",
    "2026-13-01",
    "2026-11-31",
    "2026-11-21T24:00",
    "9999999999999d",
    "3",
    "13am",
    "0pm",
    "last",
    "ago",
    "2 errors ago",
    "yesterday morning tea",
    "the flash crash",
    "tomorrow",
  ])("%j is none", (text) => expect(parseMoment(text, now)).toBeUndefined());

  it("is every date of the calendar as the platform reads it", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1900-01-01"), max: new Date("2200-12-31"), noInvalidDate: true }),
        (date) => {
          const text = `${date.toISOString().slice(0, 19)}Z`;
          expect(parseMoment(text, now)).toBe(Date.parse(text));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("is written as the platform writes it, in whole seconds", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          expect(stamp(date.getTime())).toBe(`${date.toISOString().slice(0, 19)}Z`);
        },
      ),
    );
  });

  it.each([
    [Date.UTC(2026, 10, 21, 3, 4, 5, 999), "03:04:05 UTC"],
    [Date.UTC(2026, 10, 20, 23, 59, 59), "2026-11-20 23:59:59 UTC"],
    [Date.UTC(2024, 1, 29), "2024-02-29 00:00:00 UTC"],
  ])("has its date with it on another day: %s", (at, words) => expect(clock(at, now)).toBe(words));

  it("is a number or nothing, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of [parseMoment(text, now), parseSpan(text)]) expect(read ?? 0).toSatisfy(Number.isFinite);
      }),
    );
  });
});
