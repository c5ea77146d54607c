import { expect, it } from "vitest";
import { lockWords } from "../../src/cards/settling.ts";
import { flattenPlan, request, sealed } from "../domain/approvals/request-fixtures.ts";

it.each([
  [[], [], "alphapulse"],
  [[], ["emergency-stop"], "alphapulse, except emergency-stop,"],
  [["service/feed"], [], "service/feed of alphapulse, nor anything that concerns all of alphapulse,"],
  [
    ["service/feed"],
    ["emergency-stop"],
    "service/feed of alphapulse, nor anything that concerns all of alphapulse, except emergency-stop,",
  ],
])("an open outcome of %j keeps from running what the lock does, but for %j", (targets, passedBy, words) => {
  expect(lockWords(request({ passedBy }), sealed({ plan: { ...flattenPlan, targets } }))).toBe(words);
});
