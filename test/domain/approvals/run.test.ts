import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Request } from "../../../src/domain/approvals/request.ts";
import {
  endStep,
  finishRun,
  keepsLock,
  leaseMarginMs,
  loseRun,
  nextAction,
  nextLookAt,
  type Run,
  type RunningRequest,
  reconcile,
  refuseRun,
  type StepRecord,
  startStep,
} from "../../../src/domain/approvals/run.ts";
import type { StepEnd } from "../../../src/domain/systems/steps.ts";
import { request } from "./request-fixtures.ts";

const steps: StepRecord[] = [
  { id: "flatten", title: "Flatten", role: "act", state: "planned" },
  { id: "flat", title: "Read flat", role: "verify", state: "planned" },
];
const run: Run = { fence: 4, owner: "w1", leaseUntil: 100, hardDeadline: 1_000, steps, probes: 0 };
const running: RunningRequest = { request: request({ state: "EXECUTING" }), run };
const owner = "w1";
const said = (outcome: StepEnd["outcome"]): StepEnd => ({ outcome, detail: `it said ${outcome}` });

function must(ruled: RunningRequest | undefined): RunningRequest {
  if (!ruled) throw new Error("the rule refused");
  return ruled;
}

function afterSteps(...outcomes: StepEnd["outcome"][]): RunningRequest {
  const ended = outcomes.reduce((before, outcome, position) => {
    const started = must(
      startStep(before, { fence: 4, owner, step: steps[position]?.id ?? "", now: 10, leaseUntil: 50 }),
    );
    return must(endStep(started, { fence: 4, step: steps[position]?.id ?? "", outcome: said(outcome), now: 20 }));
  }, running);
  return must(finishRun(ended, { fence: 4, now: 30 }));
}

describe("how a run ends", () => {
  it.each([
    [["done", "done"], "SUCCEEDED"],
    [["refused"], "FAILED"],
    [["unknown"], "UNKNOWN"],
    [["done", "unknown"], "UNKNOWN"],
    [["done", "refused"], "PARTIAL"],
    [["done"], "UNKNOWN"],
    [[], "FAILED"],
  ] as [StepEnd["outcome"][], string][])("%j is %s", (outcomes, state) => {
    expect(afterSteps(...outcomes).request.state).toBe(state);
  });

  it.each<[string, readonly Partial<StepRecord>[], string]>([
    ["a note, and a refusal", [{ state: "done", idle: true }, { state: "refused" }], "FAILED"],
    ["a note, and a step that was never sent", [{ state: "done", idle: true }, {}], "FAILED"],
    ["a note, and a lost answer", [{ state: "done", idle: true }, { state: "unknown" }], "UNKNOWN"],
    ["a wait in vain before anything", [{ state: "unknown", idle: true }, {}], "FAILED"],
    [
      "an effect, and a wait in vain before another",
      [{ state: "done" }, { state: "unknown", idle: true }, {}],
      "PARTIAL",
    ],
    ["an effect, and a wait in vain after the last", [{ state: "done" }, { state: "unknown", idle: true }], "UNKNOWN"],
    [
      "an effect, a note and a refusal",
      [{ state: "done" }, { state: "done", idle: true }, { state: "refused" }],
      "PARTIAL",
    ],
  ])("%s: what only reads or tells is no effect", (_what, acts, state) => {
    const blank: StepRecord = { id: "a", title: "A step", role: "act", state: "planned" };
    const recorded = acts.map((act, at): StepRecord => ({ ...blank, id: `act-${at}`, ...act }));
    const verify: StepRecord = { ...blank, id: "flat", role: "verify" };
    const before = { ...running, run: { ...run, steps: [...recorded, verify] } };
    expect(must(finishRun(before, { fence: 4, now: 30 })).request.state).toBe(state);
  });

  it("keeps the target locked while what happened there is not settled", () => {
    const unsettled: Request["state"][] = ["EXECUTING", "UNKNOWN", "PARTIAL"];
    const settled: Request["state"][] = ["SUCCEEDED", "FAILED", "DENIED", "EXPIRED"];
    expect(unsettled.every(keepsLock)).toBe(true);
    expect(settled.some(keepsLock)).toBe(false);
  });

  it("is nobody's to say under an older fence", () => {
    expect(startStep(running, { fence: 3, owner, step: "flatten", now: 1, leaseUntil: 2 })).toBeUndefined();
    expect(endStep(running, { fence: 3, step: "flatten", outcome: said("done"), now: 1 })).toBeUndefined();
    expect(finishRun(running, { fence: 5, now: 1 })).toBeUndefined();
  });

  it("goes by the newest look at a step: one that another has overtaken counts for nothing", () => {
    const step = "flatten";
    const begun = must(startStep(running, { fence: 4, owner, step, now: 1, leaseUntil: 50, reads: true }));
    const waits = { outcome: "waiting", detail: "", progress: 0, againInMs: 10 } as const;
    const newer = must(endStep(begun, { fence: 4, step, outcome: waits, lookAt: 1, now: 5 }));
    expect(endStep(newer, { fence: 4, step, outcome: said("done"), lookAt: 1, now: 6 })).toBeUndefined();
    expect(endStep(newer, { fence: 4, step, outcome: said("done"), now: 6 })).toBeUndefined();
    expect(endStep(newer, { fence: 4, step, outcome: said("done"), lookAt: 15, now: 20 })).toBeDefined();
  });

  it("may be refused before anything was sent, and not after", () => {
    expect(refuseRun(running, { fence: 4, now: 1, why: "Not itself." })).toMatchObject({
      request: { state: "FAILED", why: "Not itself. Nothing was sent." },
    });
    const started = must(startStep(running, { fence: 4, owner, step: "flatten", now: 1, leaseUntil: 2 }));
    expect(refuseRun(started, { fence: 4, now: 1, why: "Not itself." })).toBeUndefined();
  });
});

