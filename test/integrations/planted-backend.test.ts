import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { createWorld, type World } from "../../src/compose/world.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { BackendError } from "../../src/domain/failure.ts";
import { type Backend, serve } from "../../src/domain/systems/backend.ts";
import { textOfDatum } from "../../src/domain/systems/exact.ts";
import { closeStepKind, type StepKindOf } from "../../src/domain/systems/steps.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { metricCourse } from "../../src/reads/metric-course.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { inFolder, system, variables } from "../config/config-folder.ts";
import { backends } from "../fakes/backends.ts";
import { quiet } from "./systems.ts";

/** The course of a depth can be read from before this. */
const dryFrom = Date.now();

/** A way to reach systems that nobody has heard of: everything there is to write for one stands in this record. */
function pondBackend(done: string[]): Backend {
  const depth = z.strictObject({ pond: z.strictObject({ gauge: z.string().min(2), metres: z.number().default(1) }) });
  const frogs: StepKindOf<{ readonly frogs: string }> = {
    kind: "frogs",
    key: "frogs",
    schema: z.strictObject({ frogs: z.string() }),
    does: "changes",
    placeholders: ({ frogs: said }) =>
      [...said.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({ name, inAddress: false })),
    resolve: ({ frogs: said }, values) => ({ frogs: said.replace("{count}", textOfDatum(values["count"]) ?? "") }),
    describe: ({ frogs: said }) => `RELEASE ${said}`,
    budgetMs: () => 700,
    async run({ frogs: said }, { key }) {
      if (said === "broken") throw new Error("the frogs are out");
      done.push(`${said} ${key}`);
      return { outcome: "done", detail: "they swim" };
    },
    async probe({ frogs: said }, key) {
      if (said === "broken") throw new Error("nobody looks");
      return { outcome: "done", detail: key };
    },
  };
  return {
    name: "pond",
    health: serve(depth, async ({ pond }, look) => ({ value: { detail: `${pond.gauge} of ${look.system} is wet` } })),
    metric: {
      ...serve(depth, async ({ pond }) => ({ value: pond.metres, at: 7, isFloor: true })),
      async course(spec, { from }) {
        const { pond } = depth.parse(spec);
        if (from >= dryFrom) throw new BackendError("pond", { fault: "missing", detail: "is dry" });
        return ["north", "south"].map((name) => ({ name, samples: [{ at: from, value: pond.metres }] }));
      },
    },
    log: serve(z.strictObject({ diary: z.string() }), async ({ diary }, { log, query }) => {
      if (query.match === "ice") throw new BackendError(diary, { fault: "missing", detail: "is frozen" });
      const lines = [{ at: 5, text: `${log.id} for ${query.match}`, origin: diary }];
      return { ...nothing, lines, matched: 1, origins: [diary] };
    }),
    steps: [closeStepKind("pond", frogs)],
  };
}

const nothing = { counts: [], bucketMs: 1, scannedBytes: 0, gaps: [], malformed: 0, format: "diary" };

const pondSystem = `id: park
title: Park
health:
  - { id: water, pond: { gauge: north }, weight: important, timeout: 300ms }
  - { id: api, http: "\${RADAR_URL}/health" }
metrics:
  - { id: depth, title: Depth, source: { pond: { gauge: north, metres: 3 } } }
logs:
  - { id: diary, diary: keeper }
operations:
  restock:
    summary: Restock it
    risk: change
    arguments: { count: { type: integer, title: Count } }
    steps: [{ id: release, title: Release, frogs: { frogs: "{count} green" } }]
`;

async function load(text: string): Promise<{ systems: readonly System[]; problems: readonly string[] }> {
  return inFolder({ "systems/park.yaml": text, "systems/radar.yaml": system }, async (folder) => {
    const place = { folder, surfaces: knownSurfaces, backends: [...backends, pondBackend([])] };
    const result = await loadConfig(place, { variables, unset: "refuse" });
    if ("config" in result) return { systems: result.config.systems, problems: [] };
    return { systems: [], problems: result.problems.map((problem) => formatProblem(problem).slice(folder.length + 1)) };
  });
}

