import { describe, expect, it } from "vitest";
import type { ComponentHealth } from "../../../src/domain/systems/health.ts";
import type { FailedReading } from "../../../src/domain/systems/reading.ts";
import { withoutStopped } from "../../../src/domain/systems/stopped-parts.ts";
import type { Emptied, SystemState } from "../../../src/domain/systems/system-state.ts";
import { unreadOf } from "../../../src/domain/systems/unread.ts";
import { systemWith } from "../../integrations/systems.ts";

function gone(origin: string): FailedReading {
  const cause = { origin, reason: "could not connect" };
  return { ok: false, fault: "unreachable", detail: `${origin} could not connect`, cause, at: 1, latencyMs: 1 };
}

const ok = <Value>(value: Value) => ({ ok: true as const, value, at: 1, latencyMs: 1 });
const missing = (...origins: string[]) => ({ missing: { failures: origins.map(gone), of: 3 } });
const part = (origin: string, weight: ComponentHealth["weight"]): ComponentHealth => ({
  id: origin,
  title: origin,
  weight,
  reading: gone(origin),
});
const by = { code: "ABC123", operation: "scale", name: "Ana", at: 1, reason: "a quiet night" };

function stateOf({ weight = "important", emptied }: { weight?: ComponentHealth["weight"]; emptied?: Emptied }) {
  const state: SystemState = {
    system: systemWith({}),
    components: [part("three", weight), part("two", "important")],
    facts: [
      { id: "mode-3", title: "Mode 3", reading: gone("three") },
      { id: "mode-2", title: "Mode 2", reading: gone("two") },
    ],
    metrics: [
      { id: "lag", reading: ok(7), ...missing("three") },
      { id: "gap", reading: ok(7), ...missing("three", "two") },
      { id: "age", reading: gone("three") },
    ],
    alerts: [
      { source: "rule lag", reading: ok([]), rests: true, ...missing("three") },
      { source: "rule gap", reading: ok([]), rests: true, ...missing("three", "two") },
      { source: "rule age", reading: gone("three"), rests: true },
      { source: "fact mode-3", reading: gone("three"), rests: true },
      { source: "fact mode-2", reading: gone("two"), rests: true },
    ],
    ...(emptied && { emptied: [emptied] }),
  };
  return { state, shown: withoutStopped(state) };
}

describe("what hangs on a part that is down", () => {
  it("is not missed where a request stopped it: values are of those that run, and it has no facts", () => {
    const { shown } = stateOf({ emptied: { titles: ["three"], how: "stopped", by } });
    expect(shown.facts.map(({ id }) => id)).toEqual(["mode-2"]);
    expect(shown.metrics).toEqual([
      { id: "lag", reading: ok(7) },
      { id: "gap", reading: ok(7), missing: { failures: [gone("two")], of: 2 } },
      { id: "age", reading: gone("three"), stopped: true },
    ]);
    expect(unreadOf(shown).map(({ what }) => what)).toEqual(["Mode 2", "gap (1 of 2 instances)"]);
    expect(shown.alerts).toEqual([
      { source: "rule lag", reading: ok([]), rests: true },
      { source: "rule gap", reading: ok([]), rests: true, missing: { failures: [gone("two")], of: 2 } },
      { source: "rule age", reading: gone("three"), rests: true, stopped: true },
      { source: "fact mode-2", reading: gone("two"), rests: true },
    ]);
  });

  it.each([
    ["nobody that is known of stopped it", { emptied: { titles: ["three"], how: "scaled to 0" } }],
    ["another was stopped", { emptied: { titles: ["four"], how: "stopped", by } }],
    [
      "its system does not go on without it",
      { weight: "critical", emptied: { titles: ["three"], how: "stopped", by } },
    ],
    ["it fell over by itself", {}],
  ] as const)("stays unknown where %s", (_where, how) => {
    const { state, shown } = stateOf(how);
    expect(shown).toEqual(state);
  });
});
