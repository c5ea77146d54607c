import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve as absolute, join } from "node:path";
import { z } from "zod";
import { terminalAccountOf } from "../acts/people/enrol-terminal.ts";
import { type Console, registerConsole } from "../bot/console/register-console.ts";
import type { ConsoleAccount, ConsoleChannel } from "../bot/console/wire.ts";
import { registerTerminalDoor } from "../bot/terminal/door.ts";
import { wantsDemoSystems } from "../config/demo-systems.ts";
import type { Environment } from "../config/environment.ts";
import type { Config } from "../config/load-config.ts";
import { UserError } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import { createLog } from "../ops/log.ts";
import { createMetrics } from "../ops/metrics.ts";
import { createServer, type Server } from "../ops/server.ts";
import { createBot, type RunningBot } from "./bot.ts";
import { configOrRefuse, demoPlace, placeOf, unconfigured } from "./config.ts";
import { removeDoorFile, writeDoorFile } from "./door-file.ts";
import { environmentOrRefuse } from "./environment.ts";
import { examinePlatforms } from "./examine-platforms.ts";
import { openStore } from "./open-store.ts";
import { openSurfaces, type Surfaces } from "./surfaces.ts";

/** `wardroom start`: runs until it is told to stop, then drains. */
export async function start(): Promise<number> {
  const environment = environmentOrRefuse();
  const running = await startWardroom(environment);
  process.stdout.write(running.banner);
  await untilToldToStop(running.log);
  await running.stop();
  return 0;
}

export interface Wardroom {
  readonly url: string;
  readonly banner: string;
  readonly log: Log;
  stop(): Promise<void>;
}

const consoleExamples = [
  "status",
  "metrics alphapulse daily_pnl",
  "logs pulseguard since:1h level:error",
  "flatten alphapulse",
  "help",
];

/** Everything, started in the order in which each part needs the one before. */
export async function startWardroom(environment: Environment): Promise<Wardroom> {
  mkdirSync(environment.stateFolder, { recursive: true, mode: 0o700 });
  const log = createLog({ level: logLevel(environment) });
  const demo = (await needsDemoSystems(environment)) ? await startDemoSystems(environment) : undefined;
  try {
    return await startOn(environment, log, demo);
  } catch (error) {
    // What stands already would keep a process alive that does nothing.
    await demo?.stop();
    throw error;
  }
}

