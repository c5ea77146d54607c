import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { readEntries } from "../../../src/integrations/calendar/read-entries.ts";
import { calendarOf, event } from "./calendar-text.ts";

const day = 86_400_000;

function read(
  text: string,
  from: string,
  more: { readonly zone?: string; readonly handover?: string; readonly days?: number } = {},
) {
  const { zone = "Europe/Berlin", handover = "00:00", days = 30 } = more;
  const begin = Date.parse(from);
  return readEntries({ text, zone, handover, from: begin, to: begin + days * day });
}

const told = (...args: Parameters<typeof read>): string[] =>
  read(...args).map(
    ({ title, from, to }) =>
      `${title} ${new Date(from).toISOString().slice(0, 16)} ${new Date(to).toISOString().slice(0, 16)}`,
  );

describe("who is on call when, by the entries of a calendar", () => {
  it("a weekly hand-over stays at its time of the day over the end of summer time", () => {
    const text = calendarOf(
      event(
        "Ana",
        "DTSTART;TZID=Europe/Berlin:20261012T090000",
        "DTEND;TZID=Europe/Berlin:20261019T090000",
        "RRULE:FREQ=WEEKLY;INTERVAL=2",
      ),
      event("Boris", "DTSTART;TZID=Europe/Berlin:20261019T090000", "DURATION:P1W", "RRULE:FREQ=WEEKLY;INTERVAL=2"),
    );
    expect(told(text, "2026-10-19T12:00:00Z", { days: 10 })).toEqual([
      "Boris 2026-10-19T07:00 2026-10-26T08:00",
      "Ana 2026-10-26T08:00 2026-11-02T08:00",
    ]);
  });

  it("in UTC, without a zone, and in whole days, which begin when the rotation hands over", () => {
    const text = calendarOf(
      event("Utc", "DTSTART:20261101T080000Z", "DTEND:20261101T160000Z"),
      event("Here", "DTSTART:20261102T080000", "DTEND:20261102T160000"),
      event("Days", "DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:20261105"),
      event("Day", "DTSTART;VALUE=DATE:20261106"),
    );
    expect(told(text, "2026-11-01T00:00:00Z", { handover: "09:00" })).toEqual([
      "Utc 2026-11-01T08:00 2026-11-01T16:00",
      "Here 2026-11-02T07:00 2026-11-02T15:00",
      "Days 2026-11-03T08:00 2026-11-05T08:00",
      "Day 2026-11-06T08:00 2026-11-07T08:00",
    ]);
  });

  it("without what is left out, moved or called off, however its time is written", () => {
    const start = ["DTSTART;TZID=America/New_York:20261102T090000", "DTEND;TZID=America/New_York:20261102T170000"];
    const text = calendarOf(
      event(
        "Ana",
        "UID:a",
        ...start,
        "RRULE:FREQ=DAILY;UNTIL=20261109T140000Z",
        "EXDATE:20261103T140000Z",
        "EXDATE;VALUE=DATE:20261104",
      ),
      event(
        "Boris",
        "UID:a",
        "RECURRENCE-ID:20261105T140000Z",
        "DTSTART;TZID=America/New_York:20261105T120000",
        "DTEND;TZID=America/New_York:20261105T130000",
      ),
      event("Ana", "UID:a", "RECURRENCE-ID;TZID=America/New_York:20261106T090000", "STATUS:CANCELLED", ...start),
      event("Chen", "UID:c", "STATUS:CANCELLED", ...start),
      event("Dana", "UID:d", ...start, "RDATE;TZID=America/New_York:20261120T200000"),
    );
    expect(told(text, "2026-11-01T00:00:00Z")).toEqual([
      "Ana 2026-11-02T14:00 2026-11-02T22:00",
      "Dana 2026-11-02T14:00 2026-11-02T22:00",
      "Boris 2026-11-05T17:00 2026-11-05T18:00",
      "Ana 2026-11-07T14:00 2026-11-07T22:00",
      "Ana 2026-11-08T14:00 2026-11-08T22:00",
      "Ana 2026-11-09T14:00 2026-11-09T22:00",
      "Dana 2026-11-21T01:00 2026-11-21T09:00",
    ]);
  });

  it("in a zone that has a name of its own and is described there, as Outlook writes it", () => {
    const zone = `BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`;
    const own = "TZID=W. Europe Standard Time";
    const text = calendarOf(
      zone,
      event(
        "Ana",
        `DTSTART;${own}:20261024T200000`,
        `DTEND;${own}:20261025T080000`,
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE:20261026T190000Z",
      ),
    );
    expect(told(text, "2026-10-20T00:00:00Z", { zone: "UTC" })).toEqual([
      "Ana 2026-10-24T18:00 2026-10-25T07:00",
      "Ana 2026-10-25T19:00 2026-10-26T07:00",
    ]);
  });

  it("who is invited and has not declined is told apart", () => {
    const guests = [
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Ana@Example.org",
      "ATTENDEE;PARTSTAT=DECLINED:mailto:boris@example.org",
    ];
    const text = calendarOf(event("On call", "DTSTART:20261101T080000Z", "DTEND:20261101T160000Z", ...guests));
    expect(read(text, "2026-11-01T00:00:00Z")).toMatchObject([{ title: "On call", invited: ["ana@example.org"] }]);
  });
});

