import { round } from "../random.ts";

const dayMs = 86_400_000;

/** How often something happens in a second, on average, and by how much of that it rises and falls in so many minutes. */
interface Pace {
  readonly rate: number;
  readonly swing: number;
  readonly minutes: number;
}

/**
 * How often it has happened in so many ms. It is the integral of the pace, so that every moment of the past is known without
 * living through what was before it.
 */
function counted({ rate, swing, minutes }: Pace, ms: number): number {
  const seconds = ms / 1_000;
  const turn = (2 * Math.PI) / (minutes * 60);
  return rate * (seconds + (swing / turn) * (1 - Math.cos(turn * seconds)));
}

/** The services that answer requests: path, requests a second, and proofs that wait where one container does all of them. */
const served = {
  gateway: { path: "/v1/proofs", rate: 14, waiting: 0 },
  "pxl-core": { path: "/prove", rate: 9, waiting: 4 },
  "overlay-chrono": { path: "/overlay", rate: 5, waiting: 12 },
  "overlay-v4": { path: "/overlay", rate: 4, waiting: 3 },
} as const;
export const servedNames = ["gateway", "pxl-core", "overlay-chrono", "overlay-v4"] as const;
type ServedName = (typeof servedNames)[number];

/** Which share of the fast and of the slow requests is answered within so many seconds. */
const answered = [
  { within: "0.025", fast: 0.3, slow: 0 },
  { within: "0.05", fast: 0.55, slow: 0.05 },
  { within: "0.1", fast: 0.8, slow: 0.2 },
  { within: "0.25", fast: 0.97, slow: 0.5 },
  { within: "0.5", fast: 0.995, slow: 0.8 },
  { within: "1", fast: 0.9995, slow: 0.97 },
  { within: "+Inf", fast: 1, slow: 1 },
] as const;

/** What a service exposes, where so many containers of it run. */
export function serviceExposition(name: ServedName, containers: number, at: number): string {
  const { path, rate, waiting } = served[name];
  const ms = at % (30 * dayMs);
  const count = (share: number, minutes: number, swing: number): number =>
    counted({ rate: rate * share, swing, minutes }, ms);
  // At every time of the day 95 % are answered well within the limit of 300 ms: nothing of it fires by itself.
  const slow = count(0.035, 45, 0.15);
  const failed = count(0.003, 25, 0.8);
  const [fine, astray] = [count(0.952, 90, 0.2), count(0.01, 60, 0.5)];
  const fast = fine + astray + failed;
  const [labels, wave] = [`service="${name}",path="${path}"`, Math.sin((2 * Math.PI * ms) / (35 * 60_000))];
  const statuses = [["200", fine + slow] as const, ["404", astray] as const, ["500", failed] as const];
  return text([
    "# TYPE http_requests_total counter",
    ...statuses.map(([status, n]) => `http_requests_total{${labels},status="${status}"} ${Math.floor(n)}`),
    "# TYPE http_request_duration_seconds histogram",
    ...answered.map(
      (share) =>
        `http_request_duration_seconds_bucket{${labels},le="${share.within}"} ${Math.floor(fast * share.fast + slow * share.slow)}`,
    ),
    `http_request_duration_seconds_sum{${labels}} ${round(fast * 0.07 + slow * 0.35, 3)}`,
    `http_request_duration_seconds_count{${labels}} ${Math.floor(fast + slow)}`,
    ...(waiting === 0
      ? []
      : [
          "# TYPE proof_queue_length gauge",
          `proof_queue_length{service="${name}"} ${Math.round((waiting * (1 + 0.4 * wave)) / containers)}`,
        ]),
  ]);
}

const gib = 1_024 ** 3;
/** Of one container: cores in use, memory in use and its limit (0: none), bytes a second received and read. */
const used = {
  gateway: { cores: 0.22, memory: 0.35 * gib, limit: gib, received: 90_000, read: 400 },
  "pxl-core": { cores: 0.48, memory: 4.6 * gib, limit: 8 * gib, received: 60_000, read: 52_000 },
  "overlay-chrono": { cores: 0.31, memory: 0.55 * gib, limit: gib, received: 25_000, read: 900 },
  "overlay-v4": { cores: 0.18, memory: 0.42 * gib, limit: gib, received: 21_000, read: 700 },
  gui: { cores: 0.02, memory: 0.08 * gib, limit: 0, received: 3_000, read: 100 },
} as const;

/** What cAdvisor exposes of the containers that run, and of the group that holds them, which has no name. */
export function containerExposition(running: ReadonlyMap<string, number>, at: number): string {
  const ms = at % (30 * dayMs);
  const lines: string[] = [];
  let cores = 0;
  for (const [service, use] of Object.entries(used)) {
    for (let number = 1; number <= (running.get(service) ?? 0); number += 1) {
      const labels = `id="/docker/${service}-${number}",name="logos-${service}-${number}"`;
      const total = (rate: number): number => counted({ rate, swing: 0.25, minutes: 50 + 7 * number }, ms);
      const cache = 0.3 * use.memory;
      cores += total(use.cores);
      lines.push(
        `container_cpu_usage_seconds_total{${labels},cpu="total"} ${round(total(use.cores), 3)}`,
        `container_memory_working_set_bytes{${labels}} ${Math.round(use.memory * (1 + 0.05 * Math.sin(ms / 2_000_000)))}`,
        `container_memory_usage_bytes{${labels}} ${Math.round(use.memory + cache)}`,
        `container_spec_memory_limit_bytes{${labels}} ${use.limit}`,
        `container_network_receive_bytes_total{${labels},interface="eth0"} ${Math.floor(total(use.received))}`,
        `container_fs_reads_bytes_total{${labels},device="/dev/sda"} ${Math.floor(total(use.read))}`,
      );
    }
  }
  return text([...lines, `container_cpu_usage_seconds_total{id="/docker",cpu="total"} ${round(cores, 3)}`]);
}

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
