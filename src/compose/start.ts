import type { Console } from "../bot/console/register-console.ts";
import type { DoorAddress } from "../bot/terminal/client.ts";
import type { Environment } from "../config/environment.ts";
import { configFingerprint } from "../config/fingerprint.ts";
import type { Config } from "../config/load-config.ts";
import type { Log } from "../domain/log.ts";
import { type TakenAddress, takeAddress } from "../ops/address.ts";
import { runChecks } from "../ops/health.ts";
import { createLog, type LogLevel } from "../ops/log.ts";
import { createMeasurements } from "../ops/metrics.ts";
import { createServer } from "../ops/server.ts";
import { createBot } from "./bot.ts";
import { areSimulated, configOrRefuse, demoPlace, placeOf, unconfigured } from "./config.ts";
import { openConsole } from "./console.ts";
import { type OpenDoor, openDoor } from "./door.ts";
import { examinePlatforms } from "./examine-platforms.ts";
import { healthChecks } from "./health.ts";
import { openStore } from "./open-store.ts";
import { type OwnedState, ownState } from "./state-owner.ts";
import { openSurfaces, type Surfaces } from "./surfaces.ts";
import { type ConfigWatch, type ReadAnew, watchConfig } from "./watch-config.ts";
import { openWebhooks } from "./webhooks.ts";

export interface Wardroom {
  readonly url: string;
  /** How a terminal asks it. */
  readonly door: DoorAddress;
  readonly log: Log;
  /** Reads the config files now, and asks again for people and rules that were denied. */
  reload(): Promise<ReadAnew>;
  stop(): Promise<void>;
}

/** The simulated systems while they run. */
interface DemoSystems {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Everything, started in the order in which each part needs the one before: first the state folder and the port are taken, so
 * that a start that may not be has changed nothing. Throws a UserError when it may not be, and leaves nothing running.
 */
export async function startWardroom(
  environment: Environment,
  how: { readonly forOneQuestion?: boolean } = {},
): Promise<Wardroom> {
  const lacking = unconfigured(environment);
  if (lacking) throw lacking;
  const ends: End[] = [];
  try {
    const state = ownState(environment, how);
    ends.push(async () => state.release());
    const address = await takeAddress(environment);
    ends.push(() => address.close());
    const log = createLog({ level: logLevel(environment) });
    const demo = await startDemoSystems(environment);
    ends.push(async () => demo?.stop());
    return await startOn({ environment, log, demo, state, address, ends });
  } catch (error) {
    // What stands already would keep a process alive that does nothing.
    await endAll(ends);
    throw error;
  }
}

/** A look at every system costs as much as the first answer, which it would hold up. */
const watchInMs = 3_000;

/** The door opens before the files are watched. */
const notYet: ReadAnew = { taken: false, problems: ["It is still starting, with the files as they are now."] };

/** What ends a part that was started. */
type End = () => Promise<unknown>;

/** The newest first. One that fails keeps none of the others from ending. */
async function endAll(ends: End[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of ends.splice(0).toReversed()) await end().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "not everything that was started could be ended");
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

async function startOn(parts: {
  readonly environment: Environment;
  readonly log: Log;
  readonly demo: DemoSystems | undefined;
  readonly state: OwnedState;
  readonly address: TakenAddress;
  readonly ends: End[];
}): Promise<Wardroom> {
  const { environment, log, demo, state, address, ends } = parts;
  const measurements = createMeasurements({
    onMisuse: (problem) => log.error("a measurement is not in the catalogue", { problem }),
  });
  const { meter } = measurements;
  const place = environment.configFolder === undefined ? demoPlace : placeOf(environment.configFolder);
  const variables = { ...environment.variables, ...demo?.env };
  const since = await configFingerprint(place);
  const { config, warnings } = await configOrRefuse(place, variables);
  for (const warning of warnings) log.warn("the configuration could be better", { warning });
  const store = await openStore(environment, {
    meter,
    onWarning: (what, remedy) => log.warn("the store is not as it should be", { what, remedy }),
  });
  const alone = environment.redisUrl === undefined;
  const bot = await createBot({ store, config, log, meter, alone, watchInMs }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  ends.push(() => bot.stop());
  const open: { surfaces?: Surfaces; room?: Console; door?: OpenDoor; watch?: ConfigWatch } = {};
  const health = healthChecks(bot, () => open.surfaces?.deafness() ?? []);
  const server = createServer({ address, log, health, metrics: measurements });
  ends.push(async () => {
    await open.surfaces?.stop();
    await open.door?.close();
    await server.close();
    await open.room?.close();
  });
  const surfaces = (open.surfaces = await openSurfaces({ bot, environment, app: server.app, log, meter }));
  openWebhooks(server.app, { bot, log });
  if (!environment.production) open.room = await openConsole(server, { bot, environment, log });
  const reload = async (): Promise<ReadAnew> => (await open.watch?.read({ again: true })) ?? notYet;
  const door = (open.door = await openDoor({ bot, server, environment, socket: state.socket, log, reload }));
  await server.serve();
  const isWell = async () => (await runChecks(health.alive, 2_000)).ok;
  bot.work([...(open.room ? [open.room] : []), ...surfaces.all], isWell);
  surfaces.start();
  state.announce({ url: server.url, door: door.address });
  const watch = (open.watch = watchConfig({ place, variables, bot, log, since }));
  ends.push(() => watch.stop());
  void sayWhatIsWrong(environment, config, log);
  if (environment.production) log.info("this is production: the console and the demo people are off");
  return {
    url: server.url,
    door: door.address,
    log,
    reload,
    stop: () => endAll(ends),
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
