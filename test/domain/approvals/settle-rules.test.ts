import { expect, it } from "vitest";
import type { Run, StepRecord } from "../../../src/domain/approvals/run.ts";
import { speaksAgainst } from "../../../src/domain/approvals/settle-rules.ts";
import type { StepEnd } from "../../../src/domain/systems/steps.ts";
import { flattenPlan, sealed } from "./request-fixtures.ts";

const so: StepEnd = { outcome: "done", detail: "value is []" };
const not: StepEnd = { outcome: "unknown", detail: "value is [1]" };
const held = "Read the positions empty: so now. value is []";
const open = "Read the positions empty: NOT so now. value is [1]";
const answered = "Flatten: DONE. answered 200";

const [check] = flattenPlan.verify;
const whole = (...acts: StepRecord["state"][]) => {
  const steps = acts.map((state, place): StepRecord => {
    const detail = state === "done" ? "answered 200" : "lost";
    return { id: `act-${place}`, title: place === 0 ? "Flatten" : `Act ${place}`, role: "act", state, detail };
  });
  const run: Run = { fence: 1, owner: "w1", leaseUntil: 0, hardDeadline: 0, steps, probes: 0 };
  return { sealed: sealed({ plan: flattenPlan }), run };
};
const read = (end: StepEnd | undefined) => new Map(end && check ? [[check.id, end]] : []);

it.each([
  ["its checks hold now", whole("unknown"), so, [held]],
  ["its checks hold now, though an act was refused", whole("done", "refused"), so, [held, answered]],
  ["its acts were confirmed, and no check can be read", whole("done"), undefined, [answered]],
])("what speaks against saying that it failed: %s", (_what, request, end, against) => {
  expect(speaksAgainst(request, "failed", read(end))).toEqual({ against, beside: [] });
});

it.each([
  ["an act was answered and the check does not hold", whole("done"), not, [answered, open]],
  ["one act was done and another was refused", whole("done", "refused"), undefined, [answered]],
  ["one act was done and another was never begun", whole("done", "unknown", "planned"), undefined, [answered]],
  ["nothing is known to be done, and the check does not hold", whole("unknown"), not, []],
])("is no contradiction of saying that it failed, and both are told: %s", (_what, request, end, beside) => {
  expect(speaksAgainst(request, "failed", read(end))).toEqual({ against: [], beside });
});

it("is what does not hold where it is to have succeeded", () => {
  expect(speaksAgainst(whole("done"), "succeeded", read(not))).toEqual({ against: [open], beside: [] });
  expect(speaksAgainst(whole("unknown"), "succeeded", read(so))).toEqual({ against: [], beside: [] });
});
