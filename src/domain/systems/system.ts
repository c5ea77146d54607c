import { z } from "zod";
import { AlertSource } from "../alerts/alert.ts";
import { AlertRule } from "../alerts/alert-rule.ts";
import { SystemMaintenance } from "../alerts/system-maintenance.ts";
import { SystemDigest } from "../digests/digest.ts";
import { EscalationInFile } from "../escalation/escalation-file.ts";
import { Id } from "../people/person.ts";
import { Fact, HealthCheck } from "./health.ts";
import { Declared } from "./identities.ts";
import { ListSource } from "./lists.ts";
import { LogSource } from "./logs.ts";
import { Metric } from "./metrics.ts";
import { Operation } from "./operation.ts";
import { NamedQuery } from "./queries.ts";
import { Source } from "./sources.ts";
import { Url } from "./values.ts";

export const System = z.strictObject({
  id: Id,
  title: z.string().min(1).max(60),
  summary: z.string().optional(),
  /** The instance names this system goes by when people ask for it. */
  aliases: z.array(Id).default([]),
  links: z.record(z.string(), Url).default({}),
  /** Services that its entries reach by name. */
  backends: z.record(Id, Declared).optional(),
  /** Proof that who answers is this system and not another that claims the same port, asked before any change. */
  identity: Source.optional(),
  health: z.array(HealthCheck).default([]),
  facts: z.array(Fact).default([]),
  metrics: z.array(Metric).default([]),
  logs: z.array(LogSource).default([]),
  alerts: z.array(AlertSource).default([]),
  rules: z.array(AlertRule).default([]),
  /** Whom its alerts call while nobody has them. */
  escalation: EscalationInFile.optional(),
  portfolio: Source.optional(),
  lists: z.record(Id, ListSource).default({}),
  queries: z.array(NamedQuery).default([]),
  operations: z.record(Id, Operation).default({}),
  /** When it is worked on, and what that is held to. */
  maintenance: SystemMaintenance.optional(),
  /** What people are told of it at a time of the day. */
  digests: z.array(SystemDigest).max(20).default([]),
});
export type System = z.output<typeof System>;

export interface Systems {
  all(): readonly System[];
  /** By id or alias. */
  find(id: string): System | undefined;
}
