import { expect, it } from "vitest";
import { systemOn } from "./asking.ts";
import { container, program } from "./programs.ts";

it("a log begins when the oldest of its containers was made, and where nothing tells that, it is read all the same", async () => {
  const line = "api-1  | 2026-11-28T20:54:35.732658959Z ready";
  const of = (...made: (string | undefined)[]) => {
    const rows = made.map((CreatedAt, at) => ({ ...container, Name: `logos-api-${at + 1}`, CreatedAt }));
    return program(
      `if (words.includes("ps")) console.log(${JSON.stringify(JSON.stringify(rows))}); else console.log("${line}");`,
    );
  };
  const to = Date.parse("2026-11-28T21:00:00Z");
  const range = { from: to - 86_400_000, to };
  const young = of("2026-11-28 21:50:00 +0100 CET", "2026-11-28 20:52:00 +0000 UTC");
  const found = await systemOn(young).logs({}, range);
  expect(found).toMatchObject({
    matched: 1,
    begins: { at: Date.parse("2026-11-28T20:50:00Z"), why: "container" },
    bucketMs: 60_000,
  });
  expect(found.counts).toHaveLength(11);
  expect(await systemOn(young).logs({}, { from: to - 300_000, to })).not.toHaveProperty("begins");
  for (const unknown of [of("2026-11-28 20:52:00 +0000 UTC", undefined), program(`console.log("${line}")`)]) {
    const all = await systemOn(unknown).logs({}, range);
    expect(all.matched).toBe(1);
    expect(all).not.toHaveProperty("begins");
  }
});