describe("a run whose owner went silent", () => {
  const started = must(startStep(running, { fence: 4, owner, step: "flatten", now: 1, leaseUntil: 100 }));
  const lost = must(loseRun(started, 100));

  it("is unknown only once its lease is over, and its fence has risen", () => {
    expect(loseRun(started, 99)).toBeUndefined();
    expect(lost).toMatchObject({ request: { state: "UNKNOWN" }, run: { fence: 5 } });
    expect(endStep(lost, { fence: 4, step: "flatten", outcome: said("done"), now: 101 })).toBeUndefined();
  });

  it("is not looked up while the old owner could still act", () => {
    expect(reconcile(lost, { outcomes: [], now: 999 })).toBeUndefined();
  });

  it.each([
    [[["flatten", "refused"]], "FAILED"],
    [[["flatten", "unknown"]], "UNKNOWN"],
    [
      [
        ["flatten", "done"],
        ["flat", "done"],
      ],
      "SUCCEEDED",
    ],
    [
      [
        ["flatten", "done"],
        ["flat", "unknown"],
      ],
      "UNKNOWN",
    ],
  ] as [[string, StepEnd["outcome"]][], string][])("found %j is %s", (found, state) => {
    const looked = must(
      reconcile(lost, { outcomes: found.map(([step, outcome]) => ({ step, outcome: said(outcome) })), now: 1_000 }),
    );
    expect(looked).toMatchObject({ request: { state }, run: { probes: 1 } });
  });

  it("that never started a step has changed nothing", () => {
    // The release before called a run lost that nobody had begun.
    const untouched = { ...running, request: request({ state: "UNKNOWN" }) };
    expect(must(reconcile(untouched, { outcomes: [], now: 1_000 }))).toMatchObject({
      request: { state: "FAILED", why: "Flatten was never sent. Nothing was changed." },
    });
  });
});

describe("a run that was done and does not show it yet", () => {
  const waiting = afterSteps("done", "unknown");

  it("is looked at at once and every minute at the latest; one that was lost also at the moment when nobody can act any more", () => {
    expect(waiting.request.state).toBe("UNKNOWN");
    expect(nextLookAt(waiting.run, 30)).toBe(2_030);
    expect(nextLookAt({ ...waiting.run, probes: 40 }, 30)).toBe(60_030);
    const lost = { ...waiting.run, steps: steps.map((step) => ({ ...step, state: "unknown" as const })) };
    expect(nextLookAt(lost, 30)).toBe(1_000);
    expect(nextLookAt({ ...lost, hardDeadline: 9_000, probes: 40 }, 30)).toBe(9_000);
    expect(nextLookAt({ ...lost, probes: 40 }, 1_000)).toBe(601_000);
    expect(nextLookAt({ ...lost, hardDeadline: 9_000 }, 30)).toBe(2_030);
  });

  it("is done once it shows, and says that it was late", () => {
    const still = must(reconcile(waiting, { outcomes: [{ step: "flat", outcome: said("unknown") }], now: 40 }));
    expect(still.request.state).toBe("UNKNOWN");
    const shows = must(reconcile(still, { outcomes: [{ step: "flat", outcome: said("done") }], now: 70_020 }));
    expect(shows.request).toMatchObject({
      state: "SUCCEEDED",
      why: "Every step was confirmed. Read flat. It was confirmed late, after 70 s.",
    });
  });
});

