import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeContainer, readEngine, withEngine } from "../compose/engine.ts";
import { readProject } from "../compose/project.ts";
import { layRepository, releasedVariables } from "./releases.ts";

/** The compose project on the stand-in for an engine. */
export interface LogosStack {
  /** The folder of the project: its two files and its `.env`. */
  readonly home: string;
  /** Stands for `docker`; what it would run it keeps in the folder `engine`. */
  readonly docker: string;
  readonly engine: string;
  /** Containers that run now, of each service that has one. */
  running(): ReadonlyMap<string, number>;
}

const files = ["docker-compose.yml", "docker-compose.prod.yml"];
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Lays the project into a folder, with all of it running where it has never run; what was scaled or stopped before stays so.
 * `variables` are what its `.env` says.
 */
export function layStack(folder: string, variables: Readonly<Record<string, string | number>>): LogosStack {
  const [home, engine, docker] = [join(folder, "project"), join(folder, "engine"), join(folder, "docker")];
  for (const each of [home, join(engine, "logs")]) mkdirSync(each, { recursive: true });
  layRepository(home, Object.fromEntries(files.map((name) => [name, readFileSync(here(`project/${name}`), "utf8")])));
  layVariables(join(home, ".env"), variables);
  const script = new URL("../compose/docker-compose.ts", import.meta.url).href;
  // The hyphens keep Node from taking --env-file for its own. It is plain JavaScript of either kind of module.
  const program = `process.argv.splice(2, 0, "--state", ${JSON.stringify(engine)});\nimport(${JSON.stringify(script)});\n`;
  writeFileSync(docker, `#!${process.execPath} --\n${program}`);
  chmodSync(docker, 0o700);
  // Nothing runs on it yet: what a killed program left would keep everybody waiting.
  rmSync(join(engine, "lock"), { recursive: true, force: true });
  if (!existsSync(join(engine, "state.json"))) startAll(home, engine);
  return { home, docker, engine, running: () => runningIn(engine) };
}

/** Which images run was said by whoever rolled back last; the ports are new ones at each start of the demo. */
function layVariables(path: string, variables: Readonly<Record<string, string | number>>): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const kept = Object.entries(releasedVariables()).map(([name, value]) => [
    name,
    new RegExp(`^${name}=(.+)$`, "m").exec(before)?.[1] ?? value,
  ]);
  const lines = [...kept, ...Object.entries(variables)].map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(path, lines.join(""));
}

function startAll(home: string, engine: string): void {
  const paths = files.map((name) => join(home, name));
  const project = readProject({ project: "logos", files: paths, envFiles: [join(home, ".env")] });
  const startedAt = Date.now();
  withEngine(engine, (state) => {
    for (const service of project.services.values()) {
      for (let number = 1; number <= service.replicas; number += 1) {
        const made = makeContainer(project, service, number);
        state.containers.push({ ...made, state: "running", health: service.isChecked ? "healthy" : "", startedAt });
      }
      for (const name of service.volumes) state.volumes.push({ name, project: project.name });
    }
  });
}

function runningIn(engine: string): ReadonlyMap<string, number> {
  const running = new Map<string, number>();
  for (const { service, state } of readEngine(engine).containers)
    if (state === "running") running.set(service, (running.get(service) ?? 0) + 1);
  return running;
}
