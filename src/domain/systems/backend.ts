import type { z } from "zod";
import type { FoundAlert, RulesAsked, Watched } from "../alerts/alert.ts";
import type { ExposedSeries } from "../alerts/own-series.ts";
import type { FileAlertRule } from "../alerts/rule-file.ts";
import type { SeenCertificate } from "./certificates.ts";
import type { Datum } from "./exact.ts";
import type { ComponentDetail, Identity } from "./health.ts";
import type { ListEntry } from "./lists.ts";
import type { LogAsked, LogResult } from "./logs.ts";
import type { Evaluated, Expression, GivenValue, MetricSeries, RuleExpression, RuleState } from "./metrics.ts";
import type { Placeholder } from "./placeholders.ts";
import type { PortfolioState } from "./portfolio.ts";
import type { QueryAsked, QueryTable } from "./queries.ts";
import type { Look, Taken } from "./reading.ts";
import type { ReadKind, ReadKinds } from "./reads.ts";
import type { SourcePart } from "./sources.ts";
import { specReader } from "./spec.ts";
import type { StepKind, StepKinds } from "./steps.ts";
import type { System } from "./system.ts";

/** How a backend serves one port: what it adds to a system's file, and how it answers. */
export interface Served<Asked, Answer> {
  readonly schema: z.ZodObject;
  /** Throws BackendError, whose words hold no secret. */
  read(spec: unknown, asked: Asked): Promise<Answer>;
}

/**
 * A metric's value, and its course where the backend keeps one. Of a connection declared by name, `ask`: expressions; `ruleBehind`:
 * what a rule of it judges that a link leads to; `ruleStates`: how rules of a file stand, in order. `exposed`: the series of Prometheus
 * that a metric is read from, where that is one.
 */
interface ServedMetric extends Served<Look, GivenValue> {
  readonly course?: (spec: unknown, look: Look & { readonly from: number }) => Promise<readonly MetricSeries[]>;
  readonly ask?: (connection: unknown, look: Look & Expression) => Promise<Taken<Evaluated>>;
  readonly ruleBehind?: (
    connection: unknown,
    look: Look & { readonly link: string },
  ) => Promise<RuleExpression | undefined>;
  readonly ruleStates?: (
    connection: unknown,
    look: Look & { readonly rules: readonly FileAlertRule[] },
  ) => Promise<readonly RuleState[]>;
  readonly exposed?: (spec: unknown) => ExposedSeries | undefined;
}

/** Alerts of a source. With `judge` it is no source of its own: its rules are judged on what was read of the system. Never rejects. */
interface ServedAlerts extends Served<Look, Taken<readonly FoundAlert[]>> {
  readonly judge?: (spec: unknown, asked: RulesAsked) => Promise<readonly Watched[]>;
}

/** A query, which may take arguments. */
export interface ServedQuery extends Served<QueryAsked, Taken<QueryTable>> {
  /** The arguments that a spec refers to. Left out by backends whose queries take none. */
  readonly placeholders?: (spec: unknown) => readonly Placeholder[];
  /** The columns of its answer. Left out by backends that know them only once they have asked. */
  readonly columns?: (spec: unknown) => readonly string[];
}

/**
 * One way to reach systems: its parts of a system's file, and what serves each. A folder of `integrations` brings it, and a
 * line of the composition lists it; nothing else changes.
 */
