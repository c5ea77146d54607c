import { fileURLToPath } from "node:url";
import { commands } from "../commands/index.ts";
import type { Variables } from "../config/environment.ts";
import { type Config, type ConfigPlace, loadConfig } from "../config/load-config.ts";
import { formatProblem } from "../config/problem.ts";
import { UserError } from "../domain/failure.ts";

/** A path inside the clone, whatever the working directory. */
export function inClone(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Names that a short operation may not take. */
const reserved = [...commands.map((command) => command.name.split(" ")[0] ?? command.name), "run"];

/** Where the demo's people and rules and the five manuals' systems stand. */
export const demoPlace: ConfigPlace = { folder: inClone("demo/config"), systemFolders: [inClone("systems")], reserved };

export function placeOf(folder: string): ConfigPlace {
  return { folder, reserved };
}

/** The config, or a UserError with every problem and where it stands. */
export async function configOrRefuse(
  place: ConfigPlace,
  variables: Variables,
): Promise<{ config: Config; warnings: readonly string[] }> {
  const loaded = await loadConfig(place, { variables, unset: "refuse" });
  if ("config" in loaded) return { config: loaded.config, warnings: loaded.warnings.map(formatProblem) };
  throw new UserError(
    `The configuration cannot be used.\n${loaded.problems.map(formatProblem).join("\n")}`,
    "Mend it and check it with: wardroom check",
  );
}
