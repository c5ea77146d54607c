import { z } from "zod";
import { Id } from "../people/person.ts";
import { Duration } from "../text/duration.ts";
import type { Backend } from "./backend.ts";
import { stepKindsOf } from "./backend.ts";
import { Operation, operationSchema } from "./operation.ts";
import { Pointer, Scalar, Url } from "./values.ts";

/** How much the system suffers when this part is down. */
export const Weight = z.enum(["critical", "important", "degraded"]);

export const HealthCheck = z.strictObject({
  id: Id,
  title: z.string().optional(),
  http: Url,
  /** What a well answer holds, by JSON pointer. A 2xx alone is well when this is left out. */
  expect: z.record(Pointer, Scalar).optional(),
  weight: Weight.default("critical"),
  timeout: Duration.prefault("2s"),
});
export type HealthCheck = z.output<typeof HealthCheck>;

/** A word about the system worth showing: version, mode. `expect` makes any other value a warning of this severity. */
export const Fact = z.strictObject({
  id: Id,
  title: z.string(),
  json: z.strictObject({ url: Url, path: Pointer }),
  expect: Scalar.optional(),
  severity: z.enum(["warning", "critical"]).default("warning"),
});
export type Fact = z.output<typeof Fact>;

export const MetricSource = z.union([
  z.strictObject({ json: z.strictObject({ url: Url, path: Pointer }) }),
  z.strictObject({
    /** Prometheus text exposition; each instance is asked, never the balancer. */
    prometheus: z.strictObject({
      urls: z.array(Url).min(1),
      name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
      labels: z.record(z.string(), z.string()).optional(),
      /** Quantile of a histogram over the last `window`, from the increase of its buckets summed over instances. */
      quantile: z.number().gt(0).lt(1).optional(),
      /** Share of this metric's increase that carries these labels: an error rate. */
      ratio: z.strictObject({ labels: z.record(z.string(), z.string()) }).optional(),
      /** Increase per second over `window`. */
      rate: z.literal(true).optional(),
      window: Duration.prefault("5m"),
      across: z.enum(["sum", "max", "min", "mean"]).default("sum"),
    }),
  }),
]);
export type MetricSource = z.output<typeof MetricSource>;

export const Metric = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "a metric id is a-z, 0-9 and _"),
  title: z.string(),
  source: MetricSource,
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
  /** A path, or a glob in its last part, below `root`. Rotated and gzipped siblings are found with it. */
  file: z.string().min(1),
  /** The folder that nothing may leave, links followed. */
  root: z.string().min(1),
  format: z.enum(["json", "csv", "plain"]),
  /** Field of the time (json, csv) or a pattern's name (plain: `iso` or `python` for `2026-11-21 03:04:05,678`). */
  time: z.string(),
  level: z.string().optional(),
  message: z.string().optional(),
  /** Columns or fields shown first. */
  show: z.array(z.string()).default([]),
  /** Fields never shown, besides what looks like a secret. */
  hide: z.array(z.string()).default([]),
});
export type LogSource = z.output<typeof LogSource>;

export const AlertSource = z.strictObject({
  id: Id,
  poll: Url,
  list: Pointer,
  fields: z.strictObject({ id: z.string(), severity: z.string(), summary: z.string(), since: z.string().optional() }),
  /** The system's own severity word → ours. The own word is always shown beside it. */
  severities: z.record(z.string(), z.enum(["critical", "warning", "info"])),
});
export type AlertSource = z.output<typeof AlertSource>;

/** A rule the bot evaluates itself where no Prometheus does. */
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

export const Portfolio = z.strictObject({
  http: Url,
  /** The JSON array of open positions. Absent or not an array is unknown, never flat. */
  positions: Pointer,
  fields: z.strictObject({
    symbol: z.string(),
    side: z.string(),
    quantity: z.string(),
    price: z.string(),
    entry: z.string().optional(),
    pnl: z.string().optional(),
  }),
  currency: z.string().default("USD"),
  totals: z.array(z.strictObject({ title: z.string(), path: Pointer, unit: z.string().default("") })).default([]),
});
export type Portfolio = z.output<typeof Portfolio>;

/**
 * Things of the system that come and go: its services, its backups. Read live while somebody types the argument of an
 * operation, and again when it is asked for.
 */
export const ListSource = z.strictObject({
  title: z.string(),
  json: z.strictObject({ url: Url, path: Pointer }),
  /** The key of an entry that names it, and the one that tells more; left out where entries are plain texts. */
  value: z.string().optional(),
  label: z.string().optional(),
});
export type ListSource = z.output<typeof ListSource>;

/** Proof that an address is this system and not another that claims the same port, asked before any change. */
export const Identity = z.strictObject({ http: Url, expect: z.record(Pointer, Scalar) });

export const System = z.strictObject({
  id: Id,
  title: z.string().min(1).max(60),
  summary: z.string().optional(),
  /** The instance names this system goes by when people ask for it. */
  aliases: z.array(Id).default([]),
  links: z.record(z.string(), Url).default({}),
  identity: Identity.optional(),
  health: z.array(HealthCheck).min(1),
  facts: z.array(Fact).default([]),
  metrics: z.array(Metric).default([]),
  logs: z.array(LogSource).default([]),
  alerts: z.array(AlertSource).default([]),
  rules: z.array(AlertRule).default([]),
  portfolio: Portfolio.optional(),
  lists: z.record(Id, ListSource).default({}),
  operations: z.record(Id, Operation).default({}),
});
export type System = z.output<typeof System>;

/** A system's file, with what these backends bring to it. */
export function systemSchema(backends: readonly Backend[]) {
  return System.extend({ operations: z.record(Id, operationSchema(stepKindsOf(backends))).prefault({}) });
}

export interface Systems {
  all(): readonly System[];
  /** By id or alias. */
  find(id: string): System | undefined;
}
