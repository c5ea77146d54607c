import { expect, it } from "vitest";
import type { ActiveAlert, Watched } from "../../../src/domain/alerts/alert.ts";
import {
  heldIn,
  type Looked,
  noDataAfterMs,
  type OwnReport,
  type OwnWatch,
  ownWatchStep,
} from "../../../src/domain/alerts/own-watch.ts";
import type { PartSeen } from "../../../src/domain/alerts/part-watch.ts";

const start = Date.UTC(2026, 0, 1);
const slow: ActiveAlert = {
  system: "shop",
  source: "rules",
  id: "slow",
  severity: "warning",
  ownSeverity: "warning",
  summary: "It is slow",
};

function watched(source: string, ...alerts: ActiveAlert[]): Watched {
  return { source, reading: { ok: true, value: alerts, at: start, latencyMs: 1 } };
}

function unread(source: string, more: Partial<Watched> = {}): Watched {
  return { source, reading: { ok: false, fault: "timeout", detail: "no answer", at: start, latencyMs: 1 }, ...more };
}

/** What a row of looks, each so many ms after the start, told that was new. */
function told(looks: readonly (readonly [afterMs: number, ...watched: Watched[]])[], more: Partial<Looked> = {}) {
  let known: OwnWatch | undefined;
  return looks.map(([afterMs, ...seen]): string[] => {
    const { reports, after } = ownWatchStep(known, {
      system: "shop",
      title: "Shop",
      watched: seen,
      isDown: false,
      parts: [],
      now: start + afterMs,
      keepMs: () => 0,
      fingerprint: ({ source, id }) => `${source}:${id}`,
      ...more,
    });
    known = after;
    return reports.map(words);
  });
}

function words({ status, fingerprint, startsAt, endsAt }: OwnReport): string {
  const ms = (text: string) => Date.parse(text) - start;
  return status === "firing"
    ? `${fingerprint} from ${ms(startsAt)}`
    : `${fingerprint} from ${ms(startsAt)} to ${ms(endsAt)}`;
}

it("what begins and ends is told once each, with when", () => {
  const looks = told([
    [0, watched("rule slow")],
    [5_000, watched("rule slow", slow)],
    [10_000, watched("rule slow", slow)],
    [15_000, watched("rule slow")],
    [20_000, watched("rule slow")],
  ]);
  expect(looks).toEqual([[], ["rules:slow from 5000"], [], ["rules:slow from 5000 to 15000"], []]);
});

it("what comes and goes within its time goes on", () => {
  const looks = told(
    [
      [0, watched("rule slow", slow)],
      [5_000, watched("rule slow")],
      [10_000, watched("rule slow", slow)],
      [15_000, watched("rule slow")],
      [45_000, watched("rule slow")],
    ],
    { keepMs: () => 30_000 },
  );
  expect(looks.flat()).toEqual(["rules:slow from 0", "rules:slow from 0 to 15000"]);
});

it("what cannot be read resolves nothing, and is an alert of its own once that lasts", () => {
  const looks = told([
    [0, watched("monitor", { ...slow, source: "monitor" })],
    [5_000, unread("monitor")],
    [5_000 + noDataAfterMs, unread("monitor")],
    [10_000 + noDataAfterMs, watched("monitor")],
  ]);
  expect(looks).toEqual([
    ["monitor:slow from 0"],
    [],
    ["wardroom:no-data from 5000"],
    [`monitor:slow from 0 to ${10_000 + noDataAfterMs}`, `wardroom:no-data from 5000 to ${10_000 + noDataAfterMs}`],
  ]);
});

it("a rule that is not sure yet is no missing data; one whose server gives no answer is", () => {
  const unsure = { ok: false, fault: "missing", detail: "too few samples", at: start, latencyMs: 1 } as const;
  const looks = told([
    [0, unread("rule slow", { reading: unsure })],
    [2 * noDataAfterMs, unread("rule slow", { reading: unsure })],
    [3 * noDataAfterMs, unread("rule slow")],
    [4 * noDataAfterMs, unread("rule slow")],
  ]);
  expect(looks).toEqual([[], [], [], [`wardroom:no-data from ${3 * noDataAfterMs}`]]);
});

