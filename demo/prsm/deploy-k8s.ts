import { parseArgs } from "node:util";
import { imageOf, isRelease } from "../kubernetes/registry.ts";
import { refusedCode, runScript, ScriptEnd, say } from "../programs/script.ts";
import { readDeployment, setImage } from "./cluster-client.ts";
import { changeVault } from "./vault.ts";

await runScript(async (folder, words) => {
  const { values } = parseArgs({
    args: [...words],
    options: { environment: { type: "string" }, tag: { type: "string" } },
  });
  const { environment = "", tag = "" } = values;
  if (environment !== "staging" && environment !== "production")
    throw new ScriptEnd("usage: deploy-k8s.sh --environment staging|production --tag v1.x.x", refusedCode);
  if (!isRelease(tag)) throw new ScriptEnd(`the registry has no image of ${tag}: nothing was deployed`, refusedCode);
  const image = imageOf(tag);
  await say(`[INFO] Deploying ${tag} to ${environment}`);
  await say(`[INFO] ${tag} is ${image}`);
  if (environment === "staging") changeVault(folder, { staging: tag });
  else {
    // Both are there, or nothing is begun.
    for (const name of ["prsm-api", "prsm-worker"]) await readDeployment(name);
    for (const name of ["prsm-api", "prsm-worker"]) {
      await setImage(name, image, `deploy ${tag}`);
      await say(`[INFO] deployment.apps/${name} has the image`);
    }
  }
  await say(`[SUCCESS] ${tag} is deployed to ${environment}; its rollout is under way`, 0);
});
