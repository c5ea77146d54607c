import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Pacer } from "../../../src/bot/chat/pacing.ts";
import { slackPace, slackPerMinute } from "../../../src/bot/slack/rate-limits.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each(Object.entries(slackPerMinute))(
  "%s is called at most %i times in any minute, and hardly less often while more wait than it takes",
  async (method, most) => {
    const pacer = new Pacer(() => Date.now());
    const began = Date.now();
    const calls: number[] = [];
    const job = {
      lane: "urgent",
      buckets: { [method]: slackPace(method) },
      work: async () => void calls.push(Date.now()),
    } as const;
    // A storm after a quiet time, and longer than any burst.
    const waiting = Array.from({ length: most * 6 }, () => pacer.run(job).catch(() => {}));
    await vi.advanceTimersByTimeAsync(300_000);
    pacer.close();
    await Promise.all(waiting);
    const inMinute = calls.map((at) => calls.filter((other) => other >= at && other < at + 60_000).length);
    expect(Math.max(...inMinute)).toBeLessThanOrEqual(most);
    expect(calls.filter((at) => at < began + 300_000).length).toBeGreaterThan(5 * most * 0.79);
  },
);
