import { expect, it } from "vitest";
import { askAgainWords } from "../../../src/domain/approvals/ask-again.ts";
import { wardroomItself } from "../../../src/domain/approvals/request.ts";
import { endedMeanwhile } from "../../../src/domain/approvals/request-rules.ts";
import { policy, request, sealed } from "./request-fixtures.ts";

it("what ended names the command that asks again, with what it was given", () => {
  const scaled = sealed({ operation: "scale", arguments: { service: "api", note: "two words", replicas: 3 } });
  expect(askAgainWords({}, scaled)).toBe(
    'Ask again: run alphapulse scale service:api note:"two words" replicas:3 reason:"…".',
  );
  const settles = { operation: "flatten", code: "2F54D2", outcome: "failed", stands: [] };
  expect(askAgainWords({}, sealed({ system: "wardroom", operation: "settle", settles }))).toBe(
    'Ask again: confirm settle 2F54D2 failed evidence:"what you saw".',
  );
  const { id, name } = wardroomItself;
  expect(askAgainWords({}, sealed({ requester: { person: id, name, account: id } }))).toContain(
    "wardroom reload, SIGHUP or starting again asks again",
  );
  expect(askAgainWords({ follows: "1".repeat(32) }, sealed())).toContain("anew by itself");
});

it("other rules end what waits, whoever they would let agree to it, and nothing else", () => {
  const moment = { policy: policy({ revision: "r2" }), now: 10 };
  expect(endedMeanwhile(request(), sealed(), moment)).toMatchObject({
    kind: "invalidated",
    request: {
      state: "INVALIDATED",
      why: expect.stringContaining("nothing was run. Ask again: run alphapulse flatten"),
    },
  });
  expect(endedMeanwhile({ ...request(), state: "EXECUTING" }, sealed(), moment)).toBeUndefined();
});
