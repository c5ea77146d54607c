import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterStep,
  begun,
  type Escalation,
  endedAt,
  escalationAfter,
  levelsToCome,
  nextDue,
  putOnHold,
  resumed,
  stepOf,
} from "../../../src/domain/escalation/escalation.ts";
import { EscalationInFile } from "../../../src/domain/escalation/escalation-file.ts";
import { classOf, type MatrixClass, matrixOf, nextDaily } from "../../../src/domain/escalation/matrix.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 20, 12);

const file = EscalationInFile.parse({
  zone: "Europe/Berlin",
  contacts: { admin: { people: ["ana"] }, lead: { people: ["chen"] } },
  classes: [
    {
      id: "security",
      match: 'category="security"',
      levels: [{ contacts: ["lead"] }],
    },
    {
      id: "P1",
      severities: ["critical"],
      levels: [
        { contacts: ["admin"] },
        { after: "15m", contacts: ["lead"] },
        { after: "30m", contacts: ["lead"] },
        { after: "60m", every: "30m", contacts: ["lead"] },
      ],
    },
    { id: "P2", severities: ["P2", "warning"], levels: [{ after: "30m", contacts: ["admin"] }] },
    { id: "P4", severities: ["P4"], levels: [{ daily: "18:00", contacts: ["admin"] }] },
  ],
});
const matrix = matrixOf("prsm", file, { contacts: {}, onCall: [] });
const planOf = (id: string): MatrixClass => {
  const found = matrix.classes.find((each) => each.id === id);
  if (!found) throw new Error(`no class ${id}`);
  return found;
};
const alert = { code: "c", system: "prsm", summary: "down", episode: "alert/1", since: start, groups: [] };
const P1 = planOf("P1");
const P2 = planOf("P2");

/** Looks so long after the beginning: which level is told, and which were missed. */
function look(escalation: Escalation, plan: MatrixClass, after: number) {
  const now = start + after * minute;
  const step = stepOf(escalation, plan, now);
  const next = step ? afterStep(escalation, step, { now, page: `p${after}` }) : escalation;
  return { next, told: step?.level.number, missed: step?.missed.map(({ number }) => number) ?? [] };
}

describe("levels by the time that nobody had an alert", () => {
  it("each is told once, in its time, and the last comes back for as long as nobody has it", () => {
    const told: [number, number][] = [];
    let escalation = begun(alert, P1, start);
    for (let after = 0; after <= 130; after += 1) {
      const { next, told: level } = look(escalation, P1, after);
      if (level !== undefined) told.push([after, level]);
      escalation = next;
    }
    expect(told).toEqual([
      [0, 1],
      [15, 2],
      [30, 3],
      [60, 4],
      [90, 4],
      [120, 4],
    ]);
  });

  it("what was slept through is told once by the highest level, and the others are on record as missed", () => {
    const first = look(begun(alert, P1, start), P1, 40);
    expect([first.told, first.missed]).toEqual([3, [1, 2]]);
    expect(look(first.next, P1, 41).told).toBeUndefined();
    expect(first.next.rungs.map(({ state }) => state)).toEqual(["missed", "missed", "paged"]);
    expect(look(first.next, P1, 60).told).toBe(4);
  });

  it("time stands while somebody has it, and goes on when nobody does", () => {
    const told = look(begun(alert, P1, start), P1, 0).next;
    const held = putOnHold(told, { why: "acknowledged", name: "Ana", at: start + 10 * minute });
    expect(look(held, P1, 500).told).toBeUndefined();
    const free = resumed(held, start + 500 * minute);
    expect(look(free, P1, 504).told).toBeUndefined();
    expect(look(free, P1, 505)).toMatchObject({ told: 2, missed: [] });
  });

  it("one that gets worse has everything yet to come, and one that gets milder is told of nothing twice", () => {
    const mild = begun(alert, P2, start);
    const worse = escalationAfter(mild, alert, { plan: P1, isWorse: true, now: start + 5 * minute });
    expect(worse && look(worse, P1, 5).told).toBe(1);
    const paged = look(begun(alert, P1, start), P1, 0).next;
    const milder = escalationAfter(paged, alert, { plan: P2, isWorse: false, now: start + 45 * minute });
    expect(milder && look(milder, P2, 45).told).toBeUndefined();
    expect(milder?.rungs).toMatchObject([{ level: 1, state: "covered" }]);
    const none = escalationAfter(paged, alert, { plan: undefined, isWorse: false, now: start + minute });
    expect(none && nextDue(none, { levels: [] })).toBeUndefined();
  });

  it("one that comes and goes is the same trouble for five minutes, and another after them", () => {
    const over = endedAt(look(begun(alert, P1, start), P1, 0).next, start + 10 * minute);
    expect(look(over, P1, 500).told).toBeUndefined();
    const again = { ...alert, episode: "alert/2" };
    const soon = escalationAfter(over, again, { plan: P1, isWorse: false, now: start + 14 * minute });
    expect(soon && [look(soon, P1, 18).told, look(soon, P1, 19).told]).toEqual([undefined, 2]);
    const later = escalationAfter(over, again, { plan: P1, isWorse: false, now: start + 15 * minute });
    expect(later && look(later, P1, 15).told).toBe(1);
  });

  it("a summary of each day comes at its time on the clocks of the zone", () => {
    const escalation = begun(alert, planOf("P4"), start);
    expect(nextDue(escalation, planOf("P4"))?.at).toBe(Date.parse("2026-11-20T17:00Z"));
    const now = Date.parse("2026-11-20T17:00:01Z");
    const step = stepOf(escalation, planOf("P4"), now);
    const told = step && afterStep(escalation, step, { now, page: "p" });
    expect(told && nextDue(told, planOf("P4"))?.at).toBe(Date.parse("2026-11-21T17:00Z"));
  });
});

