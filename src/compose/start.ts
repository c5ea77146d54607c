import { mkdirSync } from "node:fs";
import type { Environment } from "../config/environment.ts";
import { configFingerprint } from "../config/fingerprint.ts";
import type { Config } from "../config/load-config.ts";
import type { Log } from "../domain/log.ts";
import { createLog, type LogLevel } from "../ops/log.ts";
import { createMeasurements } from "../ops/metrics.ts";
import { createServer } from "../ops/server.ts";
import { createBot } from "./bot.ts";
import { areSimulated, configOrRefuse, demoPlace, placeOf, unconfigured } from "./config.ts";
import { openConsole } from "./console.ts";
import { openDoor } from "./door.ts";
import { removeDoorFile, writeDoorFile } from "./door-file.ts";
import { examinePlatforms } from "./examine-platforms.ts";
import { healthChecks } from "./health.ts";
import { openStore } from "./open-store.ts";
import { openSurfaces, type Surfaces } from "./surfaces.ts";
import { watchConfig } from "./watch-config.ts";

export interface Wardroom {
  readonly url: string;
  readonly log: Log;
  /** Reads the config files now, and asks again for people and rules that were denied. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** The simulated systems while they run. */
interface DemoSystems {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Everything, started in the order in which each part needs the one before. */
export async function startWardroom(environment: Environment): Promise<Wardroom> {
  mkdirSync(environment.stateFolder, { recursive: true, mode: 0o700 });
  const log = createLog({ level: logLevel(environment) });
  const demo = await startDemoSystems(environment);
  try {
    return await startOn(environment, log, demo);
  } catch (error) {
    // What stands already would keep a process alive that does nothing.
    await demo?.stop();
    throw error;
  }
}

async function startDemoSystems(environment: Environment): Promise<DemoSystems | undefined> {
  if (environment.production && !(await asksForDemoSystems(environment))) return undefined;
  const { startDemoAgain } = await import("../../demo/start-again.ts");
  return startDemoAgain(environment.stateFolder);
}

/** In production they run only where the config says so. */
async function asksForDemoSystems(environment: Environment): Promise<boolean> {
  return environment.configFolder !== undefined && areSimulated(environment);
}

async function startOn(environment: Environment, log: Log, demo: DemoSystems | undefined): Promise<Wardroom> {
  const measurements = createMeasurements({
    onMisuse: (problem) => log.error("a measurement is not in the catalogue", { problem }),
  });
  const { meter } = measurements;
  const lacking = unconfigured(environment);
  if (lacking) throw lacking;
  const place = environment.configFolder === undefined ? demoPlace : placeOf(environment.configFolder);
  const variables = { ...environment.variables, ...demo?.env };
  const since = await configFingerprint(place);
  const { config, warnings } = await configOrRefuse(place, variables);
  for (const warning of warnings) log.warn("the configuration could be better", { warning });
  const store = await openStore(environment, {
    meter,
    onWarning: (what, remedy) => log.warn("the store is not as it should be", { what, remedy }),
  });
  const bot = await createBot({ store, config, log, meter, alone: environment.redisUrl === undefined });
  const server = createServer({
    host: environment.host,
    port: environment.port,
    log,
    health: healthChecks(bot, () => surfaces.deafness()),
    metrics: measurements,
  });
  const surfaces: Surfaces = await openSurfaces({ bot, environment, app: server.app, log, meter });
  const room = environment.production ? undefined : await openConsole(server, { bot, environment, log });
  const token = openDoor(server, { bot, environment });
  bot.work([...(room ? [room] : []), ...surfaces.all]);
  const { url, port } = await server.listen();
  surfaces.start();
  if (!environment.production) writeDoorFile(environment.stateFolder, { port, token, pid: process.pid });
  const watch = watchConfig({ place, variables, bot, log, since });
  void sayWhatIsWrong(environment, config, log);
  if (environment.production) log.info("this is production: the console and the demo people are off");
  return {
    url,
    log,
    reload: () => watch.read({ again: true }),
    async stop() {
      await watch.stop();
      removeDoorFile(environment.stateFolder);
      await surfaces.stop();
      await server.close();
      await room?.close();
      await bot.stop();
      await demo?.stop();
    },
  };
}

/** What `doctor` would find on the platforms, once, for whoever reads the log of a start. */
async function sayWhatIsWrong(environment: Environment, config: Config, log: Log): Promise<void> {
  for (const { about, findings } of await examinePlatforms(environment, config)) {
    for (const { what, remedy } of findings)
      if (remedy !== undefined) log.warn("something is not as the bot needs it", { platform: about, what, remedy });
  }
}

/** The log knows fewer levels than `LOG_LEVEL` takes. */
function logLevel({ logLevel: wanted }: Environment): LogLevel {
  if (wanted === "trace") return "debug";
  return wanted === "fatal" ? "error" : wanted;
}
