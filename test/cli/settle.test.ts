import { setImmediate } from "node:timers/promises";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { expect, it } from "vitest";
import { settleMemory } from "../../src/cli/settle.ts";

it("what nothing holds any more is given back", async () => {
  const gone = new WeakRef({ made: "while starting" });
  const kept = { still: "used" };
  const held = new WeakRef(kept);
  // Until the turn of the event loop is over it is held by having been made.
  await setImmediate();
  settleMemory();
  expect([gone.deref(), held.deref()]).toEqual([undefined, kept]);
});

it("the young generation goes back to where it began, and stays there whatever is made", () => {
  const begun = 4 * 1_024 * 1_024;
  // As V8 does by itself.
  setFlagsFromString("--semi-space-growth-factor=2");
  makeMuch();
  expect(youngGeneration()).toBeGreaterThan(begun);
  settleMemory();
  expect(youngGeneration()).toBeLessThanOrEqual(begun);
  makeMuch();
  expect(youngGeneration()).toBeLessThanOrEqual(begun);
});

/** As much as a start does, most of it for longer than one collection. */
function makeMuch(): void {
  let held: { readonly at: number }[] = [];
  for (let at = 0; at < 2_000_000; at += 1) {
    held.push({ at });
    if (held.length > 100_000) held = held.slice(50_000);
  }
}

/** Bytes. */
function youngGeneration(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? Number.NaN;
}
