import { describe, expect, it } from "vitest";
import { followsUndone, haltsSince, whyUndone } from "../../../src/domain/approvals/halts.ts";
import type { RequestState, Sealed } from "../../../src/domain/approvals/request.ts";
import { flattenPlan, request, sealed } from "./request-fixtures.ts";

interface Given {
  readonly at: number;
  readonly state?: RequestState;
  readonly follows?: string;
}

function asked(of: Partial<Sealed>, { at, state = "SUCCEEDED", follows }: Given) {
  const id = `${of.operation}-${at}`;
  return {
    sealed: sealed(of),
    request: request({ id, code: `C${at}`, state, openedAt: at, stateAt: at, ...(follows && { follows }) }),
  };
}

const followUp = { operation: "close-out", arguments: {}, instead: "flatten" };
const stop = (given: Given) =>
  asked({ operation: "stop", permission: "stop", direction: "reduces", plan: { ...flattenPlan, followUp } }, given);
const reset = (given: Given) => asked({ operation: "reset", permission: "ask", direction: "increases" }, given);
const start = (given: Given) =>
  asked(
    { operation: "start", permission: "ask", direction: "increases", plan: { ...flattenPlan, keepsStop: true } },
    given,
  );
const closing = (given: Given) =>
  asked({ operation: "close-out", permission: "ask", direction: "reduces" }, { state: "PENDING", ...given });

describe("what followed a halt and waits", () => {
  it.each([
    ["ends once that is undone", closing({ at: 2, follows: "stop-1" }), [stop({ at: 1 }), reset({ at: 3 })], "reset-3"],
    ["asked for by hand, ends as well", closing({ at: 2 }), [stop({ at: 1 }), reset({ at: 3 })], "reset-3"],
    ["waits on while it stands", closing({ at: 2, follows: "stop-1" }), [stop({ at: 1 })], undefined],
    [
      "waits on while what would undo it runs",
      closing({ at: 2, follows: "stop-1" }),
      [stop({ at: 1 }), reset({ at: 3, state: "EXECUTING" })],
      undefined,
    ],
    [
      "waits on where the system was started and stays stopped",
      closing({ at: 2, follows: "stop-1" }),
      [stop({ at: 1 }), start({ at: 3 })],
      undefined,
    ],
    [
      "waits on after a second halt, which it follows",
      closing({ at: 4, follows: "stop-3" }),
      [stop({ at: 1 }), reset({ at: 2 }), stop({ at: 3 })],
      undefined,
    ],
    [
      "waits on where it was asked for after that was undone, of no halt",
      closing({ at: 4 }),
      [stop({ at: 1 }), reset({ at: 2 })],
      undefined,
    ],
    [
      "is no other operation",
      asked({ operation: "backup" }, { at: 2 }),
      [stop({ at: 1 }), reset({ at: 3 })],
      undefined,
    ],
  ])("%s", (_what, waits, about, by) => expect(followsUndone(waits, about)?.by.request.id).toBe(by));

  it("is told of with who stopped the system, also once that was started and stays stopped", () => {
    const newestFirst = [start({ at: 3 }), closing({ at: 2 }), stop({ at: 1 })];
    expect(haltsSince(newestFirst)).toMatchObject([{ operation: "stop", code: "C1" }]);
    expect(haltsSince([reset({ at: 4 }), ...newestFirst])).toEqual([]);
  });

  it("names what is asked for in its place, or itself where the file names nothing", () => {
    const waits = closing({ at: 2 });
    const by = reset({ at: 3 });
    const halt = stop({ at: 1 });
    expect(whyUndone(waits, { halt, by })).toContain('still wanted: run alphapulse flatten reason:"…".');
    const plain = { ...halt, sealed: sealed({ operation: "stop", plan: flattenPlan }) };
    expect(whyUndone(waits, { halt: plain, by })).toContain('still wanted: run alphapulse close-out reason:"…".');
  });
});
