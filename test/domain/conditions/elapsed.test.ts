import { expect, it } from "vitest";
import { conditionFault, expressionFault, expressionValue } from "../../../src/domain/conditions/condition.ts";

it.each([
  ["2026-11-29T02:00:00Z", "2026-11-29T05:12:00Z", "3 h 12 min"],
  ["2026-11-29T02:00:00Z", "2026-11-29T02:00:00Z", "0 s"],
  ["data-backup-2026-11-28T020000Z.tar.gz", "2026-11-29T023000Z", "24 h 30 min"],
  ["backup_production_20261126_020000", "2026-11-29T02:00:00Z", "3 d"],
  ["2026-11-29T04:00:00+02:00", "2026-11-29 02:10:00", "10 min"],
  ["2026-11-29T02:00:00.123456Z", "2026-11-29T02:00:42Z", "42 s"],
  ["2026-11-29T05:00:00Z", "2026-11-29T02:00:00Z", "UNKNOWN TIME"],
  ["yesterday", "2026-11-29T02:00:00Z", "UNKNOWN TIME"],
  ["2026-13-45T02:00:00Z", "2026-11-29T02:00:00Z", "UNKNOWN TIME"],
  [20261129020000, "2026-11-29T02:00:00Z", "UNKNOWN TIME"],
  [null, null, "UNKNOWN TIME"],
])("elapsed(%j, %j) is %s", (made, at, words) => {
  expect(expressionValue("elapsed(made, at)", { made, at })).toBe(words);
});

it("elapsed is a text that takes two", () => {
  expect(expressionFault('"of the last " + elapsed(made, at)', { made: "text", at: "data" })).toBeUndefined();
  expect(expressionFault("elapsed(made)", { made: "text" })).toBeDefined();
  expect(conditionFault("elapsed(made, at)", { made: "text", at: "text" })).toMatch(/comes to string/);
});
