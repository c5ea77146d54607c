import { expect, test } from "vitest";
import { createMeasurements, labelValuesMax } from "../../src/ops/metrics.ts";

test("what was measured is on the page", async () => {
  const measurements = createMeasurements();
  measurements.meter.count("wardroom_commands_total", { command: "status", outcome: "answered" });
  measurements.meter.count("wardroom_commands_total", { command: "status", outcome: "answered" }, 2);
  measurements.meter.observe("wardroom_command_seconds", 0.2, { command: "status" });
  measurements.meter.gauge("wardroom_notices_owed", 4, { surface: "console" });
  measurements.meter.count("wardroom_conflicts_total");
  const page = await measurements.text();
  expect(page).toContain('wardroom_commands_total{command="status",outcome="answered"} 3');
  expect(page).toContain('wardroom_command_seconds_bucket{le="0.25",command="status"} 1');
  expect(page).toContain('wardroom_command_seconds_bucket{le="0.1",command="status"} 0');
  expect(page).toContain('wardroom_notices_owed{surface="console"} 4');
  expect(page).toContain("wardroom_conflicts_total 1");
});

test("the page describes the process, scrape after scrape", async () => {
  const measurements = createMeasurements();
  expect(await measurements.text()).toContain("process_resident_memory_bytes");
  expect(await measurements.text()).toContain("nodejs_eventloop_lag_seconds");
});

test("two sets of metrics live in one process without knowing each other", async () => {
  const first = createMeasurements();
  const second = createMeasurements();
  first.meter.count("wardroom_conflicts_total", {}, 5);
  expect(await second.text()).toContain("wardroom_conflicts_total 0");
});

test.each([
  { what: "a misspelt name", name: "wardroom_comands_total", labels: {}, problem: "no counter is called" },
  { what: "a name every object has", name: "constructor", labels: {}, problem: "no counter is called" },
  { what: "the wrong kind", name: "wardroom_requests", labels: { state: "failed" }, problem: "no counter is called" },
  { what: "a missing label", name: "wardroom_runs_total", labels: {}, problem: "takes the labels outcome, not none" },
  { what: "an unknown label", name: "wardroom_conflicts_total", labels: { who: "ana" }, problem: "none, not who" },
])("$what is an error", ({ name, labels, problem }) => {
  const { meter } = createMeasurements();
  expect(() => meter.count(name, labels)).toThrow(problem);
});

test("values that are none are errors", () => {
  const { meter } = createMeasurements();
  expect(() => meter.gauge("wardroom_requests", Number.NaN, { state: "pending" })).toThrow("no measurement");
  expect(() => meter.observe("wardroom_commit_group_size", Number.POSITIVE_INFINITY)).toThrow("no measurement");
  expect(() => meter.count("wardroom_conflicts_total", {}, -1)).toThrow("cannot grow");
});

test("in production misuse is told and measuring goes on", async () => {
  const problems: string[] = [];
  const measurements = createMeasurements({ onMisuse: (problem) => problems.push(problem) });
  measurements.meter.count("wardroom_nothing");
  measurements.meter.observe("wardroom_commands_total", 1);
  measurements.meter.gauge("wardroom_requests", 1);
  measurements.meter.count("wardroom_conflicts_total");
  expect(problems).toHaveLength(3);
  expect(await measurements.text()).toContain("wardroom_conflicts_total 1");
});

test("label values are bounded, however many people make up", async () => {
  const measurements = createMeasurements();
  for (let index = 0; index < labelValuesMax + 300; index += 1) {
    measurements.meter.count("wardroom_commands_total", { command: `made-up-${index}`, outcome: "unknown" });
  }
  measurements.meter.count("wardroom_commands_total", { command: "x".repeat(5_000), outcome: "unknown" });
  const series = (await measurements.text()).split("\n").filter((line) => line.startsWith("wardroom_commands_total{"));
  expect(series).toHaveLength(labelValuesMax + 1);
  expect(series).toContain('wardroom_commands_total{command="other",outcome="unknown"} 301');
});

test("a label's value cannot break out of its line", async () => {
  const measurements = createMeasurements();
  measurements.meter.count("wardroom_commands_total", { command: 'a"} 1\nforged_total 7\n#', outcome: "unknown" });
  expect((await measurements.text()).split("\n").filter((line) => line.startsWith("forged_total"))).toEqual([]);
});
