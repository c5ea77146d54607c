import { describe, expect, it } from "vitest";
import type { Request } from "../../../src/domain/approvals/request.ts";
import {
  endStep,
  finishRun,
  keepsLock,
  loseRun,
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
    const untouched = must(loseRun(running, 100));
    expect(must(reconcile(untouched, { outcomes: [], now: 1_000 }))).toMatchObject({
      request: { state: "FAILED", why: "Flatten was never sent. Nothing was changed." },
    });
  });
});
