import { expect, it } from "vitest";
import { announceHandOvers } from "../../src/acts/oncall/announce.ts";
import type { CalendarEntry, CalendarSource } from "../../src/domain/oncall/calendar.ts";
import { Rotation } from "../../src/domain/oncall/rotation.ts";
import type { Reading } from "../../src/domain/systems/reading.ts";
import { rotationsAt } from "../../src/reads/on-call.ts";
import { noticeQueues, readNotice } from "../../src/records/notice.ts";
import { calendarSlot } from "../../src/workers/oncall-calendars.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { scratchStore } from "../fakes/scratch-store.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 30, 12);

/** A rotation by a calendar behind an address or in a file, which answers what the test says. */
function desk(more: object = {}) {
  const clock = { now: start };
  const store = scratchStore(clock);
  const rotation = Rotation.parse({ id: "night", title: "Night", calendar: { file: "oncall.ics", ...more } });
  const book = { rotations: [rotation], given: new Map() };
  const asked: CalendarSource[] = [];
  const calendar: { answers: Reading<readonly CalendarEntry[]> } = { answers: says() };
  const raised = new Map<string, string>();
  const slot = calendarSlot({
    store,
    book: () => book,
    policyInForce: async () => policy(),
    calendars: {
      read: async (source) => {
        asked.push(source);
        return calendar.answers;
      },
    },
    troubles: { raise: ({ id, what }) => void raised.set(id, what), clear: (id) => void raised.delete(id) },
  });
  const places = [{ surface: "console", channel: "ops" }];
  return {
    calendar,
    raised,
    asked,
    looks: async (afterMs = 0) => {
      clock.now += afterMs;
      await slot.run();
    },
    onCall: async () => (await rotationsAt(store, book, clock.now))[0],
    /** Who was told to take over. */
    announced: async () => {
      await announceHandOvers(store, book, { policy: policy(), placesOf: () => places });
      const queues = noticeQueues("console");
      const items = await Promise.all(queues.map((queue) => store.claim(queue, { leaseMs: 1, limit: 10 })));
      return items.flat().map((item) => readNotice(item).subject?.kind);
    },
  };
}

function says(...entries: readonly Partial<CalendarEntry>[]): Reading<readonly CalendarEntry[]> {
  const value = entries.map((entry) => ({
    title: "",
    invited: [],
    from: start - minute,
    to: start + 60 * minute,
    ...entry,
  }));
  return { ok: true, value, at: start, latencyMs: 1 };
}

const lost: Reading<readonly CalendarEntry[]> = {
  ok: false,
  fault: "nonsense",
  detail: "oncall.ics: it is no iCalendar",
  at: start,
  latencyMs: 1,
};

it("what a calendar said last counts while it cannot be read, and the operators are told until it can be", async () => {
  const { calendar, raised, looks, onCall } = desk();
  calendar.answers = says({ title: "Ana" }, { title: "Chen", from: start + 60 * minute, to: start + 120 * minute });
  await looks();
  expect(await onCall()).toMatchObject({ people: ["ana"], next: { at: start + 60 * minute, people: ["chen"] } });
  calendar.answers = lost;
  await looks(minute);
  await looks(70 * minute);
  expect(await onCall()).toMatchObject({
    people: ["chen"],
    rotation: { calendarFault: { why: "oncall.ics: it is no iCalendar", since: start + minute } },
  });
  expect(raised.get("oncall-calendar-night")).toBe(
    "The calendar that says who is on call for Night cannot be read: oncall.ics: it is no iCalendar. What it said last counts.",
  );
  calendar.answers = says({ title: "boris", to: start + 200 * minute });
  await looks(minute);
  expect(await onCall()).toMatchObject({ people: ["boris"] });
  expect((await onCall())?.rotation.calendarFault).toBeUndefined();
  expect([...raised]).toEqual([]);
});

it("before a calendar was looked at nobody takes over from anybody, and after that each hand-over is told", async () => {
  const { calendar, looks, announced } = desk();
  expect(await announced()).toEqual([]);
  calendar.answers = says({ title: "Ana" });
  await looks();
  expect(await announced()).toEqual([]);
  calendar.answers = says({ title: "Chen" });
  await looks(minute);
  expect(await announced()).toEqual(["hand-over"]);
});

it("one that was never read has nobody, and says so", async () => {
  const { calendar, raised, looks, onCall } = desk();
  calendar.answers = lost;
  await looks();
  expect(await onCall()).toMatchObject({ people: [] });
  expect(raised.get("oncall-calendar-night")).toContain("It was never read, so nobody is on call by it.");
});

it("an entry names people by id, name, address or what the file says they are called there; who is nobody is told", async () => {
  const { calendar, raised, looks, onCall } = desk({ names: { "First line": "dana", "boris@example.org": "boris" } });
  const who = async (...entries: readonly Partial<CalendarEntry>[]) => {
    calendar.answers = says(...entries);
    await looks(1_000);
    return (await onCall())?.people;
  };
  expect(await who({ title: "first line" })).toEqual(["dana"]);
  expect(await who({ title: "On call", invited: ["boris@example.org", "other@example.org"] })).toEqual(["boris"]);
  expect(await who({ title: "Ana, chen" }, { title: "BORIS" })).toEqual(["ana", "boris", "chen"]);
  expect(raised.size).toBe(0);
  expect(await who({ title: "Ana and Zoe" })).toEqual(["ana"]);
  expect(raised.get("oncall-names-night")).toBe("The calendar of Night names somebody who is nobody here: Zoe.");
  expect(await who({ title: "Ana" })).toEqual(["ana"]);
  expect(raised.size).toBe(0);
});

it("an address is asked every five minutes, and at once where the file names another", async () => {
  const { asked, looks } = desk({ file: undefined, url: "https://calendar.example/oncall.ics" });
  await looks();
  await looks(4 * minute);
  expect(asked).toHaveLength(1);
  await looks(minute);
  expect(asked).toMatchObject([{ url: "https://calendar.example/oncall.ics", zone: "UTC" }, {}]);
});
