/** Runs in a copy of the tree that holds every planted change, and prints what came of each, as one line of JSON. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fastify } from "fastify";
import { demoVariables } from "../../../demo/variables.ts";
import { createBot } from "../../../src/compose/bot.ts";
import { configOrRefuse, demoPlace, placeOf } from "../../../src/compose/config.ts";
import { commandsFor, snapshotOf } from "../../../src/compose/configuration.ts";
import { Directories } from "../../../src/compose/directories.ts";
import { knownSurfaces } from "../../../src/compose/known-surfaces.ts";
import { openSurfaces } from "../../../src/compose/surfaces.ts";
import { createWorld } from "../../../src/compose/world.ts";
import { readEnvironment } from "../../../src/config/environment.ts";
import type { Config } from "../../../src/config/load-config.ts";
import type { Log } from "../../../src/domain/log.ts";
import { createMeasurements } from "../../../src/ops/metrics.ts";
import { openSqliteStore } from "../../../src/store/sqlite/store.ts";

const wardroom = `version: 1
roles: [{ id: viewer, may: [read] }]
channels: [{ id: desk, surface: pager, channel: desk, systems: "*", allow: [read] }]
policy: { tiers: [{ id: notice, alternatives: [] }], rules: [{ risk: change, tier: notice }] }
`;
const people = `people:
  - { id: desk, name: Desk, accounts: { pager: [secret] }, grants: [{ role: viewer, systems: "*" }] }
`;
const system = `id: table
title: Table
health: [{ id: api, http: "http://127.0.0.1:9/" }]
metrics: [{ id: luck, title: Luck, source: { dice: { sides: 6 } } }]
`;

const folder = mkdtempSync(join(tmpdir(), "wardroom-planted-"));
try {
  mkdirSync(join(folder, "systems"));
  writeFileSync(join(folder, "wardroom.yaml"), wardroom);
  writeFileSync(join(folder, "people.yaml"), people);
  writeFileSync(join(folder, "systems", "table.yaml"), system);
  const { config } = await configOrRefuse(placeOf(folder), {});
  const found = {
    "a command": await greeted(config),
    "an operation of a system": await operations(),
    "a backend behind ports that are there": await thrown(config),
    "a surface": knownSurfaces.some((each) => each.id === "pager"),
  };
  process.stdout.write(`${JSON.stringify(found)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The title that the planted command answers with, asked on the planted surface. */
async function greeted(config: Config): Promise<string> {
  const read = readEnvironment({ PAGER_TOKEN: "secret" });
  if (!("environment" in read)) throw new Error("the environment cannot be read");
  const paged = Promise.withResolvers<string>();
  const log: Log = {
    debug() {},
    info(message, data = {}) {
      if (message === "paged" && "title" in data) paged.resolve(String(data.title));
    },
    warn() {},
    error: (message) => paged.reject(new Error(message)),
    child: () => log,
  };
  const { meter } = createMeasurements();
  const bot = await createBot({ store: openSqliteStore({ path: join(folder, "state.db") }), config, log, meter });
  const surfaces = await openSurfaces({ bot, environment: read.environment, app: fastify(), log, meter });
  surfaces.start();
  const title = await paged.promise;
  await surfaces.stop();
  await bot.stop();
  return title;
}

/** The demo's commands of operations. */
async function operations(): Promise<boolean> {
  const { config } = await configOrRefuse(demoPlace, demoVariables);
  return commandsFor(config).some((command) => command.name === "wind-down");
}

/** What the planted backend reads. */
async function thrown(config: Config): Promise<unknown> {
  const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const snapshot = snapshotOf(config);
  const store = openSqliteStore({ path: join(folder, "other.db") });
  const { meter } = createMeasurements();
  const directory = new Directories(knownSurfaces);
  const world = createWorld({ store, current: () => snapshot, directory, log, meter });
  const [table] = config.systems;
  const [metric] = table ? await world.systems.metrics.read(table) : [];
  await world.close();
  await store.close();
  return metric?.reading.ok ? metric.reading.value : undefined;
}
