import { RuleFileRead, RuleFileSpec } from "../../domain/alerts/rule-file.ts";
import type { Backend } from "../../domain/systems/backend.ts";
import { specReader } from "../../domain/systems/spec.ts";
import { judgeRuleFile } from "./judge-rules.ts";

/** Rule files of Prometheus, judged with what the other backends read. */
export function rulesBackend(backends: readonly Backend[]): Backend {
  const read = specReader(RuleFileRead);
  return {
    name: "rules",
    alerts: {
      schema: RuleFileSpec,
      // They are judged, and never read as a source of their own.
      read: async () => ({ value: [] }),
      judge: (spec, asked) => judgeRuleFile(backends, read(spec).rules, asked),
    },
  };
}
