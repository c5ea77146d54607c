import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlertRule, judgeRule, limitRules, limitsOf } from "../../../src/domain/alerts/alert-rule.ts";
import { course, high, minute, now } from "./course.ts";

function rule(parts: object = {}): AlertRule {
  return AlertRule.parse({
    id: "slow",
    metric: "latency",
    above: 0.1,
    for: "5m",
    severity: "critical",
    summary: "Slow",
    ...parts,
  });
}

const longestGapMs = minute;

describe("a rule", () => {
  it("fires once it has breached for its whole time, and tells since when", () => {
    const past = course(0.2, { fromMs: 7 * minute });
    expect(judgeRule(rule(), { now: high, past, longestGapMs })).toEqual({ state: "firing", since: now - 7 * minute });
  });

  it("is pending while it has been seen well inside its time", () => {
    const past = [...course(0.05, { fromMs: 10 * minute, toMs: 3 * minute }), ...course(0.2, { fromMs: 3 * minute })];
    expect(judgeRule(rule(), { now: high, past, longestGapMs })).toEqual({ state: "pending", since: now - 3 * minute });
  });

  it("that was well for a single sample begins anew", () => {
    const past = course(0.2, { fromMs: 20 * minute }).map((sample) =>
      sample.at === now - 2 * minute ? { ...sample, value: 0.1 } : sample,
    );
    expect(judgeRule(rule(), { now: high, past, longestGapMs }).state).toBe("pending");
  });

  it("is neither firing nor well when samples are missing", () => {
    const past = [...course(0.2, { fromMs: 20 * minute, toMs: 4 * minute }), ...course(0.2, { fromMs: 2 * minute })];
    expect(judgeRule(rule(), { now: high, past, longestGapMs })).toMatchObject({ state: "unsure" });
    expect(judgeRule(rule(), { now: high, past: [], longestGapMs })).toMatchObject({ state: "unsure" });
  });

  it("is well when the newest value is, whatever was before", () => {
    const past = course(0.2, { fromMs: 20 * minute });
    expect(judgeRule(rule(), { now: { at: now, value: 0.1 }, past, longestGapMs })).toEqual({ state: "ok" });
  });

  it("without a time fires at once", () => {
    expect(judgeRule(rule({ for: "0s" }), { now: high, past: [], longestGapMs })).toEqual({
      state: "firing",
      since: now,
    });
  });

  it("may watch for too little", () => {
    const low = rule({ above: undefined, below: 10, for: "0s" });
    expect(judgeRule(low, { now: { at: now, value: 9 }, past: [], longestGapMs }).state).toBe("firing");
    expect(judgeRule(low, { now: { at: now, value: 10 }, past: [], longestGapMs }).state).toBe("ok");
  });

  it("never fires over a sample that was well, nor over a hole", () => {
    const step = fc.record({ waitMs: fc.integer({ min: 1_000, max: 90_000 }), breaches: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let at = now;
        const past = steps
          .map(({ waitMs, breaches }) => ({ at: (at -= waitMs), value: breaches ? 1 : 0 }))
          .toReversed();
        const verdict = judgeRule(rule(), { now: high, past, longestGapMs });
        if (verdict.state !== "firing") return;
        const inside = [...past, high].filter((sample) => sample.at >= verdict.since);
        expect(now - verdict.since).toBeGreaterThanOrEqual(5 * minute);
        expect(inside.every((sample) => sample.value > 0.1)).toBe(true);
        expect(
          Math.max(...inside.map((sample, index) => sample.at - (inside[index - 1]?.at ?? sample.at))),
        ).toBeLessThanOrEqual(longestGapMs);
      }),
    );
  });
});

describe("a value that the true one lies above", () => {
  it.each([
    [{ above: 0.1 }, "firing"],
    [{ above: 0.2 }, "firing"],
    [{ above: 0.3 }, "unsure"],
    [{ above: undefined, below: 0.3 }, "unsure"],
    [{ above: undefined, below: 0.2 }, "ok"],
  ] as const)("against %j is %s", (limits, state) => {
    const judged = judgeRule(rule({ ...limits, for: "0s" }), { now: high, past: [], longestGapMs, isFloor: true });
    expect(judged.state).toBe(state);
  });
});

describe("a value beyond the largest bucket", () => {
  it("was past a limit at that bucket before as well, and so for as long as it stood there", () => {
    const past = course(0.2, { fromMs: 7 * minute });
    const at = rule({ above: 0.2 });
    const judged = judgeRule(at, { now: { at: now, value: 0.2 }, past, longestGapMs, isFloor: true });
    expect(judged).toEqual({ state: "firing", since: now - 7 * minute });
  });
});

describe("the limits of metrics", () => {
  const metric = {
    id: "latency",
    title: "Latency",
    unit: "s",
    warn: 0.1,
    critical: 0.5,
    bad: "above",
    key: false,
  } as const;
  const metrics = [{ ...metric, source: { backend: "http", spec: {} } }];
  const ids = (rules: readonly AlertRule[]) => limitRules({ metrics, rules: [...rules] }).map(({ id }) => id);

  it("are rules of their own, at once and in words", () => {
    expect(limitRules({ metrics, rules: [] })).toMatchObject([
      { id: "latency-critical", above: 0.5, for: 0, severity: "critical", summary: "Latency is above 500 ms" },
      { id: "latency-warning", above: 0.1, severity: "warning", summary: "Latency is above 100 ms" },
    ]);
  });

  it("are not watched twice where a rule is as strict and as severe", () => {
    expect(ids([rule({ severity: "critical", above: 0.1 })])).toEqual([]);
    expect(ids([rule({ severity: "warning", above: 0.1 })])).toEqual(["latency-critical"]);
    expect(ids([rule({ severity: "critical", above: 0.9 })])).toEqual(["latency-critical", "latency-warning"]);
    expect(ids([rule({ metric: "other" })])).toEqual(["latency-critical", "latency-warning"]);
    expect(ids([rule({ above: undefined, below: 0.1 })])).toEqual(["latency-critical", "latency-warning"]);
  });

  it("of a metric without any are those of its rules", () => {
    const bare = { ...metric, source: { backend: "http", spec: {} }, warn: undefined, critical: undefined };
    const rules = [rule({ severity: "warning", above: 0.2 }), rule({ severity: "critical", above: 0.9 })];
    expect(limitsOf(bare, rules)).toEqual([
      { side: "above", severity: "warning", at: 0.2 },
      { side: "above", severity: "critical", at: 0.9 },
    ]);
    expect(limitsOf(bare, [rule({ above: undefined, below: 3 })])).toEqual([
      { side: "below", severity: "critical", at: 3 },
    ]);
    expect(limitsOf(bare, [rule({ metric: "other" }), rule({ severity: "info" })])).toEqual([]);
  });

  it("are those of both sides, and the strictest of a metric's own and its rules'", () => {
    const rules = [
      rule({ severity: "critical", above: 0.4, below: 0.01 }),
      rule({ severity: "critical", above: undefined, below: 0.001 }),
      rule({ severity: "warning", above: 0.3 }),
    ];
    expect(limitsOf(metric, rules)).toEqual([
      { side: "above", severity: "warning", at: 0.1 },
      { side: "above", severity: "critical", at: 0.4 },
      { side: "below", severity: "critical", at: 0.01 },
    ]);
  });
});
