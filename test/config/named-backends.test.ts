import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { edited, goodConfig, linesOfText, system, variables } from "./config-folder.ts";

const load = '{ json: { url: "${RADAR_URL}/m", path: /load } }';
const step = "{ id: note, title: Note, note: Done by hand }";
const declared = `backends:
  prom: { prometheus: { base: "\${RADAR_URL}", auth: { bearer: env:PROM_TOKEN } } }
  api: { http: { base: "\${RADAR_URL}" } }
health:
`;
const withBackends = edited(system, "health:\n", declared);
const more = {
  ...variables,
  PROM_TOKEN: "tulip-Value-0123456789",
  PRSM_RO: "postgres://it@127.0.0.1/prsm",
  PRSM_PASSWORD: "rose-Value-0123456789",
  PRSM_OPS_PASSWORD: "iris-Value-0123456789",
  PRSM_REDIS_PASSWORD: "aster-Value-0123456789",
};
const connection = { base: variables.RADAR_URL, auth: { bearer: "env:PROM_TOKEN" } };

it("a backend is filled in wherever its kind is asked by its name: in metrics, in reads and in watches", async () => {
  const asked = '{ prometheus: { backend: prom, query: "sum(load)" } }';
  const yaml = edited(
    edited(withBackends, load, asked),
    `risk: change\n    steps: [${step}]`,
    `risk: change
    read: { now: ${asked} }
    steps: [{ id: quiet, title: Quiet, watch: { prometheus: { backend: prom, query: "sum(load)" }, is: "value < 1.0" } }]`,
  );
  const { systems } = await goodConfig({ "systems/radar.yaml": yaml }, { variables: more });
  const [radar] = systems;
  const spec = { ...connection, query: "sum(load)" };
  expect(radar?.metrics[0]?.source).toEqual({ backend: "prometheus", spec: { prometheus: spec } });
  expect(radar?.operations["restart"]).toMatchObject({
    read: { now: { kind: "prometheus", spec } },
    steps: [{ kind: "watch", spec: { prometheus: spec } }],
  });
});

it("a backend is filled in where a step of its own kind names it, and one that is not there is refused", async () => {
  const stack = { project: "radar", files: ["compose.yml"], cwd: "/srv/radar" };
  const compose = edited(
    withBackends,
    "  prom:",
    `  stack: { compose: ${JSON.stringify(stack)}, identity: { madeFrom: files } }\n  prom:`,
  );
  const asked = edited(compose, step, "{ id: go, title: Go, compose: { backend: stack, stop: web } }");
  const { systems } = await goodConfig({ "systems/radar.yaml": asked }, { variables: more });
  const [done] = systems[0]?.operations["restart"]?.steps ?? [];
  expect(done).toMatchObject({ kind: "compose", spec: { ...stack, stop: "web" } });
  expect(JSON.stringify(done)).not.toContain('"backend":"stack"');
  const lines = await linesOfText(
    { "systems/radar.yaml": edited(asked, "backend: stack", "backend: stak") },
    { variables: more },
  );
  expect(lines).toEqual([expect.stringMatching(/there is no backend `stak`/)]);
});

it("an address may be a path of a backend of any kind", async () => {
  const yaml = edited(withBackends, load, "{ json: { url: { backend: prom, path: /m }, path: /load } }");
  const { systems } = await goodConfig({ "systems/radar.yaml": yaml }, { variables: more });
  expect(systems[0]?.metrics[0]?.source.spec).toEqual({ json: { url: { ...connection, path: "/m" }, path: "/load" } });
});

it("what a step sends is not looked into for backends that it does not name", async () => {
  const sent = "{ backend: blue, prometheus: prom }";
  const http = `{ id: go, title: Go, http: { method: POST, url: "\${RADAR_URL}/go", json: ${sent} } }`;
  const { systems } = await goodConfig({ "systems/radar.yaml": edited(withBackends, step, http) }, { variables: more });
  expect(JSON.stringify(systems[0]?.operations["restart"])).toContain('{"backend":"blue","prometheus":"prom"}');
});

it.each([
  ["{ backend: gone, query: up }", /^systems\/radar\.yaml:9:\d+: .*there is no backend `gone`.*name one of: prom, api/],
  [
    "{ backend: api, query: up }",
    /^systems\/radar\.yaml:9:\d+: .*`api` is reached as http, not as prometheus.*: prom\./,
  ],
  ["{ backend: prom }", /^systems\/radar\.yaml:9:\d+: /],
  ["{ backend: prom, query: 'up{job=\"{service}\"}' }", /an argument does not go into a query/],
])("a metric of %s is refused where it stands", async (asked, said) => {
  const yaml = edited(withBackends, load, `{ prometheus: ${asked} }`);
  const lines = await linesOfText({ "systems/radar.yaml": yaml }, { variables: more });
  expect(lines).toEqual([expect.stringMatching(said)]);
});

const page = readFileSync("docs/backends.md", "utf8");
const shown = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = ""]) => text);

it.each(shown)("what the page on backends shows belongs into a system's file: %s", async (text) => {
  const named = text.startsWith("id:") ? "" : "id: radar\ntitle: Radar\n";
  const head = /^health:/m.test(text) ? named : `${named}health: [{ id: api, http: "\${RADAR_URL}/health" }]\n`;
  const files = { "systems/radar.yaml": head + text, "systems/rules/radar.yml": "groups: []\n" };
  expect(await linesOfText(files, { variables: { ...more, PROM_URL: variables.RADAR_URL } })).toEqual([]);
});

it("what a database, a cache and a program are given by reference is at hand when they are asked, and missed when it is not set", async () => {
  const reached = `backends:
  db: { postgres: { url: env:PRSM_RO, password: env:PRSM_PASSWORD, expect: { database: prsm } } }
  cache: { redis: { url: env:CACHE, expect: { role: primary } } }
  shell: { exec: { cwd: /srv/radar, set: { PGPASSWORD: env:PRSM_PASSWORD } } }
health:
`;
  const inline =
    "{ id: go, title: Go, exec: { cwd: /srv, command: [./go.sh], set: { KEY: env:GO_KEY }, receipt: /var/lib/r } }";
  const yaml = { "systems/radar.yaml": edited(edited(system, "health:\n", reached), step, inline) };
  const set = { ...more, CACHE: "redis://127.0.0.1:6379", GO_KEY: "lily-Value-0123456789" };
  const { secrets } = await goodConfig(yaml, { variables: set });
  expect(Object.fromEntries(secrets)).toEqual({
    PRSM_RO: more.PRSM_RO,
    PRSM_PASSWORD: more.PRSM_PASSWORD,
    CACHE: set.CACHE,
    GO_KEY: set.GO_KEY,
  });
  const lines = await linesOfText(yaml, { variables });
  expect(lines.flatMap((line) => /the variable (\w+) is not set/.exec(line)?.[1] ?? [])).toEqual([
    "PRSM_RO",
    "PRSM_PASSWORD",
    "CACHE",
    "GO_KEY",
  ]);
});
