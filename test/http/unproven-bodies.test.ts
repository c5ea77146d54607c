import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { UnprovenBodies } from "../../src/http/unproven-bodies.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function slowBody(): PassThrough {
  const body = new PassThrough();
  body.on("error", () => {});
  return body;
}

it("where more are under way than may be, the one that has been longest gives way", () => {
  const bodies = new UnprovenBodies({ most: 2, withinMs: 1_000 });
  const all = [slowBody(), slowBody(), slowBody()];
  for (const body of all) bodies.hold(body);
  expect(all.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
});

it("what has been read counts no more, and each has its time", async () => {
  const bodies = new UnprovenBodies({ most: 1, withinMs: 1_000 });
  const [quick, slow] = [slowBody(), slowBody()];
  bodies.hold(quick);
  quick.end();
  quick.resume();
  await vi.advanceTimersByTimeAsync(1);
  bodies.hold(slow);
  await vi.advanceTimersByTimeAsync(998);
  expect(slow.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(2);
  expect(slow.destroyed).toBe(true);
  expect(quick.errored).toBeNull();
});
