import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { layProgram, layReceipts } from "../programs/lay.ts";
import { keep, keptIn } from "../programs/script.ts";

/** What each instance is told to be, and since when; `model` is the one that its process was started with. */
const Unit = z.object({ running: z.boolean(), since: z.number(), model: z.string() });
const Units = z.record(z.string(), Unit);
type Unit = z.output<typeof Unit>;

/** How many instances the balancer knows. */
export const instanceCount = 3;

const shippedModel = "v0_1_0";
const models = ["v0_1_0", "v0_2_0", "v0_3_0"] as const;
/** It lies there without its weights, so that no instance can load it. */
const brokenModel = "v0_3_0";
const featureVersions = 9;

/** Lays what PulseGuard's manual runs from: settings, models, features and scripts. What was kept there before stays. */
export function layHome(home: string): void {
  for (const inside of ["state", "models/artifacts", "features/artifacts"])
    mkdirSync(join(home, inside), { recursive: true, mode: 0o700 });
  layReceipts(home);
  writeFileSync(join(home, "SYSTEM"), "pulseguard\n", { mode: 0o600 });
  const env = join(home, ".env");
  if (!existsSync(env))
    writeFileSync(env, `PULSEGUARD_MODE=live\nMODEL_VERSION=${shippedModel}\nCONFIRMATIONS=12\n`, { mode: 0o600 });
  for (const model of models) layModel(join(home, "models", "artifacts", model), model);
  layFeatures(home);
  for (const name of ["instances", "feature-versions"])
    layProgram(join(home, "scripts", `${name}.sh`), new URL(`${name}.ts`, import.meta.url), home);
}

function layModel(folder: string, model: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (model !== brokenModel) writeFileSync(join(folder, "ensemble.json"), "{}\n", { mode: 0o600 });
}

/** Once: what a cleanup took away is not laid again. */
function layFeatures(home: string): void {
  const folder = join(home, "features", "artifacts");
  if (readdirSync(folder).length > 0) return;
  for (let number = 1; number <= featureVersions; number += 1)
    mkdirSync(join(folder, `features_v${String(number).padStart(2, "0")}`), { mode: 0o700 });
}

/** Does the model lie there whole? */
export function isLoadable(home: string, model: string): boolean {
  return /^\w+$/.test(model) && existsSync(join(home, "models", "artifacts", model, "ensemble.json"));
}

/** The model that a process started now would load. */
export function modelInFile(home: string): string {
  return /^MODEL_VERSION=(\S+)$/m.exec(readFileSync(join(home, ".env"), "utf8"))?.[1] ?? shippedModel;
}

function unitsPath(home: string): string {
  return join(home, "state", "instances.json");
}

/** All of them, by their number; one that was never told anything runs since ever. */
export function readUnits(home: string): ReadonlyMap<number, Unit> {
  const kept = keptIn(unitsPath(home), Units);
  return new Map(
    Array.from({ length: instanceCount }, (_, index) => [
      index + 1,
      kept[index + 1] ?? { running: true, since: 0, model: shippedModel },
    ]),
  );
}

export function keepUnits(home: string, units: ReadonlyMap<number, Unit>): void {
  keep(unitsPath(home), Object.fromEntries(units));
}
