/** What a chart in PromQL takes, from the question to the picture: a real Prometheus, six hours, 20 lines of 400 points. */
import { createCharts } from "../src/charts/charts.ts";
import { createBackends } from "../src/compose/world.ts";
import { systemSchema } from "../src/domain/systems/system-file.ts";
import { createMetrics } from "../src/integrations/metrics.ts";
import { createHttp } from "../src/integrations/wire/http.ts";
import { startPrometheus } from "../test/fakes/prometheus-process.ts";
import { percentile } from "./measure.ts";

const rounds = 40;
const hourMs = 3_600_000;

async function benchChart(): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  const prometheus = await startPrometheus(history(now));
  const http = createHttp();
  const backends = createBackends({ http });
  const charts = createCharts();
  try {
    const system = systemSchema(backends).parse({
      id: "radar",
      title: "Radar",
      backends: { prom: { prometheus: { base: prometheus.url } } },
      health: [{ id: "api", http: prometheus.url }],
    });
    const metrics = createMetrics({ backends });
    console.log("\nA chart in PromQL, from the query to the PNG, of a real Prometheus over 6 h");
    for (const query of ["sum(load)", "sum by (service) (load)"]) {
      const times: Record<"read" | "whole", number[]> = { read: [], whole: [] };
      for (let round = -3; round < rounds; round += 1) {
        const began = performance.now();
        const read = await metrics.ask(system, "prom", { text: query, from: now * 1_000 - 6 * hourMs });
        if (!read.ok) throw new Error(read.detail);
        const readAt = performance.now();
        const { series } = read.value;
        const picture = {
          title: query,
          unit: "",
          series,
          from: now * 1_000 - 6 * hourMs,
          to: now * 1_000,
          thresholds: [],
        };
        const png = await charts.draw(picture);
        if (png.length < 1_000) throw new Error("there was no picture");
        if (round < 0) continue;
        times.read.push(readAt - began);
        times.whole.push(performance.now() - began);
      }
      const shown = [0.5, 0.99].map((share) => `p${share * 100} ${percentile(times.whole, share).toFixed(1)} ms`);
      const asked = `of which Prometheus p50 ${percentile(times.read, 0.5).toFixed(1)} ms`;
      console.log(`${query.padEnd(40)}${shown.join("  ")}  ${asked}`);
    }
  } finally {
    charts.close();
    http.close();
    await prometheus.stop();
  }
}

/** Twenty services, a sample every minute. */
function history(now: number): string {
  const lines = Array.from({ length: 20 }, (_, service) =>
    Array.from({ length: 365 }, (__, minute) => {
      const at = now - (360 - minute) * 60;
      return `load{service="s${service}"} ${service + Math.sin(minute / 20 + service)} ${at}`;
    }),
  );
  return ["# TYPE load gauge", ...lines.flat(), "# EOF", ""].join("\n");
}

await benchChart();
