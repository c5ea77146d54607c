/** What commands and workers need from the world. Integrations implement these; tests use fakes that pass the same contracts. */
import type { Directory } from "./directory.ts";
import type { BackendFault } from "./failure.ts";
import type { Step } from "./operation.ts";
import type { Surface } from "./person.ts";
import type { Policy } from "./policy.ts";
import type { Store } from "./store.ts";
import type { System } from "./system.ts";

export interface CommandPorts {
  readonly store: Store;
  readonly policy: () => Policy;
  readonly systems: Systems;
  readonly probes: Probes;
  readonly metrics: Metrics;
  readonly logs: Logs;
  readonly alerts: Alerts;
  readonly portfolios: Portfolios;
  readonly lists: Lists;
  readonly charts: Charts;
  readonly directory: Directory;
}

export interface Systems {
  all(): readonly System[];
  /** By id or alias. */
  find(id: string): System | undefined;
}

/** The outcome of asking one thing of one backend: a value, or what went wrong in words fit for a card. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value; readonly at: number; readonly latencyMs: number }
  | {
      readonly ok: false;
      readonly fault: BackendFault;
      readonly detail: string;
      readonly at: number;
      readonly latencyMs: number;
    };

export interface ComponentHealth {
  readonly id: string;
  readonly title: string;
  readonly weight: "critical" | "important" | "degraded";
  readonly reading: Reading<{ readonly detail: string }>;
}

export interface FactReading {
  readonly id: string;
  readonly title: string;
  readonly reading: Reading<string | number | boolean>;
  /** Set when the value is not the one expected. */
  readonly severity?: "warning" | "critical";
  readonly expected?: string;
}

export interface Probes {
  /** Every check and fact of a system, in parallel, each ended by its own deadline. Never rejects. */
  probe(
    system: System,
  ): Promise<{ readonly components: readonly ComponentHealth[]; readonly facts: readonly FactReading[] }>;
  /** Proves that the addresses are this system's. Undefined when proven; else why not. */
  identify(system: System): Promise<string | undefined>;
}

export interface Sample {
  readonly at: number;
  readonly value: number;
}

export interface MetricReading {
  readonly id: string;
  readonly reading: Reading<number>;
  /** What must be said beside the value: an instance that is not in it, a bound that is only a floor. */
  readonly note?: string;
}

export interface Metrics {
  /** The newest value of each metric named (all when none is), in parallel. Never rejects. */
  read(system: System, ids?: readonly string[]): Promise<readonly MetricReading[]>;
  /** What was sampled, oldest first, from `from` (ms) until now. */
  history(system: string, metric: string, from: number): Promise<readonly Sample[]>;
}

export interface LogQuery {
  readonly source: string;
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly level?: string;
  /** Plain text that the line holds, or `/…/` for a pattern (RE2 syntax). */
  readonly match?: string;
  /** Field equals value, all of them. */
  readonly where?: readonly { readonly field: string; readonly value: string }[];
  /** Fields to show instead of the whole line. */
  readonly fields?: readonly string[];
  /** At most so many lines come back; the counts cover all. */
  readonly limit: number;
  /** At most so many ms. */
  readonly deadlineMs: number;
}

export interface LogLine {
  readonly at: number | undefined;
  readonly level?: string;
  readonly text: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly file: string;
}

export interface LogResult {
  /** Newest first. Secrets are masked. */
  readonly lines: readonly LogLine[];
  readonly matched: number;
  /** Matches a bucket, oldest first. */
  readonly counts: readonly { readonly at: number; readonly count: number }[];
  readonly bucketMs: number;
  readonly scannedBytes: number;
  readonly files: readonly string[];
  /** True when the deadline or the limit ended it before everything was read. */
  readonly partial: boolean;
  /** Lines that could not be read as the source's format, shown as they stand. */
  readonly malformed: number;
}

export interface Logs {
  /** Throws UserError for a bad query, BackendError when the files cannot be read. */
  search(system: System, query: LogQuery): Promise<LogResult>;
}

