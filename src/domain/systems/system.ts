import { z } from "zod";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";
import { Operation } from "./operation.ts";
import { Source } from "./sources.ts";
import { Scalar, Url } from "./values.ts";

/** How much the system suffers when this part is down. */
export const Weight = z.enum(["critical", "important", "degraded"]);

export const HealthCheck = z.strictObject({
  id: Id,
  title: z.string().optional(),
  weight: Weight.default("critical"),
  /** How long it may take to answer. */
  timeout: z.number(),
  source: Source,
});
export type HealthCheck = z.output<typeof HealthCheck>;

/** A word about the system worth showing: version, mode. `expect` makes any other value a warning of this severity. */
export const Fact = z.strictObject({
  id: Id,
  title: z.string(),
  expect: Scalar.optional(),
  severity: z.enum(["warning", "critical"]).default("warning"),
  source: Source,
});
export type Fact = z.output<typeof Fact>;

export const Metric = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "a metric id is a-z, 0-9 and _"),
  title: z.string(),
  source: Source,
  unit: z.string().max(12).default(""),
  warn: z.number().optional(),
  critical: z.number().optional(),
  /** On which side of the threshold it is bad. */
  bad: z.enum(["above", "below"]).default("above"),
  /** What the manual says to do when it is bad. */
  hint: z.string().optional(),
  /** Shown in `status`; all metrics are in `metrics`. */
  key: z.boolean().default(false),
});
export type Metric = z.output<typeof Metric>;

export const LogSource = z.strictObject({
  id: Id,
  title: z.string().optional(),
  /** Columns or fields shown first. */
  show: z.array(z.string()).default([]),
  /** Fields never shown, besides what looks like a secret. */
  hide: z.array(z.string()).default([]),
  source: Source,
});
export type LogSource = z.output<typeof LogSource>;

export const AlertSource = z.strictObject({ id: Id, source: Source });
export type AlertSource = z.output<typeof AlertSource>;

/** A rule that the bot judges itself, on what it samples. */
export const AlertRule = z.strictObject({
  id: Id,
  metric: z.string(),
  above: z.number().optional(),
  below: z.number().optional(),
  for: Duration.prefault("0s"),
  severity: z.enum(["critical", "warning", "info"]),
  summary: z.string(),
  hint: z.string().optional(),
});
export type AlertRule = z.output<typeof AlertRule>;

/**
 * Things of the system that come and go: its services, its backups. Read live while somebody types the argument of an
 * operation, and again when it is asked for.
 */
export const ListSource = z.strictObject({ title: z.string(), source: Source });
export type ListSource = z.output<typeof ListSource>;

export const System = z.strictObject({
  id: Id,
  title: z.string().min(1).max(60),
  summary: z.string().optional(),
  /** The instance names this system goes by when people ask for it. */
  aliases: z.array(Id).default([]),
  links: z.record(z.string(), Url).default({}),
  /** Proof that an address is this system and not another that claims the same port, asked before any change. */
  identity: Source.optional(),
  health: z.array(HealthCheck).min(1),
  facts: z.array(Fact).default([]),
  metrics: z.array(Metric).default([]),
  logs: z.array(LogSource).default([]),
  alerts: z.array(AlertSource).default([]),
  rules: z.array(AlertRule).default([]),
  portfolio: Source.optional(),
  lists: z.record(Id, ListSource).default({}),
  operations: z.record(Id, Operation).default({}),
});
export type System = z.output<typeof System>;

export interface Systems {
  all(): readonly System[];
  /** By id or alias. */
  find(id: string): System | undefined;
}
