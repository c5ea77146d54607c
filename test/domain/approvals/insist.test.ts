import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimedRun } from "../../../src/domain/approvals/claimed-run.ts";
import { notReadBack } from "../../../src/domain/approvals/insist.ts";
import { loseRun } from "../../../src/domain/approvals/lost-run.ts";
import {
  endStep,
  finishRun,
  leaseMarginMs,
  nextAction,
  nextFor,
  type Run,
  type RunningRequest,
  type StepRecord,
  startStep,
} from "../../../src/domain/approvals/run.ts";
import { request } from "./request-fixtures.ts";

const act: StepRecord = { id: "stop", title: "Stop", role: "act", state: "planned" };
const check: StepRecord = { id: "latched", title: "It is latched", role: "verify", state: "planned" };
const tell: StepRecord = { id: "note", title: "Write it down", role: "tell", state: "planned" };
const hardDeadline = 100_000;

function runOf(...steps: StepRecord[]): Run {
  return { fence: 1, owner: "w1", leaseUntil: 5_000, hardDeadline, steps, probes: 0, insists: true };
}

function must(ruled: RunningRequest | undefined): RunningRequest {
  if (!ruled) throw new Error("the rule refused");
  return ruled;
}

describe("what is next for a run that insists", () => {
  const refused = { ...act, state: "refused", tries: 1, againAt: 500 } as const;
  const waits = { ...check, state: "started", lookAt: 300 } as const;
  const shown = { ...check, state: "done" } as const;
  it.each([
    ["it was just claimed", runOf(act, check), 0, { next: "send", step: "stop" }],
    ["nothing was begun before its lease was over", runOf(act, check), 9_000, { next: "send", step: "stop" }],
    [
      "its target said no: what it was for is looked at first",
      runOf(refused, check),
      10,
      { next: "send", step: "latched" },
    ],
    ["it is looked at and may be sent again", runOf(refused, waits), 300, { next: "send", step: "latched" }],
    ["it is to be sent again", runOf(refused, { ...waits, lookAt: 900 }), 500, { next: "send", step: "stop" }],
    ["nothing is due yet", runOf(refused, waits), 100, { next: "look-again", at: 300 }],
    ["a try is out", runOf({ ...act, state: "started" }, check), 100, { next: "look-again", at: 5_000 }],
    [
      "its process died with a try out",
      runOf({ ...act, state: "started" }, check),
      5_000,
      { next: "send", step: "stop" },
    ],
    [
      "it is read back although its act was refused",
      runOf(refused, { ...check, state: "done" }),
      600,
      { next: "finished" },
    ],
    ["it is not read back in time", runOf(refused, waits), hardDeadline, { next: "finished" }],
    ["a try is out past its hard deadline", runOf({ ...act, state: "started" }), hardDeadline, { next: "lost" }],
    [
      "it is not read back, and something tells of that",
      runOf(refused, waits, tell),
      100,
      { next: "look-again", at: 300 },
    ],
    ["it is read back, and something tells of that", runOf(refused, shown, tell), 600, { next: "send", step: "note" }],
    ["it is being told", runOf(refused, shown, { ...tell, state: "started" }), 600, { next: "look-again", at: 5_000 }],
    [
      "its process died telling it",
      runOf(refused, shown, { ...tell, state: "started" }),
      5_000,
      { next: "send", step: "note" },
    ],
    ["it could not be told", runOf(refused, shown, { ...tell, state: "refused" }), 600, { next: "finished" }],
    ["it is too late to tell it", runOf(refused, shown, tell), hardDeadline, { next: "finished" }],
    ["nothing can be read back and all is done", runOf({ ...act, state: "done" }), 600, { next: "finished" }],
  ] as const)("when %s", (_when, run, now, next) => {
    expect(nextAction(run, now)).toEqual(next);
  });

  it.each([
    ["it was read back late", "SUCCEEDED", runOf(refused, shown, tell), { next: "send", step: "note" }],
    [
      "its process died telling it late",
      "SUCCEEDED",
      runOf(refused, shown, { ...tell, state: "started" }),
      { next: "send", step: "note" },
    ],
    ["people said that it was done", "SUCCEEDED", runOf(refused, check, tell), { next: "finished" }],
    ["it is still not known", "UNKNOWN", runOf(refused, shown, tell), { next: "finished" }],
    ["it was told", "SUCCEEDED", runOf(refused, shown, { ...tell, state: "done" }), { next: "finished" }],
  ] as const)("once it is over, where %s", (_when, state, run, next) => {
    expect(nextFor({ request: request({ state }), run }, 2 * hardDeadline)).toEqual(next);
  });

  it.each([
    [
      "SUCCEEDED",
      [{ ...act, state: "done" }, { ...check, state: "done" }, tell],
      "Every step was confirmed. It is latched.",
    ],
    [
      "SUCCEEDED",
      [
        { ...act, state: "done" },
        { ...check, state: "done" },
        { ...tell, state: "done" },
      ],
      "Every step was confirmed. It is latched.",
    ],
    [
      "SUCCEEDED",
      [
        { ...act, state: "done" },
        { ...check, state: "done" },
        { ...tell, state: "refused", detail: "no space left" },
      ],
      "It is read back. It is latched, although Write it down: no space left.",
    ],
    ["FAILED", [{ ...act, state: "refused", detail: "it said no", tries: 3 }, check, tell], "Stop: it said no."],
  ] as const)("ends as %s, whatever became of what tells of it", (state, steps, why) => {
    const running = { request: request({ state: "EXECUTING" }), run: runOf(...steps) };
    expect(must(finishRun(running, { fence: 1, now: hardDeadline })).request).toMatchObject({ state, why });
  });

  it("insists for a minute at least, so that a slow store leaves time for the first try", () => {
    const plan = { summary: "Stop", steps: [], verify: [], hardDeadlineMs: 1_000 };
    const by = { fence: 1, owner: "w1", now: 5, leaseMs: leaseMarginMs };
    expect(claimedRun(plan, { ...by, insists: true })).toMatchObject({ beginBy: 60_005, hardDeadline: 60_005 });
    expect(claimedRun(plan, by)).toMatchObject({ beginBy: 1_005, hardDeadline: 1_005 });
  });

  it("an act that is begun late moves the deadline of who acts, and not when it is no longer sent", () => {
    const running = { request: request({ state: "EXECUTING" }), run: runOf(act, check) };
    const start = { fence: 1, owner: "w1", step: "stop", now: hardDeadline - 1, leaseUntil: hardDeadline + 9_000 };
    const { run } = must(startStep(running, start));
    expect(run).toMatchObject({ beginBy: hardDeadline, hardDeadline: hardDeadline + 9_000 });
    expect(nextAction(run, hardDeadline + 9_000)).toEqual({ next: "lost" });
  });

  it("sends what acts again once a check has given up", () => {
    const running = {
      request: request({ state: "EXECUTING" }),
      run: runOf({ ...act, state: "done", mayHaveActed: true }, waits),
    };
    const ended = must(
      endStep(running, {
        fence: 1,
        step: "latched",
        lookAt: 300,
        now: 400,
        owner: "w1",
        leaseMs: leaseMarginMs,
        outcome: { outcome: "unknown", detail: "/latched is false" },
      }),
    );
    expect(nextAction(ended.run, 400)).toEqual({ next: "send", step: "stop" });
  });
});

