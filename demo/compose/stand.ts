import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KeptContainer, makeContainer, readEngine, withEngine } from "./engine.ts";
import { type ProjectOptions, readProject } from "./project.ts";

/** Lays a program that stands for `docker`; what it would run it keeps in the folder `engine`. */
export function layDocker(docker: string, engine: string): void {
  mkdirSync(join(engine, "logs"), { recursive: true });
  const script = new URL("docker-compose.js", import.meta.url).href;
  // The hyphens keep Node from taking --env-file for its own. It is plain JavaScript of either kind of module.
  const program = `process.argv.splice(2, 0, "--state", ${JSON.stringify(engine)});\nimport(${JSON.stringify(script)});\n`;
  writeFileSync(docker, `#!${process.execPath} --\n${program}`);
  chmodSync(docker, 0o700);
  // Nothing runs on it yet: what a killed program left would keep everybody waiting.
  rmSync(join(engine, "lock"), { recursive: true, force: true });
}

/** Starts all of a project where it has never run; what was scaled or stopped before stays so. */
export function startProject(options: ProjectOptions): void {
  const { engine } = options;
  if (existsSync(join(engine, "state.json"))) return;
  const project = readProject(options);
  const startedAt = Date.now();
  withEngine(engine, (state) => {
    for (const service of project.services.values()) {
      state.images.push(service.image);
      for (let number = 1; number <= service.replicas; number += 1) {
        const made = makeContainer(project, service, number);
        state.containers.push({ ...made, state: "running", health: service.isChecked ? "healthy" : "", startedAt });
      }
      for (const name of service.volumes) state.volumes.push({ name, project: project.name, holds: "" });
    }
  });
}

/** The containers that run now. */
export function runningContainers(engine: string): readonly KeptContainer[] {
  return readEngine(engine).containers.filter(({ state }) => state === "running");
}
