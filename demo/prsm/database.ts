import type { Database } from "../postgres/session.ts";
import { type Table, types } from "../postgres/wire.ts";

const day = 86_400_000;
/** How much of a statement a card has room for. */
const longestStatement = 300;

/** A statement that PRSM runs: how often a minute, how long it takes each time in ms, and how many rows it gives. */
interface Statement {
  readonly text: string;
  readonly perMinute: number;
  readonly ms: number;
  readonly rows: number;
}

/** One lacks an index, which is what somebody who asks is after; the others are as they should be. */
const statements: readonly Statement[] = [
  {
    text: "SELECT id, amount, created_at FROM ftns_transactions WHERE metadata->>$1 = $2 ORDER BY created_at DESC LIMIT $3",
    perMinute: 6,
    ms: 1_842.61,
    rows: 20,
  },
  {
    text: "SELECT s.*, count(t.id) FROM sessions s LEFT JOIN reasoning_steps t ON t.session_id = s.id WHERE s.user_id = $1 GROUP BY s.id",
    perMinute: 48,
    ms: 41.27,
    rows: 12,
  },
  {
    text: "UPDATE jobs SET state = $1, taken_by = $2 WHERE id = (SELECT id FROM jobs WHERE state = $3 ORDER BY made_at FOR UPDATE SKIP LOCKED LIMIT $4) RETURNING *",
    perMinute: 320,
    ms: 3.94,
    rows: 1,
  },
  {
    text: "INSERT INTO ftns_transactions (id, from_user, to_user, amount, metadata) VALUES ($1, $2, $3, $4, $5)",
    perMinute: 190,
    ms: 1.12,
    rows: 1,
  },
  {
    text: "SELECT sum(amount) FROM ftns_transactions WHERE created_at > now() - $1::interval",
    perMinute: 1,
    ms: 96.4,
    rows: 1,
  },
  { text: "SELECT balance FROM ftns_balances WHERE user_id = $1", perMinute: 410, ms: 0.18, rows: 1 },
  { text: "SELECT * FROM models WHERE is_active ORDER BY rank LIMIT $1", perMinute: 60, ms: 0.74, rows: 25 },
  { text: "SELECT count(*) FROM votes WHERE proposal_id = $1", perMinute: 4, ms: 2.31, rows: 1 },
];

const tables = [
  { name: "public.ftns_transactions", live: 4_182_077, dead: 611_940, size: "3218 MB", vacuumedDaysAgo: 9 },
  { name: "public.jobs", live: 18_204, dead: 2_911, size: "24 MB", vacuumedDaysAgo: 0.02 },
  { name: "public.reasoning_steps", live: 1_906_350, dead: 20_114, size: "1490 MB", vacuumedDaysAgo: 0.4 },
  { name: "public.sessions", live: 96_411, dead: 880, size: "61 MB", vacuumedDaysAgo: 0.2 },
  { name: "public.models", live: 214, dead: 0, size: "152 kB", vacuumedDaysAgo: undefined },
];

type Answer = (now: number) => Table;

/** What PRSM's file asks of the database, word for word, each with what the server has to say to it. */
const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  [
    'SELECT round(total_exec_time::numeric, 1) AS "total ms", calls, round(mean_exec_time::numeric, 2) AS "mean ms", rows, left(query, 300) AS statement FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY total_exec_time DESC',
    slowest,
  ],
  [
    "SELECT coalesce(state, 'starting') AS state, count(*) AS sessions, max(now() - state_change) AS longest, current_setting('max_connections')::int AS \"max_connections\" FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1 ORDER BY 2 DESC",
    connections,
  ],
  [
    'SELECT datname AS database, blks_hit AS hits, blks_read AS reads, round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 2) AS "hit ratio %" FROM pg_stat_database WHERE datname IS NOT NULL ORDER BY blks_read DESC',
    cache,
  ],
  [
    'SELECT format(\'%I.%I\', schemaname, relname) AS "table", n_live_tup AS live, n_dead_tup AS dead, round(100.0 * n_dead_tup / nullif(n_live_tup + n_dead_tup, 0), 1) AS "dead %", pg_size_pretty(pg_total_relation_size(relid)) AS size, greatest(last_vacuum, last_autovacuum) AS "last vacuum" FROM pg_stat_user_tables ORDER BY n_dead_tup DESC',
    bloat,
  ],
]);

