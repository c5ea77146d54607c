import { type Backend, serve } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { examineStacks } from "./examine-stacks.ts";
import { ComposeFact, stackFact } from "./facts.ts";
import { ComposeLog, searchStack } from "./logs.ts";
import { StackRounds } from "./rounds.ts";
import {
  ComposeHealth,
  ComposeIdentity,
  ComposeList,
  ComposeMetric,
  composeProof,
  containerCount,
  identifyStack,
  listStack,
  serviceHealth,
} from "./services.ts";
import { ComposeConnection } from "./stack.ts";
import { ComposeQuery, containerTable } from "./stack-query.ts";
import { stackRead } from "./stack-read.ts";
import { composeStep } from "./step.ts";

const name = "compose";

/** Projects of Docker Compose on this machine, or on an engine that it reaches. */
export function composeBackend(): Backend {
  const rounds = new StackRounds();
  return {
    name,
    connection: ComposeConnection,
    proof: composeProof,
    examineFiles: examineStacks,
    health: serve(ComposeHealth, (spec, look) => serviceHealth(rounds, spec, look)),
    fact: serve(ComposeFact, (spec, look) => stackFact(rounds, spec, look)),
    metric: serve(ComposeMetric, (spec, look) => containerCount(rounds, spec, look)),
    log: serve(ComposeLog, (spec, asked) => searchStack(spec, asked)),
    list: serve(ComposeList, (spec, look) => listStack(rounds, spec, look)),
    identity: serve(ComposeIdentity, (spec, look) => identifyStack(rounds, spec, look)),
    query: serve(ComposeQuery, (spec, asked) => containerTable(rounds, spec, asked)),
    reads: [stackRead(rounds)],
    steps: [closeStepKind(name, composeStep())],
  };
}
