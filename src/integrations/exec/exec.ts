import { type Backend, serve } from "../../domain/systems/backend.ts";
import { specReader } from "../../domain/systems/spec.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { commandPlaceholders } from "./command.ts";
import { examinePrograms } from "./examine-programs.ts";
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
import { ProgramQuery, programTable } from "./program-query.ts";
import { programRead } from "./program-read.ts";
import type { Surroundings } from "./run-command.ts";
import { ExecConnection } from "./shell.ts";

const name = "exec";
const known = specReader(ProgramQuery);

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
    query: {
      ...serve(ProgramQuery, (spec, asked) => programTable(around, spec, asked)),
      placeholders: (spec) => commandPlaceholders(known(spec).exec.command),
      columns: (spec) => Object.keys(known(spec).exec.lines.columns),
    },
    reads: [programRead(around)],
    steps: [closeStepKind(name, execStep(around))],
    examineFiles: examinePrograms,
  };
}
