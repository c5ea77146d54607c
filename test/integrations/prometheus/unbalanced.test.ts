import { expect, it } from "vitest";
import { unbalanced } from "../../../src/integrations/prometheus/unbalanced.ts";

it.each([
  ['sum(rate(http_requests_total{code=~"5.."}[5m]))', undefined],
  ["up{job=\"a)\", path='}\\\\'}", undefined],
  ['label_replace(up, `x`, `$1)`, "job", "(.*")', undefined],
  ["sum(up) # all of them (", undefined],
  ["sum(rate(x[5m])", "the bracket ( is never closed"],
  ["sum(up))", "the bracket ) was never opened"],
  ["rate(x[5m)", "] is expected where ) closes a bracket"],
  ['up{job="a}', 'the quote " is never closed'],
])("%s", (query, fault) => expect(unbalanced(query)).toBe(fault));
