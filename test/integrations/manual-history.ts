/** When the history is asked, seconds since 1970; it goes on for an hour after that, as files that use it may run long after one another. */
export const manualNow = Math.floor(Date.now() / 1_000);

/** A family with half an hour of samples and an hour more, 15 s apart; each series is what it is so many seconds after the beginning. */
function family(
  name: string,
  type: "gauge" | "counter",
  series: Readonly<Record<string, (seconds: number) => number>>,
): string {
  const times = Array.from({ length: 360 }, (_, at) => at * 15);
  const lines = Object.entries(series).flatMap(([labels, value]) =>
    times.map((at) => `${name}${labels} ${value(at)} ${manualNow - 1_800 + at}`),
  );
  return [`# TYPE ${name.replace(/_total$/, "")} ${type}`, ...lines, ""].join("\n");
}

const bounds = [0.05, 0.1, 0.5, 1, 2.5, Number.POSITIVE_INFINITY] as const;

/** Cumulative buckets: `share` of the observations are at most the bound. */
function buckets(
  labels: string,
  count: (seconds: number, bound: number) => number,
): Record<string, (seconds: number) => number> {
  return Object.fromEntries(
    bounds.map((bound) => [
      `{${labels}le="${bound === Number.POSITIVE_INFINITY ? "+Inf" : bound}"}`,
      (seconds: number) => count(seconds, bound),
    ]),
  );
}

/** Half an hour ago every answer began to take a second, after a long time of fast ones. */
const sinceSlow = (seconds: number, bound: number): number => 1_000_000 + (bound >= 1 ? seconds * 10 : 0);

/** What the manuals' queries ask of, as OpenMetrics text: half an hour in which each of them that is wrong gives something wrong. */
export const manualHistory = [
  // 100 answers a second, of which one in a hundred thousand fails; its label differs from that of the good ones.
  family("http_requests_total", "counter", {
    '{service="gateway",status="200"}': (seconds) => seconds * 100,
    '{service="gateway",status="500"}': (seconds) => seconds * 0.001,
  }),
  // 990 of 1,000 are fast, at the gateway; the ten slow ones are all on one path.
  family("http_request_duration_seconds_bucket", "counter", {
    ...buckets('service="gateway",path="/prove",', (seconds, bound) => (bound >= 0.05 ? seconds * 99 : 0)),
    ...buckets('service="gateway",path="/export",', (seconds, bound) => (bound >= 2.5 ? seconds : 0)),
  }),
  family("container_memory_usage_bytes", "gauge", {
    '{name="pxl-core"}': () => 6e9,
    '{name="gateway"}': () => 1e9,
  }),
  family("container_memory_working_set_bytes", "gauge", {
    '{name="pxl-core"}': () => 4e9,
    '{name="gateway"}': () => 0.9e9,
  }),
  family("container_spec_memory_limit_bytes", "gauge", {
    '{name="pxl-core"}': () => 8e9,
    // It has no limit.
    '{name="gateway"}': () => 0,
  }),
  family("proof_queue_length", "gauge", { '{service="pxl-core"}': () => 4, '{service="overlay-chrono"}': () => 9 }),
  // The second is the group that holds the containers.
  ...[
    "container_cpu_usage_seconds_total",
    "container_network_receive_bytes_total",
    "container_fs_reads_bytes_total",
  ].map((name) =>
    family(name, "counter", {
      '{name="pxl-core",id="/docker/1"}': (seconds) => seconds / 2,
      '{name="gateway",id="/docker/2"}': (seconds) => seconds / 4,
      '{id="/docker"}': (seconds) => (seconds * 3) / 4,
    }),
  ),
  family("pg_api_latency_seconds_bucket", "counter", buckets("", sinceSlow)),
  "# EOF\n",
].join("");