describe("what is next for a run", () => {
  const [act, verify] = ["act", "verify"] as const;
  const step = (id: string, role: StepRecord["role"], more: Partial<StepRecord>): StepRecord => {
    return { id, title: id, role, state: "planned", ...more };
  };
  const of = (...written: StepRecord[]): Run => ({ ...run, steps: written });
  const done = step("one", act, { state: "done", at: 10 });
  const out = step("one", act, { state: "started", at: 10 });
  const waits = step("flat", verify, { state: "started", at: 10, lookAt: 60 });

  it.each([
    ["it was just claimed", of(step("one", act, {})), 99, { next: "send", step: "one" }],
    ["it was claimed and never begun until its lease was over", of(step("one", act, {})), 100, { next: "claim-again" }],
    ["a step is out", of(out), 99, { next: "look-again", at: 100 }],
    ["a step is out past the lease", of(out), 100, { next: "lost" }],
    ["a step is done and another is left", of(done, step("two", act, {})), 50, { next: "send", step: "two" }],
    ["its owner died between two steps", of(done, step("two", act, {})), 500, { next: "send", step: "two" }],
    ["nobody kept it up until its hard deadline", of(done, step("two", act, {})), 1_000, { next: "finished" }],
    [
      "it is only to be verified, however late",
      of(done, step("flat", verify, {})),
      9_000,
      { next: "send", step: "flat" },
    ],
    ["it waits for its next look", of(done, waits), 59, { next: "look-again", at: 60 }],
    ["its next look is due", of(done, waits), 60, { next: "send", step: "flat" }],
    ["whoever looked has died", of(done, waits), 5_000, { next: "send", step: "flat" }],
    ["a step was refused", of(step("one", act, { state: "refused" }), waits), 50, { next: "finished" }],
    ["how a step ended is not known", of(step("one", act, { state: "unknown" }), waits), 50, { next: "finished" }],
    ["everything is done", of(done, step("flat", verify, { state: "done" })), 50, { next: "finished" }],
    ["there was nothing to do", of(), 50, { next: "finished" }],
  ] as const)("when %s", (_when, written, now, next) => {
    expect(nextAction(written, now)).toEqual(next);
  });

  const move = fc.record({
    /** How long it is until somebody comes across the run. */
    after: fc.constantFrom(0, 1, 200, 4_999, 5_000, 60_000, 200_000),
    /** Who comes across it. */
    by: fc.constantFrom("w1", "w2"),
    /** What becomes of what they send; `dies` is never told. */
    ends: fc.constantFrom("done", "done", "done", "waiting", "refused", "unknown", "dies"),
  });

  type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

  /** What one who comes across the run does; what must not be is told as a sentence. */
  function moveOn(at: RunningRequest, { by, ends }: Move, now: number, told: (wrong: string) => void): RunningRequest {
    const action = nextAction(at.run, now);
    const { fence } = at.run;
    switch (action.next) {
      case "look-again":
        if (action.at <= now) told("a time to look again that has passed");
        return at;
      case "claim-again": {
        const { fence: before } = at.run;
        const taken = { ...at.run, fence: before + 1, owner: by, leaseUntil: now + leaseMarginMs };
        return moveOn({ ...at, run: taken }, { after: 0, by, ends }, now, told);
      }
      case "lost":
        return must(loseRun(at, now));
      case "finished":
        return must(finishRun(at, { fence, now }));
      case "send": {
        const record = at.run.steps.find((each) => each.id === action.step);
        const reads = record?.role === verify;
        const start = { fence, owner: by, step: action.step, now, reads, leaseUntil: now + leaseMarginMs };
        const sent = record?.state === "planned" ? must(startStep(at, start)) : at;
        const again = startStep(sent, { ...start, fence: sent.run.fence });
        if (again) told("a step that was sent twice");
        if (ends === "dies") return sent;
        const outcome =
          ends === "waiting" && reads
            ? ({ outcome: "waiting", detail: "", progress: 1, againInMs: 500 } as const)
            : said(ends === "waiting" ? "done" : ends);
        const { lookAt } = sent.run.steps.find((each) => each.id === action.step) ?? {};
        return must(endStep(sent, { fence: sent.run.fence, step: action.step, outcome, lookAt, now }));
      }
    }
  }

  it("whoever comes across it and whenever, no step is sent twice or out of turn, and every run comes to an end", () => {
    const last = Array.from({ length: 12 }, () => ({
      after: 5_000 as const,
      by: "w2" as const,
      ends: "done" as const,
    }));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(act, verify), { maxLength: 5 }), fc.array(move), (roles, moves) => {
        const written = roles.toSorted().map((role, place) => step(`s${place}`, role, {}));
        const wrong: string[] = [];
        let now = 0;
        let at: RunningRequest = { ...running, run: { ...of(...written), leaseUntil: 5_000, hardDeadline: 100_000 } };
        for (const each of [...moves, ...last]) {
          now += each.after;
          if (at.request.state !== "EXECUTING") break;
          const after = moveOn(at, each, now, (sentence) => wrong.push(sentence));
          if (after.run.fence < at.run.fence) wrong.push("a fence that fell");
          at = after;
        }
        const states = at.run.steps.map(({ state }) => state);
        const begun = states.filter((state) => state !== "planned").length;
        if (states.slice(0, begun).includes("planned")) wrong.push("a step out of turn");
        if (at.request.state === "EXECUTING") wrong.push("a run without an end");
        if (at.request.state === "SUCCEEDED" && states.some((state) => state !== "done"))
          wrong.push("an end too early");
        expect(wrong).toEqual([]);
      }),
    );
  });
});
