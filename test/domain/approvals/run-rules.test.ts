import { describe, expect, it } from "vitest";
import type { Request, StepRecord } from "../../../src/domain/approvals/request.ts";
import {
  endStep,
  finishRun,
  keepsLock,
  loseRun,
  reconcile,
  refuseRun,
  startStep,
} from "../../../src/domain/approvals/run-rules.ts";
import type { StepOutcome } from "../../../src/domain/systems/steps.ts";
import { request } from "./request-fixtures.ts";

const steps: StepRecord[] = [
  { id: "flatten", title: "Flatten", role: "act", state: "planned" },
  { id: "flat", title: "Read flat", role: "verify", state: "planned" },
];
const running: Request = request({
  state: "EXECUTING",
  run: { fence: 4, owner: "w1", leaseUntil: 100, hardDeadline: 1_000, steps, probes: 0 },
});
const said = (outcome: StepOutcome["outcome"]): StepOutcome => ({ outcome, detail: `it said ${outcome}` });

function must(ruled: Request | undefined): Request {
  if (!ruled) throw new Error("the rule refused");
  return ruled;
}

function afterSteps(...outcomes: StepOutcome["outcome"][]): Request {
  const ended = outcomes.reduce((run, outcome, position) => {
    const started = must(startStep(run, { fence: 4, step: steps[position]?.id ?? "", now: 10, leaseUntil: 50 }));
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
  ] as [StepOutcome["outcome"][], string][])("%j is %s", (outcomes, state) => {
    expect(afterSteps(...outcomes).state).toBe(state);
  });

  it("keeps the target locked while what happened there is not settled", () => {
    const unsettled: Request["state"][] = ["EXECUTING", "UNKNOWN", "PARTIAL"];
    const settled: Request["state"][] = ["SUCCEEDED", "FAILED", "DENIED", "EXPIRED"];
    expect(unsettled.every(keepsLock)).toBe(true);
    expect(settled.some(keepsLock)).toBe(false);
  });

  it("is nobody's to say under an older fence", () => {
    expect(startStep(running, { fence: 3, step: "flatten", now: 1, leaseUntil: 2 })).toBeUndefined();
    expect(endStep(running, { fence: 3, step: "flatten", outcome: said("done"), now: 1 })).toBeUndefined();
    expect(finishRun(running, { fence: 5, now: 1 })).toBeUndefined();
  });

  it("may be refused before anything was sent, and not after", () => {
    expect(refuseRun(running, { fence: 4, now: 1, why: "Not itself." })).toMatchObject({
      state: "FAILED",
      why: "Not itself. Nothing was sent.",
    });
    const started = must(startStep(running, { fence: 4, step: "flatten", now: 1, leaseUntil: 2 }));
    expect(refuseRun(started, { fence: 4, now: 1, why: "Not itself." })).toBeUndefined();
  });
});

describe("a run whose owner went silent", () => {
  const started = must(startStep(running, { fence: 4, step: "flatten", now: 1, leaseUntil: 100 }));
  const lost = must(loseRun(started, 100));

  it("is unknown only once its lease is over, and its fence has risen", () => {
    expect(loseRun(started, 99)).toBeUndefined();
    expect(lost).toMatchObject({ state: "UNKNOWN", run: { fence: 5 } });
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
  ] as [[string, StepOutcome["outcome"]][], string][])("found %j is %s", (found, state) => {
    const looked = must(
      reconcile(lost, { outcomes: found.map(([step, outcome]) => ({ step, outcome: said(outcome) })), now: 1_000 }),
    );
    expect(looked).toMatchObject({ state, run: { probes: 1 } });
  });

  it("that never started a step has changed nothing", () => {
    const untouched = must(loseRun(running, 100));
    expect(must(reconcile(untouched, { outcomes: [], now: 1_000 }))).toMatchObject({
      state: "FAILED",
      why: "Flatten was never sent. Nothing was changed.",
    });
  });
});
