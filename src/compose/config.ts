import { fileURLToPath } from "node:url";
import { demoVariables } from "../../demo/variables.ts";
import { commands } from "../commands/index.ts";
import { wantsDemoSystems } from "../config/demo-systems.ts";
import type { Environment, Variables } from "../config/environment.ts";
import { type Config, type ConfigPlace, loadConfig } from "../config/load-config.ts";
import { formatProblem } from "../config/problem.ts";
import { UserError } from "../domain/failure.ts";
import { createHttp } from "../integrations/wire/http.ts";
import { knownSurfaces } from "./known-surfaces.ts";
import { createBackends } from "./world.ts";

/** A path inside the clone, whatever the working directory. */
export function inClone(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Names that a short operation or query may not take. */
const reserved = [...commands.map((command) => command.name.split(" ")[0] ?? command.name), "run", "query"];

/** What a config is read with. Only the schemas of these backends are used, so nothing is asked. */
const known = {
  reserved,
  surfaces: knownSurfaces,
  backends: createBackends({ http: createHttp() }),
  simulated: Object.keys(demoVariables),
};

/** Where the demo's people and rules, and the systems that it simulates, stand. */
export const demoPlace: ConfigPlace = { folder: inClone("demo/config"), systemFolders: [inClone("systems")], ...known };

export function placeOf(folder: string): ConfigPlace {
  return { folder, ...known };
}

/** Why the bot would not start: a platform is set, and nobody has said who may do what there. */
export function unconfigured({ production, configFolder }: Environment): UserError | undefined {
  if (!production || configFolder !== undefined) return undefined;
  return new UserError(
    "A chat platform is set, and no config says who is who and where the bot listens.",
    "Make one to begin with: npx --no wardroom init --slack, or --discord, or both",
  );
}

/** Are the systems the demo's, which run while the bot does? */
export async function areSimulated({ configFolder: folder }: Environment): Promise<boolean> {
  return folder === undefined || wantsDemoSystems(folder);
}

/** The variables a config is read with. While the simulated systems run, theirs say where they are, whatever else was set. */
export function withSimulated(variables: Variables, simulated: boolean): Variables {
  return simulated ? { ...variables, ...demoVariables } : variables;
}

/** The config the environment names, for a command that looks at it and does not run the bot. */
export async function configFor(environment: Environment): Promise<Config> {
  const { configFolder: folder, variables } = environment;
  const standIns = await areSimulated(environment);
  const place = { ...(folder === undefined ? demoPlace : placeOf(folder)), standIns };
  return (await configOrRefuse(place, withSimulated(variables, standIns))).config;
}

/** The config, or a UserError with every problem and where it stands. */
export async function configOrRefuse(
  place: ConfigPlace,
  variables: Variables,
): Promise<{ config: Config; warnings: readonly string[] }> {
  const loaded = await loadConfig(place, {
    variables,
    unset: "refuse",
  });
  if ("config" in loaded) return { config: loaded.config, warnings: loaded.warnings.map(formatProblem) };
  throw new UserError(
    `The configuration cannot be used.\n${loaded.problems.map(formatProblem).join("\n")}`,
    "Correct it, then check it with: wardroom check",
  );
}