export interface ActiveAlert {
  readonly system: string;
  readonly source: string;
  readonly id: string;
  readonly severity: "critical" | "warning" | "info";
  /** The system's own word for the severity. */
  readonly ownSeverity: string;
  readonly summary: string;
  readonly since?: number;
  readonly hint?: string;
}

export interface Alerts {
  /** A live read of every alert source and rule of a system. A failed source is a failed reading, never "no alerts". */
  active(
    system: System,
  ): Promise<readonly { readonly source: string; readonly reading: Reading<readonly ActiveAlert[]> }[]>;
}

/** One entry of a system's list. */
export interface ListEntry {
  readonly value: string;
  /** More about it; empty when nothing is known. */
  readonly label: string;
}

export interface Lists {
  /** A live read of one of a system's lists. What is no list is a failed reading, never an empty one. */
  read(system: System, list: string): Promise<Reading<readonly ListEntry[]>>;
}

export interface Position {
  readonly symbol: string;
  readonly side: "long" | "short";
  readonly quantity: number;
  readonly price: number;
  readonly entry?: number;
  readonly pnl?: number;
}

export interface PortfolioState {
  readonly positions: readonly Position[];
  readonly totals: readonly { readonly title: string; readonly value: number; readonly unit: string }[];
  readonly currency: string;
}

export interface Portfolios {
  /** An absent or odd positions array is a failed reading, never an empty portfolio. */
  read(system: System): Promise<Reading<PortfolioState>>;
}

export interface ChartSpec {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly { readonly name: string; readonly samples: readonly Sample[] }[];
  readonly from: number;
  readonly to: number;
  readonly thresholds: readonly { readonly label: string; readonly value: number; readonly tone: "warning" | "bad" }[];
  readonly timezone?: string;
}

export interface Charts {
  /** A PNG, light background, threshold lines drawn in, the newest value marked. */
  draw(chart: ChartSpec): Promise<Uint8Array>;
}

/**
 * How one step ended. `refused`: the target said no before any effect. `unknown`: it may or may not have happened.
 */
export type StepOutcome =
  | { readonly outcome: "done"; readonly detail: string }
  | { readonly outcome: "refused"; readonly detail: string }
  | { readonly outcome: "unknown"; readonly detail: string };

export interface StepRunner {
  /** `key` is the idempotency key. Never rejects. */
  run(step: Step, key: string): Promise<StepOutcome>;
  /** Did the step with this key take effect? `unknown` when the target cannot tell. Never rejects. */
  probe(step: Step, key: string): Promise<StepOutcome>;
}

/** Structured log. The message is constant, the data stands beside it; secrets are removed by the implementation. */
export interface Log {
  debug(message: string, data?: object): void;
  info(message: string, data?: object): void;
  warn(message: string, data?: object): void;
  error(message: string, data?: object): void;
  child(bindings: object): Log;
}

/** The bot's own measurements. Names and labels are those of `/metrics`. */
export interface Meter {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
}

/** One of few things that only so many processes may hold at a time: a socket's place, the gateway. */
export interface Lease {
  readonly name: string;
  /** True while it is still ours; it then lasts as long again. False when another has it: stop at once. */
  renew(): Promise<boolean>;
  /** Hands it back. Never rejects. */
  release(): Promise<void>;
}

export interface Leases {
  /** Takes the first of these names that nobody holds, for so many ms; undefined when all are held. */
  take(names: readonly string[], forMs: number): Promise<Lease | undefined>;
  /** How many of these names somebody holds now. */
  held(names: readonly string[]): Promise<number>;
}

/** Something that keeps the bot from doing its work and that its operator can mend. */
export interface Trouble {
  /** The same id is the same trouble: it is told once while it lasts. */
  readonly id: string;
  readonly surface: Surface;
  /** What is wrong, in one sentence without a secret. */
  readonly what: string;
  /** The exact next step. */
  readonly remedy: string;
  /** Nothing can be said on its surface while it lasts, so it is told elsewhere alone. */
  readonly silences?: boolean;
  /** Nobody is heard on its surface while it lasts, so it says already why the surface is deaf. */
  readonly deafens?: boolean;
}

export interface Troubles {
  raise(trouble: Trouble): void;
  /** It is over. Nothing when it was not raised. */
  clear(id: string): void;
}
