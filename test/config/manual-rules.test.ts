import { expect, it, test } from "vitest";
import { demoVariables } from "../../demo/variables.ts";
import { unmetBy } from "../../src/domain/alerts/matcher.ts";
import { ownInhibitions } from "../../src/domain/alerts/own-inhibitions.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { createAlerts } from "../../src/integrations/alerts.ts";
import { course, minute, now } from "../domain/alerts/course.ts";
import { openBackends } from "../integrations/backend.ts";
import { metricsOf } from "../integrations/systems.ts";
import { demoFiles } from "../stories/demo-files.ts";

const hour = 60 * minute;

/** What a manual says of a figure: past which limit, for how long, it is what, and what that is called here. */
type Line = readonly [rule: string, metric: string, limit: number, past: number, lastsMs: number, severity: string];

const manuals: Readonly<Record<string, readonly Line[]>> = {
  // "Approaching 3 %" and "approaching 12 %" are at 80 % of the limit.
  alphapulse: [
    ["daily-loss-near", "daily_pnl", -2.4, -2.41, 0, "critical"],
    ["daily-loss-limit", "daily_pnl", -3, -3.01, 0, "critical"],
    ["drawdown-near", "drawdown", 9.6, 9.61, 0, "critical"],
    ["drawdown-limit", "drawdown", 12, 12.01, 0, "critical"],
    ["cpu-high", "cpu", 80, 80.1, 2 * minute, "warning"],
    ["cpu-critical", "cpu", 90, 90.1, minute, "critical"],
    ["memory-high", "memory", 80, 80.1, 2 * minute, "warning"],
    ["memory-critical", "memory", 90, 90.1, minute, "critical"],
    ["disk-high", "disk", 80, 80.1, 0, "warning"],
    ["disk-critical", "disk", 90, 90.1, 0, "critical"],
    ["api-slow", "api_response", 1_000, 1_001, minute, "warning"],
    ["api-very-slow", "api_response", 5_000, 5_001, minute, "critical"],
    ["api-failing", "api_errors", 10, 10.1, minute, "warning"],
    ["api-down", "api_errors", 50, 50.1, minute, "critical"],
    ["inference-slow", "inference", 500, 501, minute, "warning"],
    ["inference-critical", "inference", 1_000, 1_001, minute, "critical"],
    ["confidence-low", "confidence", 60, 59.9, minute, "warning"],
  ],
  logos: [
    ["pxl-core-down", "pxl_core_up", 1, 0, 2 * minute, "critical"],
    ["high-error-rate", "error_rate", 5, 5.1, 5 * minute, "critical"],
    ["high-latency", "latency_p95", 0.5, 0.51, 5 * minute, "critical"],
    ["queue-depth-high", "queue_depth", 20, 21, 2 * minute, "warning"],
    ["resource-usage-high", "memory", 80, 80.1, 5 * minute, "warning"],
    ["cpu-high", "cpu", 70, 70.1, 15 * minute, "warning"],
    ["memory-high", "memory", 80, 80.1, 10 * minute, "warning"],
    ["queue-long", "queue_depth", 50, 51, 5 * minute, "warning"],
    ["latency-high", "latency_p95", 0.4, 0.41, 10 * minute, "warning"],
  ],
  prsm: [
    ["high-error-rate", "error_rate", 5, 5.1, 0, "warning"],
    ["scale-up-cpu", "node_cpu", 80, 80.1, 4 * hour, "info"],
    ["scale-up-memory", "node_memory", 85, 85.1, 2 * hour, "info"],
    ["scale-up-response-time", "api_p95", 3, 3.1, 0, "info"],
    ["scale-up-errors", "error_rate", 2, 2.1, 30 * minute, "info"],
    ["scale-up-queue", "queue_depth", 1_000, 1_001, 0, "warning"],
  ],
  pulseguard: [
    ["high-latency", "latency_p95", 0.1, 0.11, 2 * minute, "warning"],
    ["high-queue-lag", "queue_lag", 1_000, 1_001, minute, "warning"],
    ["high-block-gap", "block_gap", 50, 51, minute, "warning"],
    ["high-error-rate", "error_rate", 0.05, 0.051, 2 * minute, "critical"],
  ],
};

async function shipped(id: string): Promise<System> {
  const found = (await demoFiles(demoVariables)).systems.find((system) => system.id === id);
  if (!found) throw new Error(`there is no system ${id}`);
  return found;
}

interface Course {
  readonly value: number;
  readonly lastedMs: number;
  /** What it is now, where it is over. */
  readonly isNow?: number;
}

/** What fires by the rules and limits of a system where one figure had a value for so long, and not a moment longer. */
async function firing(system: System, metric: string, { value, lastedMs, isNow = value }: Course) {
  const well = system.metrics.find(({ id }) => id === metric)?.bad === "below" ? 1_000_000 : -1;
  const past = [
    ...course(well, { fromMs: lastedMs + 2 * minute, toMs: lastedMs }),
    ...course(value, { fromMs: lastedMs }),
  ];
  const measured = metricsOf({ now: { [metric]: { at: now, value: isNow } }, past: { [metric]: past } });
  const readings = { metrics: await measured.metrics.read(system), components: [], facts: [] };
  const judged = await createAlerts({ backends: openBackends(), ...measured }).judged(system, readings);
  return judged.flatMap(({ reading }) => (reading.ok ? reading.value : []));
}

