import { execFile } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
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

it("nothing is optimised by a command line that is soon over, and what goes on is later", async () => {
  const program = `
    import { optimiseLater } from "./src/cli/settle.ts";
    let sum = 0;
    const work = () => {
      for (let at = 0; at < 1e7; at += 1) sum += at % 7;
    };
    optimiseLater(1);
    work();
    console.log("later");
    await new Promise((resolve) => setTimeout(resolve, 100));
    work();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--trace-opt",
    "--input-type=module",
    "--eval",
    program,
  ]);
  const [soon = "", later = ""] = stdout.split("later\n");
  const optimised = /completed compiling .* work /;
  expect(soon).not.toMatch(optimised);
  expect(later).toMatch(optimised);
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
