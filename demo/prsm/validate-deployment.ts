import { parseArgs } from "node:util";
import { imageOf, isRelease, Registry, releaseOf } from "../kubernetes/registry.ts";
import { refusedCode, runScript, ScriptEnd } from "../programs/script.ts";
import { readDeployment } from "./cluster-client.ts";
import { readVault } from "./vault.ts";

interface Check {
  readonly what: string;
  readonly isWell: boolean;
}

await runScript(async (folder, words) => {
  const { values } = parseArgs({ args: [...words], options: { environment: { type: "string" } } });
  const { environment = "" } = values;
  if (environment !== "staging" && environment !== "production")
    throw new ScriptEnd("usage: validate-deployment.sh --environment staging|production", refusedCode);
  const checks = environment === "staging" ? checkStaging(folder) : await checkProduction(folder);
  if (environment === "staging") process.stdout.write(stagedImage(folder));
  for (const { what, isWell } of checks) process.stdout.write(`[${isWell ? "PASS" : "FAIL"}] ${what}\n`);
  const failed = checks.filter(({ isWell }) => !isWell).length;
  if (failed > 0) throw new ScriptEnd(`Validation of ${environment} failed: ${failed} of ${checks.length} checks`, 1);
  process.stdout.write(`[SUCCESS] Validation of ${environment} passed: ${checks.length} checks\n`);
});

/** As the script that deploys says it: a tag is moved at will, and what was tried there is an image. */
function stagedImage(folder: string): string {
  const { staging } = readVault(folder);
  return isRelease(staging) ? `[INFO] ${staging} is ${imageOf(staging)}\n` : "";
}

/** What an image does once it runs is known of it here: staging is no second cluster. */
function checkStaging(folder: string): readonly Check[] {
  const { staging } = readVault(folder);
  const does = isRelease(staging) ? new Registry().behaviourOf(imageOf(staging)) : "missing";
  return [
    { what: `staging runs ${staging}`, isWell: does !== "missing" },
    { what: "its containers stay up", isWell: does !== "crash" && does !== "missing" },
    { what: "they become ready", isWell: does === "good" },
  ];
}

async function checkProduction(folder: string): Promise<readonly Check[]> {
  const names = ["prsm-api", "prsm-worker", "postgres", "redis", "ipfs"];
  const found = await Promise.all(names.map(async (name) => ({ name, ...(await readDeployment(name)) })));
  const { restored } = readVault(folder);
  const ran = found.slice(0, 2).map(({ spec }) => releaseOf(spec.template.spec.containers[0]?.image ?? ""));
  const [release = "no release", other] = ran;
  return [
    { what: `production runs ${release === other ? release : ran.join(" and ")}`, isWell: true },
    ...found.map(({ name, spec: { replicas }, status: { availableReplicas, unavailableReplicas } }) => ({
      what: `${name} has ${availableReplicas} of ${replicas} pods`,
      isWell: availableReplicas >= replicas && unavailableReplicas === 0,
    })),
    {
      what: `the database prsm_production answers${restored === null ? "" : `, restored from ${restored}`}`,
      isWell: found.some(({ name, status }) => name === "postgres" && status.availableReplicas > 0),
    },
  ];
}
