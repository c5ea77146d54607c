import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layDocker, runningContainers, startProject } from "../compose/stand.ts";
import { layProgram } from "../programs/lay.ts";
import type { Desk } from "./desk.ts";

const trader = "alphapulse-trading";

/** The services of AlphaPulse-RL as containers of the stand-in for an engine, and what is told to them by its files. */
export class AlphaPulseStack {
  /** Stands for `docker`. */
  readonly docker: string;
  readonly #engine: string;
  readonly #desk: Desk;
  #process: string | undefined;

  private constructor(docker: string, engine: string, desk: Desk) {
    this.docker = docker;
    this.#engine = engine;
    this.#desk = desk;
  }

  /** Lays the folder that the manual works in; what was kept there before stays. */
  static lay(home: string, desk: Desk): AlphaPulseStack {
    for (const inside of ["state", "receipts", "deployment/docker", "deployment/scripts"])
      mkdirSync(join(home, inside), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, "SYSTEM"), "alphapulse-rl\n", { mode: 0o600 });
    for (const [name, path] of Object.entries(scripts))
      layProgram(join(home, "deployment", "scripts", path), new URL(name, import.meta.url), join(home, "state"));
    const [env, file] = [join(home, "deployment", ".env"), join(home, "deployment", "docker", "docker-compose.yml")];
    if (!existsSync(env)) writeFileSync(env, `TRADING_MODE=${desk.mode}\n`, { mode: 0o600 });
    writeFileSync(file, readFileSync(fileURLToPath(new URL("project/docker-compose.yml", import.meta.url))));
    const [docker, engine] = [join(home, "state", "docker"), join(home, "state", "engine")];
    layDocker(docker, engine);
    startProject(engine, { project: "alphapulse", files: [file], envFiles: [env] });
    const stack = new AlphaPulseStack(docker, engine, desk);
    stack.isUp(trader);
    return stack;
  }

  /** Does this service run? A trader that was started anew is in the mode that its container was made with. */
  isUp(service: string): boolean {
    const container = runningContainers(this.#engine).find((each) => each.service === service);
    if (!container) return false;
    const began = `${container.id} ${container.startedAt}`;
    if (service === trader && began !== this.#process) {
      const isFirst = this.#process === undefined;
      this.#process = began;
      this.#desk.startAnew(container.labels["mode"] === "paper" ? "paper" : "live", { isFirst });
    }
    return true;
  }
}

const scripts = { "backup-system.ts": "backup_system.py", "health-check.ts": "health_check.py" };
