import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextChange, onCallAt } from "../../../src/domain/oncall/on-call.ts";
import { Rotation } from "../../../src/domain/oncall/rotation.ts";

const at = (text: string) => Date.parse(text);
const rotation = (more: object) => Rotation.parse({ id: "trading", ...more });
const who = (of: Rotation, text: string) => onCallAt(of, at(text)).people;

const weekly = rotation({
  zone: "Europe/Berlin",
  layers: [{ people: ["ana", ["boris", "chen"]], from: "2026-10-19", handover: "09:00" }],
});

describe("people who take turns", () => {
  it("one hands over to the next at the time of the day that the clocks show, over the end of summer time too", () => {
    expect(who(weekly, "2026-10-19T06:59:59Z")).toEqual([]);
    expect(who(weekly, "2026-10-19T07:00:00Z")).toEqual(["ana"]);
    // 25 October has 25 hours: 09:00 is 08:00 UTC from then on.
    expect(who(weekly, "2026-10-26T07:59:59Z")).toEqual(["ana"]);
    expect(who(weekly, "2026-10-26T08:00:00Z")).toEqual(["boris", "chen"]);
    expect(who(weekly, "2026-11-02T08:00:00Z")).toEqual(["ana"]);
  });

  it.each([
    ["Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00Z"],
    ["Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45:00Z"],
    ["America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"],
    ["Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00:00Z"],
    ["Asia/Kolkata", "2026-03-29", "02:30", "2026-03-28T21:00:00Z"],
    ["Pacific/Apia", "2011-12-31", "09:00", "2011-12-30T19:00:00Z"],
  ])("in %s on %s, where %s is left out or comes twice, one hands over once", (zone, day, handover, utc) => {
    const daily = rotation({ zone, layers: [{ people: ["ana", "boris"], from: day, handover, every: "1d" }] });
    expect(onCallAt(daily, at(utc) - 1).people).toEqual([]);
    expect(onCallAt(daily, at(utc)).people).toEqual(["ana"]);
  });

  it("layers follow the sun, and one that is not on call leaves it to those before it", () => {
    const zones: [string, string][] = [
      ["ana", "Europe/Berlin"],
      ["boris", "America/New_York"],
    ];
    const sun = rotation({
      layers: [
        { people: ["dana"], from: "2026-01-01" },
        ...zones.map(([person, zone]) => ({
          people: [person],
          from: "2026-01-01",
          times: [{ zone, from: "08:00", to: "16:00", weekdays: ["monday", "tuesday"] }],
        })),
      ],
    });
    expect(who(sun, "2026-11-30T07:00:00Z")).toEqual(["ana"]);
    expect(who(sun, "2026-11-30T13:00:00Z")).toEqual(["boris"]);
    expect(who(sun, "2026-11-30T23:00:00Z")).toEqual(["dana"]);
    expect(who(sun, "2026-12-02T10:00:00Z")).toEqual(["dana"]);
  });

  it("an override counts from its beginning until before its end, and one made in chat before those of the file", () => {
    const covered = rotation({
      ...weekly,
      layers: [{ people: ["ana"], from: "2026-01-01" }],
      overrides: [{ people: ["dana"], from: "2026-12-24T00:00+01:00", to: "2026-12-27T00:00+01:00" }],
    });
    expect(onCallAt(covered, at("2026-12-23T23:00:00Z"))).toEqual({ people: ["dana"], isOverride: true });
    expect(onCallAt(covered, at("2026-12-26T23:00:00Z"))).toEqual({ people: ["ana"], isOverride: false });
    const given = [{ people: ["boris"], from: at("2026-12-25T00:00:00Z"), to: at("2026-12-25T06:00:00Z") }];
    expect(onCallAt(covered, at("2026-12-25T03:00:00Z"), given).people).toEqual(["boris"]);
    expect(nextChange(covered, at("2026-12-25T03:00:00Z"), given)).toEqual({
      at: at("2026-12-25T06:00:00Z"),
      people: ["dana"],
      isOverride: true,
    });
  });

  it("what a calendar names counts before the layers, all of its entries at once, and an override before it", () => {
    const hour = 3_600_000;
    const from = at("2026-11-30T12:00:00Z");
    const booked = {
      ...rotation({ layers: [{ people: ["dana"], from: "2026-01-01" }], calendar: { file: "oncall.ics" } }),
      shifts: [
        { people: ["boris"], from, to: from + 2 * hour },
        { people: ["ana", "boris"], from: from + hour, to: from + 2 * hour },
      ],
    };
    expect(onCallAt(booked, from - 1)).toEqual({ people: ["dana"], isOverride: false });
    expect(onCallAt(booked, from + hour)).toEqual({ people: ["ana", "boris"], isOverride: false });
    expect(nextChange(booked, from)).toMatchObject({ at: from + hour, people: ["ana", "boris"] });
    expect(nextChange(booked, from + hour)).toMatchObject({ at: from + 2 * hour, people: ["dana"] });
    const given = [{ people: ["chen"], from, to: from + hour }];
    expect(onCallAt(booked, from, given)).toEqual({ people: ["chen"], isOverride: true });
  });

  it("who is alone on call has nobody to hand over to", () => {
    expect(
      nextChange(rotation({ layers: [{ people: ["ana"], from: "2026-01-01" }] }), at("2026-11-30T07:00:00Z")),
    ).toBe(undefined);
  });

  it.each([
    [{}, "a rotation has layers, a calendar, or both"],
    [{ calendar: {} }, "a calendar has a file or an url"],
    [{ calendar: { file: "a.ics", url: "https://a.example/a.ics" } }, "a calendar has a file or an url"],
    [{ layers: [{ people: ["ana"], from: "2026-02-30" }] }, "a day is written 2026-11-30"],
    [{ layers: [{ people: ["ana"], from: "2026-01-01", every: "90m" }] }, "some days or weeks long"],
    [{ layers: [{ people: ["ana"], from: "2026-01-01", handover: "25:00" }] }, "a time of the day is written 09:00"],
    [{ zone: "Berlin", layers: [{ people: ["ana"], from: "2026-01-01" }] }, "a zone has a name"],
    [
      {
        layers: [{ people: ["ana"], from: "2026-01-01" }],
        overrides: [{ people: ["ana"], from: "2026-01-02T00:00Z", to: "2026-01-01T00:00Z" }],
      },
      "an override ends after it began",
    ],
  ])("%j is refused with what is wrong", (file, told) => {
    expect(() => Rotation.parse({ id: "trading", ...file })).toThrow(told);
  });
});

