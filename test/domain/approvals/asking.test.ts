import { describe, expect, it } from "vitest";
import {
  type AskedLately,
  askingLimits,
  heldBack,
  nothingAsked,
  withAsked,
  withDenied,
} from "../../../src/domain/approvals/asking.ts";

const minute = 60_000;
const now = 100 * minute;
const asked = { action: "trader flatten", mends: false, open: 0, now };
const denied = (...at: number[]): AskedLately => ({
  ...nothingAsked,
  denied: at.map((each) => ({ action: "trader flatten", at: each })),
});
const asks = (...at: number[]): AskedLately => ({ ...nothingAsked, asked: at });
const times = (count: number, at: number): number[] => Array.from({ length: count }, () => at);

describe("somebody who asks for what others have to decide", () => {
  it.each<[string, AskedLately, Partial<typeof asked>, ReturnType<typeof heldBack>]>([
    ["asks for the first time", nothingAsked, {}, undefined],
    ["has four waiting", nothingAsked, { open: 4 }, undefined],
    ["has five waiting", nothingAsked, { open: 5 }, { by: "open", count: 5 }],
    ["has asked nine times", asks(...times(9, now)), {}, undefined],
    ["has asked ten times", asks(...times(10, now - minute)), {}, { by: "asks", until: now + 9 * minute }],
    ["has asked 29 times, for what mends", asks(...times(29, now)), { mends: true }, undefined],
    ["has asked 30 times", asks(...times(30, now)), { mends: true }, { by: "asks", until: now + 10 * minute }],
    ["has asked ten times, but longer ago", asks(...times(10, now - 10 * minute)), {}, undefined],
    ["was denied it twice", denied(now, now), {}, undefined],
    [
      "was denied it three times",
      denied(now - 20 * minute, now - minute, now - minute),
      {},
      { by: "denials", until: now + 29 * minute },
    ],
    ["was denied it three times, one of them longer ago", denied(now - 30 * minute, now, now), {}, undefined],
    ["was denied something else", denied(now, now, now), { action: "trader restore" }, undefined],
  ])("%s", (_what, asking, changes, held) => {
    expect(heldBack(asking, { ...asked, ...changes })).toEqual(held);
  });

  it("what no limit counts any more is forgotten, so that it stays small", () => {
    let asking = nothingAsked;
    for (let round = 0; round < 1_000; round += 1) {
      asking = withAsked(asking, round * minute);
      asking = withDenied(asking, { action: "trader flatten", at: round * minute });
    }
    expect(asking.asked.length).toBeLessThanOrEqual(askingLimits.withinMs / minute);
    expect(asking.denied.length).toBeLessThanOrEqual((2 * askingLimits.restsMs) / minute + 1);
  });
});
