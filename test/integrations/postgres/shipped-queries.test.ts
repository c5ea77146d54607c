import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { createBackends } from "../../../src/compose/world.ts";
import { withConnections } from "../../../src/domain/systems/connections.ts";
import type { QueryTable } from "../../../src/domain/systems/queries.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { createQueries } from "../../../src/integrations/queries.ts";
import { createSecrets } from "../../../src/integrations/wire/secrets.ts";
import { SystemFile } from "../../fakes/backends.ts";
import { type PostgresProcess, startPostgres } from "../../fakes/postgres-process.ts";
import { openHttp } from "../backend.ts";

const page = readFileSync("docs/postgres-queries.md", "utf8");
const [, shown = ""] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];
const head = { id: "prsm", title: "PRSM", health: [{ id: "db", postgres: { backend: "db" } }] };
const system: System = withConnections(SystemFile.parse({ ...head, ...parse(shown) }));
const database = "prsm_production";

let real: PostgresProcess;
beforeAll(async () => {
  real = await startPostgres({ settings: { shared_preload_libraries: "pg_stat_statements" } });
  await real.sql(`CREATE DATABASE ${database}`);
  await real.sql(
    `CREATE EXTENSION pg_stat_statements; CREATE ROLE reader LOGIN; GRANT pg_monitor TO reader;
     CREATE TABLE unread (id int); CREATE TABLE "Orders" (id int); INSERT INTO "Orders" SELECT generate_series(1, 100); DELETE FROM "Orders" WHERE id > 60;`,
    database,
  );
  await real.sql('SELECT count(*) FROM "Orders"', database);
});
afterAll(() => real.stop());

function open() {
  const variables: Readonly<Record<string, string>> = {
    PRSM_RO: `postgres://reader@127.0.0.1:${real.port}/${database}`,
  };
  return createBackends({ http: openHttp(), secrets: createSecrets((name) => variables[name]) });
}

/** The rows of a query by their columns. */
async function rows(id: string): Promise<Readonly<Record<string, QueryTable["rows"][number][number]>>[]> {
  const query = system.queries.find((each) => each.id === id);
  if (!query) throw new Error(`the page shows no query ${id}`);
  const { value } = await createQueries(open()).read(system, query, {});
  return value.rows.map((row) => Object.fromEntries(value.columns.map(({ name }, at) => [name, row[at] ?? null])));
}

it("(PR10) slow statements, connections, cache and bloat are answered by a real server, as the page asks for them", async () => {
  expect(await rows("slow-queries")).toContainEqual(
    expect.objectContaining({ calls: 1, rows: 1, statement: 'SELECT count(*) FROM "Orders"' }),
  );
  expect(await rows("connections")).toContainEqual(
    expect.objectContaining({ state: "active", sessions: 1, max_connections: 100 }),
  );
  const hour = expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:00:00\+00$/);
  expect(await rows("sessions")).toEqual([{ application: "wardroom", sessions: 1, hour }]);
  expect((await rows("cache")).map((row) => row["database"])).toContain(database);
  const metrics = await createMetrics({ backends: open() }).read(system);
  expect(metrics).toMatchObject([{ id: "connections", reading: { ok: true, value: 1 } }]);
  expect(await rows("blocked")).toEqual([]);
});

it("(PR10) bloat counts dead rows, also of a table whose name is of mixed case", async () => {
  // The server writes down what a session changed once it has ended.
  await expect
    .poll(async () => rows("bloat"), { timeout: 60_000 })
    .toMatchObject([
      { table: 'public."Orders"', live: 60, dead: 40, "dead %": 40 },
      { table: "public.unread", "dead %": null },
    ]);
});

it("what the manual asks is refused by the server, or is an error", async () => {
  const faulty: readonly (readonly [string, RegExp])[] = [
    ["SELECT query, mean_time FROM pg_stat_statements ORDER BY mean_time DESC", /"mean_time" does not exist/],
    ["UPDATE pg_stat_statements_reset()", /syntax error/],
    [
      "SELECT 100 * heap_blks_hit / (heap_blks_hit + heap_blks_read) FROM pg_statio_user_tables WHERE relname = 'unread'",
      /division by zero/,
    ],
    [
      "SELECT pg_total_relation_size(schemaname || '.' || tablename) FROM pg_tables WHERE tablename = 'Orders'",
      /"public.orders" does not exist/,
    ],
  ];
  for (const [sql, said] of faulty) await expect(real.sql(sql, database)).rejects.toThrow(said);
});
