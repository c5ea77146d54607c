import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { GiveWay } from "../../src/workers/give-way.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How long it waited, ms. */
async function waited(way: GiveWay, { rush }: { readonly rush: boolean }): Promise<number> {
  const began = performance.now();
  const ended = { ms: -1 };
  const passed = (async () => {
    await way.pass();
    ended.ms = performance.now() - began;
  })();
  await vi.advanceTimersByTimeAsync(0);
  while (ended.ms < 0) {
    if (rush) way.arrives()();
    await vi.advanceTimersByTimeAsync(5);
  }
  await passed;
  return ended.ms;
}

it("waits for nobody where nobody comes, and until those who come are gone", async () => {
  const way = new GiveWay();
  expect(await waited(way, { rush: false })).toBe(0);
  way.arrives()();
  expect(await waited(way, { rush: false })).toBe(25);
});

it("waits for whoever is not answered yet, however long nobody else comes, and goes on in its turn where that takes longer", async () => {
  const way = new GiveWay();
  const answered = way.arrives();
  setTimeout(answered, 100);
  expect(await waited(way, { rush: false })).toBe(125);
  way.arrives();
  expect(await waited(way, { rush: false })).toBe(250);
});

it("in a rush that does not end it has turns for itself", async () => {
  const way = new GiveWay();
  way.arrives()();
  expect(await waited(way, { rush: true })).toBe(250);
  // Its own turn: it waits no more, however often it asks.
  for (let time = 0; time < 4; time += 1) {
    way.arrives()();
    expect(await waited(way, { rush: true })).toBe(0);
    await vi.advanceTimersByTimeAsync(20);
  }
  await vi.advanceTimersByTimeAsync(40);
  way.arrives()();
  expect(await waited(way, { rush: true })).toBe(250);
});
