import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepLease } from "../../../src/bot/chat/keep-lease.ts";
import { quiet } from "../../integrations/systems.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A lease of six seconds, renewed every two; `answers` is what the store says to each renewal. */
function kept(answers: () => Promise<boolean>) {
  const lost = vi.fn<() => void>();
  const renew = vi.fn<() => Promise<boolean>>(answers);
  const lease = { name: "gateway", renew, release: async () => {} };
  const stop = keepLease(lease, { leaseMs: 6_000, everyMs: 2_000, lose: lost, log: quiet });
  return { lost, renew, stop };
}

it("is renewed for as long as it is wanted, and not a moment longer", async () => {
  const { lost, renew, stop } = kept(async () => true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([renew.mock.calls.length, lost.mock.calls.length]).toEqual([30, 0]);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([renew.mock.calls.length, lost.mock.calls.length]).toEqual([30, 0]);
});

it("one renewal that fails ends nothing", async () => {
  let asked = 0;
  const { lost } = kept(async () => {
    asked += 1;
    if (asked === 1) throw new Error("the store is down");
    return true;
  });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lost).not.toHaveBeenCalled();
});

it("that another has is lost at once", async () => {
  const { lost } = kept(async () => false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(lost).toHaveBeenCalledOnce();
});

it("of a store that does not answer is let go before it can be another's", async () => {
  const { lost, renew } = kept(() => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(lost).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(lost).toHaveBeenCalledOnce();
  // One question at a time, however long it takes.
  expect(renew).toHaveBeenCalledOnce();
});