it.each([
  ["Europe/Berlin", "02:30", "2026-03-28T12:00Z", "2026-03-29T01:30Z"],
  ["Europe/Berlin", "02:30", "2026-10-24T12:00Z", "2026-10-25T00:30Z"],
  ["Australia/Lord_Howe", "02:15", "2026-10-03T12:00Z", "2026-10-03T15:45Z"],
  ["Pacific/Apia", "09:00", "2011-12-29T20:00Z", "2011-12-30T19:00Z"],
])("in %s %s is once a day, also where clocks are changed", (zone, time, after, next) => {
  expect(nextDaily({ zone, time }, Date.parse(after))).toBe(Date.parse(next));
});

it("Monday's summary is on Monday", () => {
  const monday = { zone: "UTC", time: "09:00", weekdays: ["monday" as const] };
  expect(nextDaily(monday, Date.parse("2026-11-23T09:00Z"))).toBe(Date.parse("2026-11-30T09:00Z"));
});

it("an alert is of the class of its source's own word, then of what that means, then of none", () => {
  const of = (labels: Record<string, string>, severity: "critical" | "warning" | "info") =>
    classOf(matrix, { labels, severity })?.id;
  expect(of({ severity: "P4" }, "info")).toBe("P4");
  expect(of({ severity: "page" }, "critical")).toBe("P1");
  expect(of({ severity: "info" }, "info")).toBeUndefined();
  expect(of({ severity: "info", category: "security" }, "info")).toBe("security");
});

function withoutRepeat({ number, afterMs, contacts }: MatrixClass["levels"][number]): MatrixClass["levels"][number] {
  return { number, afterMs, contacts };
}

type Happening =
  | { readonly kind: "pass"; readonly minutes: number }
  | { readonly kind: "down"; readonly minutes: number }
  | { readonly kind: "ack" }
  | { readonly kind: "unack" }
  | { readonly kind: "class"; readonly to: "P1" | "P2" };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant("pass" as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("down" as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant("ack" as const) }),
  fc.record({ kind: fc.constant("unack" as const) }),
  fc.record({ kind: fc.constant("class" as const), to: fc.constantFrom("P1" as const, "P2" as const) }),
);

/** Each minute that nobody had it counts, told by counting minutes and nothing else. */
it("whatever is acknowledged, given back, worse or slept through: no level is told twice, and none is passed over in silence", () => {
  const once = { ...P1, levels: P1.levels.map((level) => withoutRepeat(level)) };
  const plans = { P1: once, P2 };
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 25 }), (happenings) => {
      let now = start;
      let [free, isHeld, of] = [0, false, "P1" as "P1" | "P2"];
      let escalation = begun(alert, once, now);
      let told: number[] = [];
      let early = 0;
      const lookNow = (): void => {
        const plan = plans[of];
        const step = stepOf(escalation, plan, now);
        // Nothing is due: every level that the minutes have come to has been dealt with.
        const reached = isHeld || step ? [] : plan.levels.filter(({ afterMs = 0 }) => afterMs <= free);
        const dealt = escalation.rungs.map(({ level }) => level);
        expect(reached.map(({ number }) => number).filter((level) => !dealt.includes(level))).toEqual([]);
        if (!step) return;
        expect(isHeld).toBe(false);
        expect(told).not.toContain(step.level.number);
        expect(step.level.afterMs).toBeLessThanOrEqual(free);
        expect(step.missed.every(({ number }) => number < step.level.number && !told.includes(number))).toBe(true);
        told.push(step.level.number);
        escalation = afterStep(escalation, step, { now, page: "p" });
      };
      lookNow();
      for (const each of happenings) {
        switch (each.kind) {
          case "pass":
          case "down":
            for (let passed = 0; passed < each.minutes; passed += 1) {
              now += minute;
              if (!isHeld) free += minute;
              if (each.kind === "pass") lookNow();
            }
            break;
          case "ack":
            if (!isHeld) escalation = putOnHold(escalation, { why: "acknowledged", name: "Ana", at: now });
            isHeld = true;
            break;
          case "unack":
            escalation = resumed(escalation, now);
            isHeld = false;
            break;
          case "class":
            if (each.to === of) break;
            escalation =
              escalationAfter(escalation, alert, { plan: plans[each.to], isWorse: each.to === "P1", now }) ??
              escalation;
            of = each.to;
            told = [];
            // What counts as told before has had its time.
            early = escalation.rungs.filter(({ level }) => (plans[of].levels[level - 1]?.afterMs ?? 0) > free).length;
        }
        expect(early).toBe(0);
        lookNow();
      }
      expect(levelsToCome(escalation, plans[of]).every(({ at }) => at > now)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