/** PRSM's database, as a user with pg_monitor sees it. */
export function prsmDatabase(now: () => number): Database {
  return { name: "prsm_production", version: "15.7", answer: (sql) => answers.get(sql)?.(now()) };
}

/** How many minutes of the month are over: what counts began with it. */
function minutesCounted(now: number): number {
  return (now % (30 * day)) / 60_000;
}

function slowest(now: number): Table {
  const columns = [
    { name: "total ms", type: types.numeric },
    { name: "calls", type: types.int8 },
    { name: "mean ms", type: types.numeric },
    { name: "rows", type: types.int8 },
    { name: "statement", type: types.text },
  ];
  const rows = statements
    .map((each) => ({ ...each, calls: Math.floor(each.perMinute * minutesCounted(now)) }))
    .toSorted((a, b) => b.calls * b.ms - a.calls * a.ms)
    .map(({ text, calls, ms, rows: given }) => [
      (calls * ms).toFixed(1),
      String(calls),
      ms.toFixed(2),
      String(calls * given),
      text.slice(0, longestStatement),
    ]);
  return { columns, rows };
}

function connections(now: number): Table {
  const columns = [
    { name: "state", type: types.text },
    { name: "sessions", type: types.int8 },
    { name: "longest", type: types.interval },
    { name: "max_connections", type: types.int4 },
  ];
  // As many in all as its metrics tell.
  const all = sessionsAt(now);
  const [active, waiting] = [Math.round(all * 0.12), 2];
  const rows = [
    ["idle", String(all - active - waiting), "00:04:11.20815", "200"],
    ["active", String(active), "00:00:01.84391", "200"],
    ["idle in transaction", String(waiting), "00:00:07.00214", "200"],
  ];
  return { columns, rows };
}

/** How many clients are connected: a tide of 75 minutes. */
export function sessionsAt(at: number): number {
  return Math.round(64 + 18 * Math.sin((2 * Math.PI * (at % (30 * day))) / (75 * 60_000)));
}

function cache(now: number): Table {
  const columns = [
    { name: "database", type: types.text },
    { name: "hits", type: types.int8 },
    { name: "reads", type: types.int8 },
    { name: "hit ratio %", type: types.numeric },
  ];
  const reads = Math.floor(minutesCounted(now) * 5_400);
  const hits = Math.floor(minutesCounted(now) * 1_210_000);
  const share = hits + reads === 0 ? null : ((100 * hits) / (hits + reads)).toFixed(2);
  return {
    columns,
    rows: [
      ["prsm_production", String(hits), String(reads), share],
      ["postgres", "18220", "412", "97.79"],
    ],
  };
}

function bloat(now: number): Table {
  const columns = [
    { name: "table", type: types.text },
    { name: "live", type: types.int8 },
    { name: "dead", type: types.int8 },
    { name: "dead %", type: types.numeric },
    { name: "size", type: types.text },
    { name: "last vacuum", type: types.timestamptz },
  ];
  const rows = tables
    .toSorted((a, b) => b.dead - a.dead)
    .map(({ name, live, dead, size, vacuumedDaysAgo }) => [
      name,
      String(live),
      String(dead),
      ((100 * dead) / (live + dead)).toFixed(1),
      size,
      vacuumedDaysAgo === undefined
        ? null
        : new Date(now - vacuumedDaysAgo * day).toISOString().replace("T", " ").replace("Z", "+00"),
    ]);
  return { columns, rows };
}
