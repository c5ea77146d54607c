import { createBackends } from "../../src/compose/world.ts";
import { readKindsOf, stepKindsOf } from "../../src/domain/systems/backend.ts";
import { operationSchema } from "../../src/domain/systems/operation.ts";
import type { OwnAct } from "../../src/domain/systems/own-system.ts";
import { createPlanner, type Planner } from "../../src/domain/systems/plan-operation.ts";
import type { StepEnd } from "../../src/domain/systems/steps.ts";
import { systemSchema } from "../../src/domain/systems/system-file.ts";
import { ownBackend } from "../../src/integrations/own/act-step.ts";
import { createHttp } from "../../src/integrations/wire/http.ts";

/** The backends that the bot ships with. Nothing is asked until one of them is. */
export const backends = createBackends({ http: createHttp() });

const kinds = stepKindsOf(backends);

/** What a system's file and an operation in it may say. */
export const SystemFile = systemSchema(backends);
export const OperationFile = operationSchema(kinds, readKindsOf(backends));

const reads = readKindsOf(backends);
export const planner: Planner = createPlanner({ steps: kinds, reads });

/** Plans Wardroom's own operations, too. Nothing is done by them here. */
const ownActs = { settle: unused(), "change-policy": unused(), silence: unused(), "drop-letter": unused() };
const ownKinds = stepKindsOf([...backends, ownBackend(ownActs)]);
export const ownPlanner: Planner = createPlanner({ steps: ownKinds, reads });

function unused(): OwnAct {
  const refuse = async (): Promise<StepEnd> => ({ outcome: "refused", detail: "not here" });
  return { run: refuse, probe: refuse };
}
