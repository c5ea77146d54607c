import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Memory } from "../../../src/bot/chat/memory.ts";

const maxAgeMs = 60_000;

class SilenceError extends Error {}

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

describe("what a platform said", () => {
  it("is asked for anew shortly before its time is over, and who asks then does not wait for it", async () => {
    const memory = new Memory<string>(() => false);
    expect(await memory.get("ana", maxAgeMs, async () => "first")).toBe("first");
    vi.advanceTimersByTime(40_000);
    expect(await memory.get("ana", maxAgeMs, () => Promise.reject(new Error("too early")))).toBe("first");
    vi.advanceTimersByTime(10_000);
    const slow = Promise.withResolvers<string>();
    expect(await memory.get("ana", maxAgeMs, () => slow.promise)).toBe("first");
    slow.resolve("second");
    await slow.promise;
    vi.advanceTimersByTime(30_000);
    expect(await memory.get("ana", maxAgeMs, () => Promise.reject(new Error("known")))).toBe("second");
  });

  it("stands until its time is over when asking anew fails", async () => {
    const memory = new Memory<string>((error) => error instanceof SilenceError);
    await memory.get("ana", maxAgeMs, async () => "first");
    vi.advanceTimersByTime(50_000);
    expect(await memory.get("ana", maxAgeMs, () => Promise.reject(new Error("says no")))).toBe("first");
    vi.advanceTimersByTime(10_001);
    await expect(memory.get("ana", maxAgeMs, () => Promise.reject(new Error("says no")))).rejects.toThrow("says no");
    // A platform that is silent is another thing than one that says no.
    expect(await memory.get("ana", maxAgeMs, () => Promise.reject(new SilenceError()))).toBe("first");
    await expect(memory.get("ana", 0, () => Promise.reject(new SilenceError()))).rejects.toBeInstanceOf(SilenceError);
  });
});
