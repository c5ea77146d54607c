import { catalogueOf } from "../bot/language/catalogue.ts";
import { commands } from "../commands/index.ts";
import { queryCommands } from "../commands/query.ts";
import { operationCommands } from "../commands/run.ts";
import type { Config } from "../config/load-config.ts";
import { routingOf } from "../domain/alerts/routing.ts";
import { awaitedIn } from "../domain/alerts/sign-of-life.ts";
import type { Command } from "../domain/commands/command.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import { fillExamples } from "../domain/commands/examples.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";
import type { System, Systems } from "../domain/systems/system.ts";
import { postReader } from "../intake/read-again.ts";

/** The configuration with the files' words it was compiled from. */
export interface Snapshot extends Configuration {
  readonly config: Config;
}

/** The built-in commands, and those that the systems' queries and operations compile to, with examples of these systems. */
export function commandsFor({ systems }: Pick<Config, "systems">): readonly Command[] {
  return [...commands, ...queryCommands(systems), ...operationCommands(systems)].map((command) => ({
    ...command,
    examples: fillExamples(command.examples, systems),
  }));
}

/** A look is some ten calls for each system. */
const shortestWatchMs = 1_000;

/** Compiles what the files say. On surfaces whose accounts are a platform's own, people have conversations of two with the bot. */
export function snapshotOf(config: Config, surfaces: readonly SurfaceTraits[] = []): Snapshot {
  const writable = surfaces.filter(({ accounts }) => accounts === "platform").map(({ id }) => id);
  const all = commandsFor(config);
  return {
    config,
    systems: systemsOf(config.systems),
    secrets: config.secrets,
    commands: all,
    catalogue: catalogueOf(all),
    routing: routingOf(config.alerts, config.systems, config.oncall, writable),
    digests: config.digests,
    incidents: config.incidents,
    posts: postReader(config.alerts.senders),
    awaited: awaitedIn(config.alerts),
    history: config.history,
    ...(config.alerts.watch !== "off" && { watchEveryMs: Math.max(shortestWatchMs, config.alerts.watch) }),
  };
}

/** Holds the one snapshot in use. A new one takes its place at once and whole. */
export class ConfigurationInUse {
  #snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  readonly current = (): Snapshot => this.#snapshot;

  replace(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }
}

function systemsOf(systems: readonly System[]): Systems {
  return {
    all: () => systems,
    find: (id) => systems.find((system) => system.id === id || system.aliases.includes(id)),
  };
}