const person = fc.constantFrom("ana", "boris", "chen", "dana");
const zone = fc.constantFrom("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham");
const time = fc
  .integer({ min: 0, max: 47 })
  .map((half) => `${String(half >> 1).padStart(2, "0")}:${half % 2 ? "30" : "00"}`);
const days = fc.uniqueArray(fc.constantFrom("monday", "wednesday", "saturday", "sunday"), { minLength: 1 });
const times = fc
  .record({ zone, from: time, to: time, weekdays: days })
  .filter(({ from, to }) => from !== to)
  .map((each) => [each]);
const layer = fc.record(
  {
    people: fc.array(person, { minLength: 1, maxLength: 3 }),
    from: fc.constantFrom("2026-03-20", "2026-03-30", "2026-10-01"),
    handover: time,
    every: fc.constantFrom("1d", "2d", "1w"),
    times,
  },
  { requiredKeys: ["people", "from"] },
);

it("the next change is the first moment at which others are on call, as a look at every quarter of an hour finds it", () => {
  const half = 15 * 60_000;
  const begin = fc.constantFrom(at("2026-03-27T00:00:00Z"), at("2026-10-01T00:00:00Z"), at("2026-10-30T12:00:00Z"));
  fc.assert(
    fc.property(zone, fc.array(layer, { minLength: 1, maxLength: 3 }), begin, (of, layers, from) => {
      const rota = rotation({ zone: of, layers });
      const steps = Array.from({ length: 4 * 24 * 9 }, (_, step) => from + (step + 1) * half);
      const before = onCallAt(rota, from).people.join();
      const seen = steps.find((moment) => onCallAt(rota, moment).people.join() !== before);
      const next = nextChange(rota, from);
      const last = steps.at(-1) ?? 0;
      expect(next !== undefined && next.at <= last ? next.at : undefined).toBe(seen);
    }),
    { numRuns: 40 },
  );
});
