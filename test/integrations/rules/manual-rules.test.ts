import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { OwnReadings } from "../../../src/domain/alerts/own-series.ts";
import { RuleFile } from "../../../src/domain/alerts/rule-file.ts";
import { createAlerts } from "../../../src/integrations/alerts.ts";
import { type PrometheusProcess, startPrometheus } from "../../fakes/prometheus-process.ts";
import { openBackends } from "../backend.ts";
import { manualHistory } from "../manual-history.ts";
import { metricsOf, systemWith } from "../systems.ts";

const hour = 3_600_000;
const nothing: OwnReadings = { metrics: [], components: [], facts: [] };
const severities = { critical: "critical", warning: "warning", info: "info" };

let real: PrometheusProcess;
beforeAll(async () => {
  real = await startPrometheus(manualHistory);
});
afterAll(() => real.stop());

/** What of a file fires once its `for` is over, as the real Prometheus answers its expressions. */
async function firing(file: string): Promise<readonly string[]> {
  const read = RuleFile.parse(parse(readFileSync(join(import.meta.dirname, "manuals", file), "utf8")));
  const plain = systemWith({
    backends: { prom: { prometheus: { base: real.url } } },
    alerts: [{ id: "manual", rules: { file } }],
  });
  const spec = z.json().parse({ rules: { file, severities, read: JSON.parse(JSON.stringify(read)) } });
  const system = { ...plain, alerts: plain.alerts.map((entry) => ({ ...entry, source: { ...entry.source, spec } })) };
  const judged = async (now: number, held: Readonly<Record<string, number>>) => {
    const parts = { backends: openBackends(), ...metricsOf({ now: {} }), holds: async () => ({ held, now }) };
    return (await createAlerts(parts).judged(system, nothing)).filter(({ source }) => source.includes("/"));
  };
  const now = Date.now();
  const begun = await judged(now - hour, {});
  expect(begun.map(({ reading }) => reading)).toMatchObject(begun.map(() => ({ ok: true, value: [] })));
  const since = Object.assign({}, ...begun.map(({ held }) => held));
  const later = await judged(now, since);
  return later.flatMap(({ reading }) =>
    reading.ok ? reading.value.map(({ id, severity }) => `${severity} ${id}`) : [],
  );
}

it("LOGOS PXL Core: as its guide has them they cry where all is well and are silent where the target is gone", async () => {
  // One failure in a hundred thousand, one slow path of two, and a container without a limit; no series `up` is there at all.
  expect(await firing("logos.yml")).toEqual([
    'critical HighErrorRate{service="gateway", status="500"}',
    'critical HighLatency{path="/export", service="gateway"}',
    'warning ResourceUsageHigh{name="gateway"}',
  ]);
  expect(await firing("logos-corrected.yml")).toEqual(['critical PXLCoreDown{job="pxl-core"}']);
});

it("PulseGuard: as its manual has it the latency never fires, over its buckets it does (PG3)", async () => {
  expect(await firing("pulseguard.yml")).toEqual([]);
  expect(await firing("pulseguard-corrected.yml")).toEqual(["warning HighLatency"]);
});
