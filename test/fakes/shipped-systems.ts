import { fileURLToPath } from "node:url";
import { demoVariables } from "../../demo/variables.ts";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { formatProblem } from "../../src/config/problem.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { backends } from "./backends.ts";

/** The systems of the manuals, as their files say. */
export async function shippedSystems(): Promise<readonly System[]> {
  const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const place = { backends, surfaces: knownSurfaces, folder: at("demo/config"), systemFolders: [at("systems")] };
  const result = await loadConfig(place, { variables: demoVariables, unset: "refuse" });
  if ("config" in result) return result.config.systems;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}
