import { createBackends } from "../../src/compose/world.ts";
import { stepKindsOf } from "../../src/domain/systems/backend.ts";
import { operationSchema } from "../../src/domain/systems/operation.ts";
import { type Planner, planOperation } from "../../src/domain/systems/plan-operation.ts";
import { systemSchema } from "../../src/domain/systems/system-file.ts";
import { createHttp } from "../../src/integrations/wire/http.ts";

/** The backends that the bot ships with. Nothing is asked until one of them is. */
export const backends = createBackends({ http: createHttp() });

const kinds = stepKindsOf(backends);

/** What a system's file and an operation in it may say. */
export const SystemFile = systemSchema(backends);
export const OperationFile = operationSchema(kinds);

export const planner: Planner = { plan: (operation, values) => planOperation(kinds, operation, values) };
