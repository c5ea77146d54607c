import type { Backend } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { execStep } from "./exec-step.ts";
import type { Surroundings } from "./run-command.ts";
import { ExecConnection } from "./shell.ts";

const name = "exec";

/** Programs of this machine, each with an argument vector and no shell. */
export function execBackend(surroundings: Surroundings): Backend {
  return { name, connection: ExecConnection, steps: [closeStepKind(name, execStep(surroundings))] };
}
