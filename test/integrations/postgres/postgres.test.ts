import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { certificate } from "../../../demo/certificates.ts";
import { createBackends } from "../../../src/compose/world.ts";
import type { ArgumentValues } from "../../../src/domain/systems/placeholders.ts";
import type { QueryTable } from "../../../src/domain/systems/queries.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { createQueries } from "../../../src/integrations/queries.ts";
import { createReads } from "../../../src/integrations/reads.ts";
import { createSecrets } from "../../../src/integrations/wire/secrets.ts";
import { type PostgresProcess, startPostgres } from "../../fakes/postgres-process.ts";
import { closedUrl, openHttp } from "../backend.ts";
import { systemWith } from "../systems.ts";

const authority = certificate({ name: "authority" });
const own = certificate({ name: "localhost", by: authority, address: "127.0.0.1" });
const folder = mkdtempSync(join(tmpdir(), "wardroom-postgres-test-"));
const caFile = join(folder, "ca.pem");
const otherCaFile = join(folder, "other.pem");

let real: PostgresProcess;
beforeAll(async () => {
  writeFileSync(caFile, authority.cert);
  writeFileSync(otherCaFile, certificate({ name: "another" }).cert);
  real = await startPostgres({
    tls: own,
    rules: ["host all locked 127.0.0.1/32 scram-sha-256", "host all nobody 127.0.0.1/32 reject"],
    settings: { max_connections: "20" },
  });
  await real.sql("CREATE DATABASE prsm");
  await real.sql(
    `CREATE ROLE reader LOGIN; CREATE ROLE locked LOGIN PASSWORD 'tulip-Value-0123456789'; CREATE ROLE nobody LOGIN;
     CREATE SCHEMA shut; CREATE TABLE shut.it (a int);
     CREATE TABLE orders (id bigint PRIMARY KEY, state text); INSERT INTO orders SELECT n, CASE WHEN n % 2 = 0 THEN 'open' ELSE 'done' END FROM generate_series(1, 1000) n;
     CREATE TABLE private (a int); GRANT SELECT ON orders TO reader, locked;`,
    "prsm",
  );
});
afterAll(async () => {
  await real.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Changed {
  readonly url?: string;
  readonly password?: string;
  readonly tls?: "disable" | "verify-full";
  readonly ca?: string;
  readonly timeout?: string;
  readonly expect?: { readonly database: string; readonly replica?: boolean; readonly system?: string };
}

function database(changed: Changed = {}) {
  const url = `postgres://reader@127.0.0.1:${real.port}/prsm`;
  return { url, expect: { database: "prsm", replica: false }, timeout: "5s", ...changed };
}

function open() {
  const variables: Readonly<Record<string, string>> = {
    PRSM_RO: `postgres://locked:tulip-Value-0123456789@127.0.0.1:${real.port}/prsm?sslmode=disable`,
    PRSM_PASSWORD: "tulip-Value-0123456789",
    WRONG_PASSWORD: "daffodil-Value-0123456789",
    ODD: "mysql://reader@127.0.0.1/prsm",
    MORE: `postgres://reader@127.0.0.1:${real.port}/prsm?options=-crole%3Dapp`,
  };
  return createBackends({ http: openHttp(), secrets: createSecrets((name) => variables[name]) });
}

interface Asked extends Changed {
  readonly given?: ArgumentValues;
  readonly rows?: number;
  readonly timeout?: string;
}

/** The answer of a query, or what was said instead, without the port. */
async function query(sql: string, { given = {}, rows = 10, ...changed }: Asked = {}): Promise<QueryTable | string> {
  const named = Object.keys(given).map((name) => [name, { type: "text" as const, title: name }]);
  const system = systemWith({
    queries: [
      {
        id: "it",
        title: "It",
        rows,
        timeout: "5s",
        arguments: Object.fromEntries(named),
        postgres: { ...database(changed), sql },
      },
    ],
  });
  try {
    const [asked] = system.queries;
    if (!asked) throw new Error("it has no query");
    return (await createQueries(open()).read(system, asked, given)).value;
  } catch (error) {
    return String(error).replaceAll(String(real.port), "port");
  }
}

function valueOf(reading: Reading<unknown> | undefined): unknown {
  return reading?.ok ? reading.value : reading?.detail.replaceAll(String(real.port), "port");
}

describe("a query of a real PostgreSQL", () => {
  it("keeps every digit, and shows each kind of value as the server writes it", async () => {
    const table = await query(
      `SELECT 9223372036854775807 AS big, 12345678901234567890.123456789012345678901::numeric AS exact, 0.1::float8 AS fraction,
              'NaN'::numeric AS odd, 'infinity'::float8 AS endless, 'infinity'::timestamptz AS never, NULL::int AS nothing,
              '{"a": [1, 2]}'::jsonb AS json, ARRAY['a', NULL, 'b c'] AS list, '2026-11-28 20:00:00+02'::timestamptz AS at,
              interval '1 day 2 hours' AS lasting, true AS yes, '\\xdead'::bytea AS bytes, ''::text AS empty, 7::bigint AS seven`,
    );
    expect(table).toEqual({
      columns: "big exact fraction odd endless never nothing json list at lasting yes bytes empty seven"
        .split(" ")
        .map((name) => ({ name })),
      rows: [
        [
          { exactly: "9223372036854775807" },
          { exactly: "12345678901234567890.123456789012345678901" },
          0.1,
          "NaN",
          "Infinity",
          "infinity",
          null,
          '{"a": [1, 2]}',
          '{a,NULL,"b c"}',
          "2026-11-28 18:00:00+00",
          "1 day 02:00:00",
          true,
          "\\xdead",
          "",
          7,
        ],
      ],
      more: false,
    });
  });

  it("reads no more rows than are asked for, and says that there are more", async () => {
    // Whatever has to be made whole would take far longer than it may.
    const endless = "SELECT n, pg_sleep(CASE WHEN n > 6 THEN 60 ELSE 0 END)::text FROM generate_series(1, 1000000) n";
    expect(await query(endless, { rows: 5 })).toMatchObject({ rows: { length: 5 }, more: true });
    expect(await query("SELECT id FROM orders WHERE id <= 5", { rows: 5 })).toMatchObject({
      rows: [[1], [2], [3], [4], [5]],
      more: false,
    });
    expect(await query("SELECT id FROM orders WHERE id < 0")).toMatchObject({ rows: [], more: false });
  });

  it("takes arguments beside the statement, never into it", async () => {
    const sql = "SELECT count(*) FROM orders WHERE state = {state} -- not {this}";
    expect(await query(sql, { given: { state: "open" } })).toMatchObject({ rows: [[500]] });
    expect(await query(sql, { given: { state: "open' OR '1'='1" } })).toMatchObject({ rows: [[0]] });
  });

  it.each([
    ["INSERT INTO orders VALUES (0)", /syntax error/],
    ["WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone", /data-modifying/],
    ["SELECT id FROM orders FOR UPDATE", /would change something, and only reads/],
    ["SELECT nextval('numbers')", /relation "numbers" does not exist/],
    ["SELECT 1; SELECT 2", /more than one statement/],
    ["SELECT 1; COMMIT; DROP TABLE orders", /more than one statement/],
    ["SELECT * FROM private", /permission denied for table private: GRANT SELECT ON private TO reader/],
    ["SELECT * FROM shut.it", /permission denied for schema shut: GRANT USAGE ON SCHEMA shut TO reader/],
    ["SELECT * FROM missing", /relation "missing" does not exist/],
    ["SELECT nothing FROM orders", /column "nothing" does not exist/],
    ["SELECT 1 / (id - 1) FROM orders", /division by zero/],
  ])("that says %s gives no table, and says why", async (sql, said) => {
    expect(await query(sql)).toMatch(said);
    expect(await real.sql("SELECT count(*)::int AS n FROM orders", "prsm")).toEqual([{ n: 1_000 }]);
  });

  it("is ended by the server when it takes too long, and is gone from there", async () => {
    expect(await query("SELECT 'it sleeps', pg_sleep(600)::text", { timeout: "300ms" })).toMatch(
      /longer than it may|no answer within 300 ms/,
    );
    const sql =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()";
    await vi.waitFor(async () => expect(await real.sql(sql)).toEqual([{ n: 0 }]), { timeout: 60_000 });
  });

  it("that answers with far too much is ended, however few its rows are", async () => {
    expect(await query("SELECT repeat('x', 20000000)")).toMatch(/more than 8 MiB/);
  });
});

describe("the way to it", () => {
  const one =
    "SELECT 1 AS it, current_setting('application_name') AS name, current_setting('transaction_read_only') AS only";
  const well = { rows: [[1, "wardroom", "on"]] };

  it("takes its address and its password from where they are kept", async () => {
    expect(await query(one, { url: "env:PRSM_RO" })).toMatchObject(well);
    const url = `postgres://locked@127.0.0.1:${real.port}/prsm`;
    expect(await query(one, { url, password: "env:PRSM_PASSWORD" })).toMatchObject(well);
    expect(await query(one, { url, password: "env:WRONG_PASSWORD" })).toBe(
      "BackendError: 127.0.0.1:port: the password of the user locked was refused",
    );
    expect(await query(one, { url })).toMatch(/password|client password must be a string/);
  });

  it("goes through a socket of this machine", async () => {
    expect(await query(one, { url: `postgres://app@localhost:${real.port}/prsm?host=${real.folder}` })).toMatchObject(
      well,
    );
  });

  it("proves the certificate, where TLS is spoken", async () => {
    const url = `postgres://reader@localhost:${real.port}/prsm`;
    expect(await query(one, { url, tls: "verify-full", ca: caFile })).toMatchObject(well);
    expect(await query(one, { tls: "verify-full", ca: caFile })).toMatchObject(well);
    expect(await query(one, { url, tls: "verify-full" })).toMatch(/from no public authority; name the PEM file/);
    expect(await query(one, { url, tls: "verify-full", ca: otherCaFile })).toMatch(/comes from no authority in/);
    const ssl = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    expect(await query(ssl, { url, ca: caFile })).toMatchObject({ rows: [[true]] });
    expect(await query(ssl, { url })).toMatchObject({ rows: [[false]] });
  });

  it.each([
    [{ url: "env:NOT_THERE" }, /env:NOT_THERE: nothing was sent: the variable NOT_THERE is not set/],
    [{ url: "env:ODD" }, /its address cannot be read: write postgres:/],
    [{ url: "env:MORE" }, /its address says options, which is not known here/],
    [{ expect: { database: "prsm_production" } }, /is the database prsm, not prsm_production; nothing was read/],
    [{ expect: { database: "prsm", replica: true } }, /is a primary, where a replica is expected; nothing was read/],
    [{ expect: { database: "prsm", system: "1234567890123" } }, /is the cluster \d+, not 1234567890123/],
  ])("that is %j is refused in words", async (changed, said) => {
    expect(await query(one, changed)).toMatch(said);
  });

  it("says what is wrong with it", async () => {
    const at = (user: string, name: string): string => `postgres://${user}@127.0.0.1:${real.port}/${name}`;
    expect(await query(one, { url: at("reader", "gone") })).toMatch(/there is no database gone/);
    expect(await query(one, { url: at("nobody", "prsm") })).toMatch(
      /the user nobody is not let in from here: .*pg_hba/,
    );
    expect(await query(one, { url: at("stranger", "prsm") })).toMatch(/stranger/);
    const closed = (await closedUrl()).replace("http://", "postgres://reader@");
    expect(await query(one, { url: `${closed}/prsm` })).toMatch(/could not connect: connection refused/);
    expect(await query(one, { url: "postgres://reader@localhost/prsm?host=/nowhere" })).toMatch(
      /no server at that socket/,
    );
  });
});

it("facts and metrics are one value, and nothing else is taken for one", async () => {
  const fact = async (sql: string): Promise<unknown> => {
    const facts = [{ id: "it", title: "It", postgres: { ...database(), sql } }];
    return valueOf((await createHealthChecks({ backends: open() }).check(systemWith({ facts }))).facts[0]?.reading);
  };
  const metric = async (sql: string): Promise<unknown> => {
    const metrics = [{ id: "it", title: "It", source: { postgres: { ...database(), sql } } }];
    return valueOf((await createMetrics({ backends: open() }).read(systemWith({ metrics })))[0]?.reading);
  };
  expect(await fact("SHOW server_version")).toMatch(/syntax error/);
  expect(await fact("SELECT 9223372036854775807")).toBe("9223372036854775807");
  expect(await fact("SELECT 'primary'")).toBe("primary");
  expect(await fact("SELECT NULL")).toBe("127.0.0.1:port: it gave NULL, which is not known");
  expect(await fact("SELECT 1, 2")).toMatch(/2 columns where one is wanted/);
  expect(await metric("SELECT count(*) FROM orders")).toBe(1_000);
  expect(await metric("SELECT id FROM orders")).toMatch(/several rows where one is wanted/);
  expect(await metric("SELECT id FROM orders WHERE false")).toMatch(/it gave no row/);
  expect(await metric("SELECT 'NaN'::float8")).toBe('127.0.0.1:port: it gave "NaN", which is no number');
});

it("a server is well when it answers as the one that it has to be, and proves the system", async () => {
  const health = [{ id: "db", timeout: "2s", postgres: database() }];
  const checks = createHealthChecks({ backends: open() });
  const { components } = await checks.check(systemWith({ health }));
  expect(valueOf(components[0]?.reading)).toMatchObject({
    detail: expect.stringMatching(/^PostgreSQL 15\.\d+, a primary$/),
  });
  expect(await checks.identify(systemWith({ identity: { postgres: database() } }))).toEqual({ is: "proven" });
  const other = database({ expect: { database: "other" } });
  expect(await checks.identify(systemWith({ identity: { postgres: other } }))).toMatchObject({ is: "contradicted" });
  const closed = database({ url: `${(await closedUrl()).replace("http://", "postgres://reader@")}/prsm` });
  expect(await checks.identify(systemWith({ identity: { postgres: closed } }))).toMatchObject({ is: "unread" });
});

it("plans and watches rest on a value, a row or rows", async () => {
  const read = async (sql: string, as?: string): Promise<unknown> =>
    valueOf(
      await createReads(open()).read("prsm", { kind: "postgres", spec: { ...database(), sql, ...(as && { as }) } }),
    );
  expect(await read("SELECT count(*) FROM orders")).toBe(1_000);
  expect(await read("SELECT 1 AS a, 'b' AS b, NULL AS c", "row")).toEqual({ a: 1, b: "b", c: null });
  expect(await read("SELECT id FROM orders WHERE id < 3 ORDER BY id", "rows")).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await read("SELECT id FROM orders WHERE false", "rows")).toEqual([]);
  expect(await read("SELECT id FROM orders", "rows")).toMatch(/more than 200 rows/);
  expect(await read("SELECT id FROM orders WHERE false")).toMatch(/0 rows where one is wanted/);
});
