import { expect, it } from "vitest";
import { doneBefore, doneBetween } from "../../../src/domain/approvals/done-before.ts";
import type { RequestState } from "../../../src/domain/approvals/request.ts";
import { flattenPlan, request, sealed } from "./request-fixtures.ts";

const scale = (n: number) => ({ operation: "scale", arguments: { service: "api", n } });

/** Scaled from one number to another, at a time. */
function scaled(at: number, [from, to]: readonly [number, number], state: RequestState = "SUCCEEDED") {
  return {
    request: request({ id: `request-${at}`, twin: `to-${to}`, openedAt: at, state }),
    sealed: sealed({ system: "prsm", ...scale(to), plan: { ...flattenPlan, inverse: scale(from) } }),
  };
}

it("names what exactly this undoes, and what that had undone", () => {
  const [down, up] = [scaled(1, [3, 1]), scaled(2, [1, 3])];
  expect(doneBefore(scaled(3, [3, 1], "PENDING"), [up, down])).toEqual({ undoes: { done: up, undid: down } });
  expect(doneBefore(scaled(2, [1, 3], "PENDING"), [down])).toEqual({ undoes: { done: down } });
});

it.each(["PENDING", "DENIED", "EXPIRED", "FAILED", "EXECUTING"] as const)(
  "what is %s undoes and is undone by nothing",
  (state) => {
    expect(doneBefore(scaled(2, [1, 3], "PENDING"), [scaled(1, [3, 1], state)])).toEqual({});
  },
);

it.each([
  ["SUCCEEDED", {}, false],
  ["SUCCEEDED", { undoneBy: "another" }, true],
  ["FAILED", {}, false],
  ["FAILED", { undoneBy: "another" }, true],
  ["PARTIAL", {}, true],
  ["UNKNOWN", {}, true],
] as const)("the same, which is %s %j, is told: %s", (state, changes, told) => {
  const once = scaled(1, [3, 1], state);
  const before = { ...once, request: { ...once.request, ...changes } };
  expect(doneBefore(scaled(2, [3, 1], "PENDING"), [before]).alike).toEqual(told ? before : undefined);
});

it("the same that was done well since is told no more, and what was opened later says nothing", () => {
  const bad = scaled(1, [3, 1], "PARTIAL");
  expect(doneBefore(scaled(3, [3, 1], "PENDING"), [scaled(2, [3, 1]), bad])).toEqual({});
  expect(doneBefore(scaled(0, [3, 1], "PENDING"), [bad])).toEqual({});
});

it("what was done meanwhile to the same is told, oldest first, and nothing else", () => {
  const at = (time: number, targets: readonly string[], state: RequestState = "SUCCEEDED") => {
    const one = scaled(time, [3, 1], state);
    const plan = { ...one.sealed.plan, targets: [...targets] };
    return { request: { ...one.request, stateAt: time }, sealed: { ...one.sealed, plan } };
  };
  const api = ["deployment/api"];
  const [first, whole] = [at(5, api), at(6, [])];
  const others = [
    at(9, api),
    at(8, api, "DENIED"),
    whole,
    first,
    at(4, ["deployment/worker"]),
    at(3, ["nothing"]),
    at(1, api),
  ];
  expect(doneBetween({ id: "request-9", targets: api }, { from: 2, to: 9 }, others)).toEqual([first, whole]);
});
