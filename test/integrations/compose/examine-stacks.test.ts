import { expect, it } from "vitest";
import { examineStacks } from "../../../src/integrations/compose/examine-stacks.ts";
import { scriptFolder } from "../process/scripts.ts";

const base = "services:\n  web: { image: nginx }\n  worker: { image: busybox }\n";

/** What is told of a system with these files that asks this of its stack, and where. */
async function told(asked: object, files: Readonly<Record<string, string>> = { "base.yml": base }, more: object = {}) {
  const { cwd } = scriptFolder(files);
  const compose = { project: "shop", cwd, files: Object.keys(files), ...more };
  const system = {
    backends: { stack: { compose }, api: { http: { base: "http://127.0.0.1:1" } } },
    health: [{ id: "one", source: { backend: "compose", spec: asked } }],
  };
  const faults = await examineStacks(JSON.parse(JSON.stringify(system).replaceAll('"HERE"', JSON.stringify(compose))));
  return faults.map(({ place, message, remedy }) => `${place.join(".")}: ${message}. ${remedy}`.replaceAll(cwd, "CWD"));
}

it("of services that its files have, and of those that an argument names, nothing is told", async () => {
  expect(await told({ backend: "stack", service: "web" })).toEqual([]);
  expect(await told({ backend: "stack", restart: ["web", "{service}"] })).toEqual([]);
  expect(await told({ backend: "stack", scale: { all: "{now}", "{service}": 3 } })).toEqual([]);
  // Another backend's own words are not looked at.
  expect(await told({ backend: "api", service: "wbe" })).toEqual([]);
});

it.each([
  [
    "a misspelt service",
    { backend: "stack", service: "wbe" },
    "service: CWD/base.yml has no service `wbe`. Did you mean `web`?",
  ],
  [
    "one of a list",
    { backend: "stack", services: ["web", "workr"] },
    "services.1: CWD/base.yml has no service `workr`. Did you mean `worker`?",
  ],
  [
    "one that is like none",
    { backend: "stack", restart: "everything" },
    "restart: CWD/base.yml has no service `everything`. There are web, worker.",
  ],
])("%s is told with what there is", async (_what, asked, words) => {
  expect(await told(asked)).toEqual([`health.0.source.spec.${words}`]);
});

it("finds a stack also where its name was replaced by what it stands for", async () => {
  const { cwd } = scriptFolder({ "base.yml": base });
  const compose = { project: "shop", cwd, files: ["base.yml"] };
  const faults = await examineStacks({ backends: { stack: { compose } }, steps: [{ ...compose, restart: "wbe" }] });
  expect(faults).toEqual([
    {
      place: ["steps", 0, "restart"],
      message: `${cwd}/base.yml has no service \`wbe\``,
      remedy: "Did you mean `web`?",
    },
  ]);
});

it("knows the services of all files together, and where some stand elsewhere says nothing of any", async () => {
  const files = { "base.yml": base, "prod.yml": "services:\n  proxy: { image: caddy, ports: !reset [] }\n" };
  expect(await told({ backend: "stack", service: "proxy" }, files)).toEqual([]);
  expect(await told({ backend: "stack", service: "prxy" }, files)).toEqual([
    "health.0.source.spec.service: no file of its project has a service `prxy`. Did you mean `proxy`?",
  ]);
  expect(await told({ backend: "stack", service: "prxy" }, { "base.yml": `include: [other.yml]\n${base}` })).toEqual(
    [],
  );
  expect(await told({ backend: "stack", service: "prxy" }, { "base.yml": "services: [" })).toEqual([]);
});

it("tells of files that are not there", async () => {
  const gone = { files: ["base.yml", "gone.yml"], envFile: ".env" };
  expect(await told({ backend: "stack", service: "wbe" }, undefined, gone)).toEqual([
    "backends.stack.compose.files.1: the file CWD/gone.yml is not there. Make it, or correct the path.",
    "backends.stack.compose.envFile: the file CWD/.env is not there. Make it, or correct the path.",
  ]);
});
