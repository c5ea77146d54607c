import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layDocker, runningContainers, startProject } from "../compose/stand.ts";
import { layProgram, layReceipts } from "../programs/lay.ts";
import type { Desk } from "./desk.ts";

const trader = "alphapulse-trading";

interface Programs {
  readonly docker: string;
  readonly systemctl: string;
  readonly engine: string;
}

/** The services of AlphaPulse-RL as containers of the stand-in for an engine, and what is told to them by its files. */
export class AlphaPulseStack {
  /** Stands for `docker`. */
  readonly docker: string;
  /** Stands for `systemctl`. */
  readonly systemctl: string;
  readonly #engine: string;
  readonly #desk: Desk;
  #process: string | undefined;

  private constructor({ docker, systemctl, engine }: Programs, desk: Desk) {
    this.docker = docker;
    this.systemctl = systemctl;
    this.#engine = engine;
    this.#desk = desk;
  }

  /** Lays the folder that the manual works in; what was kept there before stays. */
  static lay(home: string, desk: Desk): AlphaPulseStack {
    for (const inside of ["state", "deployment/docker", "deployment/scripts"])
      mkdirSync(join(home, inside), { recursive: true, mode: 0o700 });
    layReceipts(home);
    writeFileSync(join(home, "SYSTEM"), "alphapulse-rl\n", { mode: 0o600 });
    for (const [name, path] of Object.entries(scripts))
      layProgram(join(home, "deployment", "scripts", path), new URL(name, import.meta.url), join(home, "state"));
    const [env, file] = [join(home, "deployment", ".env"), join(home, "deployment", "docker", "docker-compose.yml")];
    if (!existsSync(env)) writeFileSync(env, `TRADING_MODE=${desk.mode}\n`, { mode: 0o600 });
    writeFileSync(file, readFileSync(fileURLToPath(new URL("project/docker-compose.yml", import.meta.url))));
    const [docker, engine] = [join(home, "state", "docker"), join(home, "state", "engine")];
    layDocker(docker, engine);
    startProject({ engine, project: "alphapulse", files: [file], envFiles: [env] });
    const systemctl = laySystemctl(join(home, "state"));
    const drills = join(home, "logs", "drills.log");
    if (!existsSync(drills)) writeFileSync(drills, `${lastDrill(Date.now())}\n`, { mode: 0o600 });
    const stack = new AlphaPulseStack({ docker, systemctl, engine }, desk);
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

/** One that knows a single unit, and tells its state alone: what stands in the file of its name. It is not in use. */
function laySystemctl(folder: string): string {
  const [program, unit] = [join(folder, "systemctl"), join(folder, `systemctl.${trader}`)];
  if (!existsSync(unit)) writeFileSync(unit, "inactive\n", { mode: 0o600 });
  const script = [
    "#!/bin/sh",
    `[ "$*" = "show --property=ActiveState --value ${trader}.service" ] && exec cat "$0.${trader}"`,
    `echo "this stand-in tells the state of ${trader}.service alone" >&2`,
    "exit 1",
  ];
  writeFileSync(program, `${script.join("\n")}\n`);
  chmodSync(program, 0o700);
  return program;
}

/** The newest weekly backup was tried on the Sunday it was made. */
function lastDrill(now: number): string {
  const today = Math.floor(now / dayMs);
  const sunday = (today - new Date(now).getUTCDay()) * dayMs;
  const isOver = sunday + drillHour * 3_600_000 <= now;
  const at = new Date((isOver ? sunday : sunday - 7 * dayMs) + drillHour * 3_600_000).toISOString();
  return `${at.replace(".000", "")}: weekly-${at.slice(0, 10)} can be restored`;
}

const dayMs = 86_400_000;
const drillHour = 6;
