import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layDocker, runningContainers, startProject } from "../compose/stand.ts";
import { layReceipts } from "../programs/lay.ts";
import { LogosBackups } from "./backups.ts";
import { layRepository, releasedVariables } from "./releases.ts";

/** The compose project on the stand-in for an engine. */
export interface LogosStack {
  /** The folder of the project: its two files and its `.env`. */
  readonly home: string;
  /** Stands for `docker`; what it would run it keeps in the folder `engine`. */
  readonly docker: string;
  readonly engine: string;
  readonly backups: LogosBackups;
  /** Containers that run now, of each service that has one. */
  running(): ReadonlyMap<string, number>;
}

const files = ["docker-compose.yml", "docker-compose.prod.yml"];
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Lays the project into a folder, with all of it running where it has never run; what was scaled or stopped before stays so.
 * `variables` are what its `.env` says.
 */
export async function layStack(
  folder: string,
  now: number,
  variables: Readonly<Record<string, string | number>>,
): Promise<LogosStack> {
  const [home, engine, docker] = [join(folder, "project"), join(folder, "engine"), join(folder, "docker")];
  layReceipts(home);
  writeFileSync(join(home, "SYSTEM"), "logos\n");
  mkdirSync(join(home, "scripts"), { recursive: true });
  writeFileSync(join(home, "scripts", "backup.sh"), readFileSync(here("project/backup.sh")));
  chmodSync(join(home, "scripts", "backup.sh"), 0o700);
  const repository = layRepository(
    home,
    Object.fromEntries(files.map((name) => [name, readFileSync(here(`project/${name}`), "utf8")])),
  );
  layVariables(join(home, ".env"), variables);
  layDocker(docker, engine);
  const paths = files.map((name) => join(home, name));
  startProject({ engine, project: "logos", files: paths, envFiles: [join(home, ".env")] });
  const backups = new LogosBackups(join(folder, "backups"), home);
  backups.keep(now);
  await Promise.all([repository, backups.settled()]);
  return { home, docker, engine, backups, running: () => runningIn(engine) };
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

function runningIn(engine: string): ReadonlyMap<string, number> {
  const running = new Map<string, number>();
  for (const { service } of runningContainers(engine)) running.set(service, (running.get(service) ?? 0) + 1);
  return running;
}