it.each(
  Object.entries(manuals).flatMap(([system, lines]) =>
    lines.map((line) => [`${system} ${line[0]}`, system, line] as const),
  ),
)("%s fires past its limit once that has lasted, says what to do, and is over with it", async (_, id, line) => {
  const [rule, metric, limit, past, lastsMs, severity] = line;
  const system = await shipped(id);
  const names = async (at: Course) => (await firing(system, metric, at)).map((alert) => alert.id);
  const fires = await firing(system, metric, { value: past, lastedMs: lastsMs });
  const alert = fires.find((each) => each.id === rule);
  expect(alert).toMatchObject({ severity, since: now - lastsMs, hint: expect.stringMatching(/\w/) });
  expect(await names({ value: limit, lastedMs: lastsMs })).not.toContain(rule);
  // What has to last fires no sooner; what has not fires with the first look.
  const sooner = await names({ value: past, lastedMs: Math.max(0, lastsMs - 15_000) });
  expect(sooner.includes(rule)).toBe(lastsMs === 0);
  expect(await names({ value: past, lastedMs: lastsMs, isNow: limit })).not.toContain(rule);
});

it("no rule is shipped that is in no line of a manual", async () => {
  for (const [id, lines] of Object.entries(manuals))
    expect((await shipped(id)).rules.map((rule) => rule.id).toSorted()).toEqual(lines.map(([rule]) => rule).toSorted());
});

/** What people are told where a figure has had a value for hours: what another rule of it tells as well is hidden. */
async function told(id: string, metric: string, value: number, inFile: readonly string[] = []): Promise<string[]> {
  const system = await shipped(id);
  const fires = await firing(system, metric, { value, lastedMs: 5 * hour });
  const labels = [...fires.map((alert) => alert.id), ...inFile].map((alertname) => ({ system: id, alertname }));
  const hiding = ownInhibitions([system]).filter(({ source }) =>
    labels.some((each) => unmetBy(each, source) === undefined),
  );
  return labels
    .filter((each) => !hiding.some(({ target }) => unmetBy(each, target) === undefined))
    .map(({ alertname }) => alertname);
}

test("daily loss, drawdown, resources and the exchange's API are critical, and warnings at 80, 60 and 10 % (AP7)", async () => {
  expect(await told("alphapulse", "daily_pnl", -2.5)).toEqual(["daily-loss-near"]);
  expect(await told("alphapulse", "daily_pnl", -3.1, ["daily-loss"])).toEqual(["daily-loss-limit"]);
  expect(await told("alphapulse", "drawdown", 12.5, ["drawdown"])).toEqual(["drawdown-limit"]);
  expect(await told("alphapulse", "cpu", 85)).toEqual(["cpu-high"]);
  expect(await told("alphapulse", "cpu", 95)).toEqual(["cpu-critical"]);
  expect(await told("alphapulse", "confidence", 55)).toEqual(["confidence-low"]);
  expect(await told("alphapulse", "api_errors", 82, ["api-errors"])).toEqual(["api-down"]);
});

test("the guide's five alerts are told once each, also where a Prometheus of LOGOS has them by its names (LG4)", async () => {
  expect(await told("logos", "pxl_core_up", 0, ["PXLCoreDown"])).toEqual(["pxl-core-down"]);
  expect(await told("logos", "error_rate", 6, ["HighErrorRate"])).toEqual(["high-error-rate"]);
  expect(await told("logos", "latency_p95", 0.6, ["HighLatency"])).toEqual(["high-latency"]);
  expect(await told("logos", "queue_depth", 30, ["QueueDepthHigh"])).toEqual(["queue-depth-high"]);
  expect(await told("logos", "queue_depth", 60, ["QueueDepthHigh"])).toEqual(["queue-long"]);
  // What has lasted long enough to scale says more than that the limit is passed.
  expect(await told("logos", "memory", 90)).toEqual(["memory-high"]);
});

test("a trigger to scale PRSM up is to be known of, beside the warning that a limit is passed, and the worse error rate hides the milder (PR3, PR14)", async () => {
  expect(await told("prsm", "node_cpu", 85)).toEqual(["scale-up-cpu", "node_cpu-warning"]);
  expect(await told("prsm", "node_memory", 88)).toEqual(["scale-up-memory", "node_memory-warning"]);
  expect(await told("prsm", "api_p95", 3.5)).toEqual(["scale-up-response-time", "api_p95-warning"]);
  expect(await told("prsm", "error_rate", 6)).toEqual(["high-error-rate", "scale-up-errors"]);
  expect(await told("prsm", "queue_depth", 1_500)).toEqual(["scale-up-queue"]);
});
