import { describe, expect, it } from "vitest";
import type { Watched } from "../../../src/domain/alerts/alert.ts";
import type { FactReading } from "../../../src/domain/systems/health.ts";
import type { FailedReading, Reading } from "../../../src/domain/systems/reading.ts";
import { type SystemState, standingOf, watchedFacts } from "../../../src/domain/systems/system-state.ts";
import { unreadCauses, unreadOf } from "../../../src/domain/systems/unread.ts";
import { SystemFile } from "../../fakes/backends.ts";

const url = "http://127.0.0.1:9/";
const json = (path: string) => ({ url, path });
const system = SystemFile.parse({
  id: "radar",
  title: "Radar",
  health: [{ id: "api", http: url }],
  facts: [
    { id: "mode", title: "Mode", json: json("/mode"), expect: "live", severity: "critical" },
    { id: "version", title: "Version", json: json("/version") },
  ],
  metrics: [
    { id: "lag", title: "Lag", source: { json: json("/lag") }, warn: 10, critical: 20 },
    { id: "calls", title: "Calls", source: { json: json("/calls") } },
    { id: "errors", title: "Errors", source: { json: json("/errors") } },
  ],
  rules: [
    { id: "failing", metric: "errors", above: 5, severity: "critical", summary: "It fails" },
    { id: "silent", metric: "errors", below: 0.5, severity: "critical", summary: "It counts nothing" },
  ],
});

function ok<Value>(value: Value): Reading<Value> {
  return { ok: true, value, at: 1, latencyMs: 1 };
}

function failed(origin: string, fault: FailedReading["fault"], asked: string): FailedReading {
  const reason = fault === "timeout" ? "gave no answer" : fault;
  return {
    ok: false,
    fault,
    detail: `${origin}: GET ${asked} ${reason}`,
    cause: { origin, reason },
    at: 1,
    latencyMs: 1,
  };
}

const gone = (asked: string): FailedReading => failed("127.0.0.1:9", "unreachable", asked);
const modeIs = (value: string): FactReading => ({
  id: "mode",
  title: "Mode",
  reading: ok(value),
  ...(value !== "live" && { severity: "critical" as const, expected: "live" }),
});
const quiet: Watched = { source: "rule failing", reading: ok([]) };

function state(changes: Partial<SystemState> = {}): SystemState {
  return {
    system,
    components: [{ id: "api", title: "API", weight: "critical", reading: ok({ detail: "answered 200" }) }],
    facts: [modeIs("live"), { id: "version", title: "Version", reading: ok("1") }],
    metrics: ["lag", "calls", "errors"].map((id) => ({ id, reading: ok(1) })),
    alerts: [quiet],
    ...changes,
  };
}

const metrics = (lag: Reading<number>) => [{ id: "lag", reading: lag }, ...state().metrics.slice(1)];
const firing = (severity: "critical" | "warning" | "info"): Watched => ({
  source: "monitor",
  reading: ok([{ system: "radar", source: "monitor", id: "a", severity, ownSeverity: severity, summary: "a" }]),
});

describe("how a system stands", () => {
  it.each([
    ["all read and well", {}, "good", true],
    ["an alert that is only told", { alerts: [quiet, firing("info")] }, "good", true],
    ["a warning that fires", { alerts: [quiet, firing("warning")] }, "warning", false],
    ["something critical that fires", { alerts: [quiet, firing("critical")] }, "bad", false],
    ["a metric past its warning without a rule", { metrics: metrics(ok(15)) }, "warning", false],
    ["a metric past its critical limit without a rule", { metrics: metrics(ok(50)) }, "bad", false],
    ["a metric past the limit that only a rule sets", { metrics: [{ id: "errors", reading: ok(6) }] }, "bad", false],
    ["a metric past what a rule sets on the other side", { metrics: [{ id: "errors", reading: ok(0) }] }, "bad", false],
    ["a metric that is unread", { metrics: metrics(gone("/lag")) }, "unknown", false],
    [
      "a fact that is unread",
      { facts: [{ id: "version", title: "Version", reading: gone("/version") }] },
      "unknown",
      false,
    ],
    ["a fact that is wrong", { facts: [modeIs("synthetic")] }, "bad", false],
    ["a source that is unread", { alerts: [quiet, { source: "monitor", reading: gone("/alerts") }] }, "unknown", false],
    [
      "a source that some instances are missing of",
      { alerts: [{ ...quiet, missing: { of: 3, failures: [gone("/metrics")] } }] },
      "unknown",
      false,
    ],
    ["nothing that is watched", { alerts: [] }, "good", true],
  ] as const)("with %s", (_what, changes, tone, isClear) => {
    expect(standingOf(state(changes))).toMatchObject({ tone, isClear });
  });
});

describe("facts", () => {
  it("of critical severity that are wrong are alerts, and unread ones are unread", () => {
    expect(watchedFacts(system, [modeIs("live")])).toMatchObject([{ source: "fact mode", reading: { value: [] } }]);
    expect(watchedFacts(system, [modeIs("synthetic")])).toMatchObject([
      { reading: { value: [{ id: "mode", severity: "critical", summary: "Mode is synthetic, not live" }] } },
    ]);
    const unread = watchedFacts(system, [{ id: "mode", title: "Mode", reading: gone("/mode") }]);
    expect(unread).toMatchObject([{ source: "fact mode", reading: { ok: false } }]);
  });
});

describe("what could not be read", () => {
  it("is told once a cause, whatever hangs on it", () => {
    const dead = state({
      components: [
        { id: "api", title: "API", weight: "critical", reading: gone("/health") },
        { id: "db", title: "Database", weight: "important", through: "API", reading: gone("/health") },
      ],
      facts: [{ id: "mode", title: "Mode", reading: gone("/mode") }],
      metrics: [
        { id: "lag", reading: gone("/lag") },
        { id: "calls", reading: failed("127.0.0.1:8", "timeout", "/calls") },
        { id: "errors", reading: ok(1), missing: { of: 3, failures: [gone("/metrics")] } },
      ],
      alerts: [
        { source: "rule failing", reading: gone("/lag"), rests: true },
        { source: "monitor", reading: failed("127.0.0.1:7", "nonsense", "/alerts") },
      ],
    });
    expect(unreadCauses(unreadOf(dead))).toEqual([
      {
        system: "radar",
        names: ["Database", "Mode", "Lag", "Errors (2 of 3 instances)"],
        fault: "unreachable",
        said: "127.0.0.1:9 unreachable",
      },
      { system: "radar", names: ["Calls"], fault: "timeout", said: "127.0.0.1:8: GET /calls gave no answer" },
      { system: "radar", names: ["monitor"], fault: "nonsense", said: "127.0.0.1:7: GET /alerts nonsense" },
    ]);
  });
});
