import { z } from "zod";
import { SeverityWords } from "../../domain/alerts/severity.ts";
import type { Backend } from "../../domain/systems/backend.ts";
import { RuleFile } from "../../domain/alerts/rule-file.ts";
import { specReader } from "../../domain/systems/spec.ts";
import { judgeRuleFile } from "./judge-rules.ts";

/** Alerting rules of a Prometheus rule file. */
export const RuleFileAlerts = z.strictObject({
  rules: z.strictObject({
    /** The rule file, from the folder of this file. */
    file: z.string().min(1),
    /**
     * The Prometheus that knows how they stand, or is asked what they give. Left out: the one that the system declares; where it
     * declares none, the bot judges them over what it reads itself.
     */
    backend: z.string().optional(),
    severities: SeverityWords.default({ critical: "critical", warning: "warning", info: "info" }),
  }),
});
const { rules } = RuleFileAlerts.shape;
const Read = z.strictObject({ rules: rules.extend({ read: RuleFile }) });

/** Rule files of Prometheus, judged with what the other backends read. */
export function rulesBackend(backends: readonly Backend[]): Backend {
  const read = specReader(Read);
  return {
    name: "rules",
    alerts: {
      schema: RuleFileAlerts,
      read: async () => ({ value: [] }),
      judge: (spec, asked) => judgeRuleFile(backends, read(spec).rules, asked),
    },
  };
}
