import { expect, it } from "vitest";
import { edited, linesOf, system } from "./config-folder.ts";

const connection = "url: postgres://reader@db.example/prsm, expect: { database: prsm }";

async function said(asked: string, way = connection): Promise<string> {
  const declared = edited(system, "health:\n", `backends:\n  db: { postgres: { ${way} } }\nhealth:\n`);
  return (await linesOf({ "systems/radar.yaml": `${declared}queries:\n  - { id: it, title: It, ${asked} }\n` })).join(
    "\n",
  );
}

const query = (sql: string): string => `postgres: { backend: db, sql: "${sql}" }`;

it("a statement that only reads is taken, with what is quoted and remarked in it", async () => {
  const state = "arguments: { state: { type: text, title: State } }";
  expect(await said(`${state}, ${query("SELECT 'it''s {1}', a FROM b WHERE c = {state} -- {gone}")}`)).toBe("");
});

it.each([
  [query("SELECT pg_terminate_backend(1)"), /it calls a function that does something/],
  [query("SELECT pg_stat_statements_reset()"), /it calls a function that does something/],
  [
    `arguments: { a: { type: text, title: A } }, ${query("SELECT '{a}'")}`,
    /\{a\} stands in quotes: an argument stands/,
  ],
  [query("SELECT {gone}"), /\{gone\} is referred to, which is no argument of this query/],
  ['postgres: { backend: other, sql: "SELECT 1" }', /there is no backend `other`/],
])("a query of %s is refused where it stands", async (asked, message) => {
  expect(await said(asked)).toMatch(message);
});

it.each([
  ["url: postgres://reader@db.example/prsm", /expect/],
  ["url: http://db.example/prsm, expect: { database: prsm }", /write postgres:/],
  [
    "url: postgres://reader:hunter2@db.example/prsm, expect: { database: prsm }",
    /this holds a token, a password or a private key in the open/,
  ],
  [`${connection}, tls: require`, /tls/],
  [`${connection}, timeout: soon`, /a duration is a whole number/],
])("a connection of %s is refused, and shows no password", async (way, message) => {
  const text = await said(query("SELECT 1"), way);
  expect(text).toMatch(message);
  expect(text).not.toContain("hunter2");
});