const move = fc.record({
  after: fc.constantFrom(0, 1, 300, 5_000, 20_000),
  by: fc.constantFrom("w1", "w2"),
  ends: fc.constantFrom("done", "refused", "unknown", "waiting", "dies"),
});
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

/** What one who comes across the run does, and how it then stands. */
function moveOn(at: RunningRequest, { by, ends }: Move, now: number): RunningRequest {
  const action = nextAction(at.run, now);
  switch (action.next) {
    case "look-again":
    case "claim-again":
      return at;
    case "lost":
      return must(loseRun(at, now));
    case "finished":
      return must(finishRun(at, { fence: at.run.fence, now }));
    case "send": {
      const { step } = action;
      const before = at.run.steps.find(({ id }) => id === step);
      const reads = before?.role === "verify";
      const start = { fence: at.run.fence, owner: by, step, now, reads, leaseUntil: now + leaseMarginMs };
      const sent = before?.lookAt === undefined ? must(startStep(at, start)) : at;
      if (ends === "dies") return sent;
      const { lookAt } = sent.run.steps.find(({ id }) => id === step) ?? {};
      const outcome =
        ends === "waiting"
          ? reads
            ? ({ outcome: "waiting", detail: "", progress: 1, againInMs: 500 } as const)
            : ({ outcome: "done", detail: "" } as const)
          : { outcome: ends, detail: ends };
      return must(
        endStep(sent, { fence: sent.run.fence, step, lookAt, now, outcome, owner: by, leaseMs: leaseMarginMs }),
      );
    }
  }
}

it("whoever comes across it and whenever, it ends as it was read back, and nothing is sent after its hard deadline", () => {
  const later = Array.from({ length: 30 }, (): Move => ({ after: 20_000, by: "w2", ends: "refused" }));
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(act, check), { minLength: 1, maxLength: 4 }),
      fc.array(move, { maxLength: 40 }),
      (steps, moves) => {
        const own = steps
          .toSorted((a, b) => a.role.localeCompare(b.role))
          .map((step, place): StepRecord => ({ ...step, id: `s${place}` }));
        let at: RunningRequest = { request: request({ state: "EXECUTING" }), run: runOf(...own) };
        let now = 0;
        let mayHaveActed = false;
        const wrong: string[] = [];
        for (const each of [...moves, ...later]) {
          now += each.after;
          if (at.request.state !== "EXECUTING") break;
          const action = nextAction(at.run, now);
          if (action.next === "send" && now >= hardDeadline) wrong.push("sent too late");
          const acts = action.next === "send" && at.run.steps.find(({ id }) => id === action.step)?.role === "act";
          if (acts && each.ends !== "refused" && each.ends !== "dies") mayHaveActed = true;
          const after = moveOn(at, each, now);
          if (after.run.fence < at.run.fence) wrong.push("a fence that fell");
          at = after;
        }
        const { state } = at.request;
        const checks = at.run.steps.filter(({ role }) => role === "verify");
        const readBack = (checks.length > 0 ? checks : at.run.steps).every((step) => step.state === "done");
        if (state === "EXECUTING") wrong.push("a run without an end");
        if ((state === "SUCCEEDED") !== readBack) wrong.push("an end that was not read back");
        if (state === "FAILED" && mayHaveActed) wrong.push("nothing changed, although it may have");
        if (readBack && notReadBack(at.run)) wrong.push("said to be open although it is read back");
        expect(wrong).toEqual([]);
      },
    ),
  );
});
