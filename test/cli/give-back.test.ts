import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { giveBackMemory } from "../../src/cli/give-back.ts";

it("what nothing holds any more is given back", async () => {
  const gone = new WeakRef({ made: "while starting" });
  const kept = { still: "used" };
  const held = new WeakRef(kept);
  // Until the turn of the event loop is over it is held by having been made.
  await setImmediate();
  giveBackMemory();
  expect([gone.deref(), held.deref()]).toEqual([undefined, kept]);
});
