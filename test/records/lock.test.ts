import { describe, expect, it } from "vitest";
import { freedOf, heldBy, inTheWay } from "../../src/domain/approvals/lock.ts";
import type { Json } from "../../src/domain/store.ts";
import { parseLock, putLock } from "../../src/records/lock.ts";

const read = (value: Json) => parseLock({ key: "lock/a", revision: "r", value });

describe("the lock of a system", () => {
  it("of the release before is one holder of the whole system, or nobody", () => {
    expect(read({ request: "r1", fence: 4 })).toEqual({ holders: [{ request: "r1", targets: [] }], fence: 4 });
    expect(read({ request: null, fence: 4 })).toEqual({ holders: [], fence: 4 });
    expect(parseLock(undefined)).toBeUndefined();
  });

  it("is read back as it was written", () => {
    const lock = { holders: [{ request: "r1", targets: ["service/api"] }], fence: 4 };
    const { value } = putLock("a", lock);
    expect(read(JSON.parse(JSON.stringify(value)))).toEqual(lock);
  });

  it.each([
    ["the same target", ["api"], ["api"], true],
    ["other targets", ["api"], ["ipfs", "db"], false],
    ["one target of several", ["api", "db"], ["db"], true],
    ["the whole system beside a target", [], ["db"], true],
    ["a target beside the whole system", ["db"], [], true],
    ["the whole system twice", [], [], true],
    ["the whole system beside what changes nothing", ["nothing"], [], false],
    ["what changes nothing beside the whole system", [], ["nothing"], false],
    ["what changes nothing twice", ["nothing"], ["nothing"], false],
  ])("%s", (_what, held, wanted, meets) => {
    const lock = heldBy(undefined, { request: "r1", targets: held }, 1);
    expect(inTheWay(lock, wanted).length > 0).toBe(meets);
  });

  it("is freed by its holder alone, and its fence never falls", () => {
    const lock = heldBy(heldBy(undefined, { request: "r1", targets: ["a"] }, 1), { request: "r2", targets: ["b"] }, 2);
    expect(freedOf(lock, "r3", 9)).toBeUndefined();
    expect(freedOf(lock, "r1", 5)).toEqual({ holders: [{ request: "r2", targets: ["b"] }], fence: 5 });
    expect(freedOf(lock, "r2", 1)?.fence).toBe(2);
  });
});