describe("what cannot be read is told in words for whoever keeps the calendar", () => {
  const start = ["DTSTART:20261101T080000Z", "DTEND:20261101T160000Z"];
  it.each([
    ["a text that is none", "on call: ana", "it is no iCalendar"],
    ["a text that breaks off", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Ana", "it is no iCalendar"],
    ["a card", "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD", "it is no iCalendar"],
    ["one without entries", calendarOf(), "it has no entries"],
    [
      "a zone nobody knows",
      calendarOf(event("Ana", "DTSTART;TZID=Mars/Olympus:20261101T080000")),
      "“Mars/Olympus” is neither an IANA name",
    ],
    ["an entry without a beginning", calendarOf(event("Ana")), "the entry “Ana” has no beginning"],
    [
      "a change of all that follow",
      calendarOf(
        event("Ana", "UID:a", ...start),
        event("Ana", "UID:a", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261101T080000Z", ...start),
      ),
      "RANGE=THISANDFUTURE",
    ],
    [
      "times with ends of their own",
      calendarOf(event("Ana", ...start, "RDATE;VALUE=PERIOD:20261102T080000Z/PT1H")),
      "PERIOD",
    ],
    [
      "far too many",
      calendarOf(event("Ana", "DTSTART:20261101T080000Z", "DURATION:PT1M", "RRULE:FREQ=MINUTELY")),
      "more than 5000 entries",
    ],
  ])("%s", (_what, text, words) => {
    expect(() => read(text, "2026-11-01T00:00:00Z")).toThrow(words);
  });
});

it("a shift that comes back each day begins and ends when the clocks of its zone show it, in any zone and over any change", () => {
  const zones = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Cairo",
  );
  const begins = fc.constantFrom("2026-03-05", "2026-03-27", "2026-04-01", "2026-10-01", "2026-10-30");
  fc.assert(
    fc.property(
      zones,
      begins,
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 3 }),
      (zone, first, hour, every) => {
        const clock = `${String(hour).padStart(2, "0")}0000`;
        const written = `DTSTART;TZID=${zone}:${first.replaceAll("-", "")}T${clock}`;
        const text = calendarOf(event("Ana", written, "DURATION:P1D", `RRULE:FREQ=DAILY;INTERVAL=${every}`));
        const found = read(text, `${first}T00:00:00Z`, { days: 40 }).slice(0, 8);
        const at = (days: number): number =>
          Temporal.PlainDate.from(first).add({ days }).toZonedDateTime({ timeZone: zone, plainTime: { hour } })
            .epochMilliseconds;
        expect(found.map(({ from, to }) => [from, to])).toEqual(
          Array.from({ length: 8 }, (_, step) => [at(step * every), at(step * every + 1)]),
        );
      },
    ),
    { numRuns: 60 },
  );
});
