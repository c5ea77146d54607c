import { expect, it } from "vitest";
import { judgedBy } from "../../../src/integrations/prometheus/judged.ts";

it.each([
  ["cpu > 0.9", "cpu", ">", 0.9],
  ["sum(rate(errors[5m])) / sum(rate(all[5m])) >= 1e-2", "sum(rate(errors[5m])) / sum(rate(all[5m]))", ">=", 0.01],
  ['up{job!="a>b"} == 0', 'up{job!="a>b"}', "==", 0],
  ["up{job='it\\'s > 1'} < -1", "up{job='it\\'s > 1'}", "<", -1],
  ["100 < free_bytes", "free_bytes", ">", 100],
  ["max by (pod) (restarts > 3) > 5", "max by (pod) (restarts > 3)", ">", 5],
])("of %s what is compared, and with which number", (expression, text, sign, at) => {
  expect(judgedBy(expression)).toEqual({ text, limit: { sign, at } });
});

it.each(["a > b", "cpu > 0.9 and on(pod) up == 1", "a > 1 or b", "absent(up)", "cpu > bool 1", "1 < 2", "a > 1 # b"])(
  "%s is taken whole",
  (expression) => {
    expect(judgedBy(expression)).toEqual({ text: expression });
  },
);
