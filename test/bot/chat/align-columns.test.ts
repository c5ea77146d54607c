import { expect, it } from "vitest";
import { alignColumns } from "../../../src/bot/chat/align-columns.ts";

it("makes each column as wide as its widest cell looks, whatever it is written with", () => {
  const rows = [
    ["Symbol", "P&L"],
    ["日本", "-1"],
    ["🔴 e\u0301t", "12,345"],
    ["👨‍👩‍👧", ""],
  ];
  expect(alignColumns(rows, ["left", "right"])).toEqual({
    lines: ["Symbol     P&L", "日本        -1", "🔴 e\u0301t   12,345", "👨‍👩‍👧"],
    width: 14,
  });
});