async function startOn(environment: Environment, log: Log, demo: DemoSystems | undefined): Promise<Wardroom> {
  const measurements = createMetrics({
    onMisuse: (problem) => log.error("a measurement is not in the catalogue", { problem }),
  });
  const lacking = unconfigured(environment);
  if (lacking) throw lacking;
  const place = environment.configFolder === undefined ? demoPlace : placeOf(environment.configFolder);
  const { config, warnings } = await configOrRefuse(place, { ...environment.variables, ...demo?.env });
  for (const warning of warnings) log.warn("the configuration could be better", { warning });
  const bot = await createBot({
    store: await openStore(environment, measurements.meter),
    config,
    log,
    meter: measurements.meter,
    alone: environment.redisUrl === undefined,
  });
  const server = createServer({
    host: environment.host,
    port: environment.port,
    log,
    health: healthChecks(bot, () => surfaces.deafness()),
    metrics: measurements,
  });
  const surfaces: Surfaces = await openSurfaces({
    bot,
    config,
    environment,
    app: server.app,
    log,
    meter: measurements.meter,
  });
  const room = environment.production ? undefined : await openConsole(server, { bot, config, environment, log });
  const doorToken = openDoor(server, { bot, environment });
  bot.work([...(room ? [room.courier] : []), ...surfaces.all.map((surface) => surface.courier)]);
  const { url, port } = await server.listen();
  surfaces.start();
  if (!environment.production) writeDoorFile(environment.stateFolder, { port, token: doorToken, pid: process.pid });
  void sayWhatIsWrong(environment, config, log);
  if (environment.production) log.info("this is production: the console and the demo people are off");
  return {
    url,
    log,
    banner: environment.production
      ? `Wardroom is running: ${url}/healthz\n${firstWords(environment)}`
      : `\n  Wardroom is ready: ${url}\n  The demo's state is in ${environment.stateFolder}/. Stop with Ctrl+C.\n\n`,
    async stop() {
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

/** What to try first, where people will be. */
function firstWords({ slack, discord }: Environment): string {
  const lines = [
    ...(slack ? ["  In Slack, in a channel of wardroom.yaml: /ops status"] : []),
    ...(discord ? ["  In Discord, in a channel of wardroom.yaml: /status"] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function logLevel(environment: Environment): "debug" | "info" | "warn" | "error" | "silent" {
  switch (environment.logLevel) {
    case "trace":
      return "debug";
    case "fatal":
      return "error";
    case "debug":
    case "info":
    case "warn":
    case "error":
    case "silent":
      return environment.logLevel;
  }
}

async function needsDemoSystems({ production, configFolder }: Environment): Promise<boolean> {
  return !production || (configFolder !== undefined && (await wantsDemoSystems(configFolder)));
}

interface DemoSystems {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

async function startDemoSystems(environment: Environment): Promise<DemoSystems> {
  const { startDemo } = await import("../../demo/start.ts");
  const folder = absolute(environment.stateFolder, "demo");
  const known = knownPorts(environment.stateFolder);
  const demo = await startDemo({ folder, ...(known && { ports: known }) }).catch(() => startDemo({ folder }));
  const portOf = (name: string): number => Number(new URL(demo.env[name] ?? "").port);
  const ports: DemoPorts = {
    pulseguard: [portOf("PULSEGUARD_1"), portOf("PULSEGUARD_2"), portOf("PULSEGUARD_3")],
    trading: portOf("ALPHAPULSE_URL"),
    monitor: portOf("ALPHAPULSE_MONITOR"),
  };
  writeFileSync(join(environment.stateFolder, "demo-ports.json"), JSON.stringify(ports));
  return demo;
}

const DemoPorts = z.object({
  pulseguard: z.tuple([z.int(), z.int(), z.int()]),
  trading: z.int(),
  monitor: z.int(),
});
type DemoPorts = z.output<typeof DemoPorts>;

/** The addresses of the last start, so that what waits for approval still names the right ones. Free ones when there are none. */
function knownPorts(stateFolder: string): DemoPorts | undefined {
  try {
    return DemoPorts.parse(JSON.parse(readFileSync(join(stateFolder, "demo-ports.json"), "utf8")));
  } catch {
    return undefined;
  }
}

function healthChecks(
  bot: RunningBot,
  surfaces: () => ReturnType<Surfaces["deafness"]>,
): {
  alive: { name: string; run(): Promise<string | undefined> }[];
  ready: { name: string; run(): Promise<string | undefined> }[];
} {
  const store = {
    name: "store",
    async run() {
      await bot.store.now();
      return undefined;
    },
  };
  const hearing = {
    name: "hearing",
    async run() {
      const deaf = surfaces().flatMap(({ name, deaf: why }) => {
        const words = why();
        return words === undefined ? [] : [`${name}: ${words}`];
      });
      return deaf.length === 0 ? undefined : deaf.join("; ");
    },
  };
  return { alive: [store, hearing], ready: [store] };
}

/** The console can approve things for whoever opens it, so it is for the demo, on this machine, and nothing else. */
async function openConsole(
  server: Server,
  parts: { bot: RunningBot; config: Config; environment: Environment; log: Log },
): Promise<Console> {
  const { bot, config, environment, log } = parts;
  if (!["127.0.0.1", "::1", "localhost"].includes(environment.host)) {
    throw new UserError(
      `The demo's console answers on this machine only, and HOST is ${environment.host}.`,
      "Unset HOST, or set WARDROOM_CONFIG to run for real, without the console.",
    );
  }
  const [firstAccount, ...accounts] = consoleAccounts(config);
  const [firstChannel, ...channels] = consoleChannels(config);
  if (!firstAccount || !firstChannel)
    throw new UserError(
      "The demo has no console account or channel.",
      "Look at demo/config/people.yaml and wardroom.yaml.",
    );
  return registerConsole(server.app, {
    bot: bot.pipeline,
    accounts: [firstAccount, ...accounts],
    channels: [firstChannel, ...channels],
    storagePath: join(environment.stateFolder, "console.db"),
    log,
    examples: consoleExamples,
  });
}

function consoleAccounts(config: Config): ConsoleAccount[] {
  const titles = new Map(config.policy.roles.map((role) => [role.id, role.title ?? role.id]));
  return config.policy.people.flatMap((person) => {
    const roleWords = [...new Set(person.grants.map((grant) => titles.get(grant.role) ?? grant.role))].join(", ");
    return (person.accounts.console ?? []).map((id, position) => ({
      id,
      label: position === 0 ? person.name : `${person.name}, second account`,
      personName: person.name,
      roleWords,
    }));
  });
}

function consoleChannels(config: Config): ConsoleChannel[] {
  return config.policy.channels
    .filter((channel) => channel.surface === "console")
    .map((channel) => ({ id: channel.id, title: channel.title ?? channel.id, channel: channel.channel }));
}

/** Opens the terminal's door. Answers the demo's token, which this user's terminal finds in the state folder. */
function openDoor(server: Server, { bot, environment }: { bot: RunningBot; environment: Environment }): string {
  const demoToken = `wrd_${randomBytes(24).toString("base64url")}`;
  registerTerminalDoor(server.app, {
    bot: bot.pipeline,
    async authenticate(token, as) {
      if (as === undefined) return terminalAccountOf(bot.store, token);
      return !environment.production && sameText(token, demoToken) ? as : undefined;
    },
  });
  return demoToken;
}

function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The first signal starts the drain; a second one ends the process at once. */
function untilToldToStop(log: Log): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        log.info("told to stop: ending what is under way", { signal });
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}