it("a system is down once two looks found it so; what it hides is not over", () => {
  const up = told([[0, watched("monitor", { ...slow, source: "monitor" })]]);
  expect(up.flat()).toEqual(["monitor:slow from 0"]);
  expect(told([[0], [5_000], [10_000]], { isDown: true })).toEqual([[], ["wardroom:system-down from 5000"], []]);
});

it("what others posted is theirs to tell", () => {
  expect(told([[0, watched("posted by am", { ...slow, code: "1f0c9a2e77ab" })]]).flat()).toEqual([]);
});

it("since when a rule of a file holds is kept from look to look, also over a restart and where it could not be judged, and not for ever", () => {
  const held = (now: number, seen: Watched | undefined, before?: OwnWatch) => {
    const { after } = ownWatchStep(before, {
      system: "shop",
      title: "Shop",
      watched: seen ? [seen] : [],
      isDown: false,
      parts: [],
      now: start + now,
      keepMs: () => 0,
      fingerprint: ({ source, id }) => `${source}:${id}`,
    });
    return after;
  };
  const holds = (since: number): Watched => ({
    ...watched("rule g/Slow"),
    held: { "rule g/Slow Slow": start + since },
  });
  const first = held(0, holds(0));
  expect(heldIn(first, start + 60_000)).toEqual({ "rule g/Slow Slow": start });
  expect(heldIn(held(60_000, unread("rule g/Slow"), first), start + 60_000)).toEqual({ "rule g/Slow Slow": start });
  expect(heldIn(held(60_000, watched("rule g/Slow"), first), start + 60_000)).toEqual({});
  expect(heldIn(first, start + 3 * 3_600_000)).toEqual({});
  // A look that finds nothing new writes nothing new.
  expect(held(60_000, holds(0), first)).toEqual(first);
});

/** What a row of looks, each with how an instance was found, told that was new. */
function toldOfParts(looks: readonly (readonly [is: PartSeen["is"], isDown?: boolean])[]): string[][] {
  let known: OwnWatch | undefined;
  return looks.map(([is, isDown = false], at) => {
    const part = { name: "web-down", is, isVital: false, summary: "Web is down", hint: "Start it" };
    const { reports, after } = ownWatchStep(known, {
      system: "shop",
      title: "Shop",
      watched: [],
      isDown,
      parts: [
        part,
        { ...part, name: "core-down", is: isDown ? "unwell" : "well", isVital: true, hint: "Start the core" },
      ],
      now: start + at * 5_000,
      keepMs: () => 0,
      fingerprint: ({ source, id }) => `${source}:${id}`,
    });
    known = after;
    return reports.map((each) => `${words(each)}: ${each.annotations["hint"] ?? "nothing to do"}`);
  });
}

it("a part that two looks find unwell is a warning that says what to do, and over once it is well", () => {
  expect(toldOfParts([["unwell"], ["well"], ["unwell"], ["unwell"], ["unwell"], ["well"]])).toEqual([
    [],
    [],
    [],
    ["wardroom:web-down from 15000: Start it"],
    [],
    ["wardroom:web-down from 15000 to 25000: Start it"],
  ]);
});

it("a part that cannot be seen any more is neither over nor found again", () => {
  expect(toldOfParts([["unwell"], ["unwell"], ["unknown"], ["unwell"]]).slice(2)).toEqual([[], []]);
});

it("while the whole system is down that is told, with what to do about what it cannot do without, and of no part", () => {
  expect(
    toldOfParts([
      ["unwell", true],
      ["unwell", true],
      ["unwell", true],
    ]),
  ).toEqual([[], ["wardroom:system-down from 5000: Start the core"], []]);
  // What was told before goes on beside it.
  expect(toldOfParts([["unwell"], ["unwell"], ["unwell", true], ["unwell", true]]).slice(2)).toEqual([
    [],
    ["wardroom:system-down from 15000: Start the core"],
  ]);
});