function worldWith(done: string[]): World {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-pond-"));
  const store = openSqliteStore({ path: join(folder, "state.db") });
  const world = createWorld({
    store,
    current: () => {
      throw new Error("not asked");
    },
    directory: { standing: async () => ({ ok: true, groups: [] }) },
    log: quiet,
    meter: { count() {}, gauge() {}, observe() {} },
    more: [pondBackend(done)],
  });
  onTestFinished(async () => {
    await world.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return world;
}

it("a backend that is one record serves health, a metric, a log and a step, from the file to the world", async () => {
  const { systems, problems } = await load(pondSystem);
  expect(problems).toEqual([]);
  const park = systems.find(({ id }) => id === "park");
  const restock = park?.operations["restock"];
  if (!park || !restock) throw new Error("the system was not read");
  const done: string[] = [];
  const { store, systems: ports, steps } = worldWith(done);

  const { components } = await ports.health.check(park);
  expect(components[0]).toMatchObject({
    id: "water",
    weight: "important",
    reading: { ok: true, value: { detail: "north of park is wet" } },
  });
  expect(await ports.metrics.read(park)).toMatchObject([
    { id: "depth", reading: { ok: true, value: 3, at: 7 }, isFloor: true },
  ]);
  expect(await ports.metrics.course(park, "depth", dryFrom - 1)).toMatchObject({
    ok: true,
    value: [
      { name: "north", samples: [{ at: dryFrom - 1, value: 3 }] },
      { name: "south", samples: [{ at: dryFrom - 1, value: 3 }] },
    ],
  });
  const read = { store, systems: ports };
  expect((await metricCourse(read, park, { id: "depth" }, dryFrom - 1)).series.map(({ name }) => name)).toEqual([
    "north",
    "south",
  ]);
  // Where its own course cannot be read, what was sampled stands.
  expect(await metricCourse(read, park, { id: "depth" }, dryFrom)).toMatchObject({
    series: [{ name: "", samples: [{ at: 7, value: 3 }] }],
    keeper: "samples",
    without: "pond: is dry",
  });
  const query = { source: "diary", from: 0, to: 9, limit: 5, deadlineMs: 100 };
  const found = await ports.logs.search(park, { ...query, match: "frogs" });
  expect(found).toMatchObject({ matched: 1, lines: [{ text: "diary for frogs", origin: "keeper" }] });
  await expect(ports.logs.search(park, { ...query, match: "ice" })).rejects.toThrow("keeper: is frozen");

  const plan = ports.planner.plan(restock, { count: 12 });
  expect(plan.steps).toEqual([
    {
      id: "release",
      title: "Release",
      kind: "frogs",
      backend: "pond",
      spec: { frogs: "12 green" },
      description: "RELEASE 12 green",
      budgetMs: 700,
    },
  ]);
  const [step] = plan.steps;
  if (!step) throw new Error("nothing was planned");
  expect(await steps.run(step, { key: "key-1", elapsedMs: 0 })).toEqual({ outcome: "done", detail: "they swim" });
  expect(done).toEqual(["12 green key-1"]);
});

it("a step whose backend breaks may have been sent, and one that is not planned as its kind has not", async () => {
  const { steps } = worldWith([]);
  const step = { id: "a", title: "A", kind: "frogs", backend: "pond", description: "", budgetMs: 1 };
  const call = { key: "key-1", elapsedMs: 0 };
  const broken = { ...step, spec: { frogs: "broken" } };
  expect(await steps.run(broken, call)).toMatchObject({ outcome: "unknown" });
  expect(await steps.probe(broken, "broken")).toMatchObject({ outcome: "unknown" });
  for (const odd of [
    { ...step, spec: 7 },
    { ...broken, kind: "toads" },
  ]) {
    expect(await steps.run(odd, call)).toMatchObject({ outcome: "refused" });
    expect(await steps.probe(odd, "key-1")).toMatchObject({ outcome: "unknown" });
  }
});

it.each([
  [
    "gauge: north }, weight",
    "gauge: n }, weight",
    "systems/park.yaml:4:33: health[0].pond.gauge: the text has at least 2",
  ],
  [
    "pond: { gauge: north }, weight",
    "lake: { gauge: north }, weight",
    /health\[0\]: one of `http`, (?:`\w+`, )*`pond` is needed here/,
  ],
  [
    "{ id: diary, diary: keeper }",
    "{ id: diary, dairy: keeper }",
    "`dairy` is not a key that is known here. Did you mean `diary`?",
  ],
  ["{count} green", "{number} green", "{number} is referred to, which is no argument of this operation"],
  [
    'frogs: { frogs: "{count} green" }',
    "toads: 3",
    /steps\[0\]: one of `http`, (?:`\w+`, )*`note`, `frogs` is needed here/,
  ],
])("what is wrong in its part of a file is said at its place: %s", async (right, wrong, says) => {
  const { problems } = await load(pondSystem.replace(right, wrong));
  expect(problems.join("\n")).toMatch(says);
});
