import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runTakenOn } from "../../../src/domain/approvals/claimed-run.ts";
import { loseRun } from "../../../src/domain/approvals/lost-run.ts";
import type { Request } from "../../../src/domain/approvals/request.ts";
import {
  beginBy,
  endStep,
  finishRun,
  isOut,
  keepsLock,
  leaseMarginMs,
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
const mine = { owner, leaseMs: leaseMarginMs };
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
    return must(
      endStep(started, { ...mine, fence: 4, step: steps[position]?.id ?? "", outcome: said(outcome), now: 20 }),
    );
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

  it("may be settled at once where it stopped half-way and nobody can still be acting", () => {
    const blank: StepRecord = { id: "a", title: "A step", role: "act", state: "planned" };
    const ends = (...states: StepRecord["state"][]) => {
      const acts = states.map((state, at): StepRecord => ({ ...blank, id: `act-${at}`, state }));
      const before = { ...running, run: { ...run, steps: acts } };
      const after = must(finishRun(before, { fence: 4, now: 30 }));
      return [after.request.state, after.run.hardDeadline];
    };
    expect(ends("done", "refused", "planned")).toEqual(["PARTIAL", 30]);
    expect(ends("done", "unknown")).toEqual(["UNKNOWN", 1_000]);
  });

  it("keeps the target locked while what happened there is not settled", () => {
    const unsettled: Request["state"][] = ["EXECUTING", "UNKNOWN", "PARTIAL"];
    const settled: Request["state"][] = ["SUCCEEDED", "FAILED", "DENIED", "EXPIRED"];
    expect(unsettled.every(keepsLock)).toBe(true);
    expect(settled.some(keepsLock)).toBe(false);
  });

  it("is nobody's to say under an older fence", () => {
    expect(startStep(running, { fence: 3, owner, step: "flatten", now: 1, leaseUntil: 2 })).toBeUndefined();
    expect(endStep(running, { ...mine, fence: 3, step: "flatten", outcome: said("done"), now: 1 })).toBeUndefined();
    expect(finishRun(running, { fence: 5, now: 1 })).toBeUndefined();
  });

  it("goes by the newest look at a step: one that another has overtaken counts for nothing", () => {
    const step = "flatten";
    const begun = must(startStep(running, { fence: 4, owner, step, now: 1, leaseUntil: 50, reads: true }));
    const waits = { outcome: "waiting", detail: "", progress: 0, againInMs: 10 } as const;
    const newer = must(endStep(begun, { ...mine, fence: 4, step, outcome: waits, lookAt: 1, now: 5 }));
    expect(endStep(newer, { ...mine, fence: 4, step, outcome: said("done"), lookAt: 1, now: 6 })).toBeUndefined();
    expect(endStep(newer, { ...mine, fence: 4, step, outcome: said("done"), now: 6 })).toBeUndefined();
    expect(endStep(newer, { ...mine, fence: 4, step, outcome: said("done"), lookAt: 15, now: 20 })).toBeDefined();
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
    expect(endStep(lost, { ...mine, fence: 4, step: "flatten", outcome: said("done"), now: 101 })).toBeUndefined();
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
    const lost = { ...run, steps: steps.map((step) => ({ ...step, state: "unknown" as const })) };
    expect(nextLookAt(lost, 30)).toBe(1_000);
    expect(nextLookAt({ ...lost, hardDeadline: 9_000, probes: 40 }, 30)).toBe(9_000);
    expect(nextLookAt({ ...lost, probes: 40 }, 1_000)).toBe(601_000);
    expect(nextLookAt({ ...lost, hardDeadline: 9_000 }, 30)).toBe(2_030);
  });

  it("is done where nothing runs that could show it, and says so", () => {
    const found = { outcome: "done", detail: "api: NOTHING RUNS", unseen: true } as const;
    expect(must(reconcile(waiting, { outcomes: [{ step: "flat", outcome: found }], now: 40 })).request).toMatchObject({
      state: "SUCCEEDED",
      why: expect.stringMatching(/^It is as it was to be, and was NOT seen to run\. api: NOTHING RUNS\./),
    });
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
  const reading = step("one", act, { state: "started", at: 10, lookAt: 60 });
  const long = (...written: StepRecord[]): Run => ({ ...of(...written), hardDeadline: 90_000 });
  const late = (...written: StepRecord[]): Run => ({ ...of(...written), beginBy: 50, hardDeadline: 90_000 });
  const waits = step("flat", verify, { state: "started", at: 10, lookAt: 60 });

  it.each([
    ["it was just claimed", of(step("one", act, {})), 99, { next: "send", step: "one" }],
    ["it was claimed and never begun until its lease was over", of(step("one", act, {})), 100, { next: "claim-again" }],
    ["a step is out", of(out), 99, { next: "look-again", at: 100 }],
    ["a step is out past the lease", of(out), 100, { next: "lost" }],
    ["a step is done and another is left", of(done, step("two", act, {})), 50, { next: "send", step: "two" }],
    ["its owner died between two steps", of(done, step("two", act, {})), 500, { next: "claim-again" }],
    ["its owner died at a reading", long(reading, step("two", act, {})), 5_060, { next: "claim-again" }],
    ["a reading is late by little", long(reading, step("two", act, {})), 5_059, { next: "send", step: "one" }],
    ["its owner died at the last reading", of(reading), 5_060, { next: "send", step: "one" }],
    [
      "nobody read on until no act may begin",
      late(reading, step("two", act, {})),
      5_060,
      { next: "send", step: "one" },
    ],
    ["no act may begin any more", late(done, step("two", act, {})), 50, { next: "finished" }],
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

  it("another waits until its lease is over, and begins no act of it before it was claimed anew", () => {
    const between = of(done, step("two", act, {}));
    expect(nextAction(between, 50, "w2")).toEqual({ next: "look-again", at: 100 });
    expect(nextAction(between, 100, "w2")).toEqual({ next: "claim-again" });
    const start = { fence: 4, owner: "w2", step: "two", leaseUntil: 900 };
    expect(startStep({ ...running, run: between }, { ...start, now: 50 })).toBeUndefined();
    expect(startStep({ ...running, run: between }, { ...start, now: 100 })).toBeUndefined();
    const taken = runTakenOn(between, { fence: 5, owner: "w2", now: 100, leaseMs: 5_000 });
    expect(startStep({ ...running, run: taken }, { ...start, fence: 5, now: 100 })).toBeDefined();
  });

  it("a look by another leaves it to nobody, so that it is claimed anew before an act", () => {
    const waiting = { ...running, run: of(reading, step("two", act, {})) };
    const looked = { fence: 4, step: "one", lookAt: 60, now: 60, leaseMs: leaseMarginMs };
    const [own, others] = ["w1", "w2"].map((by) =>
      must(endStep(waiting, { ...looked, outcome: said("done"), owner: by })),
    );
    expect(own && nextAction(own.run, 60, "w1")).toEqual({ next: "send", step: "two" });
    expect(others && nextAction(others.run, 60, "w2")).toEqual({ next: "claim-again" });
  });

  it("an act that is begun late moves the deadline of who acts, never that of what begins; a reading moves neither", () => {
    const start = { fence: 4, owner, step: "one", now: 99, leaseUntil: 5_000 };
    const fresh = { ...running, run: { ...of(step("one", act, {}), step("two", act, {})), hardDeadline: 100 } };
    const acting = must(startStep(fresh, start)).run;
    expect(acting).toMatchObject({ beginBy: 100, hardDeadline: 5_000 });
    const ended = must(
      endStep({ ...running, run: acting }, { ...mine, fence: 4, step: "one", outcome: said("done"), now: 200 }),
    );
    expect(nextAction(ended.run, 200)).toEqual({ next: "finished" });
    expect(must(startStep(fresh, { ...start, reads: true })).run).toMatchObject({ beginBy: 100, hardDeadline: 100 });
  });

  it("nothing more is sent of one that was begun and may not go on; what it had done has taken effect", () => {
    const by = { fence: 4, now: 70, why: "The rules changed." };
    const refused = (...written: StepRecord[]) => refuseRun({ ...running, run: of(...written) }, by);
    expect(refused(reading, step("two", act, {}))).toMatchObject({
      request: { state: "FAILED", why: "The rules changed. Nothing more was sent." },
      run: { steps: [{ state: "unknown", detail: "it was not read any more" }, { state: "planned" }] },
    });
    expect(refused(done, step("two", act, {}))).toMatchObject({
      request: { state: "PARTIAL", why: "The rules changed. Nothing more was sent; earlier steps have taken effect." },
    });
    expect(refused(out, step("two", act, {}))).toBeUndefined();
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
    const action = nextAction(at.run, now, by);
    const { fence } = at.run;
    switch (action.next) {
      case "look-again":
        if (action.at <= now) told("a time to look again that has passed");
        return at;
      case "claim-again": {
        if (isOut(at.run)) told("claimed anew while a step was out");
        const taken = runTakenOn(at.run, { fence: fence + 1, owner: by, now, leaseMs: leaseMarginMs });
        return moveOn({ ...at, run: taken }, { after: 0, by, ends }, now, told);
      }
      case "lost":
        return must(loseRun(at, now));
      case "finished":
        return must(finishRun(at, { fence, now }));
      case "send": {
        const record = at.run.steps.find((each) => each.id === action.step);
        const reads = record?.role === verify || action.step.startsWith("wait");
        const start = { fence, owner: by, step: action.step, now, reads, leaseUntil: now + leaseMarginMs };
        const sent = record?.state === "planned" ? must(startStep(at, start)) : at;
        const again = startStep(sent, { ...start, fence: sent.run.fence });
        if (again) told("a step that was sent twice");
        if (record?.state === "planned" && record.role === act) {
          if (at.run.owner !== by || now >= at.run.leaseUntil) told("an act after a time when nobody was at it");
          if (now >= at.run.hardDeadline) told("an act that began too late");
        }
        if (beginBy(sent.run) !== beginBy(at.run)) told("a time to begin that moved");
        if (reads && sent.run.hardDeadline !== at.run.hardDeadline) told("a reading that moved the deadline");
        if (isOut(sent.run) && sent.run.hardDeadline < sent.run.leaseUntil) told("looked up while somebody may act");
        if (ends === "dies") return sent;
        const outcome =
          ends === "waiting" && reads
            ? ({ outcome: "waiting", detail: "", progress: 1, againInMs: 500 } as const)
            : said(ends === "waiting" ? "done" : ends);
        const { lookAt } = sent.run.steps.find((each) => each.id === action.step) ?? {};
        return must(
          endStep(sent, {
            fence: sent.run.fence,
            step: action.step,
            outcome,
            lookAt,
            now,
            owner: by,
            leaseMs: leaseMarginMs,
          }),
        );
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
      fc.property(fc.array(fc.constantFrom(act, "wait", verify), { maxLength: 5 }), fc.array(move), (kinds, moves) => {
        const ordered = kinds.toSorted((one, other) => Number(one === verify) - Number(other === verify));
        const written = ordered.map((kind, place) => step(`${kind}-${place}`, kind === verify ? verify : act, {}));
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
