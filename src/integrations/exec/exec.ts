import { type Backend, serve } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { execStep } from "./exec-step.ts";
import { listProgram, ProgramList } from "./program-list.ts";
import {
  checkProgram,
  identifyProgram,
  ProgramFact,
  ProgramHealth,
  ProgramIdentity,
  programFact,
  programNumber,
  programProof,
} from "./program-ports.ts";
import { programRead } from "./program-read.ts";
import type { Surroundings } from "./run-command.ts";
import { ExecConnection } from "./shell.ts";

const name = "exec";

/** Programs of this machine, each with an argument vector and no shell. */
export function execBackend(around: Surroundings): Backend {
  return {
    name,
    connection: ExecConnection,
    proof: programProof,
    identity: serve(ProgramIdentity, (spec, look) => identifyProgram(around, spec, look)),
    health: serve(ProgramHealth, (spec, look) => checkProgram(around, spec, look)),
    fact: serve(ProgramFact, (spec, look) => programFact(around, spec, look)),
    metric: serve(ProgramFact, (spec, look) => programNumber(around, spec, look)),
    list: serve(ProgramList, (spec, look) => listProgram(around, spec, look)),
    reads: [programRead(around)],
    steps: [closeStepKind(name, execStep(around))],
  };
}
