import fc from "fast-check";
import { expect, it } from "vitest";
import { Request } from "../../../src/domain/approvals/request.ts";
import { undoes } from "../../../src/domain/approvals/undoing.ts";
import { flattenPlan } from "./request-fixtures.ts";

const inverse = { operation: "scale", arguments: { service: "api", n: 3 } };
const stopped = {
  request: { state: "PARTIAL" as const },
  sealed: { system: "prsm", plan: { ...flattenPlan, inverse } },
};
const undo = { system: "prsm", ...inverse };

it("exactly the sealed inverse of a run that stopped half-way undoes it", () => {
  expect(undoes(undo, stopped)).toBe(true);
  expect(undoes({ ...undo, arguments: { n: "3", service: "api" } }, stopped)).toBe(true);
});

it.each([
  ["another system", { ...undo, system: "logos" }],
  ["another operation", { ...undo, operation: "restart" }],
  ["another value", { ...undo, arguments: { service: "api", n: 2 } }],
  ["an argument less", { ...undo, arguments: { service: "api" } }],
  ["an argument more", { ...undo, arguments: { ...inverse.arguments, force: "yes" } }],
])("%s undoes nothing", (_what, other) => {
  expect(undoes(other, stopped)).toBe(false);
});

it("what amounts to the sealed inverse undoes it as well, and what amounts to something else does not", () => {
  const byAnotherName = (amountsTo: typeof inverse) => ({
    ...undo,
    operation: "restore",
    arguments: {},
    plan: { amountsTo },
  });
  expect(undoes(byAnotherName(inverse), stopped)).toBe(true);
  expect(undoes(byAnotherName({ ...inverse, arguments: { service: "api", n: 2 } }), stopped)).toBe(false);
  expect(undoes({ ...byAnotherName(inverse), system: "logos" }, stopped)).toBe(false);
});

it("nothing is undone that is not known to have stopped half-way, nor what names no inverse", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Request.shape.state.options), fc.boolean(), (state, names) => {
      const plan = names ? stopped.sealed.plan : flattenPlan;
      expect(undoes(undo, { request: { state }, sealed: { system: "prsm", plan } })).toBe(names && state === "PARTIAL");
    }),
  );
});
