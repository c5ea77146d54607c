import { describe, expect, it } from "vitest";
import { readAlertExpression } from "../../../src/domain/alerts/alert-expression.ts";
import { judgeExpression, type OwnSeries } from "../../../src/domain/alerts/judge-expression.ts";

const read = (value: number): OwnSeries["reading"] => ({ ok: true, value });
const lost: OwnSeries["reading"] = { ok: false, fault: "timeout", detail: "did not answer", at: 0, latencyMs: 0 };
const all: readonly OwnSeries[] = [
  { name: "up", labels: { job: "api" }, reading: read(1) },
  { name: "up", labels: { job: "db" }, reading: read(0) },
  { name: "lag", labels: {}, reading: read(50) },
  { name: "calm", labels: {}, reading: read(1) },
  { name: "lost", labels: {}, reading: lost },
  { name: "floor", labels: {}, reading: read(10), isFloor: true },
  { name: "young", labels: {}, reading: { ...lost, againMs: 5_000 } },
];

function judged(text: string): unknown {
  const found = readAlertExpression(text);
  if (!("expression" in found)) return found.message;
  const { holds, unread } = judgeExpression(found.expression, all);
  if (holds.length === 0) return unread.length > 0 ? "unknown" : "no";
  return holds.map(({ labels, value }) => [labels["job"] ?? "", value]);
}

describe("what the bot judges of PromQL by itself", () => {
  it.each([
    ["lag > 20", [["", 50]]],
    ["lag{} >= 50 # as much as it takes", [["", 50]]],
    ["20 < lag", [["", 50]]],
    ["lag != 50", "no"],
    ["lag > 5e1", "no"],
    ["lag > -Inf", [["", 50]]],
    ["up == 0", [["db", 0]]],
    [`up{job=~"a.*"} == 0`, "no"],
    [`up{job="db",} < 1`, [["db", 0]]],
    ["absent(gone)", [["", 1]]],
    [`absent( gone{job='x'} )`, [["x", 1]]],
    ["absent(lag)", "no"],
    ["absent(lost)", [["", 1]]],
    ["absent(young)", "unknown"],
    ["lag > 20 and calm < 2", [["", 50]]],
    ["lag > 20 AND calm > 2", "no"],
    ["lag > 20 unless calm < 2", "no"],
    ["calm > 2 or lag > 20 and calm < 2", [["", 50]]],
    ["(calm > 2 or lag > 20) and calm > 2", "no"],
    ["up >= 0 and up == 0", [["db", 0]]],
    ["lost > 1", "unknown"],
    ["lost > 1 or lag > 20", [["", 50]]],
    ["lost > 1 and calm > 2", "no"],
    ["lag > 20 and lost > 1", "unknown"],
    ["lag > 20 unless lost > 1", "unknown"],
    ["floor > 5", [["", 10]]],
    ["floor > 20", "unknown"],
    ["floor < 5", "no"],
    ["floor < 20", "unknown"],
  ])("%s", (text, is) => {
    expect(judged(text)).toEqual(is);
  });

  it.each([
    ["rate(lag[5m]) > 1", "rate(…) is worked out by a Prometheus alone", 0],
    ["lag[5m] > 1", "lag[…] over a time is for a Prometheus alone", 0],
    ["lag / calm > 1", "`/` is worked out by a Prometheus alone", 4],
    ["lag > calm", "a series is compared with a number alone", 6],
    ["lag > 1 and on() calm > 1", "`on` is for a Prometheus alone", 12],
    ["lag", "the expression ends too early", 3],
    ["lag > 1 lag", "this is not what can stand here: `lag`", 8],
    ["lag > bool 1", "a series is compared with a number alone", 6],
    [`lag{job=api} > 1`, "the value of the label job stands in no quotes", 4],
    [`lag{job=~"("} > 1`, expect.stringMatching(/pattern/i), 4],
    ["", "the expression ends too early", 0],
  ])("%s is refused by name, where it stands", (text, message, at) => {
    expect(readAlertExpression(text)).toEqual({ message, at });
  });
});
