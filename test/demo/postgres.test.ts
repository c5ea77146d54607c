import { readFileSync } from "node:fs";
import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { standDemo } from "./rig.ts";

const Queries = z.object({
  queries: z.array(z.object({ id: z.string(), postgres: z.object({ sql: z.string() }).optional() })),
});

/** The statements of a file by the query they stand in. */
function statementsIn(yaml: string): ReadonlyMap<string, string> {
  const { queries } = Queries.parse(parse(yaml));
  return new Map(queries.flatMap(({ id, postgres }) => (postgres ? [[id, postgres.sql] as const] : [])));
}

const shipped = statementsIn(readFileSync("systems/prsm.yaml", "utf8"));
const [, page = ""] = /^```yaml\n([\s\S]*?)^```/m.exec(readFileSync("docs/postgres-queries.md", "utf8")) ?? [];

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

it("what PRSM's file asks of PostgreSQL is what its documentation shows, which a real server answers", () => {
  expect([...shipped.keys()]).toEqual(["slow-queries", "connections", "cache", "bloat"]);
  for (const [id, sql] of shipped) expect([id, sql]).toEqual([id, statementsIn(page).get(id)]);
});

it("the door of PRSM's database answers those statements to a client of PostgreSQL, and no others", async () => {
  const { demo } = await standDemo();
  const client = await connected(demo.env["PRSM_RO"] ?? "");
  for (const [id, sql] of shipped) {
    const { rows, fields } = await client.query(sql);
    expect([id, rows.length > 1, fields.every(({ name }) => sql.includes(name))]).toEqual([id, true, true]);
  }
  await expect(client.query("SELECT * FROM users")).rejects.toThrow("only the statements that its system's file asks");
  await expect(client.query("DELETE FROM users")).rejects.toThrow("read-only transaction");
  expect((await client.query(shipped.get("cache") ?? "")).rows).toHaveLength(2);
});

it("lets nobody into another database, nor what speaks otherwise", async () => {
  const { demo } = await standDemo();
  const url = demo.env["PRSM_RO"] ?? "";
  await expect(connected(url.replace("prsm_production", "another"))).rejects.toThrow('"another" does not exist');
  await expect(fetch(url.replace(/^postgres:\/\/\w+@/, "http://"))).rejects.toThrow("fetch failed");
  await connected(url);
});
