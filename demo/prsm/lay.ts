import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layProgram, layReceipts } from "../programs/lay.ts";

const scripts = ["backup-system", "deploy-k8s", "validate-deployment", "test-monitoring"] as const;

/** Lays PRSM's folder below this one, with the scripts that its manual names, and tells where; what they kept before stays. */
export function layPrsm(folder: string): string {
  const home = join(folder, "prsm");
  mkdirSync(join(home, "state"), { recursive: true, mode: 0o700 });
  layReceipts(home);
  writeFileSync(join(home, "SYSTEM"), "prsm-production\n", { mode: 0o600 });
  for (const name of scripts)
    layProgram(join(home, "scripts", `${name}.sh`), new URL(`${name}.ts`, import.meta.url), join(home, "state"));
  return home;
}
