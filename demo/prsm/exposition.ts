import { round } from "../random.ts";
import { sessionsAt } from "./database.ts";

const monthMs = 30 * 86_400_000;

/** Which share of the requests is answered within so many seconds, on a good and on a bad moment. */
const answered = [
  { within: "0.1", good: 0.35, bad: 0.2 },
  { within: "0.25", good: 0.7, bad: 0.5 },
  { within: "0.5", good: 0.88, bad: 0.74 },
  { within: "1", good: 0.965, bad: 0.9 },
  { within: "2", good: 0.995, bad: 0.985 },
  { within: "5", good: 0.9999, bad: 0.999 },
  { within: "+Inf", good: 1, bad: 1 },
] as const;
const nodes = ["node-1", "node-2", "node-3"] as const;

/**
 * What PRSM and its nodes expose at a moment. It is worked out from the moment alone, so that the past is known without having
 * lived through it.
 */
export function prsmExposition(at: number): string {
  const ms = at % monthMs;
  const seconds = ms / 1_000;
  const wave = (minutes: number): number => Math.sin((2 * Math.PI * ms) / (minutes * 60_000));
  /** How often it has happened: a pace that rises and falls never falls below none. */
  const counted = (rate: number, minutes: number): number =>
    Math.floor(
      rate *
        (seconds + ((0.4 * minutes * 60) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * seconds) / (minutes * 60)))),
    );
  return `${[...application(counted, wave), ...machines(counted, wave, sessionsAt(at)), ...business(counted, wave)].join("\n")}\n`;
}

type Counted = (rate: number, minutes: number) => number;
type Wave = (minutes: number) => number;

function application(counted: Counted, wave: Wave): string[] {
  const [fine, failed] = [counted(21.9, 70), counted(0.06, 30)];
  return [
    "# TYPE http_requests_total counter",
    `http_requests_total{job_name="prsm-api",status="200"} ${fine}`,
    `http_requests_total{job_name="prsm-api",status="500"} ${failed}`,
    "# TYPE http_request_duration_seconds histogram",
    ...answered.map(
      ({ within, good, bad }) =>
        `http_request_duration_seconds_bucket{job_name="prsm-api",le="${within}"} ${Math.floor(0.9 * fine * good + 0.1 * fine * bad)}`,
    ),
    "# TYPE prsm_active_sessions gauge",
    `prsm_active_sessions ${Math.round(240 + 60 * wave(180))}`,
    "# TYPE prsm_ftns_transactions_total counter",
    `prsm_ftns_transactions_total ${counted(3.2, 50)}`,
    "# TYPE prsm_queue_depth gauge",
    `prsm_queue_depth ${Math.max(0, Math.round(60 + 45 * wave(35)))}`,
  ];
}

function machines(counted: Counted, wave: Wave, connected: number): string[] {
  const gib = 1024 ** 3;
  return nodes.flatMap((node, index) => [
    `node_cpu_seconds_total{node="${node}",mode="idle"} ${counted(4.6 - index * 0.5, 90)}`,
    `node_cpu_seconds_total{node="${node}",mode="user"} ${counted(3.4 + index * 0.5, 90)}`,
    `node_memory_MemTotal_bytes{node="${node}"} ${32 * gib}`,
    `node_memory_MemAvailable_bytes{node="${node}"} ${Math.round((12 - index + wave(120)) * gib)}`,
    `node_filesystem_size_bytes{node="${node}"} ${500 * gib}`,
    `node_filesystem_avail_bytes{node="${node}"} ${Math.round((190 - 30 * index) * gib)}`,
    `prsm_service_latency_seconds{node="${node}"} ${round(0.012 + 0.004 * wave(40 + index), 5)}`,
    ...(index === 0
      ? [`pg_stat_activity_count{datname="prsm_production"} ${connected}`, "pg_settings_max_connections 200"]
      : []),
  ]);
}

function business(counted: Counted, wave: Wave): string[] {
  return [
    "# TYPE prsm_training_jobs_total counter",
    `prsm_training_jobs_total{outcome="succeeded"} ${counted(0.05, 200)}`,
    `prsm_training_jobs_total{outcome="failed"} ${counted(0.0008, 200)}`,
    "# TYPE prsm_marketplace_volume_total counter",
    `prsm_marketplace_volume_total ${counted(14, 240)}`,
    "# TYPE prsm_governance_participation_ratio gauge",
    `prsm_governance_participation_ratio ${round(0.31 + 0.04 * wave(600), 4)}`,
    "# TYPE prsm_security_incidents_open gauge",
    "prsm_security_incidents_open 0",
  ];
}
