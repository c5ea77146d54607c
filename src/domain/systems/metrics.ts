import type { Reading, Taken } from "./reading.ts";
import type { System } from "./system.ts";

export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** A value, and what must be said beside it: an instance that is not in it, a bound that is only a floor. */
export interface NotedValue extends Taken<number> {
  readonly note?: string;
}

/** A sample with what it is of. */
export interface Measured {
  readonly system: string;
  readonly metric: string;
  readonly sample: Sample;
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
}

/** What was sampled of a metric of a system, oldest first, from a time (ms) until now. */
export type MetricHistory = (system: string, metric: string, from: number) => Promise<readonly Sample[]>;
