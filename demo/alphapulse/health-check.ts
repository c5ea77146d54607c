import { join } from "node:path";
import { readEngine } from "../compose/engine.ts";
import { runScript, ScriptEnd } from "../programs/script.ts";

/** As the manual's own: a line for each container, and exit code 1 unless all of them are well. */
await runScript((folder) => {
  const states = readEngine(join(folder, "engine")).containers.map(({ service, state, health }) => ({
    service,
    isWell: state === "running" && health !== "unhealthy",
  }));
  for (const { service, isWell } of states) process.stdout.write(`[${isWell ? "PASS" : "FAIL"}] ${service}\n`);
  if (states.length === 0 || states.some(({ isWell }) => !isWell)) throw new ScriptEnd("not every service is well", 1);
});
