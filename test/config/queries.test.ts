import { expect, it } from "vitest";
import { linesOf, load, system } from "./config-folder.ts";

const json = 'json: { url: "${RADAR_URL}/q", columns: { a: /a } }';

async function said(queries: string): Promise<string[]> {
  const lines = await linesOf({ "systems/radar.yaml": `${system}queries:\n${queries}` });
  return lines.map((line) => line.replace(/^.*?error: /, ""));
}

it("queries that fit are taken, with what is usual filled in", async () => {
  const text = `${system}queries:\n  - { id: pods, title: Pods, ${json} }\n`;
  const result = await load({ "systems/radar.yaml": text });
  expect(result).toMatchObject({
    config: { systems: [{ queries: [{ id: "pods", rows: 50, timeout: 5_000, permission: "read", short: false }] }] },
  });
});

it.each([
  ["the name of a command", `  - { id: status, title: S, short: true, ${json} }`, "`status` is the name of a command"],
  [
    "the first word of one",
    `  - { id: confirm, title: S, short: true, ${json} }`,
    "`confirm` is the name of a command",
  ],
  [
    "a short operation's",
    `  - { id: wipe, title: S, short: true, ${json} }`,
    "`wipe` is the name of a short operation",
  ],
  [
    "one that is there",
    `  - { id: a, title: A, ${json} }\n  - { id: a, title: B, ${json} }`,
    "a query called `a` already stands at",
  ],
  ["too many rows", `  - { id: a, title: A, rows: 501, ${json} }`, "queries[0].rows: the number must be at most 500"],
  ["too much time", `  - { id: a, title: A, timeout: 31s, ${json} }`, "30000"],
  ["no such right", `  - { id: a, title: A, permission: view, ${json} }`, "permission"],
  [
    "an argument that is not there",
    '  - { id: a, title: A, json: { url: "${RADAR_URL}/{of}", columns: { a: /a } } }',
    "queries[0].json.url: {of} is referred to, which is no argument of this query",
  ],
  [
    "an argument that nothing refers to",
    `  - { id: a, title: A, arguments: { of: { type: integer, title: Of } }, ${json} }`,
    "nothing refers to the argument `of`",
  ],
  [
    "an argument that may be left out of an address",
    '  - { id: a, title: A, arguments: { of: { type: integer, title: Of, required: false } }, json: { url: "${RADAR_URL}/{of}", columns: { a: /a } } }',
    "the address holds {of}, which may be left out",
  ],
  [
    "an argument of a name that is taken",
    '  - { id: a, title: A, arguments: { system: { type: integer, title: Of } }, json: { url: "${RADAR_URL}/{system}", columns: { a: /a } } }',
    "`system` is what every query is asked with",
  ],
  [
    "a chart of a column that is not there",
    `  - { id: a, title: A, chart: { time: b, values: [a] }, ${json} }`,
    "queries[0].chart.time: there is no column called `b`",
  ],
  [
    "a chart of more lines than are told apart",
    `  - { id: a, title: A, chart: { time: a, values: [a, a, a, a, a, a, a] }, ${json} }`,
    "queries[0].chart.values",
  ],
  [
    "an age by a column that is not there",
    `  - { id: a, title: A, newest: { time: b, within: 1h }, ${json} }`,
    "queries[0].newest.time: there is no column called `b`",
  ],
  [
    "an age without a length of time",
    `  - { id: a, title: A, newest: { time: a, within: soon }, ${json} }`,
    "queries[0].newest",
  ],
  ["a chart of nothing", `  - { id: a, title: A, chart: { time: a }, ${json} }`, "queries[0].chart"],
  [
    "a choice of nothing",
    '  - { id: a, title: A, arguments: { of: { type: choice, title: Of } }, json: { url: "${RADAR_URL}/{of}", columns: { a: /a } } }',
    "nothing to choose from",
  ],
])("a query with %s is refused", async (_what, text, message) => {
  expect((await said(`${text}\n`)).join("\n")).toContain(message);
});
