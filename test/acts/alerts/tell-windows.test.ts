import { describe, expect, it } from "vitest";
import { tellWindows } from "../../../src/acts/alerts/tell-windows.ts";
import { recordSent } from "../../../src/acts/messages/record-sent.ts";
import { showSubject } from "../../../src/cards/subjects.ts";
import { momentIn } from "../../../src/domain/alerts/quiet-time.ts";
import { AlertsInFile, type MaintenanceWindow, routingOf } from "../../../src/domain/alerts/routing.ts";
import type { Store } from "../../../src/domain/store.ts";
import { readSubject } from "../../../src/reads/subject.ts";
import { noticeQueues, readNotice } from "../../../src/records/notice.ts";
import { scratchStore } from "../../fakes/scratch-store.ts";

const window = {
  id: "move",
  title: "The move",
  match: 'system="logos"',
  from: "2026-12-02T10:00Z",
  to: "2026-12-02T12:00Z",
  announce: ["ops"],
  rollback: "the old volume is mounted again",
};

function windowsIn(...maintenance: readonly object[]): readonly MaintenanceWindow[] {
  return routingOf(AlertsInFile.parse({ maintenance }), []).windows;
}

/** One after another at these times, by three replicas each; what is owed then, as people would read it. */
function desk() {
  const clock = { now: momentIn("2026-11-30T00:00Z") };
  const store = scratchStore(clock);
  return {
    store,
    at: async (moment: string, windows: readonly MaintenanceWindow[], left: readonly string[] = []) => {
      clock.now = momentIn(moment);
      const telling = {
        windows,
        systemsOf: () => ["logos"],
        placesOf: ({ announce }: { readonly announce: readonly string[] }) =>
          announce.map((channel) => ({ surface: "console", channel })),
        leftOf: async () => left,
      };
      await Promise.all([1, 2, 3].map(() => tellWindows(store, telling)));
      return owed(store);
    },
  };
}

async function owed(store: Store) {
  const items = await Promise.all(
    noticeQueues("console").map((queue) => store.claim(queue, { leaseMs: 1_000, limit: 50 })),
  );
  const told = [];
  for (const item of items.flat()) {
    const { subject, place } = readNotice(item);
    const data = subject && (await readSubject(store, subject));
    if (!data || subject?.kind !== "maintenance") throw new Error("what is owed is of a window");
    const { surface, channel } = place;
    await recordSent(store, item, { ref: { surface, channel, id: subject.part }, subject });
    const { card } = showSubject(data);
    told.push({ part: subject.part, title: card.title, text: JSON.stringify(card) });
  }
  return told.toSorted((one, other) => one.part.localeCompare(other.part));
}

const titles = (told: Awaited<ReturnType<typeof owed>>) => told.map(({ part, title }) => [part, title]);

describe("a window", () => {
  it("is told a day ahead, when it begins and is over: each once, over all replicas (LG11)", async () => {
    const { at } = desk();
    const windows = windowsIn(window);
    expect(await at("2026-12-01T09:59Z", windows)).toEqual([]);
    const [ahead, ...others] = await at("2026-12-01T10:00Z", windows);
    expect(others).toEqual([]);
    expect(ahead).toMatchObject({ part: "ahead", title: "Maintenance ahead: The move" });
    expect(ahead?.text).toContain("the old volume is mounted again");
    expect(ahead?.text).not.toContain("are promised");
    expect(await at("2026-12-01T18:00Z", windows)).toEqual([]);
    expect(titles(await at("2026-12-02T10:00Z", windows))).toEqual([
      ["ahead", "Maintenance has begun: The move"],
      ["open", "Maintenance has begun: The move"],
    ]);
    expect(await at("2026-12-02T11:00Z", windows)).toEqual([]);
    expect(titles(await at("2026-12-02T12:00Z", windows))).toEqual([
      ["ahead", "Maintenance is over: The move"],
      ["open", "Maintenance is over: The move"],
    ]);
    expect(await at("2026-12-02T12:01Z", windows)).toEqual([]);
  });

  it("that something outlasts is told to have overrun, and by what", async () => {
    const { at } = desk();
    const windows = windowsIn(window);
    await at("2026-12-01T10:00Z", windows);
    await at("2026-12-02T10:00Z", windows);
    const told = await at("2026-12-02T12:00:05Z", windows, ["restore LOGOS (A1B2C3), asked by Ana, still runs"]);
    expect(told.map(({ part }) => part)).toEqual(["ahead", "open", "overrun"]);
    expect(told[2]?.title).toBe("Maintenance has overrun: The move");
    expect(told[2]?.text).toContain("asked by Ana, still runs");
    expect(await at("2026-12-02T13:00Z", windows, ["it still runs"])).toEqual([]);
  });

  it("that is told late says so, and one that nobody was told of ahead only that it has begun", async () => {
    const late = desk();
    const [ahead] = await late.at("2026-12-02T07:00Z", windowsIn(window));
    expect(ahead?.text).toContain("Told 3 h ahead: 24 h are promised.");
    const later = desk();
    const [open, ...others] = await later.at("2026-12-02T10:30Z", windowsIn(window));
    expect([open?.part, others]).toEqual(["open", []]);
    expect(open?.text).toContain("only once it had begun");
  });

  it("that is taken out of its file before it begins is called off, and one that is made longer goes on", async () => {
    const gone = desk();
    await gone.at("2026-12-01T10:00Z", windowsIn(window));
    expect(titles(await gone.at("2026-12-01T11:00Z", []))).toEqual([["ahead", "Maintenance is called off: The move"]]);
    expect(await gone.at("2026-12-01T12:00Z", [])).toEqual([]);
    const longer = desk();
    await longer.at("2026-12-02T10:00Z", windowsIn(window));
    const moved = windowsIn({ ...window, to: "2026-12-02T13:00Z" });
    expect(titles(await longer.at("2026-12-02T11:00Z", moved))).toEqual([["open", "Maintenance has begun: The move"]]);
    expect(await longer.at("2026-12-02T12:30Z", moved)).toEqual([]);
    expect(titles(await longer.at("2026-12-02T13:00Z", moved))).toEqual([["open", "Maintenance is over: The move"]]);
  });

  it("that comes back is told each time, and one that is told nowhere never", async () => {
    const { at } = desk();
    const sundays = {
      id: "sundays",
      match: 'system="logos"',
      times: [{ weekdays: ["sunday"], from: "02:00", to: "04:00" }],
    };
    const windows = windowsIn({ ...sundays, announce: ["ops"] }, { ...sundays, id: "quiet" });
    expect(titles(await at("2026-12-05T02:00Z", windows))).toEqual([["ahead", "Maintenance ahead: sundays"]]);
    await at("2026-12-06T02:00Z", windows);
    await at("2026-12-06T04:00Z", windows);
    expect(titles(await at("2026-12-12T02:00Z", windows))).toEqual([["ahead", "Maintenance ahead: sundays"]]);
  });
});
