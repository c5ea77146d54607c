import { round } from "../random.ts";
import { type Instance, latencyBounds } from "./instance.ts";
import { reasonCodes } from "./reason-codes.ts";

/** The media type of the Prometheus text format. */
export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/** What `/metrics` answers: the Prometheus text format. */
export function exposition(instance: Instance, now: number): string {
  const { counters, weather } = instance;
  const lines = [
    ...family("pg_build_info", "gauge", "Version and mode of the process."),
    `pg_build_info{model_version="${instance.modelVersion}",mode="${instance.mode}"} 1`,
    ...family("pg_api_latency_seconds", "histogram", "Time to answer an API call."),
    ...histogram(instance),
    ...family("pg_api_requests_total", "counter", "API calls answered, by class of status."),
    ...(["2xx", "4xx", "5xx"] as const).map(
      (status) => `pg_api_requests_total{endpoint="/score",status="${status}"} ${counters.requests[status]}`,
    ),
    ...family("pg_detector_hits_total", "counter", "Transactions flagged, by reason code."),
    ...reasonCodes.map((code) => `pg_detector_hits_total{reason_code="${code}"} ${counters.hits[code]}`),
    ...family("pg_queue_lag", "gauge", "Transactions waiting to be scored."),
    `pg_queue_lag ${weather.queueLag}`,
    ...family("pg_block_gap", "gauge", "Blocks behind the head of the chain."),
    `pg_block_gap ${weather.blockGap}`,
    ...family("pg_model_drift", "gauge", "Population stability index of the model's inputs."),
    `pg_model_drift{model="ensemble_v1"} ${round(weather.drift, 4)}`,
    ...family("process_start_time_seconds", "gauge", "Start of the process, seconds since 1970."),
    `process_start_time_seconds ${round(instance.startedAt / 1_000, 3)}`,
    ...family("process_uptime_seconds", "gauge", "Age of the process."),
    `process_uptime_seconds ${Math.round((now - instance.startedAt) / 1_000)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function histogram({ counters }: Instance): string[] {
  const lines: string[] = [];
  let total = 0;
  counters.latencyBuckets.forEach((count, index) => {
    total += count;
    lines.push(`pg_api_latency_seconds_bucket{endpoint="/score",le="${latencyBounds[index] ?? "+Inf"}"} ${total}`);
  });
  lines.push(`pg_api_latency_seconds_sum{endpoint="/score"} ${round(counters.latencySum, 6)}`);
  lines.push(`pg_api_latency_seconds_count{endpoint="/score"} ${total}`);
  return lines;
}

function family(name: string, type: "counter" | "gauge" | "histogram", help: string): [string, string] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}
