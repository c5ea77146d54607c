import { createBackends } from "../../../src/compose/world.ts";
import { createStepRunner } from "../../../src/integrations/steps.ts";
import { createSecrets } from "../../../src/integrations/wire/secrets.ts";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { openHttp } from "../backend.ts";
import { scriptFolder } from "../process/scripts.ts";

/** What a step of a file comes to: its plan, and the means to run it and to ask about it by its key. */
export function stepOf(
  exec: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>> = {},
  ownKey = "req/s",
) {
  const names = Object.keys(values);
  const { steps } = planner.plan(
    OperationFile.parse({
      summary: "Back up",
      risk: "change",
      arguments: Object.fromEntries(names.map((name) => [name, { type: "text", title: name }])),
      steps: [{ id: "s", title: "S", exec: { env: ["PATH"], ...exec } }],
    }),
    values,
  );
  const [step] = steps;
  if (!step) throw new Error("there is no step");
  const secrets = createSecrets((name) => process.env[name]);
  const runner = createStepRunner(createBackends({ http: openHttp({ secrets }), secrets }));
  return {
    step,
    runner,
    run: (key = ownKey) => runner.run(step, { key, elapsedMs: 0 }),
    probe: (key = ownKey) => runner.probe(step, key),
    canProbe: () => runner.canProbe(step),
  };
}

export function script(text: string, name = "do.sh") {
  return scriptFolder({ [name]: text });
}
