import { type Backend, serve } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { createFileSearch, type FileSearchOptions } from "../../log-search/file-search.ts";
import { appendLineStep } from "./append-step.ts";
import { EnvKeyFact, envKeyRead, envKeyStep, valueOfKey } from "./env-key.ts";
import { LogFiles } from "./logs.ts";

const name = "files";

/** What stands in files on this machine. Its threads start at the first search and end when nobody has asked for a while. */
export function filesBackend(options: FileSearchOptions = {}): Backend {
  const files = createFileSearch(options);
  return {
    name,
    log: serve(LogFiles, (spec, { log, query }) => files.search({ ...log, ...spec }, query)),
    fact: serve(EnvKeyFact, async ({ envFile }) => ({ value: await valueOfKey(envFile) })),
    reads: [envKeyRead],
    steps: [closeStepKind(name, envKeyStep), closeStepKind(name, appendLineStep)],
    close: () => files.close(),
  };
}
