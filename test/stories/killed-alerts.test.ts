import { expect, it } from "vitest";
import { killedWhileTelling, unaccounted } from "./alert-chaos.ts";

it("killed again and again while it tells alerts: nothing is lost, nothing is told twice, and the books balance", async () => {
  const end = await killedWhileTelling([{ ms: 0 }, { calls: 1 }, { calls: 5 }]);
  expect(end).toMatchObject({ lost: [], twice: [], saidTwice: [], faults: [], posted: 12 });
  // What began and is told as over before it was taken in counts as late news: of everything else each was shown.
  expect(unaccounted(end)).toBe(0);
}, 240_000);