export interface Backend {
  readonly name: string;
  /** How a service of this kind is reached, said once below `backends`; entries then name it. */
  readonly connection?: z.ZodObject;
  /** How one that is declared proves which system it is. Left out by kinds that cannot tell. */
  readonly proof?: BackendProof;
  readonly health?: Served<Look, Taken<ComponentDetail>>;
  readonly fact?: Served<Look, Taken<Datum>>;
  readonly metric?: ServedMetric;
  readonly log?: Served<LogAsked, LogResult>;
  readonly alerts?: ServedAlerts;
  readonly list?: Served<Look, Taken<readonly ListEntry[]>>;
  readonly portfolio?: Served<Look, Taken<PortfolioState>>;
  readonly query?: ServedQuery;
  /** What is no answer at all is thrown, like everywhere; it proves nothing and contradicts nothing. */
  readonly identity?: Served<Look, Taken<Identity>>;
  /** What it reads as data, for plans to rest on and for watches. */
  readonly reads?: readonly ReadKind[];
  /** The kinds of step that it carries out. */
  readonly steps?: readonly StepKind[];
  /** What is wrong with the files that a system names for its calls, as certificates. Reads them and sends nothing. */
  readonly examineFiles?: (system: unknown) => Promise<readonly FileFault[]>;
  /** Whether what the system's file has asked and done is allowed to who asks. Only reads. Throws BackendError. */
  readonly examineRights?: (system: System, deadlineMs: number) => Promise<readonly RightsFound[]>;
  /** Until when the certificates that a system's calls of it rest on are good. Sends nothing. Never rejects. */
  readonly certificates?: (system: System, deadlineMs: number) => Promise<readonly SeenCertificate[]>;
  close?(): Promise<void>;
}

/**
 * `itself`: whatever goes through it is proven by its connection. Else what is written below `identity` of a declared backend,
 * and the spec of the identity that this makes of its name.
 */
export type BackendProof =
  | "itself"
  | {
      readonly schema: z.ZodObject;
      /** One of them, as a file writes it, for whoever has none yet. */
      readonly example: string;
      readonly specFor: (name: string, written: unknown) => unknown;
    };

/** What proves a declared backend, its written form checked against its own schema. */
export function provenBy<Schema extends z.ZodObject>(
  schema: Schema,
  example: string,
  specFor: (name: string, written: z.output<Schema>) => unknown,
): BackendProof {
  return { schema, example, specFor: (name, written) => specFor(name, schema.parse(written)) };
}

/** What is allowed at one place, of what a system's file needs there. */
export interface RightsFound {
  readonly where: string;
  readonly needed: number;
  /** Each as it is written where rights are given. */
  readonly missing: readonly string[];
}

/** A file that a system's file names, and that will not do. */
export interface FileFault {
  /** The keys and positions that lead to where it is named. */
  readonly place: readonly (string | number)[];
  readonly message: string;
  readonly remedy: string;
}

/** What a backend serves a port with: each spec is checked against its own schema before it is used. */
export function serve<Schema extends z.ZodObject, Asked, Answer>(
  schema: Schema,
  read: (spec: z.output<Schema>, asked: Asked) => Promise<Answer>,
): Served<Asked, Answer> {
  const readSpec = specReader(schema);
  return { schema, read: async (spec, asked) => read(readSpec(spec), asked) };
}

/** The ports that sources are read through. */
type SourcePort = Exclude<
  keyof Backend,
  "name" | "connection" | "proof" | "reads" | "steps" | "examineFiles" | "examineRights" | "certificates" | "close"
>;

/** What serves a source. That nothing does is an exception: no file that says so is taken. */
export function serving<Port extends SourcePort>(
  backends: readonly Backend[],
  name: string,
  port: Port,
): NonNullable<Backend[Port]> {
  const found = backends.find((each) => each.name === name)?.[port];
  if (!found) throw new Error(`the backend ${name} serves no ${port}`);
  return found;
}

/** What these backends add to the entries of a system's file that are read through a port. */
export function partsOf(backends: readonly Backend[], port: SourcePort): readonly SourcePart[] {
  return backends.flatMap((backend) => {
    const served = backend[port];
    return served ? [{ backend: backend.name, schema: served.schema }] : [];
  });
}

/** Every kind of step that these backends carry out. */
export function stepKindsOf(backends: readonly Backend[]): StepKinds {
  return new Map(backends.flatMap(({ steps = [] }) => steps).map((step) => [step.kind, step]));
}

/** Every kind of reading that these backends bring. */
export function readKindsOf(backends: readonly Backend[]): ReadKinds {
  return new Map(backends.flatMap(({ reads = [] }) => reads).map((read) => [read.kind, read]));
}
